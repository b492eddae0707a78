import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { type Day, today } from '../lib/days.ts'
import { scopedFind, scopedInsert } from '../lib/park-scope.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import { isActive } from '../spaces/state.ts'
import { Unit } from '../spaces/unit.ts'
import { addLine } from './entry.ts'
import type { Lead } from './lead.ts'
import { loadLead, writeLead } from './steps.ts'
import { headsOf, type SeenUnit, spanIn, Visit, type VisitGuest, visitSubject, visitWhen } from './visit.ts'
import { companionsOf, findHost, refuseBusy } from './visit-host.ts'
import { tellVisit } from './visit-tell.ts'

/** Planning visits, moving them and calling them off. Guests and hosts are told in the same transaction. */
export interface VisitFacts {
  day: Day
  from: number
  to: number
  units: Types.ObjectId[]
  place: string | null
  host: Types.ObjectId
  companions: Types.ObjectId[]
  guests: VisitGuest[]
  people: number | null
  note: string | null
}

export type VisitPark = Pick<Park, '_id' | 'zone' | 'name' | 'address'>

export async function loadVisit(park: string, _id: Types.ObjectId): Promise<Visit> {
  const visit = (await Visit.findOne({ park, _id }).lean()) as Visit | null
  if (!visit) throw notFound()
  return visit
}

/** A lead that can be shown round. Throws lead.not.open (409), lead.inPool (409). */
async function loadVisiting(park: string, _id: Types.ObjectId): Promise<Lead> {
  const lead = await loadLead(park, _id)
  if (lead.state !== 'open' && lead.state !== 'converted') throw conflict('lead.not.open', { number: lead.number })
  if (!lead.owner) throw conflict('lead.inPool')
  return lead
}

const UNIT_FIELDS = { building: 1, floor: 1, code: 1, activeFrom: 1, activeTo: 1 }

/** In the order given; what was said of one before stays with it. Let and held units may be seen, those that don't exist then can't. */
async function unitsFor(park: string, ids: Types.ObjectId[], day: Day, before: SeenUnit[]): Promise<SeenUnit[]> {
  if (!ids.length) return []
  const found = await scopedFind<Unit>(Unit, { park, _id: { $in: ids } }, { projection: UNIT_FIELDS })
  return [...new Set(ids.map(String))].map(id => {
    const unit = found.find(one => String(one._id) === id)
    if (!unit) throw new RuleError('visit.unitGone', {}, { field: 'units' })
    if (!isActive(unit, day)) throw new RuleError('visit.unitInactive', { unit: unit.code, day }, { field: 'units' })
    const said = before.find(one => String(one.unit) === id)
    const { building, floor, code } = unit
    return { unit: unit._id, building, floor, code, liked: said?.liked ?? null, why: said?.why ?? null }
  })
}

function checkTimes({ day, from, to }: VisitFacts, zone: string): void {
  if (to <= from) throw new RuleError('visit.order', {}, { field: 'to' })
  if (day < today(zone)) throw new RuleError('visit.past', {}, { field: 'day' })
}

type Planned = Omit<
  Visit,
  '_id' | 'park' | 'lead' | 'state' | 'reason' | 'cause' | 'outcome' | 'outcomeBy' | 'sequence' | 'reminded' | 'at' | 'version'
>

async function settle(park: VisitPark, facts: VisitFacts, before: SeenUnit[]): Promise<Planned> {
  const host = await findHost(park._id, facts.host)
  const along = new Set(facts.companions.map(String).filter(id => id !== String(host._id)))
  const companions = along.size ? (await companionsOf(park._id)).filter(one => along.has(String(one._id))) : []
  if (companions.length !== along.size) throw new RuleError('visit.noCompanion', {}, { field: 'companions' })
  const { day, from, to, place, guests, people, note } = facts
  return {
    ...{ day, from, to, place, guests, people, note, ...spanIn(facts, park.zone), host: host._id, hostName: host.name },
    companions: companions.map(({ _id, name }) => ({ user: _id, name })),
    units: await unitsFor(park._id, facts.units, day, before),
  }
}

/** What of a visit the trail shows. */
const shown = (visit: Planned) => ({
  ...{ visitWhen: visitWhen(visit), visitUnits: visit.units.map(one => one.code).join(', '), visitPlace: visit.place },
  ...{ visitHost: visit.hostName, visitCompanions: visit.companions.map(one => one.name).join(', ') },
  ...{ visitGuests: visit.guests.map(one => one.name).join(', '), visitPeople: headsOf(visit), note: visit.note },
})

/**
 * Plans a visit of a lead: one of today or later. Throws visit.busy (409), visit.past, visit.order, visit.noHost, visit.unitGone,
 * visit.unitInactive, lead.not.open (409), lead.inPool (409).
 */
