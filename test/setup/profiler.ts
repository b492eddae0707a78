import mongoose from 'mongoose'

/**
 * What the database really did for a page: its profiler keeps the execution tree of every command, so the queries explained here
 * are the product's own and no copies that could fall behind.
 */
export interface Profiled {
  ns: string
  op: string
  command: Record<string, unknown>
  planSummary?: string
  execStats?: unknown
  docsExamined?: number
}

const db = () => mongoose.connection.db!

export async function commandsOf(work: () => Promise<unknown>): Promise<Profiled[]> {
  await db().command({ profile: 0 })
  await db()
    .collection('system.profile')
    .drop()
    .catch(() => undefined)
  await db().command({ profile: 2 })
  try {
    await work()
  } finally {
    await db().command({ profile: 0 })
  }
  const found = await db().collection<Profiled & { _id: never }>('system.profile').find().toArray()
  return (found as Profiled[]).filter(one => !one.ns.includes('system.') && !one.ns.endsWith('.$cmd'))
}

/** All stages of an execution tree, whatever it nests them under. */
function stagesOf(tree: unknown): string[] {
  if (Array.isArray(tree)) return tree.flatMap(stagesOf)
  if (typeof tree !== 'object' || tree === null) return []
  const own = (tree as { stage?: unknown }).stage
  return [...(typeof own === 'string' ? [own] : []), ...Object.values(tree).flatMap(stagesOf)]
}

export const scans = (one: Profiled): boolean =>
  one.planSummary?.includes('COLLSCAN') === true || stagesOf(one.execStats).includes('COLLSCAN')
export const nameOf = (one: Profiled): string =>
  `${one.ns.split('.').slice(1).join('.')} ${JSON.stringify(one.command['filter'] ?? one.command['q'] ?? one.command['pipeline'] ?? {})}`
export const of = (commands: Profiled[], collection: string): Profiled[] => commands.filter(one => one.ns.endsWith(`.${collection}`))
