import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { peopleOf, type User } from '../accounts/user.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import type { Day } from '../lib/days.ts'
import { scopedCount, scopedInsert } from '../lib/park-scope.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { textIn } from '../lib/text.ts'
import { LANGS } from '../locales/index.ts'
import { notify } from '../notifications/notification.ts'
import { enqueueMail } from '../notifications/outbox.ts'
import type { Park } from '../parks/park.ts'
import { Attendee } from './attendee.ts'
import { type Event, phaseOf, publicEventPath } from './event.ts'
import { EventQuestion, questionPath, questionSubject } from './question.ts'

/** The log of questions: noted while they are asked, answered there or later, and told to who asked. */
export interface Asked {
  text: string
  attendee: Types.ObjectId | null
  name: string | null
  /** Given at once, where it was answered in the room. */
  answer?: string | null
}

/** Questions one person may have at an event. */
export const MOST_QUESTIONS = 20

const ANSWERERS = ['manager', 'promotion'] as const
export const answerersOf = (park: string): Promise<User[]> => peopleOf(park, [...ANSWERERS])

async function loadAttendee({ park, _id }: Event, attendee: Types.ObjectId): Promise<Attendee> {
  const found = (await Attendee.findOne({ park, _id: attendee, event: _id }).lean()) as Attendee | null
  if (!found) throw notFound()
  return found
}

const answeredBy = (by: Actor) => ({ by: { id: by.id, name: by.name }, at: now() })

/** Notes a question. Throws event.draft, event.cancelled (409): there is nothing to ask. */
export async function noteQuestion(event: Event, { text, attendee, name, answer = null }: Asked, by: Actor): Promise<EventQuestion> {
  if (event.state !== 'published') throw conflict(event.state === 'draft' ? 'event.draft' : 'event.cancelled')
  return transact(async () => {
    const asker = attendee && (await loadAttendee(event, attendee))
    const question: EventQuestion = {
      ...{ _id: new Types.ObjectId(), park: event.park, event: event._id, text, attendee, name: asker?.name ?? name },
      ...{ source: 'staff', owner: null, ownerName: null, due: null, answer, answered: answer ? answeredBy(by) : null },
      ...{ shown: false, mailedAt: null, by: { id: by.id, name: by.name }, at: now(), version: 0 },
    }
    await scopedInsert(EventQuestion, [question])
    await audit(by, 'question.note', questionSubject(question), { after: { event: event.title.zh, question: text, answer } })
    return question
  })
}

/**
 * Asked by somebody from the page of their place. Throws event.notGoing for who has none, event.questionsMany for too many. Who runs
 * events is told, save while it goes on: then they have the list before them.
 */
export async function askQuestion(park: Park, event: Event, attendee: Attendee, text: string, by: Actor): Promise<EventQuestion> {
  return transact(async () => {
    if (event.state !== 'published') throw conflict('event.cancelled')
    // Written, so that of many at once each sees how many there are.
    const { matchedCount } = await Attendee.updateOne({ park: park._id, _id: attendee._id, state: 'going' }, { $inc: { asked: 1 } })
    if (!matchedCount) throw conflict('event.notGoing', { name: attendee.name })
    const had = await scopedCount(EventQuestion, { park: park._id, attendee: attendee._id }, MOST_QUESTIONS)
    if (had >= MOST_QUESTIONS) throw new RuleError('event.questionsMany', { count: MOST_QUESTIONS }, { field: 'question' })
    const question: EventQuestion = {
      ...{ _id: new Types.ObjectId(), park: park._id, event: event._id, text, attendee: attendee._id, name: attendee.name },
      ...{ source: 'place', owner: null, ownerName: null, due: null, answer: null, answered: null, shown: false, mailedAt: null },
      ...{ by: { id: by.id, name: by.name }, at: now(), version: 0 },
    }
    await scopedInsert(EventQuestion, [question])
    await audit(by, 'question.ask', questionSubject(question), { after: { event: event.title.zh, question: text } })
    if (phaseOf(event) !== 'running') await tellStaff(park, event, question, by)
    return question
  })
}

