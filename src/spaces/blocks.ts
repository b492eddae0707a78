import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import type { Day } from '../lib/days.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { claimUnit, endClaim, type NewClaim } from './claims.ts'
import { Unit } from './unit.ts'

/** Claims people make by hand: holds for somebody who may come, works, and the park's own use. */
export const BLOCK_KINDS = ['works', 'own'] as const
export type BlockKind = (typeof BLOCK_KINDS)[number]

export interface Period {
  from: Day
  /** Null: as long as the unit exists. */
  to: Day | null
  label: string | null
}

/** Whom a hold is for, until when, and what is asked for beyond. */
export interface NewHold extends Period {
  expiresAt: Date
  lead?: Types.ObjectId | null
  askedUntil?: Date | null
}

interface Done {
  claim: Types.ObjectId
  code: string
}

type Taken = Pick<Period, 'from' | 'to'> & Omit<NewClaim, 'to'>

async function take(park: string, _id: Types.ObjectId, { from, to, ...claim }: Taken, by: Actor): Promise<Done> {
  return transact(async () => {
    const unit = await Unit.findOne({ park, _id }, { code: 1, activeTo: 1 }).lean()
    if (!unit) throw notFound()
    const period = { from, to: to ?? unit.activeTo }
    if (period.from > period.to) throw new RuleError('period.order', {}, { field: 'to' })
    const made = await claimUnit(park, _id, { ...claim, ...period, by: by.name })
    const { kind, label } = claim
    await audit(by, 'unit.claim', { park, kind: 'unit', ref: _id, label: unit.code }, { after: { claim: kind, ...period, label } })
    return { claim: made, code: unit.code }
  })
}

/** Holds a unit until an instant, from which it counts for nothing with no job having run. Throws unit.taken, unit.inactive. */
export async function holdUnit(park: string, unit: Types.ObjectId, hold: NewHold, by: Actor): Promise<Done> {
  const madeAt = now()
  if (hold.expiresAt <= madeAt) throw new RuleError('claim.expired', {}, { field: 'keptUntil' })
  const asked = hold.askedUntil ? { askedBy: by.id } : {}
  return take(park, unit, { ...hold, kind: 'hold', holder: by.id, madeAt, ...asked }, by)
}

/** Takes a unit for works or the park's own use. Throws unit.taken, unit.inactive. */
export async function blockUnit(park: string, unit: Types.ObjectId, period: Period & { kind: BlockKind }, by: Actor): Promise<void> {
  await take(park, unit, period, by)
}

/** `on` is the last day of works or own use; a day before it began takes it away altogether. */
export async function endBlock(park: string, _id: Types.ObjectId, claim: Types.ObjectId, on: Day, by: Actor): Promise<void> {
  await transact(async () => {
    const unit = await Unit.findOne({ park, _id }, { code: 1, claims: 1 }).lean()
    if (!unit) throw notFound()
    const found = unit.claims.find(one => one._id.equals(claim) && (BLOCK_KINDS as readonly string[]).includes(one.kind))
    if (!found) throw conflict('claim.gone')
    if (on > found.to) throw new RuleError('period.outside', { from: found.from, to: found.to }, { field: 'on' })
    await endClaim(park, _id, claim, on)
    const after = { claim: found.kind, from: found.from, to: on < found.from ? null : on, label: found.label }
    const before = { ...after, to: found.to }
    await audit(by, 'unit.release', { park, kind: 'unit', ref: _id, label: unit.code }, { before, after })
  })
}
