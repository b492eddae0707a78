import type { Check, Report, Subject } from '../lib/check.ts'
import { now } from '../lib/clock.ts'
import { instantAt } from '../lib/wall.ts'
import { Park } from '../parks/park.ts'
import { Tenant } from '../tenants/tenant.ts'
import { FollowUp } from './actions.ts'
import { Mentor } from './mentor.ts'
import { MentorDay } from './mentor-day.ts'
import { Session } from './session.ts'
import { TeamLoad, teamKey } from './team.ts'

/** What must hold of mentoring, whatever wrote it (docs/adr/0020). */
const parks = async (): Promise<Park[]> => (await Park.find({}, { zone: 1 }).lean()) as Park[]
const ofDay = ({ park, _id, day }: MentorDay): Subject => ({ park, kind: 'mentorday', id: _id, label: day })
const ofSession = ({ park, _id, code }: Session): Subject => ({ park, kind: 'mentoring', id: _id, label: code })

async function eachDay(work: (day: MentorDay, park: Park) => unknown): Promise<void> {
  for (const park of await parks())
    for await (const day of MentorDay.find({ park: park._id }).lean().cursor()) await work(day as MentorDay, park)
}

async function eachSession(work: (session: Session, park: Park) => unknown): Promise<void> {
  for (const park of await parks())
    for await (const session of Session.find({ park: park._id }).lean().cursor()) await work(session as Session, park)
}

function checkOverlaps(day: MentorDay, park: Park, report: Report): void {
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
  for (const { _id: park } of await parks()) {
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
  for (const { _id: park } of await parks())
    for await (const action of FollowUp.find({ park }).lean().cursor()) {
      const session = await Session.findOne({ park, _id: action.session }, { team: 1, mentor: 1 }).lean()
      const same = session && teamKey(session.team) === teamKey(action.team) && session.mentor.equals(action.mentor)
      if (!same) report('belongs to no session, or to one of others', { park, kind: 'followup', id: action._id, label: action.code })
    }
}

export const checks: Check[] = [
  { name: 'No mentor’s slots overlap', run: report => eachDay((day, park) => checkOverlaps(day, park, report)) },
  {
    name: 'Slots belong to an active mentor and to the session they are booked for',
    run: report => eachDay(day => checkHolders(day, report)),
  },
  { name: 'No slot is booked twice', run: report => eachSession(session => checkHeld(session, report)) },
  { name: 'Mentoring sessions name a team of their park', run: report => eachSession(session => checkTeam(session, report)) },
  { name: 'No team has more open mentoring bookings than it may', run: checkCaps },
  { name: 'Outcomes, notes and ratings of mentoring fit its time', run: report => eachSession(session => checkMarks(session, report)) },
  { name: 'Follow-up actions belong to their session', run: checkFollowUps },
]
