import type { Request, Response } from 'express'
import { z } from 'zod'
import { historyOf } from '../audit/history.ts'
import { filesOf } from '../files/store.ts'
import { today } from '../lib/days.ts'
import { scopedAggregate, scopedCount, scopedFind } from '../lib/park-scope.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm, readQuery } from '../web/forms.ts'
import { COUNT_LIMIT, linkWith, listOf, pageSchema } from '../web/list.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { NOTICE_LINK, Notice, NoticeRead, noticePath, PHASE_FILTERS, phaseOf, wordFilter } from './notice.ts'
import { discardDraft, loadNotice, publishNotice, remindUnread, withdrawNotice } from './notices.ts'
import { ownNotice, ownNotices } from './own-notices.ts'
import { readingOf, sumsOf } from './reading.ts'
import { audienceText } from './words.ts'

/** The notices of a park: for its staff all of them with their read state, for a company's people those for it. */
const SIZE = 25
const TABS = ['current', 'draft', 'past', 'withdrawn'] as const

const query = z.object({ tab: z.enum(TABS).default('current'), q: z.string().trim().max(60).optional(), ...pageSchema })

export const load = (req: Request): Promise<Notice> => loadNotice(req.park._id, idParam(req, 'notice'))

/** How many people have read each of some notices, as it is now. */
async function readCounts(park: string, notices: Pick<Notice, '_id' | 'edition'>[]): Promise<Map<string, number>> {
  const any = notices.map(({ _id: notice, edition }) => ({ notice, edition }))
  if (!any.length) return new Map()
  const rows = await scopedAggregate<{ _id: unknown; count: number }>(NoticeRead, { park, $or: any }, [
    { $group: { _id: '$notice', count: { $sum: 1 } } },
  ])
  return new Map(rows.map(row => [String(row._id), row.count]))
}

async function index(req: Request, res: Response): Promise<void> {
  if (req.reach?.tenants) return ownNotices(req, res)
  const { tab, q, page } = readQuery(req, query)
  const park = req.park._id
  const filter = { park, ...PHASE_FILTERS[tab](today(req.park.zone)), ...(q ? { $and: [wordFilter(q)] } : {}) }
  const [notices, total] = await Promise.all([
    scopedFind<Notice>(Notice, filter, {
      projection: { text: 0, corrections: 0 },
      sort: { publishedAt: -1, _id: -1 },
      skip: (page - 1) * SIZE,
      limit: SIZE,
    }),
    scopedCount(Notice, filter, COUNT_LIMIT),
  ])
  const counts = tab === 'draft' ? new Map<string, number>() : await readCounts(park, notices)
  res.page('club/notices', {
    list: listOf(req, {
      items: notices.map(notice => ({ notice, audience: audienceText(req, notice.audience), read: counts.get(String(notice._id)) ?? 0 })),
      ...{ total, page, size: SIZE, tags: q ? [{ names: ['q'], text: q }] : [] },
    }),
    asked: { tab, q },
    tabs: TABS.map(name => ({ name, path: linkWith(req, { tab: name === 'current' ? null : name }) })),
  })
}

async function show(req: Request, res: Response): Promise<void> {
  if (req.reach?.tenants) return ownNotice(req, res)
  const notice = await load(req)
  const on = today(req.park.zone)
  const [files, history, rows] = await Promise.all([
    filesOf(req.park._id, NOTICE_LINK, notice._id),
    historyOf(req, NOTICE_LINK, notice._id),
    readingOf(notice, on),
  ])
  res.page('club/notice', {
    ...{ notice, files, history, phase: phaseOf(notice, on) },
    form: formState(req, { version: notice.version }),
    audience: audienceText(req, notice.audience),
    names: notice.audience.kind === 'chosen' ? rows.map(row => row.name) : [],
    sums: sumsOf(rows),
    reminded: notice.remindedOn === on,
  })
}

const versionForm = z.object({ version: f.version() })
const reasonForm = z.object({ version: f.version(), reason: f.text(300) })

async function publish(req: Request, res: Response): Promise<void> {
  const notice = await load(req)
  const { version } = readForm(req, versionForm)
  await commit(req, res, async () => {
    await publishNotice(req.park, notice._id, version, actor(req))
    flash(res, 'club.notice.done.published')
    return noticePath(notice)
  })
}

async function withdraw(req: Request, res: Response): Promise<void> {
  const notice = await load(req)
  const { version, reason } = readForm(req, reasonForm)
  await commit(req, res, async () => {
    await withdrawNotice(req.park, notice._id, version, reason, actor(req))
    flash(res, 'club.notice.done.withdrawn')
    return noticePath(notice)
  })
}

async function remind(req: Request, res: Response): Promise<void> {
  const notice = await load(req)
  await commit(req, res, async () => {
    await remindUnread(req.park, notice._id, actor(req))
    flash(res, 'club.notice.done.reminded')
    return noticePath(notice)
  })
}

async function discard(req: Request, res: Response): Promise<void> {
  const notice = await load(req)
  await commit(req, res, async () => {
    await discardDraft(req.park, notice._id, actor(req))
    flash(res, 'club.notice.done.discarded')
    return `/parks/${req.park._id}/notices?tab=draft`
  })
}

export const noticeRoutes = routes(({ get, post }) => {
  get('/', 'notice.read', index)
  get('/:notice', 'notice.read', show)
  post('/:notice/publication', 'notice.edit', publish, { again: show })
  post('/:notice/withdrawal', 'notice.edit', withdraw, { again: show })
  post('/:notice/reminder', 'notice.edit', remind, { again: show })
  post('/:notice/removal', 'notice.edit', discard, { again: show })
})
