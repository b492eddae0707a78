import { expect } from 'chai'
import { Charge } from '../../src/billing/charge.ts'
import { setClock } from '../../src/lib/clock.ts'
import { startOfDay } from '../../src/lib/days.ts'
import { lastDay } from '../../src/lib/months.ts'
import { Notification } from '../../src/notifications/notification.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { editTerms, endAgreement, makeAgreement } from '../../src/trusteeship/agree.ts'
import { Agreement, agreementPath, roundPath } from '../../src/trusteeship/agreement.ts'
import { addPapers, addReports, refusePaper, sayNone } from '../../src/trusteeship/papers.ts'
import { Reminded, remindOfPapers } from '../../src/trusteeship/reminders.ts'
import { Round } from '../../src/trusteeship/round.ts'
import { editRules, rulesOf } from '../../src/trusteeship/rules.ts'
import { takeBack, takeStep } from '../../src/trusteeship/steps.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildTenant, buildUser, OTHER } from '../setup/factories.ts'
import { type Running, startServer } from '../setup/processes.ts'
import {
  ago,
  BANK,
  buildAgreement,
  expectSoundBooks,
  PDF,
  parkOf,
  pdf,
  refusal,
  roundOf,
  standingCharges,
  walkTo,
  wishFor,
} from '../setup/trusteeship.ts'
import { Visitor } from '../setup/visitor.ts'

const times = <T>(count: number, make: (i: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => make(i)))
const done = (words: string[]): number => words.filter(word => word === 'done').length

describe('trusteeship, many at once', () => {
  useDatabase()

  it('makes one agreement of eight for one tenant, and all of those that don’t meet', async () => {
    const park = (await buildPark())._id
    const tenant = (await buildTenant(park))._id
    const staff = (await buildUser('finance', { park }))._id
    const wish = await wishFor(park, { tenant, staff })
    expect(done(await times(8, () => refusal(makeAgreement(park, wish, BY))))).to.equal(1)
    const apart = await times(4, i => refusal(makeAgreement(park, { ...wish, from: `2020-0${i + 1}`, end: `2020-0${i + 1}` }, BY)))
    expect(done(apart)).to.equal(4)
    expect(new Set((await Agreement.find({ park }).lean()).map(one => one.number)).size).to.equal(5)
    await expectSoundBooks(park)
  })

  it('takes a step once, however many press it, and charges a closed month once', async () => {
    const agreement = await buildAgreement()
    const park = await parkOf(agreement.park)
    const ref = { agreement: agreement._id, month: ago(3) }
    await walkTo(agreement, ago(3), 'received')
    for (const step of ['booked', 'filed'] as const)
      expect(done(await times(6, i => refusal(takeStep(park, ref, step, i % 2 ? BY : OTHER))))).to.equal(1)
    await takeBack(park, ref, 'filed', 'Again', BY)
    await takeBack(park, ref, 'booked', 'Again', BY)
    await takeBack(park, ref, 'received', 'Again', BY)
    await walkTo(agreement, ago(3), 'filed')
    await addReports(park, ref, 'balance', [await pdf(park._id)], BY)
    expect(done(await times(6, () => refusal(takeStep(park, ref, 'reported', BY))))).to.equal(1)
    expect(await Charge.countDocuments({ park: park._id })).to.equal(1)
    expect(done(await times(6, () => refusal(takeBack(park, ref, 'reported', 'Wrong', BY))))).to.equal(1)
    expect(await standingCharges(agreement)).to.deep.equal({})
    await expectSoundBooks(park._id)
  })

  it('keeps every upload of a month nobody has touched, in one round', async () => {
    const agreement = await buildAgreement()
    const park = await parkOf(agreement.park)
    const ref = { agreement: agreement._id, month: ago(2) }
    const files = await times(6, i => pdf(park._id, `paper ${i}.pdf`))
    expect(done(await times(6, i => refusal(addPapers(park, ref, 'bank', [files[i]!], BY, false))))).to.equal(6)
    expect(await Round.countDocuments({ park: park._id })).to.equal(1)
    expect((await roundOf(agreement, ago(2))).papers).to.have.length(6)
    await expectSoundBooks(park._id)
  })

  it('never receives what is being refused, withdrawn, ended or agreed otherwise', async () => {
    for (let turn = 0; turn < 6; turn++) {
      const agreement = await buildAgreement()
      const park = await parkOf(agreement.park)
      const ref = { agreement: agreement._id, month: ago(3) }
      const later = { agreement: agreement._id, month: ago(1) }
      await addPapers(park, ref, 'bank', [await pdf(park._id)], BY, false)
      const [item] = (await roundOf(agreement, ago(3))).papers
      const terms = {
        from: ago(3),
        taxpayer: 'small' as const,
        fee: 1,
        papers: [BANK, { ...BANK, key: 'payroll', kind: 'payroll' as const }],
      }
      await Promise.all([
        refusal(takeStep(park, ref, 'received', BY)),
        refusal(refusePaper(park, ref, item!._id, 'Not readable', OTHER)),
        refusal(editTerms(park._id, agreement._id, 0, terms, OTHER)),
        refusal(sayNone(park, later, 'bank', BY, false)),
        refusal(endAgreement(park._id, agreement._id, 0, ago(2), OTHER)),
      ])
      await expectSoundBooks(park._id, `turn ${turn}`)
    }
  })

  it('keeps one of the due dates that are saved at once', async () => {
    const park = (await buildPark())._id
    const save = (papers: number) => editRules(park, 0, { papers, booked: 9, reported: 3, remind: 2, filing: [] }, BY)
    const words = await times(5, i => refusal(save(i + 1)))
    expect([done(words), words.filter(word => word === 'stale').length]).to.deep.equal([1, 4])
    expect((await rulesOf(park)).version).to.equal(1)
  })

  it('reminds once before papers are due, once when they are late, and of a late return', async () => {
    const agreement = await buildAgreement({ from: '2026-09' })
    const { park, tenant, staff } = agreement
    await Mail.deleteMany({})
    const owner = await buildUser('owner', { park, tenant })
    const on = async (day: string) => {
      setClock(new Date(startOfDay(day, 'Asia/Shanghai').getTime() + 8 * 3_600_000))
      await times(3, remindOfPapers)
      return (await Notification.find({ park }).sort({ at: 1, _id: 1 }).lean()).map(one => `${one.key} ${one.user.equals(owner._id)}`)
    }
    await Notification.deleteMany({ park })
    expect(await on('2026-10-09')).to.deep.equal([])
    expect(await on('2026-10-10'), 'two working days are left').to.deep.equal(['trustee.papersDue true'])
    expect(await on('2026-10-13')).to.have.length(1)
    expect(await on('2026-10-14')).to.deep.equal(['trustee.papersDue true', 'trustee.papersLate true'])
    expect((await on('2026-10-16')).slice(2)).to.deep.equal(['trustee.filing false'])
    expect(await on('2026-10-17')).to.have.length(3)
    expect(await Reminded.countDocuments({ park })).to.equal(3)
    const mails = await Mail.find({ path: new RegExp(`^/parks/${park}/`) }).lean()
    expect(mails).to.have.length(3)
    expect(mails[0]!.params).to.include({ month: '2026-09', due: '2026-10-13', missing: 1 })
    expect((await Notification.findOne({ park, key: 'trustee.filing' }).orFail().lean()).user.equals(staff)).to.equal(true)
  })
})

