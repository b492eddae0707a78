import { isObjectIdOrHexString, type Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { peopleOf, User } from '../accounts/user.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import type { Day } from '../lib/days.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { notify } from '../notifications/notification.ts'
import { holdUnit } from '../spaces/blocks.ts'
import { changeHold, dropHold, type Holding, isAsked, loadHold } from '../spaces/holds.ts'
import type { Claim } from '../spaces/unit.ts'
import { dealFor, endOf, isOwn, lastDayOf, type Place, type Rights, refuseFull, refuseOthers, tellLead, touchLead } from './hold-rules.ts'
import { Lead } from './lead.ts'
import { loadLead, refuseStranger } from './steps.ts'

/**
 * Units kept for somebody until a date. The hold itself is a claim in the unit's document and nowhere else (ADR 25): whether it counts
 * follows from the clock, and that nobody else has the unit from one guarded write.
 */
export const holdPath = ({ unit, hold }: Pick<Holding, 'hold'> & { unit: Pick<Holding['unit'], 'park' | '_id'> }): string =>
  `/parks/${unit.park}/units/${unit._id}/holds/${hold._id}`

const subjectOf = ({ unit, hold }: Holding) => ({
  park: unit.park,
  kind: 'unit',
  ref: unit._id,
  label: hold.label ? `${unit.code} \u00b7 ${hold.label}` : unit.code,
})

export const leadOf = async ({ unit, hold }: Holding): Promise<Lead | null> =>
  hold.lead && ((await Lead.findOne({ park: unit.park, _id: hold.lead }).lean()) as Lead | null)

/** Of those who may hold something, the ones with an account: jobs and scripts have none. */
export async function usersOf(ids: (string | null | undefined)[]): Promise<Pick<User, '_id' | 'email' | 'lang'>[]> {
  const known = ids.filter((id): id is string => isObjectIdOrHexString(id))
  return known.length ? User.find({ _id: { $in: known }, disabled: false }).lean() : []
}

/** Who holds it and who asked, unless they do it themselves. */
export async function tellHolders({ unit, hold }: Holding, key: string, params: Record<string, string>, by: Actor): Promise<void> {
  const people = await usersOf([hold.holder, hold.askedBy])
  const facts = { unit: unit.code, label: hold.label ?? '\u2013', by: by.name, ...params }
  await notify(people, { park: unit.park, key: `hold.${key}`, params: facts, path: holdPath({ unit, hold }) }, by.id)
}

async function ask(park: Place, holding: Holding, askedUntil: Date, by: Actor): Promise<void> {
  const { unit, hold } = holding
  const until = lastDayOf(askedUntil, park.zone)
  const params = { unit: unit.code, label: hold.label ?? '\u2013', by: by.name, until }
  await notify(await peopleOf(park._id, ['manager']), { park: park._id, key: 'hold.asked', params, path: holdPath(holding) }, by.id)
  await tellLead(park._id, hold.lead, { what: 'asked', unit, until }, by)
}

export interface HoldWish {
  unit: Types.ObjectId
  from: Day
  /** Null: as long as the unit exists. */
  to: Day | null
  /** The last day for which it is kept. */
  keptUntil: Day
  /** Whom for, where there is no lead. */
  label?: string | null
}

/**
 * Keeps a unit for a lead, or for who is named. Longer than the park allows without approval it is kept for as long as that, and the
 * rest is asked. Throws unit.taken (409), hold.tooMany (409), lead.notYours (403), lead.not.open (409), hold.whom, claim.expired.
 */
export async function holdForLead(
  park: Place,
  { unit, from, to, keptUntil, label = null }: HoldWish,
  leadId: Types.ObjectId | null,
  by: Actor,
  rights: Rights,
): Promise<Types.ObjectId> {
  return transact(async () => {
    const lead = leadId && (await loadLead(park._id, leadId))
    if (!lead && !label) throw new RuleError('hold.whom', {}, { field: 'label' })
    if (lead) {
      refuseStranger(lead, by, rights.leads)
      await touchLead(lead)
    }
    if (!rights.approves) await refuseFull(park._id, by.id)
    const deal = await dealFor(park, { madeAt: now(), keptUntil, expiresAt: null }, rights)
    const { claim } = await holdUnit(park._id, unit, { from, to, label: lead?.name ?? label, lead: leadId, ...deal }, by)
    const holding = await loadHold(park._id, unit, claim)
    await tellLead(park._id, leadId, { what: 'made', unit: holding.unit, until: lastDayOf(deal.expiresAt, park.zone) }, by)
    if (deal.askedUntil) await ask(park, holding, deal.askedUntil, by)
    return claim
  })
}

const loadTheirs = async (park: string, unit: Types.ObjectId, claim: Types.ObjectId, by: Actor, rights: Rights): Promise<Holding> => {
  const holding = await loadHold(park, unit, claim)
  refuseOthers(holding.hold, await leadOf(holding), by, rights)
  return holding
}

/** What the trail shows: last days. */
const shown = (zone: string, { expiresAt, askedUntil }: Pick<Claim, 'expiresAt' | 'askedUntil'>) => ({
  keptUntil: expiresAt && lastDayOf(expiresAt, zone),
  askedUntil: askedUntil ? lastDayOf(askedUntil, zone) : null,
})

/** Keeps it longer: what is beyond the days counted from when it was made is asked. Throws hold.over (409), hold.notLater. */
export async function prolongHold(
  park: Place,
  { unit, claim, keptUntil }: { unit: Types.ObjectId; claim: Types.ObjectId; keptUntil: Day },
  by: Actor,
  rights: Rights,
): Promise<void> {
  await transact(async () => {
    const holding = await loadTheirs(park._id, unit, claim, by, rights)
    const { hold } = holding
    if (hold.expiresAt && hold.expiresAt <= now()) throw conflict('hold.over', { unit: holding.unit.code })
    if (!hold.expiresAt || endOf(keptUntil, park.zone) <= hold.expiresAt) throw new RuleError('hold.notLater', {}, { field: 'keptUntil' })
    const deal = await dealFor(park, { madeAt: hold.madeAt ?? now(), keptUntil, expiresAt: hold.expiresAt }, rights)
    await changeHold(holding, { ...deal, askedBy: deal.askedUntil && by.id })
    await audit(by, 'hold.prolong', subjectOf(holding), { before: shown(park.zone, hold), after: shown(park.zone, deal) })
    if (deal.askedUntil) await ask(park, holding, deal.askedUntil, by)
    else await tellLead(park._id, hold.lead, { what: 'prolonged', unit: holding.unit, until: keptUntil }, by)
  })
}

/** What is decided is what was seen. Throws hold.changed (409), hold.ownApproval (403). */
async function loadAsked(park: Place, { unit, claim, seen }: Decision, by: Actor): Promise<Holding & { askedUntil: Date }> {
  const holding = await loadHold(park._id, unit, claim)
  const { askedUntil } = holding.hold
  if (!askedUntil || !isAsked(holding.hold) || lastDayOf(askedUntil, park.zone) !== seen) throw conflict('hold.changed')
  if (isOwn(holding.hold, by) && !park.settings.selfApproval) throw new RuleError('hold.ownApproval', {}, { status: 403 })
  return { ...holding, askedUntil }
}

export interface Decision {
  unit: Types.ObjectId
  claim: Types.ObjectId
  /** The last day asked for, as the page showed it. */
  seen: Day
}

/** A hold that has just run out comes to life again, where nobody else has the unit. Throws unit.taken (409), and as loadAsked(). */
export async function approveHold(park: Place, decision: Decision, by: Actor): Promise<void> {
  await transact(async () => {
    const { askedUntil, ...holding } = await loadAsked(park, decision, by)
    const lead = await leadOf(holding)
    if (lead) await touchLead(lead)
    await changeHold(holding, { expiresAt: askedUntil, askedUntil: null, askedBy: null })
    const after = shown(park.zone, { expiresAt: askedUntil, askedUntil: null })
    await audit(by, 'hold.approve', subjectOf(holding), { before: shown(park.zone, holding.hold), after })
    await tellHolders(holding, 'approved', { until: decision.seen }, by)
    await tellLead(park._id, holding.hold.lead, { what: 'approved', unit: holding.unit, until: decision.seen }, by)
  })
}

/** It stays as it is, and runs out when it would have. */
export async function refuseHold(park: Place, decision: Decision, reason: string, by: Actor): Promise<void> {
  await transact(async () => {
    const { askedUntil, ...holding } = await loadAsked(park, decision, by)
    const { hold } = holding
    await changeHold(holding, { askedUntil: null, askedBy: null })
    const after = shown(park.zone, { expiresAt: hold.expiresAt, askedUntil: null })
    await audit(by, 'hold.refuse', subjectOf(holding), { before: shown(park.zone, { ...hold, askedUntil }), after, note: reason })
    const until = hold.expiresAt ? lastDayOf(hold.expiresAt, park.zone) : '\u2013'
    await tellHolders(holding, 'refused', { reason, until }, by)
    await tellLead(park._id, hold.lead, { what: 'refused', unit: holding.unit, until, text: reason }, by)
  })
}

/** Takes a hold away, with a word to who has it. */
export async function dropWithWord(zone: string, holding: Holding, by: Actor): Promise<void> {
  await dropHold(holding, by)
  const { unit, hold } = holding
  const until = hold.expiresAt ? lastDayOf(hold.expiresAt, zone) : '\u2013'
  await tellHolders(holding, 'released', { until }, by)
  await tellLead(unit.park, hold.lead, { what: 'released', unit, until }, by)
}

/** The unit is free again. Throws claim.gone (409), hold.notYours (403). */
export async function releaseHold(park: Place, unit: Types.ObjectId, claim: Types.ObjectId, by: Actor, rights: Rights): Promise<void> {
  await transact(async () => dropWithWord(park.zone, await loadTheirs(park._id, unit, claim, by, rights), by))
}
