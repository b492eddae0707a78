import { User } from '../accounts/user.ts'
import type { Check, Report, Subject } from '../lib/check.ts'
import { eachRecord, everyPark } from '../parks/each.ts'
import { Unit } from '../spaces/unit.ts'
import { Lead } from './lead.ts'
import { spanIn, Visit, visitWhen } from './visit.ts'

/** What must hold of visits, whatever wrote them. */
const subject = (visit: Visit): Subject => ({ park: visit.park, kind: 'visit', id: visit._id, label: visitWhen(visit) })

async function checkVisit(visit: Visit, zone: string, report: Report): Promise<void> {
  const tell = (message: string) => report(message, subject(visit))
  const { park, lead, host, units, state } = visit
  const of = await Lead.findOne({ park, _id: lead }, { state: 1 }).lean()
  if (!of) tell(`is of lead ${lead}, which isn’t there`)
  if (of?.state === 'merged') tell(`is of lead ${lead}, which was merged into another`)
  if (!(await User.exists({ _id: host }))) tell(`has host ${host}, who isn’t there`)
  for (const { unit, code } of units) if (!(await Unit.exists({ park, _id: unit }))) tell(`shows unit ${code}, which isn’t there`)
  if (new Set(units.map(one => String(one.unit))).size !== units.length) tell('shows a unit twice')
  const { startsAt, endsAt } = spanIn(visit, zone)
  if (visit.to <= visit.from) tell('ends before it begins')
  if (startsAt.getTime() !== visit.startsAt.getTime() || endsAt.getTime() !== visit.endsAt.getTime())
    tell('begins or ends at another time than its day says')
  if (state === 'done' && !visit.outcome) tell('is done and has no outcome')
  if (state === 'cancelled' && !visit.reason && !visit.cause) tell('was called off for no reason')
  if (state !== 'cancelled' && (visit.reason || visit.cause)) tell('has a reason for being called off, and wasn’t')
}

/** In whichever parks a host works. */
async function checkHosts(report: Report): Promise<void> {
  const latest = new Map<string, Visit>()
  const parks = (await everyPark()).map(park => park._id)
  const all = Visit.find({ park: { $in: parks }, state: 'planned' })
    .sort({ startsAt: 1, _id: 1 })
    .lean()
    .cursor()
  for await (const visit of all as AsyncIterable<Visit>) {
    const key = String(visit.host)
    const before = latest.get(key)
    if (before && before.endsAt > visit.startsAt)
      report(`is hosted by ${visit.hostName}, who hosts ${visitWhen(before)} then`, subject(visit))
    if (!before || visit.endsAt > before.endsAt) latest.set(key, visit)
  }
}

export const visitChecks: Check[] = [
  {
    name: 'Visits are of leads, units and hosts that exist',
    run: report => eachRecord<Visit>(Visit, (visit, { zone }) => checkVisit(visit, zone, report)),
  },
  { name: 'No host shows two leads round at once', run: checkHosts },
]
