import type { Document } from 'mongodb'
import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { conflict } from '../lib/rule-error.ts'
import { busyIn, refreshGaps, refusal } from './claims.ts'
import { isLive } from './state.ts'
import { type Claim, Unit } from './unit.ts'

/** Holds as they stand in their units, and nowhere else. Who may have how many, and for how long, is decided above. */
export interface Holding {
  unit: Pick<Unit, '_id' | 'park' | 'code' | 'building' | 'floor' | 'gross'>
  hold: Claim
}

const FIELDS = { park: 1, code: 1, building: 1, floor: 1, gross: 1, claims: 1 }

/** Of units that fit `any` claim, the holds that fit `each`. */
async function holdsWhere(park: string, any: Document, each: (hold: Claim) => boolean): Promise<Holding[]> {
  const found = await scopedFind<Unit>(Unit, { park, claims: { $elemMatch: any } }, { projection: FIELDS })
  return found.flatMap(({ claims, ...unit }) =>
    claims.filter(hold => hold.kind === 'hold' && !hold.of && each(hold)).map(hold => ({ unit, hold })),
  )
}

const live = () => ({ kind: 'hold', $or: [{ expiresAt: null }, { expiresAt: { $gt: now() } }] })

/** All that count now. */
export const liveHolds = (park: string): Promise<Holding[]> => holdsWhere(park, live(), hold => isLive(hold, now()))

/** Those that ran out since an instant. */
export const lapsedHolds = (park: string, since: Date): Promise<Holding[]> =>
  holdsWhere(
    park,
    { kind: 'hold', expiresAt: { $gt: since, $lte: now() } },
    hold => hold.expiresAt !== null && hold.expiresAt > since && !isLive(hold, now()),
  )

/** Those that run out up to an instant. */
export const endingHolds = (park: string, until: Date): Promise<Holding[]> =>
  holdsWhere(
    park,
    { kind: 'hold', expiresAt: { $gt: now(), $lte: until } },
    hold => hold.expiresAt !== null && hold.expiresAt <= until && isLive(hold, now()),
  )

/** Whether more is asked for than there is: also of a hold that has just run out. */
export const isAsked = (hold: Claim): boolean => Boolean(hold.askedUntil && hold.askedUntil > now())

export const askedHolds = (park: string): Promise<Holding[]> => holdsWhere(park, { kind: 'hold', askedUntil: { $gt: now() } }, isAsked)

/** What a lead has: live, asked for, or run out. */
export const holdsOfLead = (park: string, lead: Types.ObjectId): Promise<Holding[]> =>
  holdsWhere(park, { kind: 'hold', lead }, hold => lead.equals(hold.lead!))

/** How many live holds somebody has. Count after guarding the person: reading alone sees nothing of who holds at the same time. */
export async function heldBy(park: string, holder: string): Promise<number> {
  return (await holdsWhere(park, { ...live(), holder }, hold => hold.holder === holder && isLive(hold, now()))).length
}

/** Throws claim.gone (409) when it isn't there any more: released, or a lease's claim by now. */
export async function loadHold(park: string, _id: Types.ObjectId, claim: Types.ObjectId): Promise<Holding> {
  const unit = (await Unit.findOne({ park, _id }, FIELDS).lean()) as unknown as Unit | null
  const hold = unit?.claims.find(one => one._id.equals(claim) && one.kind === 'hold')
  if (!unit || !hold) throw conflict('claim.gone')
  return { unit, hold }
}

type Change = Partial<Pick<Claim, 'expiresAt' | 'askedUntil' | 'askedBy' | 'toldFor'>>

const setOf = (change: object) => Object.fromEntries(Object.entries(change).map(([field, value]) => [`claims.$[hold].${field}`, value]))

/**
 * Changes a hold as long as it is as it was read. A new end holds only where nobody else has taken the unit, should it have run out
 * meanwhile: check and write are one. Throws unit.taken (409), claim.gone (409).
 */
export async function changeHold({ unit, hold }: Holding, change: Change): Promise<void> {
  const { park, _id } = unit
  const { from, to, expiresAt } = hold
  const read = { expiresAt, askedUntil: hold.askedUntil ?? null, toldFor: hold.toldFor ?? null }
  const same = { claims: { $elemMatch: { _id: hold._id, kind: 'hold', ...read } } }
  const others = { claims: { $not: { $elemMatch: { ...busyIn(from, to), _id: { $ne: hold._id } } } } }
  const { matchedCount } = await Unit.updateOne(
    { park, _id, $and: change.expiresAt ? [same, others] : [same] },
    { $set: setOf(change) },
    { arrayFilters: [{ 'hold._id': hold._id }] },
  )
  if (matchedCount) return
  const current = await loadHold(park, _id, hold._id)
  const plain = ({ expiresAt: end, askedUntil, toldFor }: Claim) => JSON.stringify([end ?? null, askedUntil ?? null, toldFor ?? null])
  throw plain(current.hold) === plain(hold) ? await refusal(park, _id, hold, one => one._id.equals(hold._id)) : conflict('claim.gone')
}

/** The unit is free again. Throws claim.gone (409). */
export async function dropHold({ unit, hold }: Holding, by: Actor): Promise<void> {
  const { park, _id, code } = unit
  await transact(async () => {
    const { modifiedCount } = await Unit.updateOne({ park, _id }, { $pull: { claims: { _id: hold._id, kind: 'hold' } } })
    if (!modifiedCount) throw conflict('claim.gone')
    await refreshGaps(park, [_id])
    const { from, to, label } = hold
    const before = { claim: 'hold', from, to, label }
    await audit(by, 'unit.release', { park, kind: 'unit', ref: _id, label: code }, { before, after: { ...before, to: null } })
  })
}

/** Gives a lead's holds to another, and those its lease has in place of. */
export async function moveHolds(park: string, from: Types.ObjectId, lead: Types.ObjectId, label: string): Promise<void> {
  const scope = { park, 'claims.lead': from }
  const named = (path: string) => ({ $set: { [`${path}.lead`]: lead, [`${path}.label`]: label } })
  await Unit.updateMany({ ...scope, 'claims.replaced.lead': from }, named('claims.$[claim].replaced.$[hold]'), {
    arrayFilters: [{ 'claim.replaced.lead': from }, { 'hold.lead': from }],
  })
  await Unit.updateMany(scope, named('claims.$[hold]'), { arrayFilters: [{ 'hold.lead': from, 'hold.kind': 'hold' }] })
  // Of its lease, which has the tenant's name.
  await Unit.updateMany(scope, { $set: { 'claims.$[claim].lead': lead } }, { arrayFilters: [{ 'claim.lead': from }] })
}

/** A lead's new name on all its holds. */
export const renameHolds = (park: string, lead: Types.ObjectId, label: string): Promise<void> => moveHolds(park, lead, lead, label)
