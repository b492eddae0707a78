import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { now } from '../lib/clock.ts'
import { addDays, type Day, dayAfter, dayAt, startOfDay } from '../lib/days.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import { heldBy } from '../spaces/holds.ts'
import type { Claim } from '../spaces/unit.ts'
import { addLine } from './entry.ts'
import { guardPerson } from './guards.ts'
import { Lead, type LeadState } from './lead.ts'
import { setupOf } from './setup.ts'

/** Who may hold what and for how long: the rules that every step of a hold asks. */
export type Place = Pick<Park, '_id' | 'zone' | 'settings'>

export interface Rights {
  /** Leads others in their work on leads. */
  leads: boolean
  /** Approves holds, and isn't limited in how many. */
  approves: boolean
}

/** The instant from which a hold kept through a day counts for nothing. */
export const endOf = (day: Day, zone: string): Date => startOfDay(dayAfter(day), zone)
/** The last day of a hold. */
export const lastDayOf = (expiresAt: Date, zone: string): Day => dayAt(new Date(expiresAt.getTime() - 1), zone)
/** The last day for which somebody may keep a unit without approval, counted from the day the hold was made. */
export const freeUntil = (madeAt: Date, holdDays: number, zone: string): Day => addDays(dayAt(madeAt, zone), holdDays)

/** Throws hold.tooMany (409). Inside the transaction of the hold: two at once of one person come one after the other. */
export async function refuseFull(park: string, holder: string): Promise<void> {
  await guardPerson(park, holder)
  const { holdLimit } = await setupOf(park)
  if ((await heldBy(park, holder)) >= holdLimit) throw conflict('hold.tooMany', { limit: holdLimit })
}

/** How many more somebody may hold; null: as many as they like. */
export async function holdsLeft(park: string, holder: string, { approves }: Rights): Promise<{ left: number; limit: number } | null> {
  if (approves) return null
  const { holdLimit } = await setupOf(park)
  return { left: Math.max(0, holdLimit - (await heldBy(park, holder))), limit: holdLimit }
}

/**
 * What is held at once and what has to be asked for, of a wish to keep a unit through a day. Nobody approves their own, so who
 * approves asks a colleague, unless the park lets one person do both.
 */
export async function dealFor(
  park: Place,
  { madeAt, keptUntil, expiresAt }: { madeAt: Date; keptUntil: Day; expiresAt: Date | null },
  { approves }: Rights,
): Promise<{ expiresAt: Date; askedUntil: Date | null }> {
  const until = endOf(keptUntil, park.zone)
  if (until <= now()) throw new RuleError('claim.expired', {}, { field: 'keptUntil' })
  const free = endOf(freeUntil(madeAt, (await setupOf(park._id)).holdDays, park.zone), park.zone)
  if (until <= free || (approves && park.settings.selfApproval)) return { expiresAt: until, askedUntil: null }
  return { expiresAt: expiresAt && expiresAt > free ? expiresAt : free, askedUntil: until }
}

/** Who made it, whose lead it is for, and who leads. Nobody made the holds of before. Throws hold.notYours (403). */
export function isTheirs(hold: Claim, lead: Lead | null, by: Pick<Actor, 'id'>, { leads, approves }: Rights): boolean {
  return !hold.holder || hold.holder === by.id || approves || leads || String(lead?.owner) === by.id
}

export function refuseOthers(hold: Claim, lead: Lead | null, by: Pick<Actor, 'id'>, rights: Rights): void {
  if (!isTheirs(hold, lead, by, rights)) throw new RuleError('hold.notYours', { by: hold.by ?? '\u2013' }, { status: 403 })
}

/** Whether somebody would decide what they asked for, or what they hold. */
export const isOwn = (hold: Claim, by: Pick<Actor, 'id'>): boolean => hold.askedBy === by.id || hold.holder === by.id

export type HoldWord = 'made' | 'prolonged' | 'asked' | 'approved' | 'refused' | 'released' | 'used' | 'back'

/** On the timeline of the lead it is for: what, which unit, until when. */
export async function tellLead(
  park: string,
  lead: Types.ObjectId | null,
  { what, unit, until, text = null }: { what: HoldWord; unit: { _id: Types.ObjectId; code: string }; until: Day; text?: string | null },
  by: Pick<Actor, 'id' | 'name'>,
): Promise<void> {
  if (lead) await addLine({ park, _id: lead }, 'hold', { text, params: { what, unit: unit.code, until }, ref: unit._id }, by)
}

/**
 * Something has happened with it; and whoever loses or merges the lead at this moment comes before or after, since both write it. Throws
 * lead.not.open (409).
 */
export async function touchLead(lead: Lead): Promise<void> {
  const { park, _id, number } = lead
  const filter = { park, _id, state: { $in: ['open', 'converted'] as LeadState[] } }
  const { matchedCount } = await Lead.updateOne(filter, { $set: { touchedAt: now(), warnedAt: null } })
  if (!matchedCount) throw conflict('lead.not.open', { number }, 'lead')
}
