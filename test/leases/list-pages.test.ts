import { expect } from 'chai'
import { Lease, leasePath } from '../../src/leases/lease.ts'
import { loadLease } from '../../src/leases/review.ts'
import { blockUnit } from '../../src/spaces/blocks.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildTenant, buildUnit, inDays } from '../setup/factories.ts'

const leasesOf = (park: string): string => `/parks/${park}/leases`
const numbersOf = (html: string): string[] =>
  [...html.matchAll(/<td class="lead nowrap"><a href="[^"]+">([^<]+)</g)].map(match => match[1]!)
const csvNumbers = (csv: string): string[] =>
  csv
    .trim()
    .split('\r\n')
    .slice(1)
    .map(line => line.split(',')[0]!)

const terms = (unit: { _id: unknown }, more: Record<string, string> = {}) => ({
  from: '2026-01-01',
  to: '2026-12-31',
  basis: 'sqm-day',
  anchor: 'start',
  broken: 'actual',
  cycle: '1',
  'lines[0][unit]': String(unit._id),
  'lines[0][rate]': '1.80',
  ...more,
})

/** One lease in each of several states, in one park. */
async function buildSome() {
  const first = await buildUnit()
  const { park } = first
  const next = () => buildUnit({ park })
  const expiring = await buildLease({ unit: first, from: inDays(-300), to: inDays(40), tenant: await buildTenant(park, '启明设计院') })
  const holding = await buildLease({ unit: await next(), from: inDays(-400), to: inDays(-5) })
  const active = await buildLease({ unit: await next(), from: inDays(-30), to: inDays(700) })
  const review = await buildLease({ unit: await next(), from: inDays(20), to: inDays(400), stage: 'review' })
  const draft = await buildLease({ unit: await next(), from: inDays(30), to: inDays(500), stage: 'draft' })
  return { park, expiring, holding, active, review, draft }
}

describe('the list of leases', () => {
  useDatabase()

  it('filters by status, end, period and text, and exports exactly what is shown', async () => {
    const { park, ...all } = await buildSome()
    const promotion = await signedInAs('promotion', { park })
    const number = (name: keyof typeof all) => all[name].lease.number
    const asks: [string, (keyof typeof all)[]][] = [
      ['', ['expiring', 'holding', 'active', 'review', 'draft']],
      ['status=holding', ['holding']],
      ['status=review', ['review']],
      ['expiring=30', []],
      ['expiring=60', ['expiring']],
      [`from=${inDays(450)}`, ['active', 'draft']],
      [`to=${inDays(-350)}`, ['holding']],
      ['q=qmsj', ['expiring']],
      [`q=${all.active.unit.code}`, ['active']],
      ['status=active&q=nothing-like-it', []],
    ]
    for (const [query, names] of asks) {
      const page = numbersOf((await promotion.get(`${leasesOf(park)}?${query}`).expect(200)).text)
      expect(page, query).to.have.members(names.map(number))
      const csv = (await promotion.get(`${leasesOf(park)}?${query}&format=csv`).expect(200)).text
      expect(csvNumbers(csv), query).to.deep.equal(page)
    }
  })

  it('sorts either way, and takes a filter that makes no sense for none', async () => {
    const { park, holding, active } = await buildSome()
    const promotion = await signedInAs('promotion', { park })
    const first = async (query: string) => numbersOf((await promotion.get(`${leasesOf(park)}?${query}`).expect(200)).text)[0]
    expect(await first('sort=end')).to.equal(holding.lease.number)
    expect(await first('sort=-end')).to.equal(active.lease.number)
    const odd = await promotion.get(`${leasesOf(park)}?status[$ne]=draft&status=nonsense&expiring=x&sort=$where&page=-1&q=a&q=b`)
    expect(odd.status).to.equal(200)
  })

  it('finds an amendment that waits among what waits', async () => {
    const { lease, park } = await buildLease({ from: inDays(-30), to: inDays(300) })
    await Lease.updateOne({ park, _id: lease._id }, { amending: 'review' })
    const manager = await signedInAs('manager', { park })
    expect(numbersOf((await manager.get(`${leasesOf(park)}?status=review`)).text)).to.deep.equal([lease.number])
  })

  it('keeps a company’s name inert in HTML and CSV (CASES 29)', async () => {
    const unit = await buildUnit()
    const { park } = unit
    const script = await buildTenant(park, '<script>alert(1)</script>"\'公司')
    const formula = await buildTenant(park, '=cmd|calc')
    const { lease } = await buildLease({ unit, tenant: script, from: inDays(-10) })
    await buildLease({ unit: await buildUnit({ park }), tenant: formula, from: inDays(-10) })
    const manager = await signedInAs('manager', { park })
    for (const path of [leasesOf(park), leasePath(lease), `${leasesOf(park)}/new`]) {
      const html = (await manager.get(path).expect(200)).text
      expect(html).to.include('&lt;script&gt;alert(1)').and.not.to.include('<script>alert')
    }
    const csv = (await manager.get(`${leasesOf(park)}?format=csv`)).text
    expect(csv)
      .to.include(",'=cmd|calc,")
      .and.not.to.match(/(^|,)=cmd/m)
  })
})

describe('the lease form’s help', () => {
  useDatabase()

  it('previews the charges: CASES 3, and 4 by each convention', async () => {
    const unit = await buildUnit({ gross: 12_000 })
    const promotion = await signedInAs('promotion', { park: unit.park })
    const preview = async (more: Record<string, string> = {}) =>
      (await promotion.post(`${leasesOf(unit.park)}/preview`, terms(unit, more))).text
    const page = await preview()
    expect(page.match(/<td class="num">¥6,570\.00/g)).to.have.length(12)
    expect(page).to.include('¥78,840.00')
    for (const [broken, first] of [
      ['actual', '¥3,602.90'],
      ['thirty', '¥3,723.00'],
      ['dayrate', '¥3,672.00'],
    ] as const)
      expect(await preview({ from: '2026-01-15', to: '2027-01-14', anchor: 'calendar', broken })).to.include(first)
  })

  it('says what is filled in wrongly, and nothing of what is still empty', async () => {
    const unit = await buildUnit()
    const promotion = await signedInAs('promotion', { park: unit.park })
    const path = `${leasesOf(unit.park)}/preview`
    const empty = await promotion.post(path, terms(unit, { from: '', to: '', 'lines[0][unit]': '', 'lines[0][rate]': '' }))
    expect([empty.status, empty.text.includes('error-text')]).to.deep.equal([200, false])
    const wrong = await promotion.post(path, terms(unit, { to: '2025-01-01' }))
    expect([wrong.status, wrong.text.includes('结束日期不能早于开始日期')]).to.deep.equal([200, true])
  })

  it('names who takes a wanted unit, marks it in the form, and leaves it out of the suggestions', async () => {
    const { unit, park, lease } = await buildLease({ stage: 'review', from: '2026-03-01', to: '2026-06-30' })
    const free = await buildUnit({ park })
    const works = await buildUnit({ park })
    await blockUnit(park, works._id, { kind: 'works', from: '2026-05-01', to: '2026-05-31', label: '消防改造' }, BY)
    const promotion = await signedInAs('promotion', { park })
    const preview = (
      await promotion.post(`${leasesOf(park)}/preview`, terms(unit, { 'lines[1][unit]': String(works._id), 'lines[1][rate]': '1' }))
    ).text
    expect(preview).to.include(lease.tenantName).and.to.include('消防改造').and.to.include('2026-06-30')
    const form = (await promotion.get(`${leasesOf(park)}/new?from=2026-01-01&to=2026-12-31&unit=${free._id}`)).text
    expect(form)
      .to.match(new RegExp(`value="${unit._id}"[^>]*data-taken`))
      .and.not.to.match(new RegExp(`value="${free._id}"[^>]*data-taken`))
    expect(form)
      .to.match(new RegExp(`value="${free._id}"[^>]* selected`))
      .and.to.include('value="2.00"')
    const asked = `${leasesOf(park)}/suggestions?from=2026-01-01&to=2026-12-31`
    const page = (await promotion.get(asked)).text
    expect(page).to.include(`/new?from=2026-01-01&amp;to=2026-12-31&amp;unit=${free._id}`).and.not.to.include(String(unit._id))
    const json = await promotion.get(asked).set('accept', 'application/json')
    expect(json.body).to.deep.equal({ units: [String(free._id)] })
  })

  it('leaves a lease that is no draft alone', async () => {
    const { lease, unit, tenant, park } = await buildLease({ stage: 'review' })
    const promotion = await signedInAs('promotion', { park })
    const path = `${leasePath(lease)}/edit`
    expect((await promotion.get(path)).status).to.equal(409)
    const sent = await promotion.post(path, terms(unit, { tenant: String(tenant._id), version: String(lease.version) }))
    expect(sent.status).to.equal(409)
    expect((await loadLease(park, lease._id)).from).to.equal(lease.from)
  })
})
