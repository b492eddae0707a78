import { expect } from 'chai'
import { LeadSetup, USUAL } from '../../src/leads/setup.ts'
import { today } from '../../src/lib/days.ts'
import { signedInAs, visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildUnit, inDays, PASSWORD } from '../setup/factories.ts'
import { buildLead } from '../setup/leads.ts'
import { buildScene, claimsOf, hold } from './hold-scene.ts'

const titles = (csv: string): string[] =>
  csv
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map(line => line.split(',')[0]!)

describe('the pages of holds', () => {
  useDatabase()

  it('lead from a lead over its unit to approval, with what each person may do', async () => {
    const { park, lead, owner, manager, unit } = await buildScene()
    const root = `/parks/${park._id}`
    const promotion = await visitor().signIn(owner.email, PASSWORD)
    const leader = await visitor().signIn(manager.email, PASSWORD)
    const stranger = await signedInAs('promotion', { park: park._id })
    const here = `${root}/units/${unit._id}/holds`
    const form = (await promotion.get(`${here}?lead=${lead._id}`).expect(200)).text
    expect(form).to.include(`<option value="${lead._id}" selected>`)
    const later = (await promotion.get(`${here}?lead=${lead._id}&from=${inDays(40)}`).expect(200)).text
    expect(later, 'from the day that was pressed').to.match(new RegExp(`name="from"[^>]*value="${inDays(40)}"`))
    expect((await stranger.get(`${here}?lead=${lead._id}`).expect(200)).text).to.not.include(`value="${lead._id}"`)
    const fields = { lead: String(lead._id), from: inDays(3), keptUntil: inDays(20) }
    expect((await stranger.post(here, fields)).status).to.equal(403)
    const refused = await promotion.post(here, { ...fields, lead: '' })
    expect(refused.status).to.equal(422)
    expect(refused.text).to.include('id="label-error"').and.to.include(inDays(20))
    const made = await promotion.post(here, fields)
    expect(made.status).to.equal(303)
    const page = made.headers['location'] as string
    expect(page).to.equal(`${here}/${(await claimsOf(unit))[0]!._id}`)

    const own = (await promotion.get(page).expect(200)).text
    expect(own).to.include(`${page}/release`).and.to.include(`${page}/prolongation`).and.to.include(`${root}/leads/${lead._id}`)
    expect(own).to.not.include(`${page}/approval`)
    expect((await stranger.get(page).expect(200)).text).to.not.match(/\/(release|prolongation|approval)"/)
    expect((await promotion.post(`${page}/approval`, { seen: inDays(20) })).status).to.equal(403)

    const desk = (await leader.get(`${root}/desk`).expect(200)).text
    expect(desk).to.include('data-waiting="hold"').and.to.include(page)
    expect((await promotion.get(`${root}/desk`).expect(200)).text).to.not.include('data-waiting="hold"')
    expect((await leader.get(page).expect(200)).text).to.include(`${page}/approval`)
    expect((await leader.post(`${page}/refusal`, { seen: inDays(20), reason: '' })).status).to.equal(422)
    expect((await leader.post(`${page}/approval`, { seen: inDays(20) })).status).to.equal(303)
    expect((await leader.get(`${root}/desk`).expect(200)).text).to.not.include('data-waiting="hold"')

    for (const address of [`${root}/units/${unit._id}?on=${inDays(3)}`, `${root}/buildings/a?on=${inDays(3)}`]) {
      const { text } = await promotion.get(address).expect(200)
      expect(text, address).to.include(lead.name)
    }
    expect((await promotion.get(`${root}/units/${unit._id}`).expect(200)).text).to.include(`${root}/leads/${lead._id}`)
    expect((await stranger.post(`${page}/release`)).status).to.equal(403)
    expect((await promotion.post(`${page}/release`)).status).to.equal(303)
    expect((await promotion.get(page)).headers['location']).to.equal(`${root}/units/${unit._id}`)
  })

  it('say how many are left, and refuse one more with what was typed', async () => {
    const scene = await buildScene()
    const { park, owner, unit } = scene
    await LeadSetup.create([{ park: park._id, ...USUAL, holdLimit: 1 }])
    await hold({ ...scene, unit: await buildUnit({ park: park._id }) })
    const promotion = await visitor().signIn(owner.email, PASSWORD)
    const here = `/parks/${park._id}/units/${unit._id}/holds`
    expect((await promotion.get(here).expect(200)).text).to.include('notice-warn')
    const answer = await promotion.post(here, { label: 'A company', from: today(), keptUntil: inDays(2) })
    expect([answer.status, answer.text.includes('value="A company"')]).to.deep.equal([409, true])
  })

  it('list one’s own, all, those to approve and those run out, filter and export them', async () => {
    const scene = await buildScene()
    const { park, owner, manager, lead } = scene
    const { lead: other, owner: colleague } = await buildLead(park._id)
    const make = async (code: string, whose: Partial<typeof scene>, keptUntil: string) => {
      const unit = await buildUnit({ park: park._id, code })
      await hold({ ...scene, ...whose, unit }, { keptUntil })
      return unit
    }
    await make('A1', {}, inDays(9))
    await make('A2', {}, inDays(40))
    await make('B1', { lead: other, owner: colleague! }, inDays(2))
    const root = `/parks/${park._id}/leads/holds`
    const promotion = await visitor().signIn(owner.email, PASSWORD)
    const leader = await visitor().signIn(manager.email, PASSWORD)
    const listed = async (ask: string, who = promotion) => titles((await who.get(`${root}?${ask}&format=csv`).expect(200)).text)
    expect(await listed('')).to.deep.equal(['A1', 'A2'])
    expect(await listed('', leader)).to.deep.equal(['B1', 'A1', 'A2'])
    expect(await listed('tab=all&sort=-unit')).to.deep.equal(['B1', 'A2', 'A1'])
    expect(await listed('tab=asked')).to.deep.equal(['A2'])
    expect(await listed(`tab=all&q=${encodeURIComponent(other.name)}`)).to.deep.equal(['B1'])
    expect(await listed(`tab=all&holder=${owner._id}`)).to.deep.equal(['A1', 'A2'])
    expect(await listed('tab=lapsed')).to.deep.equal([])
    for (const tab of ['mine', 'all', 'asked', 'lapsed']) await leader.get(`${root}?tab=${tab}`).expect(200)
    expect((await leader.get(`${root}?tab=all`).expect(200)).text).to.include(`/leads/${lead._id}`)
  })
})
