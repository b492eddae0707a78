import type { Check, Report, Subject } from '../lib/check.ts'
import { now } from '../lib/clock.ts'
import { instantAt } from '../lib/wall.ts'
import { eachRecord, everyPark } from '../parks/each.ts'
import type { Park } from '../parks/park.ts'
import { Tenant } from '../tenants/tenant.ts'
import { FollowUp } from './actions.ts'
import { Mentor } from './mentor.ts'
import { MentorDay } from './mentor-day.ts'
import { Session } from './session.ts'
import { TeamLoad, teamKey } from './team.ts'

/** What must hold of mentoring, whatever wrote it (docs/adr/0020). */
const ofDay = ({ park, _id, day }: MentorDay): Subject => ({ park, kind: 'mentorday', id: _id, label: day })
const ofSession = ({ park, _id, code }: Session): Subject => ({ park, kind: 'mentoring', id: _id, label: code })

const ofDays = (name: string, check: (day: MentorDay, report: Report, park: Park) => unknown): Check => ({
  name,
  run: report => eachRecord<MentorDay>(MentorDay, (day, park) => check(day, report, park)),
})
const ofSessions = (name: string, check: (session: Session, report: Report) => unknown): Check => ({
  name,
  run: report => eachRecord<Session>(Session, session => check(session, report)),
})

function checkOverlaps(day: MentorDay, report: Report, park: Park): void {
  day.slots.forEach((one, i) => {
    if (one.from >= one.to) report(`has a slot from ${one.from} to ${one.to}`, ofDay(day))
    for (const [minute, instant] of [
      [one.from, one.startsAt],
      [one.to, one.endsAt],
    ] as const)
      if (instantAt(day.day, minute, park.zone).getTime() !== instant.getTime())
        report(`has a slot at ${minute} whose instant is another`, ofDay(day))
    for (const other of day.slots.slice(i + 1))
      if (one.from < other.to && other.from < one.to) report(`has slots ${one._id} and ${other._id} at once`, ofDay(day))
  })
}

async function checkHolders(day: MentorDay, report: Report): Promise<void> {
  const mentor = (await Mentor.findOne({ park: day.park, _id: day.mentor }).lean()) as Mentor | null
  if (!mentor) return report(`is of mentor ${day.mentor}, who isn’t there`, ofDay(day))
  if (day.slots.length && (day.day < mentor.activeFrom || day.day > mentor.activeTo))
    report(`has slots of ${mentor.name}, who isn’t active then`, ofDay(day))
  for (const { _id, session } of day.slots) {
    if (!session) continue
    const found = await Session.exists({ park: day.park, _id: session, slot: _id, mentor: day.mentor, state: { $ne: 'cancelled' } })
    if (!found) report(`keeps slot ${_id} for session ${session}, which isn’t there or was cancelled`, ofDay(day))
  }
}

/** Each session that stands holds its slot, alone. */
async function checkHeld(session: Session, report: Report): Promise<void> {
  if (session.state === 'cancelled') return
  const { park, mentor, day, slot, from, to } = session
  const place = { park, mentor, day, slots: { $elemMatch: { _id: slot, session: session._id, from, to } } }
  if (!(await MentorDay.exists(place))) report('doesn’t hold its slot', ofSession(session))
  const twin = await Session.findOne({ park, slot, state: { $ne: 'cancelled' }, _id: { $gt: session._id } }).lean()
  if (twin) report(`has the slot of ${twin.code} too`, ofSession(session))
}

async function checkTeam(session: Session, report: Report): Promise<void> {
  const { park, team } = session
  if (Boolean(team.tenant) === Boolean(team.user)) return report('is of no team, or of two', ofSession(session))
  if (!team.tenant) return
  const tenant = await Tenant.findOne({ park, _id: team.tenant }, { name: 1, mergedInto: 1 }).lean()
  if (!tenant) report(`is of tenant ${team.tenant}, who isn’t there`, ofSession(session))
  else if (tenant.mergedInto) report(`is of tenant ${team.tenant}, who was merged into ${tenant.mergedInto}`, ofSession(session))
  else if (tenant.name !== team.name) report(`names its team ${team.name}, who is ${tenant.name}`, ofSession(session))
}

