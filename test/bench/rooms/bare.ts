import { type ClientSession, type Db, type MongoClient, ObjectId } from 'mongodb'
import { bookingOf } from './data.ts'

/**
 * The writes of one booking and of one cancellation, done bare in a driver transaction: the form's key, the tenant that is tied, the
 * guarded claim on the room's day, the booking, the audit entry, the mail, the key's answer. Answers how long it took.
 */
const OPTIONS = { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', j: true } } as const

async function timed(client: MongoClient, work: (db: Db, session: ClientSession) => Promise<void>): Promise<{ ms: number }> {
  const started = performance.now()
  await client.withSession(session => session.withTransaction(() => work(client.db(), session), OPTIONS))
  return { ms: performance.now() - started }
}

const mailOf = (key: string, path: string, at: Date) => ({
  to: 'x@example.com',
  lang: 'zh-CN',
  key,
  params: { code: 'ABCDEFGH', room: '会议室', title: '项目讨论', when: '2026-12-01 09:00–10:00', who: '示例', reason: '' },
  path,
  secret: false,
  at,
  nextAt: new Date('2999-01-01'),
  attempts: 0,
  sentAt: null,
  failed: false,
  error: null,
})

const entryOf = (park: string, action: string, ref: ObjectId, at: Date) => ({
  park,
  at,
  by: { id: String(ref), name: '示例' },
  action,
  kind: 'booking',
  ref,
  label: 'ABCDEFGH',
  changes: [{ field: 'state', before: null, after: 'confirmed' }],
  note: null,
})

export function bareBooking(client: MongoClient, asked: URLSearchParams): Promise<{ ms: number }> {
  const park = asked.get('park')!
  const room = { _id: new ObjectId(asked.get('room')!), root: new ObjectId(asked.get('room')!), name: '会议室' }
  const holder = { tenant: new ObjectId(asked.get('tenant')!), user: new ObjectId(asked.get('user')!), name: '示例' }
  const day = asked.get('day')!
  const [from, to] = [Number(asked.get('from')), Number(asked.get('to'))]
  const _id = new ObjectId()
  const midnight = Date.parse(`${day}T00:00:00+08:00`)
  const booking = bookingOf({ park, day, room, holder, from, to, title: '项目讨论', secret: false, _id, midnight })
  const claim = { ref: _id, kind: 'booking', room: room._id, from, to, start: from, end: to, expiresAt: null, title: '项目讨论' }
  const at = new Date()
  const busy = { from: { $lt: to }, to: { $gt: from }, $or: [{ expiresAt: null }, { expiresAt: { $gt: at } }] }
  const key = `bare:${_id}` as never
  return timed(client, async (db, session) => {
    await db.collection('formkeys').insertOne({ _id: key, to: '', at }, { session })
    await db.collection('tenants').updateOne({ park, _id: holder.tenant, mergedInto: null }, { $inc: { ties: 1 } }, { session })
    const more = { private: false, who: holder.name, tenant: holder.tenant, user: holder.user, checkedIn: false }
    const { matchedCount } = await db
      .collection('roomdays')
      .updateOne(
        { park, day, room: room._id, claims: { $not: { $elemMatch: busy } } },
        { $push: { claims: { ...claim, ...more } } as never },
        { session },
      )
    if (!matchedCount) throw new Error('the room is taken')
    await db.collection('bookings').insertOne(booking, { session })
    await db.collection('audit').insertOne(entryOf(park, 'booking.make', _id, at), { session })
    await db.collection('mails').insertOne(mailOf('notice.booking.booked', `/parks/${park}/bookings/${_id}`, at), { session })
    await db.collection('formkeys').updateOne({ _id: key }, { $set: { to: `/parks/${park}/bookings/${_id}` } }, { session })
  })
}

export function bareCancel(client: MongoClient, asked: URLSearchParams): Promise<{ ms: number }> {
  const park = asked.get('park')!
  const _id = new ObjectId(asked.get('booking')!)
  const at = new Date()
  const key = `bare:cancel:${_id}` as never
  return timed(client, async (db, session) => {
    await db.collection('formkeys').insertOne({ _id: key, to: '', at }, { session })
    const booking = (await db.collection('bookings').findOne({ park, _id }, { session }))!
    await db
      .collection('roomdays')
      .updateMany({ park, day: booking['day'], room: booking['root'] }, { $pull: { claims: { ref: _id } } } as never, { session })
    const done = { state: 'cancelled', cancelled: { by: booking['by'], at, reason: null, fee: 0 }, version: 1, sequence: 1 }
    await db.collection('bookings').updateOne({ park, _id }, { $set: done }, { session })
    await db.collection('audit').insertOne(entryOf(park, 'booking.cancel', _id, at), { session })
    await db.collection('mails').insertOne(mailOf('notice.booking.cancelled', `/parks/${park}/bookings/${_id}`, at), { session })
    await db.collection('formkeys').updateOne({ _id: key }, { $set: { to: `/parks/${park}/bookings/${_id}` } }, { session })
  })
}
