import { expect } from 'chai'
import { eraseApplications } from '../src/applications/erase.ts'
import { remindOfEvents } from '../src/events/reminders.ts'
import { NO_WISH } from '../src/leads/lead.ts'
import { bestMatches } from '../src/leads/match-read.ts'
import { suggestUnits } from '../src/leases/suggest.ts'
import { addDays, today } from '../src/lib/days.ts'
import { Unit } from '../src/spaces/unit.ts'
import { signedInAs } from './setup/app.ts'
import { registrationService, submitted } from './setup/applications.ts'
import { buildListing, noticeFor } from './setup/club.ts'
import { useDatabase } from './setup/database.ts'
import { buildEvent, joinEvent } from './setup/events.ts'
import { buildLease, buildPark, buildTenant, buildUnit, inDays } from './setup/factories.ts'
import { buildLead } from './setup/leads.ts'
import { buildMentor, buildSession, buildSlot, teamOf } from './setup/mentoring.ts'
import { commandsOf, nameOf, of, scans } from './setup/profiler.ts'
import { ago, buildAgreement, walkTo } from './setup/trusteeship.ts'

const OWN = 12
const STRANGERS = 40

describe('hot queries', function () {
  this.timeout(120_000)
  useDatabase()

  async function world() {
    const park = (await buildPark())._id
    const other = (await buildPark())._id
    for (let i = 0; i < STRANGERS; i++) await buildUnit({ park: other, code: `S${i}` })
    const units: Unit[] = []
    for (let i = 0; i < OWN; i++) units.push(await buildUnit({ park, code: `${100 + i}`, building: i % 2 ? 'b' : 'a' }))
    const tenant = await buildTenant(park, 'Explained 示例')
    const { lease } = await buildLease({ unit: units[0]!, tenant, from: today(), to: inDays(60) })
    await buildLease({ unit: units[1]!, tenant, from: inDays(-60), to: inDays(-1) })
    const agreement = await buildAgreement({ park, tenant: tenant._id })
    await walkTo(agreement, ago(3), 'reported')
    return { park, units, tenant, lease, agreement, root: `/parks/${park}`, manager: await signedInAs('manager', { park }) }
  }

  it('sees a collection scan where there is one: the check itself', async () => {
    await world()
    const commands = await commandsOf(() => Unit.collection.find({ note: 'nowhere' }).toArray())
    expect(commands.filter(scans)).to.have.length(1)
  })

  it('reads pages by an index, and never the records of other parks', async () => {
    const { root, units, lease, tenant, agreement, manager } = await world()
    const pages = [
      `${root}/buildings/a`,
      `${root}/buildings/a?on=${addDays(today(), 400)}&view=table&state=vacant&area=50`,
      `${root}/buildings/a/floors/1F`,
      `${root}/units`,
      `${root}/units?q=10&building=a&floor=1F&state=let&area=10`,
      `${root}/units/${units[0]!._id}`,
      `${root}/leases`,
      `${root}/leases?status=active&q=Expl&from=${today()}&sort=-end`,
      `${root}/leases?status=expiring`,
      `${root}/leases?status=holding&sort=area`,
      `${root}/leases?expiring=90`,
      `${root}/leases/${lease._id}`,
      `${root}/tenants`,
      `${root}/tenants?q=expl`,
      `${root}/tenants/${tenant._id}`,
      `${root}/search?q=expl`,
      `${root}/desk`,
      `${root}/trusteeship`,
      `${root}/trusteeship?late=1&on=${inDays(-30)}`,
      `${root}/trusteeship/${agreement._id}`,
      `${root}/trusteeship/${agreement._id}/${ago(3)}`,
    ]
    for (const page of pages) {
      // The first visit may do what later ones needn't.
      expect((await manager.get(page)).status, page).to.equal(200)
      const commands = await commandsOf(() => manager.get(page).expect(200))
      expect(commands, page).to.not.have.length(0)
      expect(commands.filter(scans).map(nameOf), page).to.deep.equal([])
      for (const one of of(commands, 'units')) expect(one.docsExamined ?? 0, `${page} ${nameOf(one)}`).to.be.at.most(OWN)
    }
  })

  it('reads the plan of a building by park and building', async () => {
    const { root, manager } = await world()
    const [read] = of(await commandsOf(() => manager.get(`${root}/buildings/a`).expect(200)), 'units')
    expect(read!.planSummary).to.match(/IXSCAN \{ park: 1, building: 1/)
    expect(read!.docsExamined).to.equal(OWN / 2)
  })

  it('claims, ends and releases by an index: holds, and the units free for a wish', async () => {
    const { park, root, units, manager } = await world()
    const here = `${root}/units/${units[4]!._id}`
    const commands = await commandsOf(async () => {
      const answer = await manager.post(`${here}/holds`, { from: today(), label: 'A company', keptUntil: inDays(9) })
      expect(answer.status).to.equal(303)
      const release = /action="([^"]+\/release)"/.exec((await manager.get(here)).text)![1]!
      expect((await manager.post(release)).status).to.equal(303)
    })
    expect(commands.some(one => one.op === 'update' && one.ns.endsWith('.units'))).to.equal(true)
    expect(commands.filter(scans).map(nameOf)).to.deep.equal([])
    const wish = await commandsOf(() => suggestUnits(park, { from: inDays(10), to: inDays(300) }))
    expect(wish).to.have.length(1)
    expect(wish[0]!.planSummary).to.match(/IXSCAN \{ park: 1/)
    expect(wish[0]!.docsExamined).to.be.at.most(OWN)
  })

  it('matches units to a lead by an index on free ranges', async () => {
    const { park, root, manager } = await world()
    const { lead } = await buildLead(park, { wish: { ...NO_WISH, areaFrom: 5000, areaTo: 20_000, from: inDays(10), months: 6 } })
    const best = of(await commandsOf(() => bestMatches({ _id: park, zone: 'Asia/Shanghai' }, lead, 3)), 'units')
    expect(best).to.have.length(2)
    for (const one of best) {
      expect(one.planSummary).to.match(/IXSCAN \{ park: 1/)
      expect(one.docsExamined).to.be.at.most(OWN)
    }
    const here = `${root}/leads/${lead._id}`
    for (const page of ['/matches', '/matches?show=not', '/matches?areaFrom=900', '/matches/plan?building=b', '/compare']) {
      expect((await manager.get(here + page)).status, page).to.equal(200)
      const commands = await commandsOf(() => manager.get(here + page).expect(200))
      expect(commands.filter(scans).map(nameOf), page).to.deep.equal([])
      for (const one of of(commands, 'units')) expect(one.docsExamined ?? 0, `${page} ${nameOf(one)}`).to.be.at.most(OWN)
    }
  })

  it('submits a lease by an index', async () => {
    const { units, tenant } = await world()
    const commands = await commandsOf(() => buildLease({ unit: units[6]!, tenant, from: inDays(1), to: inDays(90), stage: 'signed' }))
    expect(of(commands, 'units').length).to.be.greaterThan(0)
    expect(commands.filter(scans).map(nameOf)).to.deep.equal([])
  })

  it('finds slots, sessions and follow-up actions by an index, and books by one', async () => {
    const { park, tenant, root, manager } = await world()
    const mentor = await buildMentor(park)
    const session = await buildSession({ mentor, team: await teamOf(park, tenant._id) })
    const owner = await signedInAs('owner', { park, tenant: tenant._id })
    const slot = await buildSlot(mentor, { from: 600, to: 660 })
    const own = [
      `${root}/mentoring`,
      `${root}/mentoring/sessions`,
      `${root}/mentoring/sessions/${session._id}`,
      `${root}/mentoring/actions`,
    ]
    const commands = await commandsOf(async () => {
      for (const page of [...own, `${root}/mentoring/sessions?tab=all&status=held&q=x`, `${root}/reports/mentoring`, `${root}/mentors`])
        expect((await manager.get(page)).status, page).to.equal(200)
      for (const page of own) expect((await owner.get(page)).status, page).to.equal(200)
      expect((await owner.post(`${root}/mentoring/slots/${slot._id}/booking`, { topic: 'A topic' })).status).to.equal(303)
    })
    expect(of(commands, 'mentordays').some(one => one.op === 'update')).to.equal(true)
    expect(commands.filter(scans).map(nameOf)).to.deep.equal([])
  })

  it('finds events, their people and their report by an index, and takes places by one', async () => {
    const { park, root, manager } = await world()
    const event = await buildEvent({ park, capacity: 2 })
    const { attendee, token } = await joinEvent(event)
    await joinEvent(event)
    const programme = `${root}/programme/${event.code}`
    const pages = [
      `${root}/events`,
      `${root}/events/${event.code}`,
      `${root}/attendance`,
      `${root}/attendance/${token}`,
      `${root}/certificates?number=A-2026-0001&code=ABCDEFGHJKMN`,
      `${root}/programme?tab=all&q=x&kind=training`,
      ...['', '/attendees?q=x&came=yes', `/attendees/${attendee._id}`, '/check-in?q=1234', '/sheet'].map(page => programme + page),
      `${root}/programme/pass/${attendee.pass}`,
      `${root}/reports/events`,
    ]
    const person = { name: 'One more', phone: '13900001234', email: 'more@example.com', consent: 'on' }
    const commands = await commandsOf(async () => {
      for (const page of pages) expect((await manager.get(page)).status, page).to.equal(200)
      expect((await manager.post(`${root}/events/${event.code}/attendees`, person)).status).to.equal(303)
      expect((await manager.post(`${root}/attendance/${token}/cancellation`)).status).to.equal(303)
      await remindOfEvents()
    })
    expect(of(commands, 'events').some(one => one.op === 'update')).to.equal(true)
    // The job goes through all parks; the limiter of open forms is no record of the product.
    const own = commands.filter(one => !/\.(parks|ratelimits)$/.test(one.ns))
    expect(own.filter(scans).map(nameOf)).to.deep.equal([])
  })

  it('finds a draft, what it may choose and its papers by an index', async () => {
    const { park } = await world()
    const { code } = await registrationService(park)
    const applicant = await signedInAs('applicant')
    const root = `/parks/${park}/applications`
    const commands = await commandsOf(async () => {
      const begun = await applicant.post(root, { service: code })
      const draft = begun.headers['location']!.replace(/\/tasks$/, '')
      const pages = [
        `${root}/new?service=${code}`,
        ...['tasks', 'tasks/address', 'tasks/documents', 'check'].map(page => `${draft}/${page}`),
      ]
      for (const page of pages) expect((await applicant.get(page)).status, page).to.equal(200)
      expect((await applicant.post(`${draft}/tasks/class`, { version: 0, status: 'no' })).status).to.equal(303)
      expect((await applicant.post(`${draft}/discard`)).status).to.equal(303)
    })
    expect(of(commands, 'applications').some(one => one.op === 'update' || one.op === 'command')).to.equal(true)
    expect(commands.filter(scans).map(nameOf)).to.deep.equal([])
  })

  it('finds work, an application and its report by an index, and goes on by one', async () => {
    const { park, root, manager } = await world()
    await registrationService(park, {}, 'to-found')
    await signedInAs('reception', { park })
    const { application } = await submitted(park, 'to-found')
    const here = `${root}/applications/${application._id}`
    const tabs = ['mine', 'late', 'waiting', 'open', 'ended'].map(tab => `${root}/applications?tab=${tab}`)
    const filtered = `${root}/applications?q=a&service=to-found&owner=${application.owner}&from=${today()}&sort=-due`
    const pages = [...tabs, filtered, here, `${root}/applications/hand-over`, `${root}/reports/applications?service=to-found`]
    const commands = await commandsOf(async () => {
      for (const page of pages) expect((await manager.get(page)).status, page).to.equal(200)
      expect((await manager.post(`${here}/hand-over`, { version: String(application.version), to: manager.userId })).status).to.equal(303)
      expect((await manager.post(`${here}/ask`, { version: String(application.version + 1), ask: 'More' })).status).to.equal(303)
      await eraseApplications()
    })
    // The job goes through all parks.
    const owned = commands.filter(one => !/\.parks$/.test(one.ns))
    expect(owned.filter(scans).map(nameOf)).to.deep.equal([])
  })

  it('finds notices, their readers and the directory by an index, and publishes, reads and reminds by one', async () => {
    const { park, tenant, root, manager } = await world()
    const owner = await signedInAs('owner', { park, tenant: tenant._id })
    await signedInAs('member', { park, tenant: tenant._id })
    const notice = await noticeFor(park, tenant._id)
    const listing = await buildListing(park, { tenant: tenant._id })
    const here = `${root}/notices/${notice._id}`
    const own = [`${root}/notices`, `${root}/notices?tab=past&q=x`, here, `${root}/directory?q=expl&sort=newest`, `${root}/desk`]
    const staff = [`${root}/notices`, `${root}/notices?tab=draft`, here, `${here}/readers?read=unread`, `${root}/directory?hidden=1`]
    const commands = await commandsOf(async () => {
      for (const page of [...own, `${root}/directory/${listing._id}`]) expect((await owner.get(page)).status, page).to.equal(200)
      for (const page of staff) expect((await manager.get(page)).status, page).to.equal(200)
      expect((await manager.post(`${here}/reminder`)).status).to.equal(303)
      await noticeFor(park, tenant._id)
    })
    expect(of(commands, 'noticereads').some(one => one.op === 'update')).to.equal(true)
    expect(commands.filter(scans).map(nameOf)).to.deep.equal([])
  })
})
