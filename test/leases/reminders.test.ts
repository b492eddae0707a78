import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'
import { JobRun, runJob } from '../../src/jobs/runner.ts'
import { JOBS } from '../../src/jobs/start.ts'
import type { Lease } from '../../src/leases/lease.ts'
import { Reminder, sendReminders } from '../../src/leases/reminders.ts'
import { draftRenewal, proposeRenewal } from '../../src/leases/renewal.ts'
import { approveLease, submitLease } from '../../src/leases/review.ts'
import { signLease } from '../../src/leases/signing.ts'
import { setClock } from '../../src/lib/clock.ts'
import { addDays, today } from '../../src/lib/days.ts'
import { Notification } from '../../src/notifications/notification.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { Park } from '../../src/parks/park.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildUnit, buildUser, inDays, OTHER } from '../setup/factories.ts'

const noon = (day: string) => new Date(`${day}T04:00:00Z`)

/** The job in a process of its own, as a second server would run it. Answers how many it sent. */
function inOtherProcess(uri: string): Promise<number> {
  const code = `
    const { connect, disconnect } = await import('./src/db/connect.ts')
    await connect(process.env.DATABASE)
    await import('./src/mounts.ts')
    const { sendReminders } = await import('./src/leases/reminders.ts')
    process.stdout.write('sent ' + (await sendReminders()) + '\\n')
    await disconnect()`
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
      cwd: join(import.meta.dirname, '../..'),
      env: { ...process.env, DATABASE: uri },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', data => (output += data))
    child.stderr.on('data', data => (output += data))
    child.on('exit', exit => (exit ? reject(new Error(output)) : resolve(Number(/sent (\d+)/.exec(output)![1]))))
  })
}

/** What the people of a park were told of one lease: recipient and days left, sorted. */
async function told(lease: Lease): Promise<string[]> {
  const rows = await Notification.find({ park: lease.park, 'params.number': lease.number, key: /xpiring$/ }).lean()
  return rows.map(row => `${row.key} ${row.user} ${row.params['days']}`).sort()
}

describe('reminders of leases about to end', () => {
  const uri = useDatabase()

  it('go out once per threshold: 90, 60 and 30 days, to managers, promotion and the owner, by mail too', async () => {
    const { lease, park, tenant } = await buildLease({ from: inDays(-10), to: inDays(100) })
    const [manager, promotion, finance] = [
      await buildUser('manager', { park }),
      await buildUser('promotion', { park }),
      await buildUser('finance', { park }),
    ]
    const owner = await buildUser('owner', { park, tenant: tenant._id })
    const expected: string[] = []
    await sendReminders()
    expect(await told(lease), 'not yet').to.deep.equal([])
    for (const left of [90, 60, 30]) {
      setClock(noon(addDays(lease.end, -left)))
      expect(await sendReminders()).to.equal(1)
      expect(await sendReminders()).to.equal(0)
      setClock(noon(addDays(lease.end, 3 - left)))
      expect(await sendReminders(), 'three days later').to.equal(0)
      expected.push(
        `leaseExpiring ${manager._id} ${left}`,
        `leaseExpiring ${promotion._id} ${left}`,
        `ownLeaseExpiring ${owner._id} ${left}`,
      )
      expect(await told(lease)).to.deep.equal([...expected].sort())
    }
    const mails = await Mail.find({ key: /xpiring$/ }).lean()
    expect(mails.filter(mail => mail.to === owner.email)).to.have.length(3)
    expect(mails.filter(mail => mail.to === finance.email)).to.have.length(0)
    setClock(noon(addDays(lease.end, 1)))
    expect(await sendReminders(), 'what has ended is no longer about to').to.equal(0)
  })

  it('go out once however many processes run the job, also in parallel', async () => {
    const unit = await buildUnit()
    const leases: Lease[] = []
    for (const left of [85, 55, 25]) {
      const own = leases.length ? await buildUnit({ park: unit.park }) : unit
      leases.push((await buildLease({ unit: own, from: inDays(-10), to: inDays(left) })).lease)
    }
    const manager = await buildUser('manager', { park: unit.park })
    const sent = await Promise.all([sendReminders(), inOtherProcess(uri()), sendReminders(), inOtherProcess(uri())])
    expect(sent.reduce((sum, one) => sum + one, 0)).to.equal(3)
    expect(await sendReminders()).to.equal(0)
    for (const [i, left] of [85, 55, 25].entries()) expect(await told(leases[i]!)).to.deep.equal([`leaseExpiring ${manager._id} ${left}`])
    expect((await Reminder.find({ park: unit.park }).lean()).map(one => one.days).sort()).to.deep.equal([30, 60, 90])
  })

  it('the runner runs the job once a day, whoever asks', async () => {
    const job = JOBS.find(one => one.name === 'lease-reminders')!
    const at = new Date()
    const ran = await Promise.all(Array.from({ length: 5 }, () => runJob(job, at)))
    expect(ran.filter(Boolean)).to.have.length(1)
    expect(await runJob(job, at)).to.equal(false)
    expect(await JobRun.countDocuments({ name: job.name, state: 'done' })).to.equal(1)
    expect(await runJob(job, new Date(at.getTime() + 86_400_000))).to.equal(true)
  })

  it('start with the threshold that has been passed, leave out what is renewed, and follow the park’s own days', async () => {
    const late = await buildLease({ from: inDays(-10), to: inDays(50) })
    await sendReminders()
    expect((await Reminder.find({ park: late.park, lease: late.lease._id }).lean()).map(one => one.days)).to.deep.equal([60])

    const old = await buildLease({ from: inDays(-10), to: inDays(80) })
    const renewal = await draftRenewal(old.park, old.lease._id, proposeRenewal(old.lease), BY)
    await submitLease(old.park, renewal._id, BY)
    await approveLease(old.park, renewal._id, OTHER)
    await signLease(old.park, renewal._id, { on: today(), scans: [] }, OTHER)
    await sendReminders()
    expect(await Reminder.countDocuments({ park: old.park })).to.equal(0)

    const own = await buildLease({ from: inDays(-10), to: inDays(40) })
    await Park.updateOne({ _id: own.park }, { 'settings.reminderDays': [45, 7] })
    await sendReminders()
    setClock(noon(inDays(35)))
    await sendReminders()
    expect((await Reminder.find({ park: own.park }).lean()).map(one => one.days).sort((a, b) => a - b)).to.deep.equal([7, 45])
  })

  it('lead to the lease, in the bell of who got it', async () => {
    const { lease, park } = await buildLease({ from: inDays(-10), to: inDays(20) })
    const manager = await signedInAs('manager', { park })
    await sendReminders()
    const page = await manager.get('/notifications').expect(200)
    expect(page.text).to.include(lease.number)
    const id = /notifications\/([0-9a-f]{24})\/reading/.exec(page.text)![1]
    const opened = await manager.post(`/notifications/${id}/reading`)
    expect(opened.headers['location']).to.equal(`/parks/${park}/leases/${lease._id}`)
  })
})
