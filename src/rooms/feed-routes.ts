import { createHash, randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { reachOf } from '../accounts/identity.ts'
import { today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { Tenant } from '../tenants/tenant.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, param, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { feedEvents } from './feed-events.ts'
import { digestOf, FEED_KINDS, FeedToken, feedPath, makeFeed, newToken, openFeed, revokeFeed } from './feed-token.ts'
import { calendarText } from './ics.ts'
import { Room } from './room.ts'
import { siteOf } from './room-sign.ts'
import { viewerOf } from './viewer.ts'

/** Calendar addresses: a person's page of them, and what a calendar program reads. */
const HOUR = 3600

/** The calendar of an address, without a session. What hasn't changed since the last reading is answered in a line. */
async function readFeed(req: Request, res: Response): Promise<void> {
  const secret = param(req, 'token')
  const feed = await openFeed(secret)
  const { name, events } = await feedEvents(feed, secret)
  const body = calendarText(events, { name, lang: feed.who.lang, ttl: HOUR })
  res.set('etag', `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`)
  res.set('cache-control', 'private, no-cache')
  if (req.fresh) {
    res.status(304).end()
    return
  }
  res.set('content-disposition', 'inline; filename="calendar.ics"')
  res.type('text/calendar; charset=utf-8').send(body)
}

export const feedAddressRoutes = routes(({ get }) => {
  get('/:token.ics', 'public', readFeed)
})

interface Offer {
  kind: FeedToken['kind']
  ref: string
  label: string
}

/** What the person may have an address of. */
async function offersOf(req: Request): Promise<Offer[]> {
  const park = req.park._id
  const viewer = viewerOf(req)
  const tenants = viewer.tenants.map(id => new Types.ObjectId(id))
  const name = { name: 1 }
  const [companies, rooms] = await Promise.all([
    tenants.length ? scopedFind<Pick<Tenant, '_id' | 'name'>>(Tenant, { park, _id: { $in: tenants } }, { projection: name }) : [],
    scopedFind<Pick<Room, '_id' | 'name'>>(
      Room,
      { park, activeTo: { $gte: today(req.park.zone) } },
      { projection: name, sort: { order: 1, code: 1 } },
    ),
  ])
  const text = (zh: { zh: string; en?: string | null }) => (req.lang === 'en' && zh.en ? zh.en : zh.zh)
  return [
    ...(reachOf(req.me, 'booking.make', req.park) ? [{ kind: 'person' as const, ref: viewer.id, label: req.t('feed.mine') }] : []),
    ...companies.map(({ _id, name: company }) => ({ kind: 'tenant' as const, ref: String(_id), label: company })),
    ...rooms.map(room => ({ kind: 'room' as const, ref: String(room._id), label: text(room.name) })),
  ]
}

const COOKIE = 'zhigu.feed'
const pageOf = (req: Request): string => `/parks/${req.park._id}/bookings/feeds`
const cookieOf = (req: Request) => ({ httpOnly: true, sameSite: 'strict', path: pageOf(req) }) as const

/** The address just made: it is known to nobody but the browser that asked, and shown once. */
function takeFresh(req: Request, res: Response): string | null {
  const token: unknown = req.cookies?.[COOKIE]
  if (typeof token !== 'string') return null
  res.clearCookie(COOKIE, cookieOf(req))
  return token
}

async function page(req: Request, res: Response): Promise<void> {
  const user = new Types.ObjectId(req.me!.id)
  const [offers, tokens] = await Promise.all([
    offersOf(req),
    scopedFind<FeedToken>(FeedToken, { park: req.park._id, user }, { sort: { madeAt: -1 } }),
  ])
  const fresh = takeFresh(req, res)
  const rows = offers.map(offer => {
    const token = tokens.find(({ kind, ref }) => kind === offer.kind && String(ref) === offer.ref) ?? null
    const shown = fresh && token?.hash === digestOf(fresh) ? `${siteOf(req)}${feedPath(fresh)}` : null
    // Each form is a thing of its own: one submission of one isn't another of the next.
    return { ...offer, key: randomUUID(), token, address: shown, webcal: shown?.replace(/^https?:/, 'webcal:') }
  })
  res.page('bookings/feeds', {
    groups: FEED_KINDS.map(kind => ({ kind, rows: rows.filter(row => row.kind === kind) })),
    form: formState(req),
  })
}

const form = z.object({ kind: z.enum(FEED_KINDS), ref: z.string().regex(/^[0-9a-f]{24}$/) })

async function make(req: Request, res: Response): Promise<void> {
  const { kind, ref } = readForm(req, form)
  const offer = (await offersOf(req)).find(one => one.kind === kind && one.ref === ref)
  if (!offer) throw notFound()
  const token = newToken(req.park._id)
  await commit(req, res, async () => {
    await makeFeed(req.park._id, { ...offer, ref: new Types.ObjectId(ref) }, token, new Types.ObjectId(req.me!.id), actor(req))
    res.cookie(COOKIE, token, { ...cookieOf(req), maxAge: 600_000 })
    return pageOf(req)
  })
}

async function revoke(req: Request, res: Response): Promise<void> {
  const _id = idParam(req, 'feed')
  const user = new Types.ObjectId(req.me!.id)
  const found = await FeedToken.findOne({ park: req.park._id, _id, user }).orFail(notFound).lean()
  const label = (await offersOf(req)).find(({ kind, ref }) => kind === found.kind && ref === String(found.ref))?.label ?? ''
  await commit(req, res, async () => {
    await revokeFeed(req.park._id, _id, user, label, actor(req))
    flash(res, 'feed.revoked')
    return pageOf(req)
  })
}

export const feedRoutes = routes(({ get, post }) => {
  get('/feeds', 'room.read', page)
  post('/feeds', 'room.read', make, { again: page })
  post('/feeds/:feed/revocation', 'room.read', revoke)
})
