/**
 * What `npm run doctor` re-checks. Each module says in its checks.ts what must hold of its records, over a whole database and
 * whoever wrote them. Checks only read.
 */
export interface Subject {
  park: string | null
  kind: string
  id: unknown
  /** A code, number or name a person knows the record by. */
  label?: string
}

export type Report = (message: string, subject?: Subject) => void

export interface Check {
  name: string
  /** A note is a state that is allowed and worth a look; anything else that a check reports breaks a rule. */
  level?: 'note'
  run(report: Report): Promise<void>
}

export function groupBy<T>(items: T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return groups
}
