import { type MongoClient, ObjectId } from 'mongodb'

/**
 * The writes of one submitted lease, done bare in a driver transaction: the form's key, the guarded claim, the unit's free ranges,
 * the lease, the audit entry, two notices with their mails, the key's answer. Answers how long the transaction took.
 */
export async function bareSubmit(client: MongoClient, asked: URLSearchParams): Promise<{ ms: number }> {
  const db = client.db()
  const park = asked.get('park')!
  const lease = new ObjectId(asked.get('lease')!)
  const unit = new ObjectId(asked.get('unit')!)
  const [from, to] = [asked.get('from')!, asked.get('to')!]
  const users = asked.get('users')!.split(',')
  const at = new Date()
  const key = `bare:${lease}`
  const claim = {
    _id: new ObjectId(),
    kind: 'lease',
    from,
    to,
    lease,
    number: 'HT-0000-0000',
    tenant: lease,
    tenantName: '示例',
    stage: 'review',
    vacatedOn: null,
    continued: false,
    of: null,
    movedInOn: null,
    lead: null,
    label: null,
    expiresAt: null,
    by: null,
  }
  const busy = { of: null, from: { $lte: to }, to: { $gte: from }, $or: [{ expiresAt: null }, { expiresAt: { $gt: at } }] }
  const entry = {
    park,
    at,
    by: { id: users[0], name: '示例' },
    action: 'lease.submit',
    kind: 'lease',
    ref: lease,
    label: 'HT-0000-0000',
    changes: [{ field: 'stage', before: 'draft', after: 'review' }],
    note: null,
  }
  const params = { number: 'HT-0000-0000', tenant: '示例' }
  const notice = { park, key: 'leaseSubmitted', params, path: `/parks/${park}/leases/${lease}`, at, readAt: null }
  const mail = { to: 'x@example.com', lang: 'zh-CN', key: 'notice.leaseSubmitted', params, path: notice.path, secret: false, at }
  const waiting = { nextAt: new Date('2999-01-01'), attempts: 0, sentAt: null, failed: false, error: null }
  const started = performance.now()
  await client.withSession(session =>
    session.withTransaction(
      async () => {
        await db.collection('formkeys').insertOne({ _id: key as never, to: '', at }, { session })
        const { modifiedCount } = await db
          .collection('units')
          .updateOne(
            { _id: unit, park, activeFrom: { $lte: from }, activeTo: { $gte: to }, claims: { $not: { $elemMatch: busy } } },
            { $push: { claims: claim } as never, $set: { updatedAt: at } },
            { session },
          )
        if (!modifiedCount) throw new Error('the unit is taken')
        await db.collection('units').updateOne({ park, _id: unit }, { $set: { gaps: [], updatedAt: at } }, { session })
        await db.collection('leases').updateOne(
          { park, _id: lease, version: 0 },
          {
            $set: { state: 'review', 'versions.0.stage': 'review', 'versions.0.submittedBy': users[0], 'versions.0.submittedAt': at },
            $inc: { version: 1 },
          },
          { session },
        )
        await db.collection('audit').insertOne({ ...entry }, { session })
        await db.collection('notifications').insertMany(
          users.map(user => ({ ...notice, user: new ObjectId(user) })),
          { session },
        )
        await db.collection('mails').insertMany(
          users.map(() => ({ ...mail, ...waiting })),
          { session },
        )
        await db.collection('formkeys').updateOne({ _id: key as never }, { $set: { to: notice.path } }, { session })
      },
      { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', j: true } },
    ),
  )
  return { ms: performance.now() - started }
}
