import { expect } from 'chai'
import { recordHandover } from '../../src/leases/handover.ts'
import { addMonths, today } from '../../src/lib/days.ts'
import { Building } from '../../src/spaces/building.ts'
import { claimUnit } from '../../src/spaces/claims.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildPark, buildTenant, buildUnit, inDays } from '../setup/factories.ts'
import { buildLet, deskOf, figure, handover } from './reading.ts'

const percent = (share: number): string => new Intl.NumberFormat('zh-CN', { style: 'percent', maximumFractionDigits: 1 }).format(share)

describe('the desk', () => {
  useDatabase()

  it('shows figures that equal those counted by hand, each leading to its list', async () => {
    const park = (await buildPark('counted'))._id
    const manager = await signedInAs('manager', { park })
    const areas = {
      long: 12_345,
      soon: 8_000,
      over: 5_555,
      own: 30_000,
      vacant: 7_001,
      held: 2_000,
      review: 4_000,
      later: 50_000,
      ended: 3_000,
    }
    await buildLet(park, { from: inDays(-100), to: inDays(300), gross: areas.long })
    await buildLet(park, { from: inDays(-300), to: inDays(90), gross: areas.soon })
    await buildLet(park, { from: inDays(-400), to: inDays(-1), gross: areas.over })
    const ended = await buildLet(park, { from: inDays(-400), to: inDays(-20), gross: areas.ended })
    await recordHandover(park, ended.lease._id, handover(ended.unit._id, 'out', inDays(-20)), BY)
    const own = await buildUnit({ park, gross: areas.own })
    await claimUnit(park, own._id, { kind: 'own', from: inDays(-50), to: '9999-12-31' })
    await buildUnit({ park, gross: areas.vacant })
    const held = await buildUnit({ park, gross: areas.held })
    await claimUnit(park, held._id, { kind: 'hold', from: today(), to: inDays(60), expiresAt: new Date(Date.now() + 86_400_000) })
    await buildLease({ unit: await buildUnit({ park, gross: areas.review }), from: today(), stage: 'review' })
    await buildUnit({ park, gross: areas.later, from: inDays(1) })
    const html = await deskOf(manager, park)
    const taken = areas.long + areas.soon
    const lettable = taken + areas.over + areas.ended + areas.vacant + areas.held + areas.review
    const occupancy = figure(html, 'occupancy')
    expect(occupancy.text)
      .to.include(percent(taken / lettable))
      .and.include(percent(2 / 7))
    expect(occupancy.path).to.equal(`/parks/${park}/buildings`)
    expect(figure(html, 'vacant').text).to.include(`${(areas.vacant + areas.ended) / 100} ㎡`)
    expect(figure(html, 'vacant').path).to.equal(`/parks/${park}/units?state=vacant`)
    expect(figure(html, 'expiring').text).to.match(/ 1 \D.* 80 ㎡/)
    expect(figure(html, 'holding').text).to.match(/ 1 \D.* 55\.55 ㎡/)
    for (const [name, count] of [
      ['expiring', 1],
      ['holding', 1],
    ] as const) {
      const csv = await manager.get(`${figure(html, name).path}&format=csv`)
      expect(csv.text.trim().split('\r\n')).to.have.length(count + 1)
    }
    // Next month the unit to come is lettable, and in four months the lease about to end is over.
    const months = [...html.matchAll(/<th scope="row">(\d{4}-\d\d)<\/th><td class="num">([^<]+)</g)].map(match => [match[1], match[2]])
    expect(months).to.have.length(13)
    expect(months[0]).to.deep.equal([today().slice(0, 7), percent(taken / lettable)])
    expect(months[5]).to.deep.equal([addMonths(today(), 5).slice(0, 7), percent(areas.long / (lettable + areas.later))])
    const reception = await deskOf(await signedInAs('reception', { park }), park)
    expect(figure(reception, 'occupancy')).to.deep.equal(occupancy)
    expect(figure(reception, 'holding').path).to.equal(`/parks/${park}/units?state=holding`)
    expect(figure(reception, 'holding').text).to.include('1')
    for (const [state, count] of [
      ['vacant', 2],
      ['holding', 1],
    ] as const) {
      const csv = await manager.get(`/parks/${park}/units?state=${state}&format=csv`)
      expect(csv.text.trim().split('\r\n'), state).to.have.length(count + 1)
    }
  })

  it('shows the manager areas that don’t add up, until they do', async () => {
    const park = (await buildPark('areas', { area: 1_000_000 }))._id
    await buildUnit({ park, gross: 600_000 })
    const manager = await signedInAs('manager', { park })
    expect(await deskOf(manager, park)).to.include('4,000')
    expect(await deskOf(await signedInAs('finance', { park }), park)).to.not.include('badge-warn')
    await buildUnit({ park, gross: 400_000 })
    expect(await deskOf(manager, park)).to.not.include('4,000')
  })

  it('names the first thing to do in an empty park, to whoever can do it', async () => {
    const park = (await buildPark('empty'))._id
    const manager = await signedInAs('manager', { park })
    expect(await deskOf(manager, park)).to.include(`href="/parks/${park}/buildings/new"`)
    await Building.create([{ park, code: 'a', name: { zh: 'A', en: 'A' }, floors: [] }])
    expect(await deskOf(manager, park)).to.include(`href="/parks/${park}/units/new"`)
    const reception = await deskOf(await signedInAs('reception', { park }), park)
    expect(reception).to.not.include('/new"')
    expect(reception).to.not.include('data-figure')
  })

  it('keeps markup in names inert (CASES 29)', async () => {
    const park = (await buildPark())._id
    const tenant = await buildTenant(park, '<script>alert(1)</script> 示例')
    await buildLease({ unit: await buildUnit({ park }), tenant, from: inDays(5), stage: 'approved' })
    const html = await deskOf(await signedInAs('manager', { park }), park)
    expect(html).to.include('&lt;script&gt;alert(1)').and.not.include('<script>alert')
  })

  it('is read-only for the district’s officials, and isn’t there for others', async () => {
    const { park } = await buildLease({ from: today() })
    const html = await deskOf(await signedInAs('official', { district: 'xiacheng' }), park)
    expect(figure(html, 'occupancy').text).to.include('100%')
    expect(html).to.not.include('id="waiting"')
    const forms = [...html.matchAll(/<form[^>]*method="post"[^>]*action="([^"]+)"/g)].map(match => match[1]!)
    expect(
      forms.every(path => /^\/(account|sign-out)/.test(path)),
      forms.join(),
    ).to.equal(true)
    const foreign = await signedInAs('official', { district: 'wucheng' })
    expect((await foreign.get(`/parks/${park}/desk`)).status).to.equal(404)
    const elsewhere = await signedInAs('manager', { park: (await buildPark())._id })
    expect((await elsewhere.get(`/parks/${park}/desk`)).status).to.equal(404)
    const applicant = await signedInAs('applicant', { park })
    expect((await applicant.get(`/parks/${park}/desk`)).status).to.equal(403)
    expect((await applicant.get('/sign-in')).headers['location']).to.equal('/')
  })
})
