import { expect } from 'chai'
import { Notification } from '../../src/notifications/notification.ts'
import { Agreement, agreementPath, roundPath } from '../../src/trusteeship/agreement.ts'
import { Round } from '../../src/trusteeship/round.ts'
import { signedInAs, visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark, buildTenant, buildUser } from '../setup/factories.ts'
import { PNG } from '../setup/pictures.ts'
import { ago, buildAgreement, expectSoundBooks, PDF, roundOf, walkTo } from '../setup/trusteeship.ts'
import type { Visitor } from '../setup/visitor.ts'

const idIn = (html: string, pattern: RegExp): string => pattern.exec(html)![1]!

describe('the pages of trusteeship', () => {
  useDatabase()
  let park: string
  let finance: Visitor & { userId: string }
  beforeEach(async () => {
    park = (await buildPark())._id
    finance = await signedInAs('finance', { park })
  })
  const root = () => `/parks/${park}/trusteeship`
  const file = (field: string, name: string, data = PDF) => [{ field, name, data }]

  it('take a company from the agreement to its reports, each by whom it is for', async () => {
    const tenant = await buildTenant(park, 'Walked 示例')
    const owner = await signedInAs('owner', { park, tenant: tenant._id })
    expect((await owner.get(root())).text).to.include('report-money')
    const papers = { 'papers[bank]': 'required', 'papers[sales]': 'optional', 'papers[purchase]': 'none', 'papers[payroll]': 'none' }
    const others = { 'others[0][zh]': 'Stock list', 'others[0][required]': 'on', 'others[1][zh]': '' }
    const terms = { fee: '300', taxpayer: 'small', ...papers, ...others }
    const fields = { tenant: String(tenant._id), staff: finance.userId, from: ago(1), end: '', ...terms }
    const made = await finance.post(root(), fields)
    expect(made.status).to.equal(303)
    const agreement = (await Agreement.findOne({ park }).orFail().lean()) as Agreement
    expect(agreement.terms[0]).to.deep.include({ fee: 30_000, taxpayer: 'small' })
    expect(agreement.terms[0]!.papers.map(one => [one.key, one.required])).to.deep.equal([
      ['bank', true],
      ['sales', false],
      ['other-1', true],
    ])
    const here = roundPath(agreement, ago(1))
    expect((await owner.get(root())).headers['location']).to.equal(agreementPath(agreement))
    expect((await owner.get(agreementPath(agreement))).text)
      .to.include(ago(1))
      .and.not.include('/terms')

    expect((await owner.upload(`${here}/papers/bank`, {}, file('papers', 'bank.pdf'))).status).to.equal(303)
    expect((await owner.post(`${here}/receipt`)).status, 'one is missing').to.equal(422)
    expect((await owner.post(`${here}/papers/other-1/none`)).status).to.equal(303)
    expect((await owner.post(`${here}/receipt`)).status).to.equal(303)
    expect((await owner.post(`${here}/booking`)).status, 'not theirs').to.equal(403)
    expect(await Notification.countDocuments({ user: finance.userId, key: 'trustee.received' })).to.equal(1)

    const item = String((await roundOf(agreement, ago(1))).papers[0]!._id)
    const bare = await finance.post(`${here}/items/${item}/refusal`, { reason: '' })
    expect([bare.status, bare.text.includes(`id="reason-${item}-error"`)]).to.deep.equal([422, true])
    expect((await finance.post(`${here}/items/${item}/refusal`, { reason: 'Page two is missing' })).status).to.equal(303)
    const told = await Notification.findOne({ user: owner.userId, key: 'trustee.refused' }).orFail().lean()
    expect(told.params).to.include({ reason: 'Page two is missing', month: ago(1) })
    const again = await owner.get(here)
    expect(again.text).to.include('Page two is missing').and.include('/papers/bank"')
    await owner.upload(`${here}/papers/bank`, {}, file('papers', 'bank 2.png', PNG))
    await finance.post(`${here}/receipt`)
    expect((await finance.post(`${here}/booking`)).status).to.equal(303)
    expect((await finance.post(`${here}/filing`)).status).to.equal(303)
    expect((await finance.post(`${here}/reporting`)).status, 'nothing to report').to.equal(422)
    expect((await finance.upload(`${here}/reports`, { slot: 'balance' }, file('reports', 'Balance.pdf'))).status).to.equal(303)
    const report = (await roundOf(agreement, ago(1))).reports[0]!.file
    expect((await owner.get(here)).text, 'not yet').to.not.include('Balance.pdf')
    expect((await owner.get(`/parks/${park}/files/${report}`)).status).to.equal(404)
    expect((await owner.get(`${agreementPath(agreement)}/reports/${ago(1).slice(0, 4)}`)).status).to.equal(404)
    expect((await finance.post(`${here}/reporting`)).status).to.equal(303)
    expect((await owner.get(here)).text).to.include('Balance.pdf')
    const [read, zip] = [
      await owner.bytes(`/parks/${park}/files/${report}`),
      await owner.bytes(`${agreementPath(agreement)}/reports/${ago(1).slice(0, 4)}`),
    ]
    expect((read.body as Buffer).equals(PDF)).to.equal(true)
    expect((zip.body as Buffer).subarray(0, 2).toString()).to.equal('PK')
    expect((zip.body as Buffer).includes(Buffer.from('Balance.pdf'))).to.equal(true)
    expect((zip.body as Buffer).includes(PDF)).to.equal(true)
    expect((await finance.post(`${here}/return`, { from: 'reported', reason: 'A figure is wrong' })).status).to.equal(303)
    expect((await owner.get(`/parks/${park}/files/${report}`)).status, 'taken back').to.equal(404)
    await expectSoundBooks(park)
  })

  it('are another company’s and another park’s 404, files and archives too', async () => {
    const agreement = await buildAgreement({ park })
    await walkTo(agreement, ago(3), 'reported')
    const round = await roundOf(agreement, ago(3))
    const [paper, report] = [round.papers[0]!.file!, round.reports[0]!.file]
    const here = roundPath(agreement, ago(3))
    const paths = [
      agreementPath(agreement),
      here,
      `${agreementPath(agreement)}/reports/${ago(3).slice(0, 4)}`,
      `/parks/${park}/files/${paper}`,
      `/parks/${park}/files/${report}`,
    ]
    const stranger = await signedInAs('owner', { park, tenant: (await buildTenant(park))._id })
    const elsewhere = await signedInAs('manager', { park: (await buildPark())._id })
    const statuses = async (who: Visitor) => Promise.all(paths.map(async path => (await who.get(path)).status))
    expect(await statuses(stranger)).to.deep.equal([404, 404, 404, 404, 404])
    expect(await statuses(elsewhere)).to.deep.equal([404, 404, 404, 404, 404])
    expect((await stranger.upload(`${here}/papers/bank`, {}, file('papers', 'x.pdf'))).status).to.equal(404)
    for (const role of ['owner', 'member'] as const)
      expect(await statuses(await signedInAs(role, { park, tenant: agreement.tenant })), role).to.deep.equal([200, 200, 200, 200, 200])
    for (const role of ['manager', 'finance'] as const) expect((await statuses(await signedInAs(role, { park })))[4], role).to.equal(200)
    // Who may read other files of the park may not read these.
    expect(await statuses(await signedInAs('promotion', { park }))).to.deep.equal([403, 403, 403, 404, 404])
    expect((await statuses(await signedInAs('official', { district: 'xiacheng' }))).slice(3)).to.deep.equal([404, 404])
    expect((await statuses(visitor())).every(status => status === 303)).to.equal(true)
  })

  it('refuse what is no paper, keep nothing of it, and say so at its own field', async () => {
    const agreement = await buildAgreement({ park })
    const here = roundPath(agreement, ago(3))
    const answer = await finance.upload(`${here}/papers/bank`, {}, file('papers', 'bank.pdf', Buffer.from('<script>alert(1)</script>')))
    expect(answer.status).to.equal(422)
    expect(answer.text).to.include('id="papers-bank-error"')
    expect((await finance.upload(`${here}/papers/bank`, {}, [])).status).to.equal(422)
    expect((await finance.upload(`${here}/papers/nothing`, {}, file('papers', 'x.pdf'))).status).to.equal(404)
    expect((await Round.find({ park }).lean()).flatMap(round => round.papers)).to.deep.equal([])
    for (const path of [
      `${agreementPath(agreement)}/${ago(-1)}`,
      `${agreementPath(agreement)}/2026-13`,
      `${agreementPath(agreement)}/nothing`,
    ])
      expect((await finance.get(path)).status, path).to.equal(404)
  })

  it('change terms, hand over, end and upload, from the version that was seen', async () => {
    const agreement = await buildAgreement({ park })
    const here = agreementPath(agreement)
    const colleague = await buildUser('manager', { park })
    const form = await finance.get(`${here}/terms`)
    const version = idIn(form.text, /name="version" value="(\d+)"/)
    const terms = {
      version,
      from: ago(2),
      fee: '500',
      taxpayer: 'general',
      'papers[bank]': 'required',
      'papers[sales]': 'none',
      'papers[purchase]': 'none',
      'papers[payroll]': 'none',
    }
    expect((await finance.post(`${here}/terms`, { ...terms, from: 'soon' })).status).to.equal(422)
    expect((await finance.post(`${here}/terms`, terms)).status).to.equal(303)
    const stale = await finance.post(`${here}/terms`, { ...terms, fee: '700' })
    expect([stale.status, stale.text.includes('value="700"')]).to.deep.equal([409, true])
    expect((await finance.post(`${here}/handover`, { version: '1', staff: String(colleague._id) })).status).to.equal(303)
    expect(await Notification.countDocuments({ user: colleague._id, key: 'trustee.assigned' })).to.equal(1)
    expect((await finance.post(`${here}/ending`, { version: '2', end: ago(4) })).status).to.equal(422)
    expect((await finance.post(`${here}/ending`, { version: '2', end: ago(0) })).status).to.equal(303)
    expect((await finance.post(`${here}/document`)).status).to.equal(422)
    expect((await finance.upload(`${here}/document`, {}, file('document', 'signed.pdf'))).status).to.equal(303)
    const page = await finance.get(here)
    expect(page.text).to.include('signed.pdf').and.include(colleague.name).and.include('500.00')
    const id = idIn(page.text, /\/files\/([0-9a-f]{24})"/)
    expect((await (await signedInAs('promotion', { park })).get(`/parks/${park}/files/${id}`)).status).to.equal(404)
  })

  it('keep a script in any of their words inert (CASES 29)', async () => {
    const bad = '<script>alert(1)</script>'
    const tenant = await buildTenant(park, `${bad} 示例`)
    const agreement = await buildAgreement({
      park,
      tenant: tenant._id,
      papers: [{ key: 'bank', kind: 'other', name: { zh: bad, en: bad }, required: true }],
    })
    await finance.upload(`${roundPath(agreement, ago(3))}/papers/bank`, {}, file('papers', `${bad}.pdf`))
    const item = String((await roundOf(agreement, ago(3))).papers[0]!._id)
    await finance.post(`${roundPath(agreement, ago(3))}/items/${item}/refusal`, { reason: bad })
    for (const path of [
      root(),
      agreementPath(agreement),
      `${agreementPath(agreement)}/terms`,
      roundPath(agreement, ago(3)),
      `${root()}/new`,
    ])
      expect((await finance.get(path)).text, path)
        .to.include('&lt;script&gt;')
        .and.not.include(bad)
  })
})
