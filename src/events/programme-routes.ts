import type { Request, Response } from 'express'
import { z } from 'zod'
import { historyOf } from '../audit/history.ts'
import { now } from '../lib/clock.ts'
import { today } from '../lib/days.ts'
import { scopedAggregate, scopedCount, scopedFind } from '../lib/park-scope.ts'
import { escapeRegExp } from '../lib/text.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, param, readForm, readQuery } from '../web/forms.ts'
import { COUNT_LIMIT, linkWith, listOf, pageSchema } from '../web/list.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { Attendee } from './attendee.ts'
import { EVENT_KINDS, Event, eventPath, phaseOf, publicEventPath } from './event.ts'
import { cancelEvent, loadEvent, publishEvent } from './programme.ts'
import { EventQuestion, isLate } from './question.ts'
import { bookedRooms } from './room-choices.ts'
import { sectionsFor } from './sections.ts'
import { eventWhen } from './times.ts'

/** The programme as staff keep it: the list, one event with its numbers, publishing and calling it off. */
const SIZE = 25
export const TABS = ['upcoming', 'past', 'draft', 'all'] as const

const query = z.object({
  tab: z.enum(TABS).default('upcoming'),
  kind: z.enum(EVENT_KINDS).optional(),
  q: z.string().trim().max(60).optional(),
  ...pageSchema,
})
type Asked = z.output<typeof query>

export const load = (req: Request): Promise<Event> => loadEvent(req.park._id, param(req, 'event'))

function filterOf(park: string, { tab, kind, q }: Asked) {
  const at = now()
  const like = q && { $regex: escapeRegExp(q), $options: 'i' }
  return {
    park,
    ...(tab === 'draft' && { state: 'draft' }),
    ...(tab === 'upcoming' && { state: 'published', endsAt: { $gte: at } }),
    ...(tab === 'past' && { state: { $in: ['published', 'cancelled'] }, $or: [{ endsAt: { $lt: at } }, { state: 'cancelled' }] }),
    ...(kind && { kind }),
    ...(like && { $and: [{ $or: [{ 'title.zh': like }, { 'title.en': like }, { code: like }] }] }),
  }
}

async function index(req: Request, res: Response): Promise<void> {
  const asked = readQuery(req, query)
  const filter = filterOf(req.park._id, asked)
  const way = asked.tab === 'upcoming' ? 1 : -1
  const [events, total] = await Promise.all([
    scopedFind<Event>(Event, filter, {
      projection: { text: 0, speaker: 0 },
      sort: { startsAt: way, _id: way },
      skip: (asked.page - 1) * SIZE,
      limit: SIZE,
    }),
    scopedCount(Event, filter, COUNT_LIMIT),
  ])
  const tags = [
    ...(asked.q ? [{ names: ['q'], text: asked.q }] : []),
    ...(asked.kind ? [{ names: ['kind'], text: req.t(`event.kinds.${asked.kind}`) }] : []),
  ]
  res.page('events/index', {
    list: listOf(req, { items: events, total, page: asked.page, size: SIZE, tags }),
    asked,
    tabs: TABS.map(tab => ({ tab, path: linkWith(req, { tab: tab === 'upcoming' ? null : tab }) })),
    kinds: EVENT_KINDS,
    phaseOf,
    when: eventWhen,
  })
}

interface Numbers {
  came: { _id: unknown; count: number }[]
  people: { count: number }[]
  feedback: { count: number; stars: number }[]
  words: { stars: number; words: string; at: Date }[]
}

/** What the event's people add up to, in one read. */
async function numbersOf({ park, _id }: Event): Promise<Numbers> {
  const [found] = await scopedAggregate<Numbers>(Attendee, { park, event: _id, state: 'going' }, [
    {
      $facet: {
        came: [{ $unwind: '$checkIns' }, { $group: { _id: '$checkIns.session', count: { $sum: 1 } } }],
        people: [{ $match: { 'checkIns.0': { $exists: true } } }, { $count: 'count' }],
        feedback: [
          { $match: { feedback: { $ne: null } } },
          { $group: { _id: null, count: { $sum: 1 }, stars: { $avg: '$feedback.stars' } } },
        ],
        words: [
          { $match: { 'feedback.words': { $type: 'string' } } },
          { $sort: { 'feedback.at': -1 } },
          { $limit: 100 },
          { $replaceRoot: { newRoot: '$feedback' } },
        ],
      },
    },
  ])
  return found!
}

/** What still waits for an answer: the oldest first, and how many there are. */
async function openQuestions({ park, _id }: Event): Promise<{ list: EventQuestion[]; count: number }> {
  const filter = { park, event: _id, answer: null }
  const [list, count] = await Promise.all([
    scopedFind<EventQuestion>(EventQuestion, filter, { sort: { at: 1, _id: 1 }, limit: 5 }),
    scopedCount(EventQuestion, filter, COUNT_LIMIT),
  ])
  return { list, count }
}

async function show(req: Request, res: Response): Promise<void> {
  const event = await load(req)
  const [numbers, history, booked, questions, sections] = await Promise.all([
    numbersOf(event),
    historyOf(req, 'event', event._id),
    bookedRooms(event.park, event.sessions),
    openQuestions(event),
    sectionsFor(req, event),
  ])
  const cameTo = new Map(numbers.came.map(one => [String(one._id), one.count]))
  res.page('events/show', {
    event,
    phase: phaseOf(event),
    form: formState(req, { version: event.version }),
    cameTo,
    booked,
    questions,
    sections,
    late: (one: EventQuestion) => isLate(one, today(req.park.zone)),
    came: numbers.people[0]?.count ?? 0,
    feedback: numbers.feedback[0] ?? null,
    words: numbers.words,
    history,
    publicPath: publicEventPath(event),
    when: eventWhen,
  })
}

const versionForm = z.object({ version: f.version() })
const cancelForm = z.object({ version: f.version(), reason: f.text(300) })

async function publish(req: Request, res: Response): Promise<void> {
  const event = await load(req)
  const { version } = readForm(req, versionForm)
  await commit(req, res, async () => {
    await publishEvent(req.park, event.code, version, actor(req))
    flash(res, 'event.done.published')
    return eventPath(event)
  })
}

async function cancel(req: Request, res: Response): Promise<void> {
  const event = await load(req)
  const { version, reason } = readForm(req, cancelForm)
  await commit(req, res, async () => {
    await cancelEvent(req.park, event.code, version, reason, actor(req))
    flash(res, 'event.done.cancelled')
    return eventPath(event)
  })
}

export const programmeRoutes = routes(({ get, post }) => {
  get('/', 'event.checkin', index)
  get('/:event', 'event.checkin', show)
  post('/:event/publication', 'event.edit', publish, { again: show })
  post('/:event/cancellation', 'event.edit', cancel, { again: show })
})
