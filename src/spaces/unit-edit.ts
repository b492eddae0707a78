import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit, auditAll } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { conflict, notFound } from '../lib/rule-error.ts'
import { type Product, Unit } from './unit.ts'

/** What of a unit may change without a date: its code and areas change only by structure.ts, from a day on. */
export interface UnitFacts {
  product: Product
  desks: number | null
  /** Yuan, a decimal string. */
  listRate: string | null
  note: string | null
}

const factsOf = ({ product, desks, listRate, note }: UnitFacts): UnitFacts => ({ product, desks, listRate, note })

/** Saves from the version the form showed; error.stale when somebody saved in between. */
export async function editUnit(park: string, _id: Types.ObjectId, version: number, facts: UnitFacts, by: Actor): Promise<void> {
  await transact(async () => {
    const before = await Unit.findOne({ park, _id }).lean()
    if (!before) throw notFound()
    const { matchedCount } = await Unit.updateOne({ park, _id, version }, { $set: factsOf(facts), $inc: { version: 1 } })
    if (!matchedCount) throw conflict('stale')
    await audit(by, 'unit.edit', { park, kind: 'unit', ref: _id, label: before.code }, { before: factsOf(before), after: factsOf(facts) })
  })
}

/** A unit as it was read, and what is to stand there instead. */
export interface UnitChange {
  unit: Pick<Unit, '_id' | 'code'> & UnitFacts
  facts: UnitFacts
}

/**
 * Changes many units inside the transaction that has read them: whoever saved one in between makes that transaction begin again.
 * Units that are to be alike are written together.
 */
export async function editUnits(park: string, changes: UnitChange[], by: Actor): Promise<void> {
  const alike = new Map<string, UnitChange[]>()
  for (const change of changes) {
    const key = JSON.stringify(factsOf(change.facts))
    alike.set(key, [...(alike.get(key) ?? []), change])
  }
  for (const group of alike.values()) {
    const ids = group.map(({ unit }) => unit._id)
    await Unit.updateMany({ park, _id: { $in: ids } }, { $set: factsOf(group[0]!.facts), $inc: { version: 1 } })
  }
  const entries = changes.map(({ unit, facts }) => {
    const subject = { park, kind: 'unit', ref: unit._id, label: unit.code }
    return { ...subject, before: factsOf(unit), after: factsOf(facts) }
  })
  await auditAll(by, 'unit.edit', entries)
}
