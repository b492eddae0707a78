import { expect } from 'chai'
import { createLead, editLead } from '../../src/leads/create.ts'
import { addLine, LeadEntry } from '../../src/leads/entry.ts'
import { Lead, stageTimes } from '../../src/leads/lead.ts'
import { mergeLeads } from '../../src/leads/merge.ts'
import { setupOf } from '../../src/leads/setup.ts'
import { editSetup } from '../../src/leads/setup-form.ts'
import { followUp, loseLead, moveStage, planNext, reopenLead } from '../../src/leads/steps.ts'
import { twinsOf } from '../../src/leads/twins.ts'
import { addDays, today } from '../../src/lib/days.ts'
import { District } from '../../src/parks/district.ts'
import { refsOf } from '../../src/search/entry.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildTenant } from '../setup/factories.ts'
import { buildLead, leadFacts, leadNow, parkNow } from '../setup/leads.ts'
import { findings } from './scene.ts'

const NEXT = { what: 'Call', on: addDays(today(), 3) }
const keyOf = (error: unknown): string => (error as { problem: { key: string } }).problem?.key
const refusal = (work: Promise<unknown>): Promise<string> => work.then(() => 'fine', keyOf)
const contact = (phone: string | null, name = 'Li') => ({ name, title: null, phone, email: null })

