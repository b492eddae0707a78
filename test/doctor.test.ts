import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'
import mongoose, { Types } from 'mongoose'
import { Membership, User } from '../src/accounts/user.ts'
import { sendReminders } from '../src/leases/reminders.ts'
import { addDays, addMonths, today } from '../src/lib/days.ts'
import { examine } from '../src/overview/examine.ts'
import { District } from '../src/parks/district.ts'
import { splitUnit } from '../src/spaces/structure.ts'
import { signedInAs } from './setup/app.ts'
import { useDatabase } from './setup/database.ts'
import { BY, buildLease, buildPark, buildTenant, buildUnit, buildUser } from './setup/factories.ts'
import { buildMentor, buildSession } from './setup/mentoring.ts'

/** The doctor finds nothing in what the product wrote, and names each record that somebody broke behind its back. */
const PARK = 'doctored'
const db = (name: string) => mongoose.connection.collection(name)

const OLD = () => Types.ObjectId.createFromTime(Math.floor(Date.now() / 1000) - 3 * 86_400)

interface Broken {
  what: string
  /** Breaks one record and answers how to mend it. */
  damage(): Promise<() => Promise<unknown>>
  /** The id the finding must name. */
  names(): unknown
}

describe('the doctor', () => {
  const uri = useDatabase()
  let lease: Awaited<ReturnType<typeof buildLease>>
  let free: Awaited<ReturnType<typeof buildUnit>>
  let part: Types.ObjectId
  let tenant: Awaited<ReturnType<typeof buildTenant>>
  let manager: Awaited<ReturnType<typeof signedInAs>>
  let session: Awaited<ReturnType<typeof buildSession>>
  let taught: Types.ObjectId

  before(async () => {
    const text = (zh: string) => ({ zh, en: zh })
    await District.create([{ _id: 'xiacheng', name: text('District'), bureau: text('Bureau'), city: text('City') }])
    await buildPark(PARK)
    await buildUser('admin')
    const unit = await buildUnit({ park: PARK })
    lease = await buildLease({ unit, from: addMonths(today(), -2), to: addDays(today(), 40) })
    free = await buildUnit({ park: PARK })
    tenant = await buildTenant(PARK)
    const whole = await buildUnit({ park: PARK, gross: 10_000 })
    const half = (code: string) => ({ code, product: 'office' as const, gross: 5_000, chargeable: 5_000, listRate: '2.00' })
    const parts = await splitUnit(PARK, whole._id, addDays(today(), 3), [half('S1'), half('S2')], BY)
    part = parts[0]!._id
    manager = await signedInAs('manager', { park: PARK })
    session = await buildSession({ mentor: await buildMentor(PARK) })
    taught = (await db('mentordays').findOne({ park: PARK }))!._id as Types.ObjectId
    await sendReminders()
  })

  it('finds nothing in what the product wrote', async () => {
    const { checks, findings } = await examine()
    expect(checks).to.be.greaterThan(25)
    expect(findings.filter(finding => finding.level === 'violation')).to.deep.equal([])
  })

  /** Sets a field behind the product's back. */
  async function set(collection: string, _id: unknown, fields: Record<string, unknown>) {
    const before = await db(collection).findOne({ _id: _id as never })
    await db(collection).updateOne({ _id: _id as never }, { $set: fields })
    return () => db(collection).replaceOne({ _id: _id as never }, before!)
  }

  const claim = () => ({
    _id: new Types.ObjectId(),
    kind: 'works',
    from: today(),
    to: addDays(today(), 10),
    expiresAt: null,
    of: null,
    label: 'a second claim',
  })

  const broken: Broken[] = [
    {
      what: 'a day of a unit claimed twice',
      damage: async () => {
        const before = await db('units').findOne({ _id: lease.unit._id })
        await db('units').updateOne({ _id: lease.unit._id }, { $push: { claims: claim() } as never })
        return () => db('units').replaceOne({ _id: lease.unit._id }, before!)
      },
      names: () => lease.unit._id,
    },
    { what: 'free ranges that don’t follow from the claims', damage: () => set('units', free._id, { gaps: [] }), names: () => free._id },
    { what: 'a unit whose floor isn’t there', damage: () => set('units', free._id, { floor: '99F' }), names: () => free._id },
    {
      what: 'a code that names two units',
      damage: () => set('units', free._id, { code: lease.unit.code, activeFrom: '2020-01-02' }),
      names: () => [free._id, lease.unit._id],
    },
    { what: 'parts that don’t add up to what was split', damage: () => set('units', part, { gross: 5_001 }), names: () => part },
    { what: 'a lease whose claim is gone', damage: () => set('units', lease.unit._id, { claims: [] }), names: () => lease.lease._id },
    {
      what: 'a lease that ends on another day than its claim',
      damage: () => set('leases', lease.lease._id, { end: addDays(today(), 41) }),
      names: () => lease.lease._id,
    },
    {
      what: 'a lease approved by who submitted it',
      damage: () => set('leases', lease.lease._id, { 'versions.0.decidedBy': BY.id }),
      names: () => lease.lease._id,
    },
    {
      what: 'a signed lease that nobody occupies',
      damage: () => set('leases', lease.lease._id, { occupied: [] }),
      names: () => lease.lease._id,
    },
    {
      what: 'a credit code that fails its check',
      damage: () => set('tenants', tenant._id, { creditCode: '91350100M000100Y4Z' }),
      names: () => tenant._id,
    },
    {
      what: 'a session that holds roles its user doesn’t have',
      damage: async () => {
        const _id = new Types.ObjectId(manager.userId)
        const rows = await db('memberships').find({ user: _id }).toArray()
        await db('memberships').deleteMany({ user: _id })
        return () => db('memberships').insertMany(rows)
      },
      names: () => manager.userId,
    },
    {
      what: 'a role in a park that isn’t there',
      damage: async () => set('memberships', (await Membership.findOne({ park: PARK }).orFail())._id, { park: 'nowhere' }),
      names: async () => null,
    },
    {
      what: 'an address in capitals',
      damage: async () => set('users', (await User.findOne({ email: /^admin/ }).orFail())._id, { email: 'ADMIN@EXAMPLE.COM' }),
      names: async () => null,
    },
    {
      what: 'a unit the search box can’t find',
      damage: async () => {
        const row = await db('search').findOne({ ref: free._id })
        await db('search').deleteOne({ ref: free._id })
        return () => db('search').insertOne(row!)
      },
      names: () => free._id,
    },
    {
      what: 'slots of a mentor at the same time',
      damage: async () => {
        const { slots } = (await db('mentordays').findOne({ _id: taught }))!
        return set('mentordays', taught, { slots: [...slots, { ...slots[0], _id: new Types.ObjectId(), session: null }] })
      },
      names: () => taught,
    },
    {
      what: 'a session that doesn’t hold its slot',
      damage: () => set('mentordays', taught, { 'slots.0.session': null }),
      names: () => session._id,
    },
    {
      what: 'a team with more open bookings than it may',
      damage: () => set('mentoringsessions', session._id, { 'terms.cap': 0 }),
      names: async () => (await db('mentoringteams').findOne({ park: PARK }))!._id,
    },
    {
      what: 'a note for nobody knows whom',
      damage: () => set('mentoringsessions', session._id, { notes: [{ text: 'x', audience: 'all', at: new Date() }] }),
      names: () => session._id,
    },
    {
      what: 'a file’s chunks without the file',
      damage: async () => {
        const _id = OLD()
        await db('files.chunks').insertOne({
          _id: OLD(),
          files_id: _id,
          n: 0,
          data: Buffer.from('x'),
        })
        return () => db('files.chunks').deleteMany({ files_id: _id })
      },
      names: async () => null,
    },
  ]

  for (const { what, damage, names } of broken) {
    it(`names ${what}`, async () => {
      const mend = await damage()
      const { findings } = await examine()
      await mend()
      const id = await names()
      const wanted = (Array.isArray(id) ? id : [id]).filter(Boolean).map(String)
      // Who approved is a note: the park may have allowed it then. All else is a violation.
      if (!wanted.length) expect(findings.some(finding => finding.level === 'violation')).to.equal(true)
      else expect(findings.some(finding => wanted.includes(String(finding.subject?.id)))).to.equal(true)
      expect((await examine()).findings.filter(finding => finding.level === 'violation')).to.deep.equal([])
    })
  }

  const doctor = () =>
    spawnSync(process.execPath, ['--import', 'tsx', 'src/db/doctor.ts', '--json'], {
      cwd: join(import.meta.dirname, '..'),
      env: { ...process.env, MONGODB_URI: uri() },
      encoding: 'utf8',
    })

  it('ends with 0 when all is well, with 1 when anything is broken', async () => {
    const well = doctor()
    expect(well.status, well.stdout + well.stderr).to.equal(0)
    const mend = await set('units', free._id, { gaps: [] })
    const ill = doctor()
    await mend()
    expect(ill.status).to.equal(1)
    expect(JSON.parse(ill.stdout).findings.map((finding: { subject: { id: string } }) => finding.subject.id)).to.include(String(free._id))
  })
})
