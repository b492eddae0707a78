import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { tenantsIn } from '../accounts/identity.ts'
import { filesOf } from '../files/store.ts'
import { today } from '../lib/days.ts'
import { scopedAggregate, scopedCount, scopedOne } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { idParam, readQuery } from '../web/forms.ts'
import { COUNT_LIMIT, linkWith, listOf, pageSchema } from '../web/list.ts'
import { audienceFilter, reaches } from './audience.ts'
import { NOTICE_LINK, Notice, NoticeRead, PHASE_FILTERS, phaseOf, wordFilter } from './notice.ts'
import { markRead } from './reading.ts'
import { type Standing, standingsOf } from './standing.ts'

/** Notices as a company's people have them: what is for their company today, and whether they have read it. Nothing of anybody else. */
const SIZE = 25
const TABS = ['current', 'past'] as const

const query = z.object({ tab: z.enum(TABS).default('current'), q: z.string().trim().max(60).optional(), ...pageSchema })

export type OwnNotice = Pick<Notice, '_id' | 'park' | 'title' | 'important' | 'publishedAt' | 'until' | 'corrections'> & { read: boolean }
type Scope = { park: string } & Record<string, unknown>

const own = (req: Request): Promise<Standing[]> =>
  standingsOf(
    req.park._id,
    today(req.park.zone),
    tenantsIn(req.me, req.park).map(id => new Types.ObjectId(id)),
  )

/** Whether one person has read each: joined in the one command that reads the list. */
const withRead = (park: string, user: string) => [
  {
    $lookup: {
      from: NoticeRead.collection.name,
      localField: '_id',
      foreignField: 'notice',
      pipeline: [{ $match: { park, user: new Types.ObjectId(user) } }, { $project: { _id: 0, edition: 1 } }],
      as: 'reads',
    },
  },
  { $addFields: { read: { $gte: [{ $ifNull: [{ $first: '$reads.edition' }, 0] }, '$edition'] } } },
]
const SHOWN = { park: 1, title: 1, important: 1, publishedAt: 1, until: 1, 'corrections.at': 1, read: 1 }
const NEWEST = { publishedAt: -1, _id: -1 } as const

const unreadStages = (park: string, user: string) => [...withRead(park, user), { $match: { read: false } }]

/** What somebody hasn't read of what is current for some companies: how many, and the newest. */
export async function unreadFor(
  park: string,
  user: string,
  standings: Standing[],
  on: string,
  most: number,
): Promise<{ count: number; newest: OwnNotice[] }> {
  const filter: Scope = { park, ...PHASE_FILTERS.current(on), $and: [audienceFilter(standings)] }
  const rows = await scopedAggregate<OwnNotice>(Notice, filter, [
    { $sort: NEWEST },
    ...unreadStages(park, user),
    { $limit: COUNT_LIMIT },
    { $project: SHOWN },
  ])
  return { count: rows.length, newest: rows.slice(0, most) }
}

export async function ownNotices(req: Request, res: Response): Promise<void> {
  const { tab, q, page } = readQuery(req, query)
  const park = req.park._id
  const on = today(req.park.zone)
  const standings = await own(req)
  const filter: Scope = { park, ...PHASE_FILTERS[tab](on), $and: [audienceFilter(standings), ...(q ? [wordFilter(q)] : [])] }
  const [items, total, unread] = await Promise.all([
    scopedAggregate<OwnNotice>(Notice, filter, [
      { $sort: NEWEST },
      { $skip: (page - 1) * SIZE },
      { $limit: SIZE },
      ...withRead(park, req.me!.id),
      { $project: SHOWN },
    ]),
    scopedCount(Notice, filter, COUNT_LIMIT),
    unreadFor(park, req.me!.id, standings, on, 0),
  ])
  res.page('club/own-notices', {
    list: listOf(req, { items, total, page, size: SIZE, tags: q ? [{ names: ['q'], text: q }] : [] }),
    asked: { tab, q },
    tabs: TABS.map(name => ({ name, path: linkWith(req, { tab: name === 'current' ? null : name }) })),
    unread: unread.count,
  })
}

/** A browser that fetches ahead isn't somebody who reads; nor is HEAD. */
const looksAhead = (req: Request): boolean =>
  req.method !== 'GET' || /prefetch|prerender/.test(`${req.get('sec-purpose') ?? ''} ${req.get('purpose') ?? ''}`)

/**
 * One notice, for somebody it is for. Opening it is reading it: the mark is one write, once per edition, and asking again changes
 * nothing, so that a link stays a link (ADR 22). Of what was withdrawn only the title and the reason are left.
 */
export async function ownNotice(req: Request, res: Response): Promise<void> {
  const park = req.park._id
  const key = { park, _id: idParam(req, 'notice') }
  const [notice, standings] = await Promise.all([scopedOne<Notice>(Notice, { ...key, state: { $ne: 'draft' } }), own(req)])
  const reached = notice ? standings.filter(one => reaches(notice.audience, one)) : []
  if (!notice || !reached.length) throw notFound()
  const withdrawn = notice.state === 'withdrawn'
  const [files, before] = await Promise.all([
    withdrawn ? [] : filesOf(park, NOTICE_LINK, notice._id),
    scopedOne<NoticeRead>(NoticeRead, { park, notice: notice._id, user: new Types.ObjectId(req.me!.id) }),
  ])
  const read = before !== null && before.edition >= notice.edition
  if (!read && !withdrawn && !looksAhead(req))
    await markRead(
      notice,
      req.me!.id,
      reached.map(one => one.tenant),
    )
  res.page('club/own-notice', {
    ...{ notice, files, phase: phaseOf(notice, today(req.park.zone)), narrow: true },
    /** When they read it before; null: they read it now. */
    readAt: read ? before.at : null,
    /** They had read an earlier edition. */
    again: !read && before !== null,
  })
}
