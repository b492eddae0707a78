import type { Request, Response } from 'express'
import { z } from 'zod'
import { reachOf } from '../accounts/identity.ts'
import { historyOf } from '../audit/history.ts'
import { today } from '../lib/days.ts'
import { scopedCount, scopedFind, scopedStream } from '../lib/park-scope.ts'
import { forbidden } from '../lib/rule-error.ts'
import { escapeRegExp, textIn } from '../lib/text.ts'
import { actor } from '../web/context.ts'
import { type Column, sendExport } from '../web/export.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm, readQuery } from '../web/forms.ts'
import { COUNT_LIMIT, linkWith, listOf, pageSchema } from '../web/list.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { answerersOf, answerQuestion, dropQuestion, loadQuestion, noteQuestion, planQuestion } from './ask.ts'
import { Attendee } from './attendee.ts'
import { byName } from './attendee-list.ts'
import { type Event, eventPath, phaseOf } from './event.ts'
import { load } from './programme-routes.ts'
import { EventQuestion, isLate, questionPath } from './question.ts'

/** The log of an event's questions: a short form that works on a phone while people talk, and the list of what is still open. */
const SIZE = 50
const EXPORT_LIMIT = 5000
const STATES = ['open', 'answered', 'all'] as const

const query = z.object({ state: z.enum(STATES).default('open'), q: z.string().trim().max(60).optional(), ...pageSchema })
type Asked = z.output<typeof query>

const here = (event: Event): string => `${eventPath(event)}/questions`

function filterOf(event: Event, { state, q }: Asked) {
  const like = q && { $regex: escapeRegExp(q), $options: 'i' }
  return {
    ...{ park: event.park, event: event._id },
    ...(state === 'open' && { answer: null }),
    ...(state === 'answered' && { answer: { $ne: null } }),
    ...(like && { $or: [{ text: like }, { answer: like }, { name: like }] }),
  }
}

async function send(req: Request, res: Response, event: Event, asked: Asked, format: 'xlsx' | 'csv'): Promise<void> {
  if (!reachOf(req.me, 'event.edit', req.park)) throw forbidden()
  const Q = (name: string) => req.t(`eventQuestion.field.${name}` as 'eventQuestion.field.text')
  const columns: Column<EventQuestion>[] = [
    { label: Q('text'), value: row => row.text },
    { label: Q('name'), value: row => row.name },
    { label: Q('at'), value: row => req.fmt.moment(row.at, req.park.zone) },
    { label: Q('state'), value: row => req.t(`eventQuestion.state.${row.answer === null ? 'open' : 'answered'}`) },
    { label: Q('answer'), value: row => row.answer },
    { label: Q('answeredBy'), value: row => row.answered?.by.name ?? null },
    { label: Q('owner'), value: row => row.ownerName },
    { label: Q('due'), value: row => row.due },
    { label: Q('shown'), value: row => req.t(row.shown ? 'eventQuestion.yes' : 'eventQuestion.no') },
  ]
  const rows = scopedStream<EventQuestion>(EventQuestion, filterOf(event, asked), { sort: { at: 1, _id: 1 }, limit: EXPORT_LIMIT })
  await sendExport(req, res, { format, name: `${textIn(event.title, req.lang).text} ${req.t('eventQuestion.title')}`, columns, rows })
}

