import type { Types } from 'mongoose'
import type { User } from '../../src/accounts/user.ts'
import { convertLead } from '../../src/leads/convert.ts'
import { LeadEntry } from '../../src/leads/entry.ts'
import { endOf, type Place, type Rights } from '../../src/leads/hold-rules.ts'
import { type HoldWish, holdForLead } from '../../src/leads/holds.ts'
import type { Lead } from '../../src/leads/lead.ts'
import type { Lease } from '../../src/leases/lease.ts'
import { setClock } from '../../src/lib/clock.ts'
import { type Day, DEFAULT_ZONE } from '../../src/lib/days.ts'
import type { WholePark } from '../../src/parks/park.ts'
import { type Claim, Unit } from '../../src/spaces/unit.ts'
import { BY, buildPark, buildUnit, buildUser, inDays, type LeaseOptions, termsFor } from '../setup/factories.ts'
import { buildLead } from '../setup/leads.ts'

/** A park with a promotion person who has a lead, two managers, and a unit to hold. */
export const PROMOTION: Rights = { leads: false, approves: false }
export const MANAGER: Rights = { leads: true, approves: true }
export const as = (user: User) => ({ id: String(user._id), name: user.name })

export interface Scene {
  park: WholePark & Place
  lead: Lead
  owner: User
  manager: User
  colleague: User
  unit: Unit
}

export async function buildScene(settings: Partial<WholePark['settings']> = {}): Promise<Scene> {
  const made = await buildPark()
  const park = { ...made, settings: { ...made.settings, ...settings } }
  const { lead, owner } = await buildLead(park._id)
  const [manager, colleague] = [await buildUser('manager', { park: park._id }), await buildUser('manager', { park: park._id })]
  return { park, lead, owner: owner!, manager, colleague, unit: await buildUnit({ park: park._id }) }
}

export const wishFor = (unit: Pick<Unit, '_id'>, more: Partial<HoldWish> = {}): HoldWish => ({
  unit: unit._id,
  from: inDays(10),
  to: null,
  keptUntil: inDays(7),
  ...more,
})

/** The owner's hold of the scene's unit for the scene's lead. */
export const hold = ({ park, lead, owner, unit }: Scene, more: Partial<HoldWish> = {}): Promise<Types.ObjectId> =>
  holdForLead(park, wishFor(unit, more), lead._id, as(owner), PROMOTION)

export async function claimsOf({ park, _id }: Pick<Unit, 'park' | '_id'>): Promise<Claim[]> {
  return ((await Unit.findOne({ park, _id }).lean().orFail()) as unknown as Unit).claims
}

export const claimNow = async (unit: Pick<Unit, 'park' | '_id'>, claim: Types.ObjectId): Promise<Claim | undefined> =>
  (await claimsOf(unit)).find(one => one._id.equals(claim))

/** What the lead's timeline says of holds, oldest first. */
export async function linesOf({ park, _id }: Pick<Lead, 'park' | '_id'>): Promise<string[]> {
  const lines = await LeadEntry.find({ park, lead: _id, kind: 'hold' }).sort({ at: 1, _id: 1 }).lean()
  return lines.map(({ params }) => String(params['what']))
}

/** The lead's draft lease of the unit. */
export function convert({ park, lead, unit }: Pick<Scene, 'park' | 'lead' | 'unit'>, options: LeaseOptions = {}): Promise<Lease> {
  const { tenant: _, ...terms } = termsFor(unit, { _id: lead._id }, { from: inDays(20), to: inDays(380), ...options })
  const company = { tenant: null, name: `${lead.name} Ltd`, creditCode: null, sameName: false }
  return convertLead(park._id, lead._id, { ...company, terms }, BY)
}

/** The instant after a day. */
export const dayEnds = (day: Day): Date => endOf(day, DEFAULT_ZONE)
export const setDay = (day: Day): void => setClock(new Date(`${day}T12:00:00+08:00`))

const keyOf = (error: unknown): string => (error as { problem?: { key: string } }).problem?.key.replace(/^error\./, '') ?? String(error)
export const refusal = (work: Promise<unknown>): Promise<string> => work.then(() => 'fine', keyOf)
