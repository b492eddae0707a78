import { RuleError } from '../../src/lib/rule-error.ts'

/** How many of what is done at once succeeded; the others must have been refused by a rule. */
export async function settled(work: Promise<unknown>[]): Promise<number> {
  const results = await Promise.allSettled(work)
  for (const result of results) if (result.status === 'rejected' && !(result.reason instanceof RuleError)) throw result.reason
  return results.filter(result => result.status === 'fulfilled').length
}
