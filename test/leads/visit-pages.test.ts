import { expect } from 'chai'
import ICAL from 'ical.js'
import { Types } from 'mongoose'
import { grantRole, revokeRole } from '../../src/accounts/memberships.ts'
import { Membership } from '../../src/accounts/user.ts'
import { LeadEntry } from '../../src/leads/entry.ts'
import { Visit } from '../../src/leads/visit.ts'
import { cancelVisit, moveVisit } from '../../src/leads/visits.ts'
import { addDays, addMonths, today, weekday } from '../../src/lib/days.ts'
import { signedInAs, visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildPark, buildTenant, buildUnit, inDays, newId } from '../setup/factories.ts'
import { buildLead, leadNow, parkNow } from '../setup/leads.ts'
import { buildVisit, visitFacts, visitNow } from '../setup/visits.ts'

describe('pages of visits', function () {
  this.timeout(60_000)
  useDatabase()

  async function scene() {
    const park = (await buildPark())._id
    const manager = await signedInAs('manager', { park })
    const { lead, owner } = await buildLead(park, {
      contacts: [{ name: 'Ms Li', title: null, phone: '13900000001', email: 'li@example.org' }],
    })
    return { park, manager, lead, owner: owner!, base: `/parks/${park}/leads` }
  }

  it('plans a visit of the units an address names, shows, changes and calls it off', async () => {
    const { park, manager, lead, owner, base } = await scene()
    const [free, taken] = [await buildUnit({ park, code: '301' }), await buildUnit({ park, code: '302' })]
    await buildLease({ unit: taken, tenant: await buildTenant(park, 'Tenant <i>inside</i>') })
    const form = await manager.get(`${base}/${lead._id}/visits/new?unit=${taken._id}&unit=${free._id}&unit=nonsense`)
    expect(form.status).to.equal(200)
    const chosen = [...form.text.matchAll(/<option value="(\w+)" selected>30/g)].map(match => match[1])
    expect(chosen).to.deep.equal([String(taken._id), String(free._id)])
    expect(form.text).to.include('value="Ms Li"').and.include('value="li@example.org"')
    const fields = {
      ...{ day: inDays(0), from: '00:00', to: '24:00', host: String(owner._id), place: 'The lobby', note: 'Key at the desk' },
      ...{ units: [String(taken._id), '', String(free._id)], 'guests[0][name]': 'Ms Li', 'guests[0][email]': 'li@example.org' },
    }
    const bad = await manager.post(`${base}/${lead._id}/visits`, { ...fields, from: '25:00', 'guests[1][email]': 'nobody' })
    expect([bad.status, bad.text.includes('The lobby'), bad.text.includes('value="25:00"')]).to.deep.equal([422, true, true])
    const made = await manager.post(`${base}/${lead._id}/visits`, fields)
    expect(made.status).to.equal(303)
    const page = made.headers['location']!
    const shown = await manager.get(page)
    expect(shown.text)
      .to.include('Tenant &lt;i&gt;inside&lt;/i&gt;')
      .and.include('/buildings/a/floors/1F?on=')
      .and.include('Key at the desk')
    const visit = (await Visit.findOne({ park, lead: lead._id }).lean().orFail()) as Visit
    const order = [String(free._id), String(taken._id)]
    const edited = await manager.post(`${page}/edit`, { ...fields, units: order, from: '09:00', to: '10:00', version: 0 })
    expect(edited.status).to.equal(303)
    expect((await visitNow(visit)).units.map(one => String(one.unit))).to.deep.equal(order)
    const stale = await manager.post(`${page}/edit`, { ...fields, units: [], place: 'Mine', version: 0 })
    expect([stale.status, stale.text.includes('value="Mine"'), stale.text.includes('301, 302')]).to.deep.equal([409, true, true])
    expect((await manager.post(`${page}/cancellation`, { version: 1 })).status, 'why?').to.equal(422)
    expect((await manager.post(`${page}/cancellation`, { version: 1, reason: 'Heavy <snow>' })).status).to.equal(303)
    expect((await manager.get(page)).text)
      .to.include('Heavy &lt;snow&gt;')
      .and.not.include('/walk"')
    expect((await manager.get(`${base}/${lead._id}`)).text).to.include(page)
  })

  it('offers the visit for a calendar, and shows it in the host’s own feed as long as they see leads', async () => {
    const { park, lead, base } = await scene()
    const host = await signedInAs('promotion', { park })
    const visit = await buildVisit(lead, { host: new Types.ObjectId(host.userId) })
    const other = await buildVisit(lead)
    const uids = (text: string) =>
      new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').map(event => new ICAL.Event(event).uid)
    const file = await host.get(`${base}/visits/${visit._id}/calendar.ics`)
    expect([file.status, file.headers['content-type']]).to.deep.equal([200, 'text/calendar; charset=utf-8'])
    expect(uids(file.text)).to.deep.equal([`visit-${visit._id}@zhigu`])
    const feeds = `/parks/${park}/bookings/feeds`
    expect((await host.post(feeds, { kind: 'person', ref: host.userId })).status).to.equal(303)
    const address = /\/feeds\/[\w~-]+\.ics/.exec((await host.get(feeds)).text)![0]
    const read = async () => (await visitor().get(address)).text
    expect(uids(await read())).to.deep.equal([`visit-${visit._id}@zhigu`])
    await moveVisit(await parkNow(park), other._id, 0, visitFacts(other.host, { companions: [visit.host] }), BY)
    expect(uids(await read())).to.have.length(2)
    // Another role in the same park, and the visits are gone.
    await grantRole(visit.host, { role: 'finance', park }, BY)
    const membership = await Membership.findOne({ user: visit.host, role: 'promotion' }).lean().orFail()
    await revokeRole(park, membership._id, BY)
    expect(uids(await read())).to.deep.equal([])
  })

  it('lets the host walk with a phone: taps are kept, the outcome asks for the next step', async () => {
    const { park, lead, base } = await scene()
    const host = await signedInAs('promotion', { park })
    const stranger = await signedInAs('promotion', { park })
    const unit = await buildUnit({ park })
    const visit = await buildVisit(lead, { day: inDays(0), units: [unit._id], host: new Types.ObjectId(host.userId) })
    const at = `${base}/visits/${visit._id}`
    for (const path of ['/walk', '/edit', '/outcome']) expect((await stranger.get(`${at}${path}`)).status, path).to.equal(403)
    expect((await stranger.get(at)).text).to.not.include('/cancellation')
    expect((await host.get(`${at}/walk`)).text).to.include('value="yes"')
    const tap = await host.post(`${at}/units/${unit._id}`, { liked: 'no', why: 'Too <dark>' })
    expect([tap.status, tap.headers['location']]).to.deep.equal([303, `${at}/walk#unit-${unit._id}`])
    expect((await host.get(`${at}/walk`)).text).to.include('Too &lt;dark&gt;')
    expect((await host.post(`${at}/units/${newId()}`, { liked: 'no' })).status).to.equal(404)
    expect((await stranger.post(`${at}/units/${unit._id}`, { liked: 'yes' })).status).to.equal(403)
    const rows = { 'units[0][unit]': String(unit._id), 'units[0][liked]': 'yes', 'units[0][why]': 'After all' }
    const bare = await host.post(`${at}/outcome`, { version: 1, state: 'done', text: 'Good', ...rows })
    expect([bare.status, bare.text.includes('After all')]).to.deep.equal([422, true])
    const done = { version: 1, state: 'done', text: 'Good', next: 'Call', nextOn: inDays(3), ...rows }
    expect((await host.post(`${at}/outcome`, done)).status).to.equal(303)
    expect(await leadNow(lead)).to.deep.include({ stage: 'viewing', next: { what: 'Call', on: inDays(3) } })
    expect((await visitNow(visit)).units[0]).to.deep.include({ liked: true, why: 'After all' })
    expect((await host.get(at)).text).to.include('After all')
    const lines = await LeadEntry.find({ park, lead: lead._id, kind: 'visit' }).sort({ _id: 1 }).lean()
    expect(lines.map(line => line.params['what'])).to.deep.equal(['planned', 'done'])
    expect((await host.get(`${base}/${lead._id}`)).text).to.include(unit.code)
  })

  it('shows week, day, month and list, by host and state, and exports what it shows', async () => {
    const { park, manager, lead, owner, base } = await scene()
    const on = inDays(0)
    const mine = await buildVisit(lead, { day: on, host: new Types.ObjectId(manager.userId), from: 800, to: 830 })
    const theirs = await buildVisit(lead, { day: on })
    const off = await buildVisit(lead, { day: on, from: 900, to: 930 })
    await cancelVisit(await parkNow(park), off._id, 0, 'No', BY)
    const far = await buildVisit(lead, { day: addDays(on, 60) })
    const shows = async (query: string) => {
      const page = await manager.get(`${base}/visits${query}`)
      expect(page.status, query).to.equal(200)
      return [mine, theirs, off, far].map(one => page.text.includes(`/leads/visits/${one._id}"`))
    }
    expect(await shows('')).to.deep.equal([true, true, true, false])
    expect(await shows(`?view=day&on=${on}`)).to.deep.equal([true, true, true, false])
    expect(await shows('?view=list')).to.deep.equal([true, true, true, true])
    expect(await shows('?view=month')).to.deep.equal([true, true, false, false])
    expect(await shows('?host=me')).to.deep.equal([true, false, false, false])
    expect(await shows(`?host=${owner._id}&state=planned`)).to.deep.equal([false, true, false, false])
    expect(await shows(`?on=${addDays(on, 60)}`)).to.deep.equal([false, false, false, true])
    expect(await shows('?view=nonsense&on=2026-02-30&host=x&state[$ne]=1')).to.deep.equal([true, true, true, false])
    const csv = await manager.get(`${base}/visits?host=me&format=csv`)
    expect(csv.text.trim().split('\n')).to.have.length(2)
    expect((await manager.bytes(`${base}/visits?view=list&format=xlsx`)).status).to.equal(200)
    expect((await manager.get(`/parks/${park}/desk`)).text)
      .to.include(`/leads/visits/${theirs._id}`)
      .and.not.include(`/leads/visits/${off._id}`)
    const month = (await manager.get(`${base}/visits?view=month`)).text
    const first = addDays(`${today().slice(0, 8)}01`, 1 - weekday(`${today().slice(0, 8)}01`))
    expect(month).to.include(`on=${first}`)
    expect(month).to.include(`on=${addMonths(`${today().slice(0, 8)}01`, 1)}`)
  })

  it('answers with 404 for what isn’t there or is another park’s', async () => {
    const { park, manager, base, lead } = await scene()
    const away = await buildPark()
    const other = await buildLead(away._id)
    const visit = await buildVisit(other.lead)
    for (const path of [
      `visits/${visit._id}`,
      `visits/${newId()}`,
      `visits/${visit._id}/calendar.ics`,
      `${other.lead._id}/visits/new`,
      `${other.lead._id}/files`,
    ])
      expect((await manager.get(`${base}/${path}`)).status, path).to.equal(404)
    expect((await manager.post(`${base}/visits/${visit._id}/cancellation`, { version: 0, reason: 'x' })).status).to.equal(404)
    const foreign = { day: inDays(1), from: '10:00', to: '11:00', host: String(visit.host) }
    expect((await manager.post(`${base}/${lead._id}/visits`, foreign)).status, 'a host of another park').to.equal(422)
    expect(await Visit.countDocuments({ park })).to.equal(0)
  })
})
