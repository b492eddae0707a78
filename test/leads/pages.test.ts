import { expect } from 'chai'
import type { User } from '../../src/accounts/user.ts'
import { Lead } from '../../src/leads/lead.ts'
import { setupOf } from '../../src/leads/setup.ts'
import { addDays, today } from '../../src/lib/days.ts'
import { signedIn, signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark } from '../setup/factories.ts'
import { buildLead, leadNow } from '../setup/leads.ts'
import type { Visitor } from '../setup/visitor.ts'
import { findings } from './scene.ts'

const NEXT = { nextWhat: 'Call', nextOn: addDays(today(), 2) }

describe('the pages of a lead', () => {
  useDatabase()
  let park: string
  let root: string
  let manager: Visitor
  before(async () => {
    park = (await buildPark())._id
    root = `/parks/${park}/leads`
    manager = await signedInAs('manager', { park })
  })

  const scene = async (more: object = {}): Promise<{ lead: Lead; own: Visitor; owner: User }> => {
    const { lead, owner } = await buildLead(park, more)
    return { lead, own: await signedIn(owner!), owner: owner! }
  }

  it('enters a lead with what comes next, and asks once more about a twin', async () => {
    const promotion = await signedInAs('promotion', { park })
    const me = /name="owner"[\s\S]*?value="([0-9a-f]{24})"/.exec((await promotion.get(`${root}/new`)).text)![1]!
    const form = {
      name: 'Yun & Co <script>',
      'contacts[0][name]': 'Li',
      'contacts[0][phone]': '139 1234 5678',
      source: 'walkin',
      areaFrom: '80',
      owner: me,
      ...NEXT,
    }
    const made = await promotion.post(root, form)
    expect(made.status).to.equal(303)
    const page = await promotion.get(made.headers['location']!)
    expect(page.text).to.include('Yun &amp; Co &lt;script&gt;').and.include('80 \u33a1').and.not.include('<script>')
    const refused = await promotion.post(root, { ...form, name: 'Another name', 'contacts[0][phone]': '+86 139-1234-5678' })
    expect(refused.status).to.equal(409)
    expect(refused.text).to.include('Yun &amp; Co').and.include('name="twin"')
    expect((await promotion.post(root, { ...form, name: 'Another name', twin: 'on' })).status).to.equal(303)
  })

  it('keeps what was typed where something is missing', async () => {
    const answer = await manager.post(root, { name: '', source: 'walkin', owner: 'pool', areaFrom: '90', areaTo: '20', ...NEXT })
    expect(answer.status).to.equal(422)
    expect(answer.text).to.include('value="90"')
    const upside = await manager.post(root, { name: 'Upside', source: 'walkin', owner: 'pool', areaFrom: '90', areaTo: '20', ...NEXT })
    expect(upside.status).to.equal(422)
    expect(await Lead.countDocuments({ park, name: 'Upside' })).to.equal(0)
  })

  it('is entered once however often it is sent', async () => {
    const form = { _key: 'one-key-for-this-form', name: 'Once', source: 'walkin', owner: 'pool', ...NEXT }
    const answers = await Promise.all([manager.post(root, form), manager.post(root, form)])
    expect(new Set(answers.map(answer => `${answer.status} ${answer.headers['location']}`)).size).to.equal(1)
    expect(await Lead.countDocuments({ park, name: 'Once' })).to.equal(1)
  })

  it('records a follow-up with the next step; a colleague reads it without the phone', async () => {
    const { lead, own } = await scene({ contacts: [{ name: 'Wang', title: null, phone: '13955556666', email: null }] })
    const path = `${root}/${lead._id}`
    expect((await own.post(`${path}/follow-ups`, { kind: 'call', text: 'Likes 3F', ...NEXT })).status).to.equal(303)
    const page = await own.get(path)
    expect(page.text).to.include('Likes 3F').and.include('13955556666').and.include(NEXT.nextOn)
    const colleague = await signedInAs('promotion', { park })
    const theirs = (await colleague.get(path)).text
    expect(theirs).to.include('Likes 3F').and.not.include('13955556666')
    expect((await colleague.post(`${path}/follow-ups`, { kind: 'call', text: 'No', ...NEXT })).status).to.equal(403)
    expect((await colleague.post(`${path}/edit`, {})).status).to.equal(403)
    expect((await manager.post(`${path}/follow-ups`, { kind: 'call', text: 'Yes', ...NEXT })).status).to.equal(303)
  })

  it('refuses a next step behind us, shows both values of an edit somebody else saved', async () => {
    const { lead, own } = await scene()
    const path = `${root}/${lead._id}`
    expect((await own.post(`${path}/next`, { nextWhat: 'Call', nextOn: addDays(today(), -1) })).status).to.equal(422)
    const form = { name: 'First name', source: 'hotline', version: String(lead.version) }
    expect((await own.post(`${path}/edit`, form)).status).to.equal(303)
    const stale = await manager.post(`${path}/edit`, { ...form, name: 'Second name' })
    expect(stale.status).to.equal(409)
    expect(stale.text).to.include('First name').and.include('Second name')
  })

  it('leads from what is wrong to the field, whichever of its forms was refused', async () => {
    const { lead, own } = await scene()
    const refused: [string, Record<string, string>, string[]][] = [
      ['follow-ups', { kind: 'call' }, ['text', 'nextWhat', 'nextOn']],
      ['next', { nextWhat: 'Call', nextOn: addDays(today(), -1) }, ['nextOn']],
      ['loss', { reason: '' }, ['reason']],
    ]
    for (const [form, typed, fields] of refused) {
      const { text, status } = await own.post(`${root}/${lead._id}/${form}`, typed)
      expect(status, form).to.equal(422)
      const list = /data-errors>([\s\S]*?)<\/div>/.exec(text)![1]!
      expect([...list.matchAll(/href="#([\w-]+)"/g)].map(([, id]) => id)).to.have.members(fields)
      for (const id of fields) expect(text.split(` id="${id}"`).length, `${form} ${id}`).to.equal(2)
    }
  })

  it('loses a lead with a reason and takes it up again', async () => {
    const { lead, own } = await scene()
    const path = `${root}/${lead._id}`
    expect((await own.post(`${path}/loss`, { reason: 'no-such' })).status).to.equal(422)
    expect((await own.post(`${path}/loss`, { reason: 'price', note: 'Too dear' })).status).to.equal(303)
    expect((await own.get(path)).text).to.include('Too dear')
    expect((await own.post(`${path}/loss`, { reason: 'price' })).status).to.equal(409)
    expect((await own.post(`${path}/reopening`, NEXT)).status).to.equal(303)
    expect((await leadNow(lead)).state).to.equal('open')
  })

  it('merges, and the other one’s address leads to what was kept', async () => {
    const [{ lead: kept, own }, { lead: gone }] = [await scene(), await scene()]
    const path = `${root}/${kept._id}/merge`
    expect((await own.get(`${path}?other=${gone._id}`)).text).to.include(gone.name)
    expect((await own.post(path, { other: String(gone._id) })).status, 'of somebody else').to.equal(403)
    expect((await manager.post(path, { other: String(gone._id) })).status).to.equal(303)
    expect((await own.get(`${root}/${gone._id}`)).headers['location']).to.equal(`${root}/${kept._id}`)
    expect(await findings(park)).to.deep.equal([])
  })

  it('lets the park choose its stages and refuses what can’t be', async () => {
    const where = (await buildPark())._id
    const head = await signedInAs('manager', { park: where })
    const path = `/parks/${where}/settings/leads`
    const rules = { signingWeight: '90', ownLimit: '30', idleDays: '20', warnDays: '3', holdLimit: '4', holdDays: '10', version: '0' }
    const stages = { 'stages[0][code]': 'new', 'stages[0][weight]': '5', 'stages[1][zh]': 'Own stage', 'stages[1][weight]': '40' }
    expect((await head.get(path)).status).to.equal(200)
    expect((await head.post(path, { ...rules, ...stages, warnDays: '20' })).status).to.equal(422)
    expect((await head.post(path, { ...rules, ...stages })).status).to.equal(303)
    const setup = await setupOf(where)
    expect(setup.stages.map(one => [one.code, one.name?.zh ?? null, one.weight])).to.deep.equal([
      ['new', null, 5],
      ['own1', 'Own stage', 40],
    ])
    expect((await head.post(path, { ...rules, ...stages })).status, 'a second editor').to.equal(409)
    const { lead } = await buildLead(where)
    expect(
      (await head.post(path, { ...rules, version: '1', 'stages[0][code]': 'own1', 'stages[0][zh]': 'Own', 'stages[0][weight]': '5' }))
        .status,
    ).to.equal(409)
    expect((await leadNow(lead)).stage).to.equal('new')
  })

  it('doesn’t exist for another park, and not for who has no business with leads', async () => {
    const elsewhere = (await buildPark())._id
    const { lead } = await buildLead(elsewhere)
    expect((await manager.get(`${root}/${lead._id}`)).status).to.equal(404)
    expect((await manager.get(`/parks/${elsewhere}/leads/${lead._id}`)).status).to.equal(404)
    expect((await manager.post(`${root}/${lead._id}/loss`, { reason: 'price' })).status).to.equal(404)
    expect((await (await signedInAs('finance', { park })).get(`${root}/new`)).status).to.equal(403)
  })
})
