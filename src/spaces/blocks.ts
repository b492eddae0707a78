import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { type Day, dayBefore } from '../lib/days.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { claimUnit, endClaim } from './claims.ts'
import { type Claim, Unit } from './unit.ts'

/** Claims people make by hand: holds for somebody who may come, works, and the park's own use. */
export const BLOCK_KINDS = ['works', 'own'] as const
export type BlockKind = (typeof BLOCK_KINDS)[number]

export interface Period {
  from: Day
  /** Null: as long as the unit exists. */
  to: Day | null
  label: string | null
}

type Taken = Period & { kind: BlockKind | 'hold'; expiresAt: Date | null }

async function take(park: string, _id: Types.ObjectId, { kind, from, to, label, expiresAt }: Taken, by: Actor): Promise<void> {
  await transact(async () => {
    const unit = await Unit.findOne({ park, _id }, { code: 1, activeTo: 1 }).lean()
    if (!unit) throw notFound()
    const period = { from, to: to ?? unit.activeTo }
    if (period.from > period.to) throw new RuleError('period.order', {}, { field: 'to' })
    await claimUnit(park, _id, { kind, ...period, label, expiresAt, by: by.name })
    await audit(by, 'unit.claim', { park, kind: 'unit', ref: _id, label: unit.code }, { after: { claim: kind, ...period, label } })
  })
}

/** Holds a unit until an instant, from which it counts for nothing with no job having run. Throws unit.taken, unit.inactive. */
export async function holdUnit(park: string, unit: Types.ObjectId, period: Period & { expiresAt: Date }, by: Actor): Promise<void> {
  if (period.expiresAt <= now()) throw new RuleError('claim.expired', {}, { field: 'keptUntil' })
  await take(park, unit, { ...period, kind: 'hold' }, by)
}

/** Takes a unit for works or the park's own use. Throws unit.taken, unit.inactive. */
export async function blockUnit(park: string, unit: Types.ObjectId, period: Period & { kind: BlockKind }, by: Actor): Promise<void> {
  await take(park, unit, { ...period, expiresAt: null }, by)
}

async function loadClaim(park: string, _id: Types.ObjectId, claim: Types.ObjectId, kinds: readonly Claim['kind'][]) {
  const unit = await Unit.findOne({ park, _id }, { code: 1, claims: 1 }).lean()
  if (!unit) throw notFound()
  const found = unit.claims.find(one => one._id.equals(claim) && kinds.includes(one.kind))
  if (!found) throw conflict('claim.gone')
  return { unit, found }
}

async function end(
  park: string,
  _id: Types.ObjectId,
  claim: Types.ObjectId,
  kinds: readonly Claim['kind'][],
  on: Day,
  by: Actor,
): Promise<void> {
  await transact(async () => {
    const { unit, found } = await loadClaim(park, _id, claim, kinds)
    if (on > found.to) throw new RuleError('period.outside', { from: found.from, to: found.to }, { field: 'on' })
    await endClaim(park, _id, claim, on)
    const after = { claim: found.kind, from: found.from, to: on < found.from ? null : on, label: found.label }
    const before = { ...after, to: found.to }
    await audit(by, 'unit.release', { park, kind: 'unit', ref: _id, label: unit.code }, { before, after })
  })
}

/** The unit is free again from `today`. */
export const releaseHold = (park: string, unit: Types.ObjectId, claim: Types.ObjectId, today: Day, by: Actor): Promise<void> =>
  end(park, unit, claim, ['hold'], dayBefore(today), by)

/** `on` is the last day of works or own use; a day before it began takes it away altogether. */
export const endBlock = (park: string, unit: Types.ObjectId, claim: Types.ObjectId, on: Day, by: Actor): Promise<void> =>
  end(park, unit, claim, BLOCK_KINDS, on, by)
