import type { IncomingMessage } from 'node:http'
import { type Document, MongoClient, type ObjectId } from 'mongodb'
import { addDays, addMonths, monthStart, startOfDay, today } from '../../../src/lib/days.ts'
import { serveFloor } from '../serve-floor.ts'
import { workAnswers } from './floor-work.ts'

/**
 * The floor of the pages of leads: what each needs, read with the driver all at once after one identity read, as JSON. No framework, no
 * views. Of a funnel's lengths it prints how many there are: a page prints their median.
 */
const client = new MongoClient(process.env['MONGODB_URI']!, {
  maxPoolSize: 100,
  writeConcern: { w: 'majority', j: true },
  readConcern: { level: 'majority' },
})
await client.connect()
const db = client.db()
const ZONE = 'Asia/Shanghai'
const read = (name: string) => db.collection(name)
const park = (slug: string) => read('parks').findOne({ _id: slug as never })
const setup = (slug: string) => read('leadsetups').findOne({ park: slug })

type Answer = (asked: URLSearchParams) => Promise<unknown>

/** Twelve months up to the end of this one. */
function year(): { from: Date; until: Date } {
  const end = addMonths(monthStart(today(ZONE)), 1)
  return { from: startOfDay(addMonths(end, -12), ZONE), until: startOfDay(end, ZONE) }
}

async function colleagues(slug: string): Promise<Document[]> {
  const rows = await read('memberships')
    .find({ park: slug, role: { $in: ['promotion', 'manager'] } }, { projection: { user: 1 } })
    .toArray()
  return read('users')
    .find({ _id: { $in: rows.map(row => row['user'] as ObjectId) }, disabled: false }, { projection: { name: 1 } })
    .toArray()
}

const funnel: Answer = async asked => {
  const { from, until } = year()
  const step = (until.getTime() - from.getTime()) / 2
  const source = asked.get('source')
  const group = {
    _id: { trail: '$course.trail', value: `$${asked.get('by')}`, free: { $eq: ['$owner', null] } },
    count: { $sum: 1 },
    stays: { $push: '$course.stays' },
  }
  const keys = { park: 1, at: 1, 'course.trail': 1, 'course.stays': 1, source: 1, owner: 1, industry: 1, event: 1, origin: 1 }
  const part = (i: number) => {
    const at = { $gte: new Date(from.getTime() + i * step), $lt: new Date(from.getTime() + (i + 1) * step) }
    const match = { park: asked.get('park'), at, ...(source ? { source } : {}) }
    return read('leads')
      .aggregate([{ $match: match }, { $group: group }], { hint: keys })
      .toArray()
  }
  const slug = asked.get('park')!
  const [first, second, ...rest] = await Promise.all([part(0), part(1), park(slug), setup(slug), colleagues(slug)])
  const counted = [...first, ...second].map(one => ({ ...one, stays: one['stays'].length }))
  return [counted, rest]
}

/** Month by month: naming the month of each lead in its zone would take the database more than twice as long. */
const lost: Answer = async asked => {
  const end = addMonths(monthStart(today(ZONE)), 1)
  const begins = Array.from({ length: 13 }, (_, i) => startOfDay(addMonths(end, i - 12), ZONE))
  const keys = {
    ...{ park: 1, 'course.lostAt': 1, 'lost.reason': 1, stage: 1, state: 1 },
    ...{ source: 1, owner: 1, industry: 1, event: 1, origin: 1 },
  }
  const slug = asked.get('park')!
  const group = { $group: { _id: { reason: '$lost.reason', stage: '$stage' }, count: { $sum: 1 } } }
  const [first, ...others] = begins.slice(0, -1).map((from, i) => {
    const match = { park: slug, state: 'lost', 'course.lostAt': { $gte: from, $lt: begins[i + 1]! } }
    return [{ $match: match }, group, { $set: { month: i } }]
  })
  const unions = others.map(pipeline => ({ $unionWith: { coll: 'leads', pipeline } }))
  return Promise.all([
    read('leads')
      .aggregate([...first!, ...unions], { hint: keys })
      .toArray(),
    park(slug),
    setup(slug),
    colleagues(slug),
  ])
}

const ageing: Answer = asked => {
  const slug = asked.get('park')!
  const open = read('leads').aggregate([
    { $match: { park: slug, state: 'open' } },
    { $project: { stage: 1, owner: 1, touchedAt: 1, on: '$next.on', since: { $arrayElemAt: ['$path.at', -1] } } },
    {
      $group: {
        _id: { stage: '$stage', owner: '$owner' },
        open: { $sum: 1 },
        overdue: { $sum: { $cond: [{ $lt: ['$on', today(ZONE)] }, 1, 0] } },
        idle: { $sum: { $cond: [{ $lte: ['$touchedAt', new Date(Date.now() - 25 * 86_400_000)] }, 1, 0] } },
        since: { $min: '$since' },
      },
    },
  ])
  return Promise.all([open.toArray(), park(slug), setup(slug), colleagues(slug)])
}

const forecast: Answer = async asked => {
  const slug = asked.get('park')!
  const from = today(ZONE)
  const to = addDays(addMonths(from, 19), 0)
  const wanted = {
    _id: { stage: '$stage', from: '$wish.from', months: '$wish.months' },
    count: { $sum: 1 },
    area: { $sum: { $avg: ['$wish.areaFrom', '$wish.areaTo'] } },
  }
  const reaches = { $and: [{ $gte: ['$$claim.to', from] }, { $lte: ['$$claim.from', to] }] }
  const claims = { $filter: { input: '$claims', as: 'claim', cond: reaches } }
  const [drafts, units, ...rest] = await Promise.all([
    read('leads')
      .find({ park: slug, state: 'converted', stage: 'signing' }, { projection: { _id: 0, lease: 1 } })
      .toArray(),
    read('units')
      .find(
        { park: slug, activeFrom: { $lte: to }, activeTo: { $gte: from } },
        { projection: { gross: 1, activeFrom: 1, activeTo: 1, claims } },
      )
      .toArray(),
    read('leads')
      .aggregate([{ $match: { park: slug, state: 'open' } }, { $group: wanted }])
      .toArray(),
    read('leads')
      .find(
        { park: slug, state: 'converted', stage: 'moved', 'next.on': null },
        { projection: { _id: 0, at: 1, path: 1 }, sort: { _id: -1 }, limit: 500 },
      )
      .toArray(),
    park(slug),
    setup(slug),
  ])
  const ids = drafts.map(one => one['lease'] as ObjectId)
  const leases = await read('leases')
    .find({ park: slug, _id: { $in: ids }, state: { $in: ['draft', 'review', 'approved'] } }, { projection: { area: 1, from: 1, end: 1 } })
    .toArray()
  return [units, leases, rest]
}

const common = (slug: string) => Promise.all([park(slug), setup(slug), colleagues(slug)])
const answers: Record<string, Answer> = {
  ...workAnswers(db, common),
  '/funnel': funnel,
  '/lost': lost,
  '/ageing': ageing,
  '/forecast': forecast,
}

serveFloor(async (req: IncomingMessage) => {
  const url = new URL(req.url!, 'http://floor')
  const session = req.headers['x-session']
  if (session && !(await read('sessions').findOne({ _id: session as never }))) throw new Error('no such session')
  return answers[url.pathname]!(url.searchParams)
})
