import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { GridFSBucket, MongoClient, ObjectId } from 'mongodb'
import { serveFloor } from '../serve-floor.ts'

/**
 * The floor of the pages of applications: what each needs, read with the driver all at once after one identity read, as JSON; and an upload
 * that streams its body into GridFS. No framework, no views, no checks, no multipart.
 */
const client = new MongoClient(process.env['MONGODB_URI']!, {
  maxPoolSize: 100,
  writeConcern: { w: 'majority', j: true },
  readConcern: { level: 'majority' },
})
await client.connect()
const db = client.db()
const at = (name: string) => db.collection(name)
const place = (slug: string) => at('parks').findOne({ _id: slug as never })
const bucket = new GridFSBucket(db, { bucketName: 'files', chunkSizeBytes: 255 * 1024, writeConcern: { w: 'majority', j: true } })

type Answer = (asked: URLSearchParams) => Promise<unknown>

const ROW = { number: 1, title: 1, code: 1, no: 1, service: 1, name: 1, state: 1, step: 1, owner: 1, ownerName: 1, dueOn: 1 }
const MORE = { submittedOn: 1, endedOn: 1, rating: 1, 'asks.on': 1, updatedAt: 1 }
const OPEN = { $in: ['running', 'asked'] }
const today = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)

async function list(park: string, filter: object): Promise<unknown> {
  const whole = { park, ...filter }
  const projection = { ...ROW, ...MORE }
  const [, items, ...rest] = await Promise.all([
    place(park),
    at('applications')
      .find(whole, { projection, sort: { dueOn: 1, _id: 1 }, limit: 25 })
      .toArray(),
    at('applications').countDocuments(whole, { limit: 1000 }),
    at('services')
      .find({ park, published: { $gt: 0 } }, { projection: { code: 1, 'content.name': 1 } })
      .toArray(),
  ])
  const [first] = items
  const version = { park, service: first?.['service'], no: first?.['no'] }
  const steps = await at('serviceversions').findOne(version, { projection: { 'content.steps.name': 1 } })
  return [items, rest, steps]
}

const work: Answer = asked => list(asked.get('park')!, { state: OPEN })
const mine: Answer = asked => list(asked.get('park')!, { owner: new ObjectId(asked.get('owner')!), state: OPEN })
const late: Answer = asked => list(asked.get('park')!, { state: 'running', dueOn: { $lt: today() } })

/** To whom it can be handed: named on the page. */
async function colleagues(park: string): Promise<unknown> {
  const rows = await at('memberships')
    .find({ park, role: { $in: ['reception', 'manager'] } }, { projection: { user: 1 } })
    .toArray()
  return at('users')
    .find({ _id: { $in: rows.map(row => row['user']) }, disabled: false }, { projection: { name: 1 } })
    .toArray()
}

const shown: Answer = async asked => {
  const park = asked.get('park')!
  const _id = new ObjectId(asked.get('id')!)
  const [own, application] = await Promise.all([place(park), at('applications').findOne({ park, _id })])
  const { service, no } = application!
  const rest = await Promise.all([
    at('serviceversions').findOne({ park, service, no }),
    at('audit')
      .find({ park, kind: 'application', ref: _id }, { sort: { at: -1 }, limit: 50 })
      .toArray(),
    colleagues(park),
    at('calendardays')
      .find({ park, day: { $gte: today() } })
      .toArray(),
  ])
  return [own, application, rest]
}

const answers: Record<string, Answer> = { '/work': work, '/mine': mine, '/late': late, '/application': shown }

async function upload(req: IncomingMessage, park: string): Promise<unknown> {
  const _id = new ObjectId()
  const target = bucket.openUploadStreamWithId(_id, String(_id), { metadata: { park, link: null } })
  await pipeline(req, target)
  return { _id }
}

async function answer(req: IncomingMessage): Promise<unknown> {
  const url = new URL(req.url!, 'http://floor')
  const session = req.headers['x-session']
  if (session && !(await at('sessions').findOne({ _id: session as never }))) throw new Error('no such session')
  if (url.pathname === '/upload') return upload(req, url.searchParams.get('park')!)
  return answers[url.pathname]!(url.searchParams)
}

serveFloor(answer)
