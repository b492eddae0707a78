import { expect } from 'chai'
import { RuleError } from '../../src/lib/rule-error.ts'

/** Expects that a rule said no, by its key. */
export async function refused(work: Promise<unknown>, key: string, status = 422): Promise<void> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof RuleError)) throw error ?? new Error(`${key}: nothing was refused`)
  expect([error.problem.key, error.status]).to.deep.equal([`error.${key}`, status])
}
