import type { IncomingMessage } from 'node:http'
import { type Document, MongoClient } from 'mongodb'
import { serveFloor } from '../serve-floor.ts'
import { bareBooking, bareCancel } from './bare.ts'

/**
 * The floor of the room pages: what each needs, read with the driver all at once after one identity read, as JSON. No framework,
 * no views, no checks.
 */
const client = new MongoClient(process.env['MONGODB_URI']!, {
  maxPoolSize: 100,
  writeConcern: { w: 'majority', j: true },
  readConcern: { level: 'majority' },
})
await client.connect()
const db = client.db()
const at = (name: string) => db.collection(name)

type Answer = (asked: URLSearchParams) => Promise<unknown>

/** The rules of the one class that asks: the bench's visitor works for the park. */
const rules = { $filter: { input: '$rules', cond: { $eq: ['$$this.class', 'park'] } } }
const ROOM = { code: 1, name: 1, kind: 1, capacity: 1, equipment: 1, whole: 1, activeTo: 1, order: 1, rules }
const rooms = (park: string) =>
  at('rooms')
    .find({ park, activeTo: { $gte: '2020-01-01' } }, { projection: ROOM, sort: { order: 1 } })
    .toArray()
const place = (slug: string) => at('parks').findOne({ _id: slug as never })
const calendar = (park: string, from: string, to: string) =>
  at('calendardays')
    .find({ park, day: { $gte: from, $lte: to } })
    .toArray()
const days = (park: string, from: string, to: string, projection: Document = {}) =>
  at('roomdays')
    .find({ park, day: from === to ? from : { $gte: from, $lte: to } }, { projection })
    .toArray()

/** Rooms, the park's calendar and the days' claims: all that the grids and the look for a free room read. */
const grid: Answer = asked => {
  const [park, from, to] = [asked.get('park')!, asked.get('from')!, asked.get('to')!]
  return Promise.all([place(park), rooms(park), calendar(park, from, to), days(park, from, to)])
}

/** The month shows how full each day is: times are enough. */
const month: Answer = asked => {
  const [park, from, to] = [asked.get('park')!, asked.get('from')!, asked.get('to')!]
  const times = { day: 1, room: 1, 'claims.room': 1, 'claims.start': 1, 'claims.end': 1, 'claims.kind': 1, 'claims.expiresAt': 1 }
  return Promise.all([place(park), rooms(park), calendar(park, from, to), days(park, from, to, times)])
}

const answers: Record<string, Answer> = {
  '/grid': grid,
  '/month': month,
  '/booking': asked => bareBooking(client, asked),
  '/cancellation': asked => bareCancel(client, asked),
}

async function answer(req: IncomingMessage): Promise<unknown> {
  const url = new URL(req.url!, 'http://floor')
  const session = req.headers['x-session']
  if (session && !(await at('sessions').findOne({ _id: session as never }))) throw new Error('no such session')
  return answers[url.pathname]!(url.searchParams)
}

serveFloor(answer)
