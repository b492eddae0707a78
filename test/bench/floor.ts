import type { IncomingMessage } from 'node:http'
import { type Document, MongoClient } from 'mongodb'
import { bareSubmit } from './floor-submit.ts'
import { serveFloor } from './serve-floor.ts'

/**
 * The floor: a bare node:http handler that reads what a page needs with the driver (one identity read, then the fewest queries
 * that answer the page, all at once) and returns it as JSON. No framework, no views, no checks: what the product's own work is
 * compared with.
 */
const client = new MongoClient(process.env['MONGODB_URI']!, {
  maxPoolSize: 50,
  writeConcern: { w: 'majority', j: true },
  readConcern: { level: 'majority' },
})
await client.connect()
const db = client.db()
const at = (name: string) => db.collection(name)
const park = (slug: string) => at('parks').findOne({ _id: slug as never })

const day = (date: Date): string => date.toISOString().slice(0, 10)
const shift = (months: number): string => {
  const date = new Date(Date.now() + 8 * 3_600_000)
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  return day(date)
}
const today = (days = 0): string => day(new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000))

const FOREVER = '9999-12-31'
const claims = (from: string, to: string): Document => {
  const open = [{ $eq: ['$$claim.vacatedOn', null] }, { $eq: ['$$claim.stage', 'signed'] }, { $eq: ['$$claim.continued', false] }]
  const reaches = { $or: [{ $gte: ['$$claim.to', from] }, { $and: open }] }
  const cond = to === FOREVER ? reaches : { $and: [reaches, { $lte: ['$$claim.from', to] }] }
  return { $filter: { input: '$claims', as: 'claim', cond } }
}

const UNIT = { building: 1, floor: 1, code: 1, product: 1, gross: 1, chargeable: 1, desks: 1, listRate: 1, activeFrom: 1, activeTo: 1 }

const units = (slug: string, from: string, to: string, more: Document = {}) =>
  at('units')
    .find(
      { park: slug, ...more, activeFrom: { $lte: to }, activeTo: { $gte: from } },
      { projection: { ...UNIT, claims: claims(from, to) } },
    )
    .toArray()

type Answer = (asked: URLSearchParams) => Promise<unknown>

const plan: Answer = asked => {
  const slug = asked.get('park')!
  const code = asked.get('building')!
  return Promise.all([park(slug), at('buildings').findOne({ park: slug, code }), units(slug, shift(-24), shift(24), { building: code })])
}

const ROW = {
  number: 1,
  tenantName: 1,
  unitCodes: 1,
  area: 1,
  from: 1,
  to: 1,
  end: 1,
  state: 1,
  occupied: 1,
  terminated: 1,
  renewedBy: 1,
  amending: 1,
}

const leases: Answer = asked => {
  const slug = asked.get('park')!
  const filter = { park: slug, state: 'signed', from: { $lte: today() }, end: { $gte: today(), $lte: today(90) }, renewedBy: null }
  const list = at('leases').find(filter, { projection: ROW, sort: { end: 1, _id: 1 }, limit: 20 })
  return Promise.all([park(slug), list.toArray(), at('leases').countDocuments(filter, { limit: 1000 })])
}

const search: Answer = asked => {
  const slug = asked.get('park')!
  const terms = new RegExp(`^${asked.get('q')}`)
  const look = (kind: string) => [
    { $match: { park: slug, kind, terms } },
    { $limit: 11 },
    { $project: { _id: 0, kind: 1, ref: 1, title: 1, detail: 1, path: 1 } },
  ]
  const more = ['tenant', 'lease', 'room', 'person'].map(kind => ({ $unionWith: { coll: 'search', pipeline: look(kind) } }))
  return Promise.all([
    park(slug),
    at('search')
      .aggregate([...look('unit'), ...more])
      .toArray(),
  ])
}

const HOME = { code: 1, name: 1, version: 1, 'floors.code': 1, 'floors.level': 1, 'floors.area': 1, 'floors.drawing.width': 1 }
const OFFER = { park: 1, building: 1, floor: 1, code: 1, product: 1, gross: 1, desks: 1, listRate: 1, activeFrom: 1, activeTo: 1 }

const open: Answer = asked => {
  const slug = asked.get('park')!
  const free = { park: slug, gaps: { $elemMatch: { from: { $lte: today() }, to: { $gte: today() } } } }
  const projection = { ...OFFER, claims: claims(today(), FOREVER) }
  return Promise.all([
    park(slug),
    at('buildings')
      .find({ park: slug }, { projection: HOME, sort: { code: 1 } })
      .toArray(),
    at('units').find(free, { projection, limit: 24 }).toArray(),
  ])
}

const answers: Record<string, Answer> = { '/plan': plan, '/leases': leases, '/search': search, '/public': open }

async function answer(req: IncomingMessage): Promise<unknown> {
  const url = new URL(req.url!, 'http://floor')
  const session = req.headers['x-session']
  if (session) {
    const found = await at('sessions').findOne({ _id: session as never })
    if (!found) throw new Error('no such session')
  }
  if (url.pathname === '/submission') return bareSubmit(client, url.searchParams)
  return answers[url.pathname]!(url.searchParams)
}

serveFloor(answer)