describe('leads', () => {
  useDatabase()

  it('finds the same phone, name and code in whatever spelling', async () => {
    const park = (await buildPark())._id
    const where = await parkNow(park)
    const code = '91350100M000100Y43'
    const { lead } = await buildLead(park, { name: 'Hangzhou (Test) Ltd', creditCode: code, contacts: [contact('13900001234')] })
    const like = (more: object) => twinsOf(where, leadFacts({ name: 'Nobody at all', contacts: [], ...more }))
    for (const phone of ['+86 139-0000-1234', '139 0000 1234', '\uff11\uff13\uff19 0000 1234', '0086 13900001234'])
      expect(
        (await like({ contacts: [contact(phone)] })).leads.map(one => [one.number, one.by]),
        phone,
      ).to.deep.equal([[lead.number, 'phone']])
    expect((await like({ name: 'hangzhou \uff08TEST\uff09 Ltd' })).leads[0]?.by).to.equal('name')
    expect((await like({ creditCode: ` ${code.toLowerCase()} ` })).leads[0]?.by).to.equal('code')
    expect(await like({})).to.deep.equal({ leads: [], tenants: [], elsewhere: false })
    const tenant = await buildTenant(park, 'A tenant \u793a\u4f8b')
    expect((await like({ name: 'a  TENANT \u793a\u4f8b' })).tenants.map(one => one._id)).to.deep.equal([tenant._id])
    expect(await refusal(createLead(where, leadFacts({ contacts: [contact('139 0000 1234')] }), { owner: null }, BY))).to.equal(
      'error.lead.twin',
    )
    await createLead(where, leadFacts({ contacts: [contact('139 0000 1234')] }), { owner: null, twin: true }, BY)
  })

  it('tells of another park only that it is so, and only where the district allows it', async () => {
    const [here, there] = [await buildPark(undefined, { homeDistrict: 'shared' }), await buildPark(undefined, { homeDistrict: 'shared' })]
    const text = { zh: 'shared' }
    await District.create([{ _id: 'shared', name: text, bureau: text, city: text }])
    await buildLead(there._id, { contacts: [contact('13900009999')] })
    const ask = () => twinsOf(here, leadFacts({ contacts: [contact('13900009999')] }))
    expect(await ask()).to.deep.equal({ leads: [], tenants: [], elsewhere: false })
    await District.updateOne({ _id: 'shared' }, { leadsKnown: true })
    expect(await ask()).to.deep.equal({ leads: [], tenants: [], elsewhere: true })
  })

  it('lets one of eight enter the same phone at the same moment', async () => {
    const park = (await buildPark())._id
    const where = await parkNow(park)
    const all = Array.from({ length: 8 }, () => createLead(where, leadFacts({ contacts: [contact('13811112222')] }), { owner: null }, BY))
    const results = await Promise.allSettled(all)
    expect(results.filter(one => one.status === 'fulfilled')).to.have.length(1)
    expect(results.flatMap(one => (one.status === 'rejected' ? keyOf(one.reason) : []))).to.deep.equal(Array(7).fill('error.lead.twin'))
    expect(await Lead.countDocuments({ park })).to.equal(1)
  })

  it('keeps both histories when two become one', async () => {
    const park = (await buildPark())._id
    const where = await parkNow(park)
    const { lead: kept } = await buildLead(park, { contacts: [contact('13900000001', 'Wang')] })
    const { lead: gone } = await buildLead(park, { origin: 'Jindong', contacts: [contact(null, 'Wang'), contact('13900000002', 'Zhao')] })
    await followUp(where, gone._id, { kind: 'call', text: 'Wants two rooms', next: NEXT }, BY)
    await addLine(kept, 'note', { text: 'Came by' }, BY)
    const after = await mergeLeads(park, kept._id, gone._id, BY)
    expect(after.contacts.map(one => [one.name, one.phone])).to.deep.equal([
      ['Wang', '13900000001'],
      ['Zhao', '13900000002'],
    ])
    expect(after.origin).to.equal('Jindong')
    const texts = (await LeadEntry.find({ park, lead: kept._id }).lean()).map(line => line.text)
    expect(texts).to.include.members(['Wants two rooms', 'Came by'])
    expect((await leadNow(gone)).mergedInto).to.deep.equal(kept._id)
    expect(await refsOf(park, 'lead', '13900000002')).to.deep.equal([kept._id])
    expect(await findings(park)).to.deep.equal([])
    expect(await refusal(mergeLeads(park, kept._id, gone._id, BY))).to.equal('error.lead.merged')
    expect(await refusal(mergeLeads(park, kept._id, kept._id, BY))).to.equal('error.lead.mergeSelf')
    expect(await refusal(editLead(where, gone._id, gone.version, leadFacts(), {}, BY))).to.equal('error.lead.merged')
  })

  it('merges once when both ways are pressed at the same moment', async () => {
    const park = (await buildPark())._id
    const [{ lead: one }, { lead: two }] = [await buildLead(park), await buildLead(park)]
    const results = await Promise.allSettled([mergeLeads(park, one._id, two._id, BY), mergeLeads(park, two._id, one._id, BY)])
    expect(results.filter(result => result.status === 'fulfilled')).to.have.length(1)
    expect(await Lead.countDocuments({ park, state: 'merged' })).to.equal(1)
    expect(await findings(park)).to.deep.equal([])
  })

  it('refuses to merge different codes, and what has become a lease', async () => {
    const park = (await buildPark())._id
    const { lead: one } = await buildLead(park, { creditCode: '91350100M000100Y43' })
    const { lead: two } = await buildLead(park, { creditCode: '91350200MA2YJ1XR9G' })
    expect(await refusal(mergeLeads(park, one._id, two._id, BY))).to.equal('error.lead.mergeCodes')
  })

  it('moves through the park’s stages, is lost and taken up again: its times sum to its age', async () => {
    const park = (await buildPark())._id
    const where = await parkNow(park)
    const { lead, owner } = await buildLead(park)
    await moveStage(park, lead._id, { from: 'new', to: 'viewing' }, BY)
    expect(await refusal(moveStage(park, lead._id, { from: 'new', to: 'intent' }, BY))).to.equal('error.lead.moved')
    expect(await refusal(moveStage(park, lead._id, { from: 'viewing', to: 'signing' }, BY))).to.equal('error.lead.stageGone')
    await loseLead(park, lead._id, { reason: 'price', note: null }, BY)
    expect(await refusal(planNext(where, lead._id, NEXT, BY))).to.equal('error.lead.not.open')
    await reopenLead(where, lead._id, NEXT, { ...BY, _id: owner!._id })
    const after = await leadNow(lead)
    expect(after.path.map(step => step.stage)).to.deep.equal(['new', 'viewing', 'lost', 'viewing'])
    const until = new Date(after.at.getTime() + 86_400_000)
    expect(stageTimes(after, until).reduce((sum, { ms }) => sum + ms, 0)).to.equal(86_400_000)
    expect(await refusal(reopenLead(where, lead._id, NEXT, { ...BY, _id: owner!._id }))).to.equal('error.lead.not.lost')
    const past = { what: 'Call', on: addDays(today(), -1) }
    expect(await refusal(followUp(where, lead._id, { kind: 'call', text: 'Said no', next: past }, BY))).to.equal('error.lead.nextPast')
    expect(await findings(park)).to.deep.equal([])
  })

  it('keeps a stage that leads stand in, also when both happen at the same moment', async () => {
    const park = (await buildPark())._id
    const { lead } = await buildLead(park)
    const { version: _version, ...facts } = await setupOf(park)
    const without = { ...facts, stages: facts.stages.filter(one => one.code !== 'intent') }
    const [edit, move] = await Promise.allSettled([
      editSetup(park, 0, without, BY),
      moveStage(park, lead._id, { from: 'new', to: 'intent' }, BY),
    ])
    expect([edit.status, move.status].filter(status => status === 'fulfilled')).to.have.length(1)
    expect(await findings(park)).to.deep.equal([])
    expect(await refusal(editSetup(park, (await setupOf(park)).version + 5, without, BY))).to.equal('error.stale')
  })
})
