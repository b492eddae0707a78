import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { addDays, type Day, overlaps, today } from '../lib/days.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { gapsOf } from './gaps.ts'
import { isActive, isHoldFor, isLive } from './state.ts'
import { bringBack, type OwnLead, ownHolds, tellTurn } from './turn-holds.ts'
import { type Claim, Unit } from './unit.ts'

/**
 * The rule that makes the product: *a unit has at most one claim on any day* (DESIGN §3). Everything that takes a unit (form,
 * import, API, job) comes through claimUnit().
 */
export type NewClaim = Pick<Claim, 'kind' | 'from' | 'to'> & Partial<Omit<Claim, '_id'>>

/** How far back gaps are kept: leases are sometimes entered late. */
const KEPT_DAYS = 400

/** Ends are inclusive, an open end is 9999-12-31; a hold that has run out counts for nothing; the lead's own holds don't stand in its way. */
export const busyIn = (from: Day, to: Day, lead: Types.ObjectId | null = null) => ({
  of: null,
  from: { $lte: to },
  to: { $gte: from },
  $or: [{ expiresAt: null }, { expiresAt: { $gt: now() } }],
  ...(lead ? { $nor: [{ kind: 'hold', lead }] } : {}),
})

/** Why a unit can't be had for a period. `own`: the claims that don't stand in the way. */
export async function refusal(
  park: string,
  _id: Types.ObjectId,
  claim: Pick<Claim, 'from' | 'to'>,
  own: (one: Claim) => boolean = () => false,
): Promise<RuleError> {
  const unit = await Unit.findOne({ park, _id }).lean()
  if (!unit) return new RuleError('unit.gone')
  if (!isActive(unit, claim.from) || !isActive(unit, claim.to)) {
    return new RuleError('unit.inactive', { unit: unit.code, from: unit.activeFrom, to: unit.activeTo })
  }
  const other = unit.claims.find(one => !one.of && overlaps(one, claim) && isLive(one, now()) && !own(one))
  if (!other) return conflict('unit.busy', { unit: unit.code })
  return conflict('unit.taken', { unit: unit.code, from: other.from, to: other.to, kind: `key:space.claim.${other.kind}` })
}

/**
 * Takes a unit for a period. Check and claim are one write: two managers may act in the same millisecond, and concurrent
 * transactions conflict on the unit. Throws unit.taken (409) naming what stands in the way, unit.inactive where the unit
 * doesn't exist for the whole period. Holds of `own`'s lead that overlap give way in the same transaction and are remembered
 * in the claim: nobody can slip in between, neither now nor when they come back.
 */
export async function claimUnit(park: string, unit: Types.ObjectId, claim: NewClaim, own: OwnLead | null = null): Promise<Types.ObjectId> {
  if (claim.from > claim.to) throw new RuleError('period.order')
  const _id = new Types.ObjectId()
  return transact(async () => {
    const replaced = own ? await ownHolds(park, unit, claim, own.lead) : []
    const { modifiedCount } = await Unit.updateOne(
      {
        _id: unit,
        park,
        activeFrom: { $lte: claim.from },
        activeTo: { $gte: claim.to },
        claims: { $not: { $elemMatch: busyIn(claim.from, claim.to, own?.lead) } },
      },
      { $push: { claims: { ...claim, _id, ...(replaced.length ? { replaced } : {}) } } },
    )
    if (!modifiedCount) throw await refusal(park, unit, claim, one => isHoldFor(one, own?.lead))
    if (replaced.length) {
      await Unit.updateOne({ _id: unit, park }, { $pull: { claims: { _id: { $in: replaced.map(hold => hold._id) } } } })
      await tellTurn('used', { park, _id: unit }, replaced, own!.by)
    }
    await refreshGaps(park, [unit])
    return _id
  })
}

/** Recomputes the free ranges of units whose claims changed, in the same transaction. */
export async function refreshGaps(park: string, units: Types.ObjectId[]): Promise<void> {
  const since = addDays(today(), -KEPT_DAYS)
  for (const unit of await Unit.find({ park, _id: { $in: units } }, { activeFrom: 1, activeTo: 1, claims: 1 }).lean()) {
    await Unit.updateOne({ park, _id: unit._id }, { gaps: gapsOf(unit, since) })
  }
}

const unitsOf = async (park: string, lease: Types.ObjectId): Promise<Types.ObjectId[]> =>
  (await Unit.find({ park, 'claims.lease': lease }, { _id: 1 }).lean()).map(unit => unit._id)

const UNSIGNED = { $in: ['review', 'approved'] }

/** Gives back what a lease or its amendment claimed and hasn't signed (withdrawn, returned): to the holds it took the place of, if they still run. */
export async function releaseLease(park: string, lease: Types.ObjectId, by: Actor): Promise<void> {
  await transact(async () => {
    const units = await Unit.find({ park, claims: { $elemMatch: { lease, stage: UNSIGNED } } }).lean()
    for (const unit of units) {
      await Unit.updateOne({ park, _id: unit._id }, { $pull: { claims: { lease, stage: UNSIGNED } } })
      const released = (claim: Claim) => lease.equals(claim.lease!) && claim.stage !== 'signed'
      await bringBack(unit as unknown as Unit, released, by)
    }
    const ids = units.map(unit => unit._id)
    await refreshGaps(park, ids)
  })
}

