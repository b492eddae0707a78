import { expect } from 'chai'
import { Lease, leasePath } from '../../src/leases/lease.ts'
import { loadLease } from '../../src/leases/review.ts'
import { Park } from '../../src/parks/park.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { Tenant } from '../../src/tenants/tenant.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildLease, buildPark, buildTenant, buildUnit, inDays, newId } from '../setup/factories.ts'
import type { Visitor } from '../setup/visitor.ts'

type Fields = Record<string, string | number | undefined>

/** A lease form as it is sent: CASES 3's terms unless something else is wanted. */
const formOf = (unit: { _id: unknown }, more: Fields = {}): Fields => ({
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

const leasesOf = (park: string): string => `/parks/${park}/leases`
const inputOf = (html: string, name: string): string | undefined => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1]
const numbersOf = (html: string): string[] =>
  [...html.matchAll(/<td class="lead nowrap"><a href="[^"]+">([^<]+)</g)].map(match => match[1]!)
const csvNumbers = (csv: string): string[] =>
  csv
    .trim()
    .split('\r\n')
    .slice(1)
    .map(line => line.split(',')[0]!)

/** The form is opened, filled in and sent, as a person does it. */
async function draftOver(visitor: Visitor, park: string, fields: Fields) {
  const key = inputOf((await visitor.get(`${leasesOf(park)}/new`).expect(200)).text, '_key')!
  return visitor.post(leasesOf(park), { _key: key, ...fields })
}

describe('lease pages', () => {
  useDatabase()

  it('takes a new company from the draft to the signed lease, by two people', async () => {
    const unit = await buildUnit({ gross: 12_000 })
    const { park } = unit
    const [promotion, manager] = [await signedInAs('promotion', { park }), await signedInAs('manager', { park })]
    const drafted = await draftOver(promotion, park, formOf(unit, { newName: '云上科技有限公司', deposit: '10,000' }))
    expect(drafted.status).to.equal(303)
    const path = drafted.headers['location'] as string
    const lease = await Lease.findOne({ park }).lean().orFail()
    expect(path).to.equal(leasePath(lease))
    expect((await Tenant.findOne({ park }).lean().orFail()).name).to.equal('云上科技有限公司')
    expect(lease.versions[0]!.deposit).to.equal(1_000_000)

    expect((await promotion.post(`${path}/submission`)).status).to.equal(303)
    expect((await Unit.findOne({ park, _id: unit._id }).lean().orFail()).claims.map(claim => claim.stage)).to.deep.equal(['review'])
    expect((await promotion.post(`${path}/approval`)).status).to.equal(403)
    const page = (await manager.get(path).expect(200)).text
    expect(page).to.include('¥6,570.00').and.to.include('¥78,840.00').and.to.include(`${path}/approval`)
    expect((await manager.post(`${path}/approval`, { seen: inputOf(page, 'seen') })).status).to.equal(303)
    const scan = { field: 'scan', data: Buffer.from('%PDF-1.4\n%%EOF'), name: '合同.pdf' }
    const signed = await manager.upload(`${path}/signing`, { on: inDays(-1) }, [scan])
    expect(signed.status).to.equal(303)
    const after = await loadLease(park, lease._id)
    expect([after.state, after.signedOn, after.hasScan]).to.deep.equal(['signed', inDays(-1), true])
    expect((await manager.get(path)).text).to.include('合同.pdf')
  })

  it('shows why one’s own submission can’t be approved, and refuses it', async () => {
    const { lease, park } = await buildLease({ stage: 'draft' })
    const manager = await signedInAs('manager', { park })
    const path = leasePath(lease)
    await manager.post(`${path}/submission`)
    const page = (await manager.get(path)).text
    expect(page).to.include('须由其他园区经理审批').and.not.to.include(`action="${path}/approval"`)
    const refused = await manager.post(`${path}/approval`)
    expect(refused.status).to.equal(403)
    expect(refused.text).to.include('不能审批自己提交的合同')
    expect((await loadLease(park, lease._id)).state).to.equal('review')
    await Park.updateOne({ _id: park }, { 'settings.selfApproval': true })
    expect((await manager.get(path)).text).to.include(`action="${path}/approval"`)
  })

  it('returns with a comment that the author reads, and needs one', async () => {
    const { lease, park } = await buildLease({ stage: 'review' })
    const manager = await signedInAs('manager', { park })
    const path = leasePath(lease)
    const refused = await manager.post(`${path}/return`, { comment: ' ' })
    expect(refused.status).to.equal(422)
    expect(refused.text).to.include('href="#comment"')
    await manager.post(`${path}/return`, { comment: '押金请按两个月' })
    expect((await loadLease(park, lease._id)).state).to.equal('draft')
    const author = await signedInAs('promotion', { park })
    expect((await author.get(path)).text).to.include('押金请按两个月')
    expect((await author.get(`${path}/edit`)).text).to.include('押金请按两个月')
  })

  it('refuses to approve what was changed since the page was opened', async () => {
    const { lease, park } = await buildLease({ stage: 'review' })
    const [author, manager] = [await signedInAs('promotion', { park }), await signedInAs('manager', { park })]
    const path = leasePath(lease)
    const seen = inputOf((await manager.get(path)).text, 'seen')
    await author.post(`${path}/withdrawal`)
    await author.post(`${path}/submission`)
    expect((await manager.post(`${path}/approval`, { seen })).status).to.equal(409)
    expect((await loadLease(park, lease._id)).state).to.equal('review')
  })

  it('keeps what was typed when the form is refused, and leaves no company behind', async () => {
    const unit = await buildUnit()
    const { park } = unit
    const promotion = await signedInAs('promotion', { park })
    const bad = formOf(unit, { to: '2025-12-31', newName: '未成公司', note: '<b>保留</b>', 'rentFree[0][from]': '2026-02-01' })
    const refused = await draftOver(promotion, park, bad)
    expect(refused.status).to.equal(422)
    expect(refused.text).to.include('data-errors').and.to.include('href="#rentFree[0][to]"')
    expect(refused.text).to.include('value="未成公司"').and.to.include('&lt;b&gt;保留&lt;/b&gt;').and.to.include('value="1.80"')
    const gone = await draftOver(promotion, park, formOf({ _id: newId() }, { newName: '未成公司' }))
    expect(gone.status).to.equal(422)
    expect(await Tenant.countDocuments({ park })).to.equal(0)
    expect(await Lease.countDocuments({ park })).to.equal(0)
  })

  it('refuses a company both chosen and named, and a namesake until it is meant', async () => {
    const unit = await buildUnit()
    const { park } = unit
    const tenant = await buildTenant(park, '同名公司')
    const promotion = await signedInAs('promotion', { park })
    expect((await draftOver(promotion, park, formOf(unit, { tenant: String(tenant._id), newName: '另一家' }))).status).to.equal(422)
    const namesake = await draftOver(promotion, park, formOf(unit, { newName: '同名公司' }))
    expect(namesake.status).to.equal(409)
    expect(namesake.text).to.include('name="sameName"')
    expect((await draftOver(promotion, park, formOf(unit, { newName: '同名公司', sameName: 'on' }))).status).to.equal(303)
    expect(await Tenant.countDocuments({ park })).to.equal(2)
  })

  it('shows the second editor both values; nothing is lost silently (CASES 9)', async () => {
    const { lease, unit, tenant, park } = await buildLease({ stage: 'draft', from: '2026-01-01', to: '2026-12-31' })
    const [one, two] = [await signedInAs('promotion', { park }), await signedInAs('manager', { park })]
    const path = `${leasePath(lease)}/edit`
    const version = inputOf((await one.get(path)).text, 'version')
    const edit = (more: Fields) => formOf(unit, { tenant: String(tenant._id), version, ...more })
    expect((await one.post(path, edit({ purpose: '研发', 'lines[0][rate]': '1.90' }))).status).to.equal(303)
    // Refused for another reason first: the version it started from must survive that.
    const typo = await two.post(path, edit({ purpose: '展厅', deposit: 'x' }))
    expect([typo.status, inputOf(typo.text, 'version')]).to.deep.equal([422, version])
    const stale = await two.post(path, edit({ purpose: '展厅', basis: 'month', 'lines[0][rate]': '2.20' }))
    expect(stale.status).to.equal(409)
    expect(stale.text).to.include('value="展厅"').and.to.include('<strong>研发</strong>').and.to.include('<strong>元/㎡·天</strong>')
    expect(stale.text)
      .to.include('value="2.20"')
      .and.to.match(/theirs-rows[\s\S]*1\.90/)
    expect((await loadLease(park, lease._id)).purpose).to.equal('研发')
    const again = await two.post(path, { ...edit({ purpose: '展厅' }), version: inputOf(stale.text, 'version') })
    expect(again.status).to.equal(303)
    expect((await loadLease(park, lease._id)).purpose).to.equal('展厅')
  })

  it('makes one lease and one company of a double submit (CASES 30)', async () => {
    const unit = await buildUnit()
    const { park } = unit
    const promotion = await signedInAs('promotion', { park })
    const fields = { _key: 'one-time-key-of-this-form', ...formOf(unit, { newName: '只建一次' }) }
    const answers = await Promise.all([promotion.post(leasesOf(park), fields), promotion.post(leasesOf(park), fields)])
    answers.push(await promotion.post(leasesOf(park), fields))
    expect(answers.map(answer => answer.status)).to.deep.equal([303, 303, 303])
    expect(new Set(answers.map(answer => answer.headers['location'])).size).to.equal(1)
    expect([await Lease.countDocuments({ park }), await Tenant.countDocuments({ park })]).to.deep.equal([1, 1])
  })

  it('knows nothing of another park’s lease (CASES 27)', async () => {
    const { lease } = await buildLease({ stage: 'review' })
    const { _id: park } = await buildPark()
    const manager = await signedInAs('manager', { park })
    const path = `${leasesOf(park)}/${lease._id}`
    for (const page of ['', '/edit', '/document.pdf', '/renewal']) await manager.get(path + page).expect(404)
    for (const verb of ['submission', 'withdrawal', 'approval', 'return', 'cancellation', 'edit'])
      expect((await manager.post(`${path}/${verb}`, { ...formOf({ _id: newId() }), comment: 'x' })).status, verb).to.equal(404)
    expect((await loadLease(lease.park, lease._id)).state).to.equal('review')
  })

  it('shows a tenant’s owner the own signed leases and nothing else', async () => {
    const { lease, tenant, park } = await buildLease({ from: inDays(-30) })
    const draft = await buildLease({ unit: await buildUnit({ park }), tenant, stage: 'draft' })
    const other = await buildLease({ unit: await buildUnit({ park }) })
    const owner = await signedInAs('owner', { park, tenant: tenant._id })
    expect(numbersOf((await owner.get(leasesOf(park)).expect(200)).text)).to.deep.equal([lease.number])
    expect(csvNumbers((await owner.get(`${leasesOf(park)}?format=csv`)).text)).to.deep.equal([lease.number])
    const page = (await owner.get(leasePath(lease)).expect(200)).text
    expect(page)
      .to.include('document.pdf')
      .and.not.to.match(/\/(termination|amendment|renewal)"|class="history"/)
    await owner.get(leasePath(draft.lease)).expect(404)
    await owner.get(leasePath(other.lease)).expect(404)
    await owner.get(`${leasesOf(park)}/new`).expect(403)
  })

  it('offers officials and finance nothing to do', async () => {
    const { lease, park } = await buildLease({ from: inDays(-30) })
    for (const visitor of [await signedInAs('finance', { park }), await signedInAs('official', { district: 'xiacheng' })]) {
      const page = (await visitor.get(leasePath(lease)).expect(200)).text
      expect(page).not.to.match(/step-buttons|leases\/[0-9a-f]{24}\/(files|handover\/in"|termination)/)
      expect((await visitor.get(leasesOf(park)).expect(200)).text).not.to.include('/leases/new')
    }
  })
})