/** A team's open bookings are what its document lists, and no more than the cap of the last one (or than a merge brought together). */
async function checkCaps(report: Report): Promise<void> {
  const at = now()
  for (const { _id: park } of await everyPark()) {
    const teams = new Map<string, Session[]>()
    for await (const session of Session.find({ park, state: 'booked', endsAt: { $gt: at } })
      .sort({ createdAt: 1 })
      .lean()
      .cursor()) {
      const key = teamKey((session as Session).team)
      teams.set(key, [...(teams.get(key) ?? []), session as Session])
    }
    for await (const load of TeamLoad.find({ park }).lean().cursor()) {
      const subject: Subject = { park, kind: 'mentoringteam', id: load._id, label: load.team }
      const listed = load.open.filter(one => one.endsAt > at).map(one => String(one.session))
      const sessions = teams.get(load.team) ?? []
      teams.delete(load.team)
      if (
        listed.sort().join() !==
        sessions
          .map(one => String(one._id))
          .sort()
          .join()
      )
        report(`lists ${listed.length} open bookings; there are ${sessions.length}`, subject)
      const cap = (sessions.at(-1)?.terms.cap ?? 0) + load.excess
      if (sessions.length > cap) report(`has ${sessions.length} open bookings of ${cap}`, subject)
    }
    for (const [team, [session]] of teams) report(`is an open booking of ${team}, whose list isn’t there`, ofSession(session!))
  }
}

/** Marks fit the time: nothing is held before it began, noted before it began, or rated without being held. */
function checkMarks(session: Session, report: Report): void {
  const { state, missedBy, cancelled, feedback, notes, consent, startsAt } = session
  const tell = (message: string) => report(message, ofSession(session))
  if ((state === 'missed') !== (missedBy !== null)) tell(`is ${state} and missed by ${missedBy}`)
  if ((state === 'cancelled') !== (cancelled !== null)) tell(`is ${state} and ${cancelled ? '' : 'not '}cancelled by somebody`)
  if ((state === 'held' || state === 'missed') && startsAt > now()) tell(`is ${state} and hasn’t begun`)
  if (feedback && (state !== 'held' || !Number.isInteger(feedback.stars) || feedback.stars < 1 || feedback.stars > 5))
    tell(`is ${state} and rated ${feedback.stars}`)
  for (const note of notes) if (note.at < startsAt) tell(`has a note from before it began`)
  if (notes.some(note => !['pair', 'park'].includes(note.audience))) tell('has a note for nobody knows whom')
  if (consent && typeof consent.given !== 'boolean') tell('has a consent that says neither yes nor no')
}

async function checkFollowUps(report: Report): Promise<void> {
  for (const { _id: park } of await everyPark())
    for await (const action of FollowUp.find({ park }).lean().cursor()) {
      const session = await Session.findOne({ park, _id: action.session }, { team: 1, mentor: 1 }).lean()
      const same = session && teamKey(session.team) === teamKey(action.team) && session.mentor.equals(action.mentor)
      if (!same) report('belongs to no session, or to one of others', { park, kind: 'followup', id: action._id, label: action.code })
    }
}

export const checks: Check[] = [
  ofDays('No mentor’s slots overlap', checkOverlaps),
  ofDays('Slots belong to an active mentor and to the session they are booked for', checkHolders),
  ofSessions('No slot is booked twice', checkHeld),
  ofSessions('Mentoring sessions name a team of their park', checkTeam),
  { name: 'No team has more open mentoring bookings than it may', run: checkCaps },
  ofSessions('Outcomes, notes and ratings of mentoring fit its time', checkMarks),
  { name: 'Follow-up actions belong to their session', run: checkFollowUps },
]