export async function planVisit(park: VisitPark, leadId: Types.ObjectId, facts: VisitFacts, by: Actor): Promise<Visit> {
  checkTimes(facts, park.zone)
  return transact(async () => {
    const lead = await loadVisiting(park._id, leadId)
    const planned = await settle(park, facts, [])
    const visit: Visit = {
      ...{ _id: new Types.ObjectId(), park: park._id, lead: lead._id, ...planned, state: 'planned', reason: null, cause: null },
      ...{ outcome: null, outcomeBy: null, sequence: 0, reminded: null, at: now(), version: 0 },
    }
    await refuseBusy(visit)
    await scopedInsert(Visit, [visit])
    await writeLead(lead, {})
    await addLine(lead, 'visit', { params: { what: 'planned', when: visitWhen(visit), host: visit.hostName }, ref: visit._id }, by)
    await audit(by, 'visit.plan', visitSubject(visit, lead), { after: shown(visit) })
    await tellVisit(park, lead, null, visit, by)
    return visit
  })
}

/** Writes a visit from the version it was read at. Throws stale (409). */
export async function writeVisit(before: Visit, set: Partial<Visit>): Promise<Visit> {
  const after = (await Visit.findOneAndUpdate(
    { park: before.park, _id: before._id, version: before.version },
    { $set: set, $inc: { version: 1 } },
    { returnDocument: 'after' },
  ).lean()) as Visit | null
  if (!after) throw conflict('stale')
  return after
}

/** A planned visit, from the version somebody saw. Throws visit.notPlanned (409), stale (409). */
async function loadPlanned(park: string, _id: Types.ObjectId, version: number): Promise<Visit> {
  const visit = await loadVisit(park, _id)
  if (visit.state !== 'planned') throw conflict('visit.notPlanned', { state: `key:visit.state.${visit.state}` })
  if (visit.version !== version) throw conflict('stale')
  return visit
}

/** What a calendar shows of it, and to whom. */
const seen = ({ startsAt, endsAt, place, host, companions, guests, units }: Planned | Visit): string =>
  JSON.stringify([startsAt, endsAt, place, host, companions.map(one => one.user), guests, units.map(one => one.unit)])

/** Changes a planned visit: its time, units, host, guests. Throws what planVisit() does, visit.notPlanned (409), stale (409). */
export async function moveVisit(park: VisitPark, _id: Types.ObjectId, version: number, facts: VisitFacts, by: Actor): Promise<Visit> {
  checkTimes(facts, park.zone)
  return transact(async () => {
    const before = await loadPlanned(park._id, _id, version)
    const lead = await loadVisiting(park._id, before.lead)
    const planned = await settle(park, facts, before.units)
    const differs = seen(before) !== seen(planned)
    await refuseBusy({ ...before, ...planned })
    const after = await writeVisit(before, { ...planned, sequence: before.sequence + (differs ? 1 : 0) })
    const [was, is] = [visitWhen(before), visitWhen(after)]
    if (was !== is) {
      await writeLead(lead, {})
      await addLine(lead, 'visit', { params: { what: 'moved', from: was, when: is, host: after.hostName }, ref: _id }, by)
    }
    await audit(by, 'visit.move', visitSubject(after, lead), { before: shown(before), after: shown(after) })
    if (differs) await tellVisit(park, lead, before, after, by)
    return after
  })
}

interface Off {
  reason: string | null
  cause?: Visit['cause']
}

/** Inside a transaction: what is planned is so no more, and whoever was to come hears of it. */
export async function callOff(park: VisitPark, lead: Lead, before: Visit, { reason, cause = null }: Off, by: Actor): Promise<Visit> {
  const after = await writeVisit(before, { state: 'cancelled', reason, cause, sequence: before.sequence + 1 })
  await addLine(lead, 'visit', { text: reason, params: { what: 'cancelled', when: visitWhen(after) }, ref: after._id }, by)
  await audit(by, 'visit.cancel', visitSubject(after, lead), {
    before: { visitState: 'planned' },
    after: { visitState: 'cancelled' },
    note: reason,
  })
  await tellVisit(park, lead, before, after, by)
  return after
}

/** Calls a planned visit off; guests are told why. Throws visit.notPlanned (409), stale (409). */
export async function cancelVisit(park: VisitPark, _id: Types.ObjectId, version: number, reason: string, by: Actor): Promise<Visit> {
  return transact(async () => {
    const before = await loadPlanned(park._id, _id, version)
    return callOff(park, await loadLead(park._id, before.lead), before, { reason }, by)
  })
}
