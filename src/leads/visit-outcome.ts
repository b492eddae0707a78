import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { today } from '../lib/days.ts'
import { scopedUpdate } from '../lib/park-scope.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { addLine } from './entry.ts'
import type { Lead } from './lead.ts'
import { type SetupFacts, setupOf } from './setup.ts'
import { loadLead, moveStage, type Next, writeLead } from './steps.ts'
import { type SeenUnit, Visit, visitSubject, visitWhen } from './visit.ts'
import { loadVisit, writeVisit } from './visits.ts'

/** What came of a visit: unit by unit while walking through the building, and as a whole afterwards. */
export const VIEWING = 'viewing'

/** What guests think of one unit, tapped while standing in it: of two taps the later counts. Throws visit.notPlanned (409). */
export async function judgeUnit(
  park: { _id: string; zone: string },
  _id: Types.ObjectId,
  unit: Types.ObjectId,
  { liked, why }: Pick<SeenUnit, 'liked' | 'why'>,
  by: Actor,
): Promise<void> {
  await transact(async () => {
    const visit = await loadVisit(park._id, _id)
    const before = visit.units.find(one => one.unit.equals(unit))
    if (!before) throw notFound()
    refuseEarly(visit, park.zone)
    const set = { 'units.$.liked': liked, 'units.$.why': why }
    const done = await scopedUpdate(
      Visit,
      { park: park._id, _id, state: 'planned', 'units.unit': unit },
      { $set: set, $inc: { version: 1 } },
    )
    if (!done) throw conflict('visit.notPlanned', { state: `key:visit.state.${visit.state}` })
    await audit(by, 'visit.judge', visitSubject(visit, await loadLead(park._id, visit.lead)), {
      before: { visitUnits: before.code, visitLiked: before.liked, note: before.why },
      after: { visitUnits: before.code, visitLiked: liked, note: why },
    })
  })
}

export interface Outcome {
  state: 'done' | 'missed'
  text: string | null
  /** Of the units that were to be seen, in any order; what isn't named stays as it was tapped. */
  units: { unit: Types.ObjectId; liked: boolean | null; why: string | null }[]
  /** What comes next with the lead: an open lead always has it. */
  next: Next | null
}

/** One in the pool has no next step before somebody takes it. */
const isLed = ({ state, owner }: Lead): boolean => state === 'open' && owner !== null

/** A visit of a day to come has no outcome. */
function refuseEarly({ day }: Pick<Visit, 'day'>, zone: string): void {
  if (day > today(zone)) throw conflict('visit.notYet', { day })
}

function checkOutcome(visit: Visit, lead: Lead, { state, text, next }: Outcome, zone: string): void {
  if (visit.state === 'cancelled') throw conflict('visit.notPlanned', { state: 'key:visit.state.cancelled' })
  refuseEarly(visit, zone)
  if (state === 'missed' && visit.startsAt > now()) throw conflict('visit.notBegun')
  if (state === 'done' && !text) throw new RuleError('required', {}, { field: 'text' })
  if (isLed(lead) && visit.state === 'planned' && !next) throw new RuleError('required', {}, { field: 'nextOn' })
  if (next && next.on < today(zone)) throw new RuleError('lead.nextPast', {}, { field: 'nextOn' })
}

/** Whether a lead stands before the stage of visits, in a park that has one. */
function comesBefore({ stages }: Pick<SetupFacts, 'stages'>, stage: string): boolean {
  const at = (code: string) => stages.findIndex(one => one.code === code)
  return at(VIEWING) >= 0 && at(stage) >= 0 && at(stage) < at(VIEWING)
}

const codesOf = (units: SeenUnit[], how: boolean): string =>
  units
    .filter(one => one.liked === how)
    .map(one => one.code)
    .join(', ')

/**
 * Writes down what came of a visit, or mends what was written. An open lead gets its next step with it, and comes to the stage of
 * visits if it stood before. Throws visit.notYet (409), visit.notBegun (409), visit.notPlanned (409), lead.nextPast, stale (409).
 */
export async function recordOutcome(
  park: { _id: string; zone: string },
  _id: Types.ObjectId,
  version: number,
  given: Outcome,
  by: Actor,
): Promise<Visit> {
  return transact(async () => {
    const before = await loadVisit(park._id, _id)
    const lead = await loadLead(park._id, before.lead)
    if (before.version !== version) throw conflict('stale')
    checkOutcome(before, lead, given, park.zone)
    const came = given.state === 'done'
    const units = before.units.map(one => {
      const said = given.units.find(other => other.unit.equals(one.unit))
      if (!came) return { ...one, liked: null, why: null }
      return said ? { ...one, liked: said.liked, why: said.why } : one
    })
    const after = await writeVisit(before, { state: given.state, outcome: given.text, outcomeBy: by.name, units })
    const isFirst = before.state === 'planned'
    if (isLed(lead)) await writeLead(lead, given.next ? { next: given.next } : {})
    if (isFirst && came && isLed(lead) && comesBefore(await setupOf(park._id), lead.stage))
      await moveStage(park._id, lead._id, { from: lead.stage, to: VIEWING }, by)
    const summary = { liked: codesOf(units, true), disliked: codesOf(units, false) }
    const what = isFirst ? given.state : 'amended'
    await addLine(lead, 'visit', { text: given.text, params: { what, when: visitWhen(after), ...summary }, ref: _id }, by)
    const outcome = ({ state, outcome: text, units: all }: Visit) => ({
      ...{ visitState: state, visitOutcome: text, visitLiked: codesOf(all, true), visitDisliked: codesOf(all, false) },
    })
    await audit(by, isFirst ? `visit.${given.state}` : 'visit.amend', visitSubject(after, lead), {
      before: outcome(before),
      after: outcome(after),
    })
    return after
  })
}
