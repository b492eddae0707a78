import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
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