describe('trusteeship, from two server processes', function () {
  this.timeout(180_000)
  const uri = useDatabase()
  const servers: Running[] = []
  before(async () => {
    servers.push(await startServer(uri()), await startServer(uri()))
  })
  after(() => Promise.all(servers.map(server => server.stop())))

  it('makes one agreement, takes a step once, and uploads a form of two tabs once', async () => {
    const park = (await buildPark())._id
    const tenant = await buildTenant(park)
    const at = (i: number) => new Visitor(servers[i % 2]!.url)
    const staff = await Promise.all([0, 1, 2, 3].map(i => signedInAs('finance', { park }, at(i))))
    for (const one of staff) await one.token()
    const fields = {
      tenant: String(tenant._id),
      staff: staff[0]!.userId,
      from: ago(2),
      fee: '200',
      taxpayer: 'small',
      ...Object.fromEntries(
        ['bank', 'sales', 'purchase', 'payroll'].map(kind => [`papers[${kind}]`, kind === 'bank' ? 'required' : 'none']),
      ),
    }
    const made = await Promise.all(staff.map(one => one.post(`/parks/${park}/trusteeship`, fields)))
    expect(made.map(answer => answer.status).sort()).to.deep.equal([303, 409, 409, 409])
    const agreement = (await Agreement.findOne({ park }).orFail().lean()) as Agreement
    expect(made.find(answer => answer.status === 303)!.headers['location']).to.equal(agreementPath(agreement))

    const here = roundPath(agreement, ago(2))
    const owners = await Promise.all([0, 1].map(i => signedInAs('owner', { park, tenant: tenant._id }, at(i))))
    const file = [{ field: 'papers', data: PDF, name: 'bank.pdf' }]
    const sent = await Promise.all([0, 1, 0, 1].map(i => owners[i]!.upload(`${here}/papers/bank`, { _key: `two-tabs-${i}-of-one` }, file)))
    expect(sent.map(answer => answer.status)).to.deep.equal([303, 303, 303, 303])
    expect((await roundOf(agreement, ago(2))).papers).to.have.length(2)
    const pressed = await Promise.all([...owners, ...staff].map(one => one.post(`${here}/receipt`)))
    expect(pressed.map(answer => answer.status).sort()).to.deep.equal([303, 409, 409, 409, 409, 409])
    const booked = await Promise.all(staff.map(one => one.post(`${here}/booking`)))
    expect(booked.map(answer => answer.status).sort()).to.deep.equal([303, 409, 409, 409])
    expect(lastDay(ago(2)) < (await roundOf(agreement, ago(2))).log[0]!.on).to.equal(true)
    await expectSoundBooks(park)
  })
})