/** The claims a lease or its amendment waits with have come to a stage. What is signed doesn't go back to the holds of before. */
export async function advanceLease(park: string, lease: Types.ObjectId, stage: 'approved' | 'signed'): Promise<void> {
  await Unit.updateMany(
    { park, 'claims.lease': lease },
    { $set: { 'claims.$[claim].stage': stage, ...(stage === 'signed' ? { 'claims.$[claim].replaced': null } : {}) } },
    { arrayFilters: [{ 'claim.lease': lease, 'claim.stage': UNSIGNED }] },
  )
}

/**
 * Writes what happened to the signed claims of a lease on some units: handed back, moved into, carried on by a renewal. Units made
 * of them since (split, merged, re-measured) hold a copy until the handover, which changes too.
 */
export async function markClaims(
  park: string,
  lease: Types.ObjectId,
  units: Types.ObjectId[],
  change: Partial<Pick<Claim, 'continued' | 'vacatedOn' | 'movedInOn'>>,
): Promise<void> {
  const set = Object.fromEntries(Object.entries(change).map(([field, value]) => [`claims.$[claim].${field}`, value]))
  const signed = { 'claim.lease': lease, 'claim.stage': 'signed' }
  await Unit.updateMany(
    { park, _id: { $in: units }, 'claims.lease': lease },
    { $set: set },
    { arrayFilters: [{ ...signed, 'claim.of': null }] },
  )
  await Unit.updateMany(
    { park, claims: { $elemMatch: { lease, of: { $in: units } } } },
    { $set: set },
    { arrayFilters: [{ ...signed, 'claim.of': { $in: units } }] },
  )
}

/** A tenant's new name on all its claims. */
export async function renameClaims(park: string, tenant: Types.ObjectId, tenantName: string): Promise<void> {
  await Unit.updateMany(
    { park, 'claims.tenant': tenant },
    { $set: { 'claims.$[claim].tenantName': tenantName } },
    { arrayFilters: [{ 'claim.tenant': tenant }] },
  )
}

/** Ends the claims of a lease on a day (termination; a unit given back). A claim that would start later goes altogether. */
export async function endLease(park: string, lease: Types.ObjectId, on: Day, only?: Types.ObjectId[]): Promise<void> {
  await transact(async () => {
    const units = only ?? (await unitsOf(park, lease))
    const scope = { park, _id: { $in: units } }
    await Unit.updateMany(scope, { $pull: { claims: { lease, from: { $gt: on } } } })
    await Unit.updateMany(
      scope,
      { $set: { 'claims.$[claim].to': on } },
      { arrayFilters: [{ 'claim.lease': lease, 'claim.to': { $gt: on } }] },
    )
    await refreshGaps(park, units)
  })
}

/** Ends or removes a hold, works or own use. Throws claim.gone when it isn't there any more. */
export async function endClaim(park: string, unit: Types.ObjectId, claim: Types.ObjectId, on: Day): Promise<void> {
  await transact(async () => {
    const found = await Unit.findOne(
      { park, _id: unit, claims: { $elemMatch: { _id: claim, kind: { $ne: 'lease' } } } },
      { 'claims.$': 1 },
    ).lean()
    const one = found?.claims[0]
    if (!one) throw conflict('claim.gone')
    if (one.from > on) await Unit.updateOne({ park, _id: unit }, { $pull: { claims: { _id: claim } } })
    else await Unit.updateOne({ park, _id: unit, 'claims._id': claim }, { 'claims.$.to': on })
    await refreshGaps(park, [unit])
  })
}

/**
 * Records the day a tenant moves into a unit. Refused (unit.heldOver) while the tenant before hasn't handed it back: they may
 * claim and sign ahead, but two can't be in one office.
 */
export async function moveIn(park: string, lease: Types.ObjectId, unit: Types.ObjectId, on: Day): Promise<void> {
  const before = { kind: 'lease', stage: 'signed', continued: false, vacatedOn: null, to: { $lt: on }, lease: { $ne: lease } }
  const { matchedCount } = await Unit.updateOne(
    { park, _id: unit, claims: { $elemMatch: { lease, stage: 'signed' } }, $nor: [{ claims: { $elemMatch: before } }] },
    { $set: { 'claims.$[claim].movedInOn': on } },
    { arrayFilters: [{ 'claim.lease': lease }] },
  )
  if (matchedCount) return
  const found = await Unit.findOne({ park, _id: unit }).lean()
  const stays = found?.claims.find(
    one => one.kind === 'lease' && one.stage === 'signed' && !one.continued && !one.vacatedOn && one.to < on && !one.lease?.equals(lease),
  )
  if (stays) throw conflict('unit.heldOver', { unit: found!.code, tenant: stays.tenantName ?? '', to: stays.to })
  throw new RuleError('lease.notSigned')
}
