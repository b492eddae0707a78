import { expect } from 'chai'
import { grantRole } from '../../src/accounts/memberships.ts'
import { User } from '../../src/accounts/user.ts'
import { transact } from '../../src/db/transact.ts'
import { sendReminders } from '../../src/leases/reminders.ts'
import { setClock } from '../../src/lib/clock.ts'
import { type Letter, sendMails, setSender } from '../../src/notifications/mailer.ts'
import { Notification, notify } from '../../src/notifications/notification.ts'
import { enqueueMail, Mail } from '../../src/notifications/outbox.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildUnit, buildUser, inDays } from '../setup/factories.ts'
import { type Running, startServer } from '../setup/processes.ts'

const HOUR = 3_600_000

describe('notifications', () => {
  const uri = useDatabase()
  afterEach(async () => {
    setSender(null)
    await Mail.deleteMany({})
    await Notification.deleteMany({})
  })

  it('tells in the bell and by mail, in the transaction of what happened', async () => {
    const unit = await buildUnit()
    const manager = await signedInAs('manager', { park: unit.park })
    await buildLease({ unit, stage: 'review' })
    const { lease: late } = await buildLease({ unit, stage: 'draft' })
    const [notice] = await Notification.find({ user: manager.userId }).lean()
    expect(notice).to.include({ key: 'leaseSubmitted', park: unit.park, readAt: null })
    expect(await Mail.countDocuments({})).to.equal(1)
    // The unit is taken: nothing happened, so nobody hears of it.
    const author = await signedInAs('promotion', { park: unit.park })
    expect((await author.post(`/parks/${unit.park}/leases/${late._id}/submission`)).status).to.not.equal(303)
    const rolledBack = transact(async () => {
      await notify(await User.find({ _id: manager.userId }).lean(), { park: unit.park, key: 'leaseSubmitted', path: '/' })
      throw new Error('and back')
    })
    await rolledBack.catch(() => {})
    expect(await Notification.countDocuments({})).to.equal(1)
    expect(await Mail.countDocuments({})).to.equal(1)
  })

  it('tells each person once, whatever their roles and however often the job runs; nobody of what they did', async () => {
    const { park } = await buildLease({ from: inDays(-300), to: inDays(40) })
    const busy = await buildUser('manager', { park })
    await grantRole(busy._id, { role: 'promotion', park }, BY)
    await Promise.all([sendReminders(), sendReminders(), sendReminders()])
    await sendReminders()
    expect(await Notification.countDocuments({ user: busy._id, key: 'leaseExpiring' })).to.equal(1)
    expect(await Mail.countDocuments({ to: busy.email })).to.equal(1)
    await notify([busy], { park, key: 'leaseExpiring', path: '/' }, String(busy._id))
    expect(await Notification.countDocuments({ user: busy._id })).to.equal(1)
  })

  it('writes to each in their own language, and marks as read what was opened', async () => {
    const unit = await buildUnit()
    const reader = await signedInAs('manager', { park: unit.park })
    const other = await signedInAs('manager', { park: unit.park })
    expect((await other.post('/account/language', { lang: 'en', next: '/' })).status).to.equal(303)
    const { lease } = await buildLease({ unit, stage: 'review' })
    const letters: Letter[] = []
    setSender(async letter => void letters.push(letter))
    expect(await sendMails()).to.equal(2)
    const subjects = letters.map(letter => letter.subject).sort()
    expect(subjects[0]).to.match(new RegExp(`^Lease ${lease.number}`))
    expect(subjects[1])
      .to.match(/\p{Script=Han}/u)
      .and.include(lease.number)
    expect(letters.every(letter => letter.text.includes(`/parks/${unit.park}/leases/${lease._id}`))).to.equal(true)
    expect((await other.get('/notifications')).text).to.include(`Lease ${lease.number}`)
    expect((await reader.get('/notifications')).text).to.match(new RegExp(`\\p{Script=Han}+ ${lease.number}`, 'u'))
    const { _id } = await Notification.findOne({ user: reader.userId }).lean().orFail()
    expect((await other.post(`/notifications/${_id}/reading`)).headers['location']).to.equal('/notifications')
    expect((await reader.get('/notifications/count')).body).to.deep.equal({ unread: 1 })
    expect((await reader.post(`/notifications/${_id}/reading`)).headers['location']).to.equal(`/parks/${unit.park}/leases/${lease._id}`)
    expect((await reader.get('/notifications/count')).body).to.deep.equal({ unread: 0 })
    await other.post('/notifications/read')
    expect((await other.get('/notifications/count')).body).to.deep.equal({ unread: 0 })
  })

  it('tries a mail again that could not be sent, later each time, and gives up in the end', async () => {
    let calls = 0
    setSender(async () => {
      calls += 1
      if (calls < 3) throw new Error('451 try again')
    })
    await enqueueMail([{ to: 'a@example.com', lang: 'en', key: 'mail.reset', params: { name: 'A', hours: 2 }, path: '/' }])
    expect(await sendMails()).to.equal(0)
    expect(await sendMails()).to.equal(0)
    expect(calls).to.equal(1)
    setClock(new Date(Date.now() + HOUR))
    expect(await sendMails()).to.equal(0)
    setClock(new Date(Date.now() + 2 * HOUR))
    expect(await sendMails()).to.equal(1)
    expect(await Mail.findOne({}).lean()).to.include({ attempts: 3, failed: false })
    setSender(async () => {
      throw new Error('550 no such mailbox')
    })
    await enqueueMail([{ to: 'b@example.com', lang: 'en', key: 'mail.reset', params: { name: 'B', hours: 2 }, path: '/' }])
    for (let i = 1; i <= 12; i++) {
      setClock(new Date(Date.now() + i * 24 * HOUR))
      await sendMails()
    }
    expect(await Mail.findOne({ to: 'b@example.com' }).lean()).to.include({ attempts: 8, failed: true, sentAt: null })
  })

  it('delivers each mail once under two processes', async () => {
    const mails = Array.from({ length: 30 }, (_, i) => ({
      to: `m${i}@example.com`,
      lang: 'en' as const,
      key: 'mail.reset',
      params: { name: `M${i}`, hours: 2 },
      path: '/',
    }))
    await enqueueMail(mails)
    let output = ''
    const servers: Running[] = await Promise.all(
      [1, 2].map(async () => {
        const server = await startServer(uri(), { JOBS: '1' })
        server.child.stdout!.on('data', (data: Buffer) => {
          output += data.toString()
        })
        return server
      }),
    )
    try {
      for (let i = 0; i < 200 && (await Mail.countDocuments({ sentAt: null })); i++) await new Promise(resolve => setTimeout(resolve, 100))
    } finally {
      await Promise.all(servers.map(server => server.stop()))
    }
    expect(await Mail.countDocuments({ sentAt: null })).to.equal(0)
    // What went out before the listener stood was in the first lines of the start: attempts count those too.
    expect(await Mail.countDocuments({ attempts: { $ne: 1 } })).to.equal(0)
    const printed = [...output.matchAll(/--- mail to (\S+)/g)].map(match => match[1]!)
    expect(new Set(printed).size).to.equal(printed.length)
  }).timeout(120_000)
})
