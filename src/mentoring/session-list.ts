import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { now } from '../lib/clock.ts'
import { isDay, today } from '../lib/days.ts'
import { scopedCount, scopedFind, scopedStream } from '../lib/park-scope.ts'
import { escapeRegExp } from '../lib/text.ts'
import { clockOf } from '../lib/wall.ts'
import { type Column, sendExport } from '../web/export.ts'
import { readQuery } from '../web/forms.ts'
import { COUNT_LIMIT, linkWith, listOf, pageSchema, sortOf, type Tag } from '../web/list.ts'
import { Mentor } from './mentor.ts'
import { Session, STATUSES, type Status, statusOf, whenText } from './session.ts'
import { reachFilter, viewerOf } from './sides.ts'

/** The list of sessions: a team's and a mentor's own, the park's for its staff. The export is exactly the filtered list. */
const SIZE = 25
const EXPORT_LIMIT = 50_000
const TABS = ['upcoming', 'past', 'all'] as const

const query = z.object({
  tab: z.enum(TABS).optional(),
  q: z.string().trim().max(60).optional(),
  mentor: z
    .string()
    .regex(/^[0-9a-f]{24}$/)
    .optional(),
  status: z.enum(STATUSES).optional(),
  from: z.string().refine(isDay).optional(),
  to: z.string().refine(isDay).optional(),
  sort: z.string().max(20).optional(),
  ...pageSchema,
})
type Asked = z.output<typeof query>

const SORTS = {
  when: { startsAt: 1, _id: 1 },
  mentor: { mentorName: 1, startsAt: 1, _id: 1 },
  team: { 'team.name': 1, startsAt: 1, _id: 1 },
} as const

export const TONES: Record<Status, string> = {
  upcoming: 'badge-info',
  running: 'badge-good',
  unmarked: 'badge-warn',
  held: 'badge-good',
  missedTeam: 'badge-bad',
  missedMentor: 'badge-bad',
  cancelled: '',
}

function statusFilter(status: Status): Record<string, unknown> {
  const at = now()
  const filters: Record<Status, Record<string, unknown>> = {
    upcoming: { state: 'booked', startsAt: { $gt: at } },
    running: { state: 'booked', startsAt: { $lte: at }, endsAt: { $gt: at } },
    unmarked: { state: 'booked', endsAt: { $lte: at } },
    held: { state: 'held' },
    missedTeam: { state: 'missed', missedBy: 'team' },
    missedMentor: { state: 'missed', missedBy: 'mentor' },
    cancelled: { state: 'cancelled' },
  }
  return filters[status]
}

/** What is still to come, running or not marked yet; a search or a period looks at everything unless a tab is chosen. */
const tabOf = (asked: Asked): (typeof TABS)[number] => asked.tab ?? (asked.from || asked.to || asked.q || asked.status ? 'all' : 'upcoming')

function tabFilter(tab: (typeof TABS)[number]): Record<string, unknown>[] {
  if (tab === 'all') return []
  return tab === 'upcoming' ? [{ state: 'booked' }] : [{ state: { $in: ['held', 'missed', 'cancelled'] } }]
}

function filterOf(asked: Asked, reach: { park: string } & Record<string, unknown>) {
  const and = tabFilter(tabOf(asked))
  const like = asked.q && { $regex: escapeRegExp(asked.q), $options: 'i' }
  if (like) and.push({ $or: [{ 'team.name': like }, { topic: like }, { code: like }] })
  if (asked.mentor) and.push({ mentor: new Types.ObjectId(asked.mentor) })
  if (asked.status) and.push(statusFilter(asked.status))
  if (asked.from) and.push({ day: { $gte: asked.from } })
  if (asked.to) and.push({ day: { $lte: asked.to } })
  return and.length ? { ...reach, $and: and } : reach
}

function tagsOf(req: Request, asked: Asked, mentors: Pick<Mentor, '_id' | 'name'>[]): Tag[] {
  const tags: Tag[] = []
  if (asked.q) tags.push({ names: ['q'], text: asked.q })
  if (asked.mentor) tags.push({ names: ['mentor'], text: mentors.find(one => String(one._id) === asked.mentor)?.name ?? '–' })
  if (asked.status) tags.push({ names: ['status'], text: req.t(`mentoring.status.${asked.status}`) })
  if (asked.from || asked.to) tags.push({ names: ['from', 'to'], text: `${asked.from ?? '…'} – ${asked.to ?? '…'}` })
  return tags
}

function send(req: Request, res: Response, format: 'xlsx' | 'csv', rows: AsyncIterable<Session>): Promise<void> {
  const column = (name: Parameters<Request['t']>[0], value: Column<Session>['value'], kind?: Column<Session>['kind']) => ({
    label: req.t(name),
    value,
    kind,
  })
  return sendExport<Session>(req, res, {
    format,
    name: `${req.t('mentoring.list.title')} ${today(req.park.zone)}`,
    columns: [
      column('mentoring.field.code', row => row.code),
      column('mentoring.field.day', row => row.day),
      column('form.from', row => clockOf(row.from)),
      column('form.to', row => clockOf(row.to)),
      column('mentoring.field.mentor', row => row.mentorName),
      column('mentoring.field.team', row => row.team.name),
      column('mentoring.field.topic', row => row.topic),
      column('mentoring.field.status', row => req.t(`mentoring.status.${statusOf(row)}`)),
      column('mentoring.field.minutes', row => row.to - row.from, 'number'),
    ],
    rows,
  })
}

export async function sessionList(req: Request, res: Response): Promise<void> {
  const asked = readQuery(req, query)
  const park = req.park._id
  const viewer = await viewerOf(req)
  const filter = filterOf(asked, reachFilter(park, viewer))
  const tab = tabOf(asked)
  const { name, sort } = sortOf(asked.sort, SORTS, tab === 'upcoming' ? 'when' : '-when')
  if (asked.format) return send(req, res, asked.format, scopedStream<Session>(Session, filter, { sort, limit: EXPORT_LIMIT }))
  const [items, total, mentors] = await Promise.all([
    scopedFind<Session>(Session, filter, { sort, skip: (asked.page - 1) * SIZE, limit: SIZE, projection: { notes: 0 } }),
    scopedCount(Session, filter, COUNT_LIMIT),
    scopedFind<Pick<Mentor, '_id' | 'name'>>(Mentor, { park }, { projection: { name: 1 }, sort: { name: 1 } }),
  ])
  const rows = items.map(session => ({ ...session, when: whenText(session), status: statusOf(session) }))
  res.page('mentoring/sessions', {
    list: listOf(req, { items: rows, total, page: asked.page, size: SIZE, tags: tagsOf(req, asked, mentors) }),
    asked,
    tab,
    tabs: TABS,
    sort: name,
    mentors,
    statuses: STATUSES,
    tones: TONES,
    staff: viewer.staff,
    ownTeam: !viewer.staff && !viewer.mentors.length,
    link: (change: Record<string, string | null>) => linkWith(req, change),
  })
}