async function index(req: Request, res: Response): Promise<void> {
  const event = await load(req)
  const asked = readQuery(req, query)
  if (asked.format) return send(req, res, event, asked, asked.format)
  const filter = filterOf(event, asked)
  const [rows, total, people] = await Promise.all([
    scopedFind<EventQuestion>(EventQuestion, filter, { sort: { at: -1, _id: -1 }, skip: (asked.page - 1) * SIZE, limit: SIZE }),
    scopedCount(EventQuestion, filter, COUNT_LIMIT),
    scopedFind<Pick<Attendee, '_id' | 'name' | 'organisation'>>(
      Attendee,
      { park: event.park, event: event._id, state: 'going' },
      { projection: { name: 1, organisation: 1 }, limit: 1000 },
    ),
  ])
  res.page('events/questions', {
    event,
    phase: phaseOf(event),
    asked,
    form: formState(req),
    people: people.sort(byName),
    tabs: STATES.map(state => ({ state, path: linkWith(req, { state: state === 'open' ? null : state }) })),
    late: (one: EventQuestion) => isLate(one, today(req.park.zone)),
    list: listOf(req, { items: rows, total, page: asked.page, size: SIZE, tags: asked.q ? [{ names: ['q'], text: asked.q }] : [] }),
  })
}

const noteForm = z.object({
  question: f.text(1000),
  attendee: f.optionalId(),
  name: f.optionalText(60),
  answer: f.optionalText(4000),
})

async function note(req: Request, res: Response): Promise<void> {
  const event = await load(req)
  const { question, ...asked } = readForm(req, noteForm)
  await commit(req, res, async () => {
    await noteQuestion(event, { text: question, ...asked }, actor(req))
    flash(res, 'eventQuestion.done.noted')
    return `${here(event)}#note`
  })
}

async function show(req: Request, res: Response): Promise<void> {
  const event = await load(req)
  const question = await loadQuestion(event, idParam(req, 'question'))
  const { park } = event
  const [people, history, [asker = null]] = await Promise.all([
    answerersOf(park),
    historyOf(req, 'question', question._id),
    question.attendee ? scopedFind<Attendee>(Attendee, { park, _id: question.attendee }) : [],
  ])
  const { text, name, owner, due, shown, answer, version } = question
  res.page('events/question', {
    event,
    question,
    phase: phaseOf(event),
    asker,
    people,
    history,
    late: isLate(question, today(req.park.zone)),
    form: formState(req, { question: text, name, owner: owner ? String(owner) : '', due, shown, answer, version }),
  })
}

const planForm = z.object({
  version: f.version(),
  question: f.text(1000),
  name: f.optionalText(60),
  owner: f.optionalId(),
  due: f.optionalDay(),
  shown: f.check(),
})
const answerForm = z.object({ version: f.version(), answer: f.text(4000), mail: f.check() })

async function step(req: Request, res: Response, done: 'saved' | 'answered', work: (event: Event) => Promise<void>): Promise<void> {
  const event = await load(req)
  const id = idParam(req, 'question')
  await commit(req, res, async () => {
    await work(event)
    flash(res, `eventQuestion.done.${done}`)
    return questionPath(event, { _id: id })
  })
}

async function plan(req: Request, res: Response): Promise<void> {
  const { version, question, ...planned } = readForm(req, planForm)
  await step(req, res, 'saved', event => planQuestion(event, idParam(req, 'question'), version, { text: question, ...planned }, actor(req)))
}

async function answer(req: Request, res: Response): Promise<void> {
  const { version, ...given } = readForm(req, answerForm)
  await step(req, res, 'answered', event => answerQuestion(event, idParam(req, 'question'), version, given, actor(req)))
}

async function remove(req: Request, res: Response): Promise<void> {
  const event = await load(req)
  const id = idParam(req, 'question')
  const { version } = readForm(req, z.object({ version: f.version() }))
  await commit(req, res, async () => {
    await dropQuestion(event, id, version, actor(req))
    flash(res, 'eventQuestion.done.removed')
    return here(event)
  })
}

export const eventQuestionRoutes = routes(({ get, post }) => {
  get('/:event/questions', 'event.checkin', index)
  post('/:event/questions', 'event.checkin', note, { again: index })
  get('/:event/questions/:question', 'event.checkin', show)
  post('/:event/questions/:question', 'event.edit', plan, { again: show })
  post('/:event/questions/:question/answer', 'event.edit', answer, { again: show })
  post('/:event/questions/:question/removal', 'event.edit', remove, { again: show })
})
