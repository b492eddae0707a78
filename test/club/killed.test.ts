import { expect } from 'chai'
import mongoose from 'mongoose'
import { AuditEntry } from '../../src/audit/entry.ts'
import { publishNotice } from '../../src/club/notices.ts'
import { Notification } from '../../src/notifications/notification.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { signedInAs } from '../setup/app.ts'
import { buildNotice, findings, manyPeople, noticeNow } from '../setup/club.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark } from '../setup/factories.ts'
import { parkOf } from '../setup/mentoring.ts'
import { startServer } from '../setup/processes.ts'
import { Visitor } from '../setup/visitor.ts'

const admin = () => mongoose.connection.getClient().db('admin')

/** The session of a transaction on this database that is at the telling right now. */
async function telling(): Promise<{ id: unknown } | null> {
  const open = {
    ns: { $in: ['notifications', 'mails'].map(name => `${mongoose.connection.name}.${name}`) },
    transaction: { $exists: true },
  }
  const stages = [{ $currentOp: { allUsers: true } }, { $match: open }, { $limit: 1 }]
  const [found] = await admin()
    .aggregate(stages, { readConcern: { level: 'local' } })
    .toArray()
  return (found?.['lsid'] as { id: unknown } | undefined) ?? null
}

describe('a notice whose server is killed (CASES 32)', function () {
  this.timeout(240_000)
  const uri = useDatabase()

  it('has told nobody when it is killed at the telling, and tells everybody once when it is published anew', async () => {
    const park = (await buildPark())._id
    const { length } = await manyPeople(park, 400, 5)
    const notice = await buildNotice(park, { draft: true, important: true })
    const path = `/parks/${park}/notices/${notice._id}`
    const written = async () => [
      await Notification.countDocuments({ park, path }),
      await Mail.countDocuments({ path }),
      await AuditEntry.countDocuments({ park, ref: notice._id, action: 'notice.publish' }),
    ]
    const doomed = await startServer(uri())
    const who = await signedInAs('manager', { park }, new Visitor(doomed.url))
    await who.token()
    const answer = who.post(`${path}/publication`, { version: 0 }).then(
      done => done.status,
      () => null,
    )
    let session = await telling()
    for (let i = 0; i < 3000 && !session; i++) session = await telling()
    doomed.child.kill('SIGKILL')
    expect(session, 'seen at the telling').to.not.equal(null)
    expect(await answer).to.equal(null)
    // The database would end what nobody goes on with, in a minute.
    await admin().command({ killSessions: [{ id: session!.id }] })
    expect([(await noticeNow(notice)).state, await written()]).to.deep.equal(['draft', [0, 0, 0]])
    expect(await publishNotice(await parkOf(park), notice._id, 0, BY)).to.equal(length)
    expect([(await noticeNow(notice)).state, await written()]).to.deep.equal(['published', [length, length, 1]])
    expect(await findings()).to.deep.equal([])
  })
})