async function tellStaff(park: Park, event: Event, question: EventQuestion, by: Actor): Promise<void> {
  const staff = await answerersOf(park._id)
  for (const lang of LANGS) {
    const own = staff.filter(user => user.lang === lang)
    const params = { title: textIn(event.title, lang).text, question: question.text, name: question.name ?? '' }
    await notify(own, { park: park._id, key: 'event.asked', params, path: questionPath(event, question), mail: false }, by.id)
  }
}

async function load(park: string, event: Types.ObjectId, _id: Types.ObjectId): Promise<EventQuestion> {
  const found = (await EventQuestion.findOne({ park, event, _id }).lean()) as EventQuestion | null
  if (!found) throw notFound()
  return found
}
export const loadQuestion = (event: Event, _id: Types.ObjectId): Promise<EventQuestion> => load(event.park, event._id, _id)

async function write(before: EventQuestion, version: number, set: Partial<EventQuestion>): Promise<EventQuestion> {
  const after = (await EventQuestion.findOneAndUpdate(
    { park: before.park, _id: before._id, version },
    { $set: set, $inc: { version: 1 } },
    { returnDocument: 'after' },
  ).lean()) as EventQuestion | null
  if (!after) throw conflict('stale')
  return after
}

export interface Planned {
  text: string
  name: string | null
  owner: Types.ObjectId | null
  due: Day | null
  shown: boolean
}

/** Its words, who answers it by when, and whether the public sees it. Throws stale (409), event.noAnswerer, event.shownOpen. */
export async function planQuestion(event: Event, _id: Types.ObjectId, version: number, planned: Planned, by: Actor): Promise<void> {
  await transact(async () => {
    const before = await loadQuestion(event, _id)
    const owner = planned.owner && (await answerersOf(event.park)).find(one => one._id.equals(planned.owner!))
    if (planned.owner && !owner) throw new RuleError('event.noAnswerer', {}, { field: 'owner' })
    if (planned.shown && before.answer === null) throw new RuleError('event.shownOpen', {}, { field: 'shown' })
    // Whose question it is stays as it was where they have a place.
    const name = before.attendee ? before.name : planned.name
    const after = await write(before, version, { ...planned, name, ownerName: owner?.name ?? null })
    const traced = ({ text, ownerName, due, shown }: EventQuestion) => ({ question: text, owner: ownerName, due, shown })
    await audit(by, 'question.plan', questionSubject(after), { before: traced(before), after: traced(after) })
    if (!owner || before.owner?.equals(owner._id)) return
    const params = { title: textIn(event.title, owner.lang).text, question: after.text, due: after.due ?? '\u2013' }
    await notify([owner], { park: event.park, key: 'event.questionYours', params, path: questionPath(event, after) }, by.id)
  })
}

/**
 * Answers a question, or mends the answer; `mail` sends it to who asked, where they left an address (event.noMail otherwise). Throws
 * stale (409).
 */
export async function answerQuestion(
  event: Event,
  _id: Types.ObjectId,
  version: number,
  { answer, mail }: { answer: string; mail: boolean },
  by: Actor,
): Promise<void> {
  await transact(async () => {
    const before = await loadQuestion(event, _id)
    const asker = before.attendee && ((await Attendee.findOne({ park: event.park, _id: before.attendee }).lean()) as Attendee | null)
    if (mail && !asker?.email) throw new RuleError('event.noMail', {}, { field: 'mail' })
    const sent = mail ? { mailedAt: now() } : {}
    const after = await write(before, version, { answer, answered: answeredBy(by), ...sent })
    await audit(by, 'question.answer', questionSubject(after), { before: { answer: before.answer }, after: { answer } })
    if (!mail || !asker?.email) return
    const params = { name: asker.name, title: textIn(event.title, asker.lang).text, question: after.text, answer }
    await enqueueMail([{ to: asker.email, lang: asker.lang, key: 'notice.event.answer', params, path: publicEventPath(event) }])
  })
}

/** Takes a slip away. */
export async function dropQuestion(event: Event, _id: Types.ObjectId, version: number, by: Actor): Promise<void> {
  await transact(async () => {
    const before = await loadQuestion(event, _id)
    const { deletedCount } = await EventQuestion.deleteOne({ park: event.park, _id, version })
    if (!deletedCount) throw conflict('stale')
    await audit(by, 'question.remove', questionSubject(before), { before: { question: before.text, answer: before.answer } })
  })
}
