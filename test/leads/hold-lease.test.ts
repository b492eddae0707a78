import { expect } from 'chai'
import { holdChecks } from '../../src/leads/checks-holds.ts'
import { holdForLead } from '../../src/leads/holds.ts'
import { mergeLeads } from '../../src/leads/merge.ts'
import { claimChecks } from '../../src/leases/claim-checks.ts'
import { approveLease, returnLease, submitLease, withdrawLease } from '../../src/leases/review.ts'
import { signLease } from '../../src/leases/signing.ts'
import { terminateLease } from '../../src/leases/termination.ts'
import { setClock } from '../../src/lib/clock.ts'
import { addDays, FOREVER, today } from '../../src/lib/days.ts'
import { checks as unitChecks } from '../../src/spaces/checks.ts'
import { claimUnit } from '../../src/spaces/claims.ts'
import { periodBack } from '../../src/spaces/turn-holds.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, inDays, newId, OTHER } from '../setup/factories.ts'
import { buildLead } from '../setup/leads.ts'
import { as, buildScene, claimsOf, convert, dayEnds, hold, linesOf, MANAGER, refusal, wishFor } from './hold-scene.ts'

/** What the doctor finds wrong with holds and claims in a park. */
async function findings(park: string): Promise<string[]> {
  const found: string[] = []
  for (const check of [...holdChecks, ...claimChecks, ...unitChecks].filter(one => !one.level))
    await check.run((message, subject) => {
      if (subject?.park === park) found.push(message)
    })
  return found
}

const shape = ({ kind, from, to, stage }: { kind: string; from: string; to: string; stage: string | null }) => [kind, stage, from, to]

describe('a hold and its lease', () => {
  useDatabase()

  it('is the lease’s claim from its submission, and a hold again when it goes back to draft', async () => {
    const scene = await buildScene()
    const { park, lead, unit } = scene
    await hold(scene)
    const [before] = await claimsOf(unit)
    const lease = await convert(scene)
    for (const back of [withdrawLease, (slug: string, id: typeof lease._id) => returnLease(slug, id, 'Once more', OTHER)]) {
      await submitLease(park._id, lease._id, BY)
      expect((await claimsOf(unit)).map(shape)).to.deep.equal([['lease', 'review', inDays(20), inDays(380)]])
      expect(await findings(park._id)).to.deep.equal([])
      await back(park._id, lease._id, BY)
      expect(await claimsOf(unit)).to.deep.equal([before])
      expect(await findings(park._id)).to.deep.equal([])
    }
    expect(await linesOf(lead)).to.deep.equal(['made', 'used', 'back', 'used', 'back'])
  })

  it('doesn’t come back when it has run out meanwhile, nor once the lease was signed', async () => {
    const scene = await buildScene()
    const { park, unit } = scene
    await hold(scene)
    const lease = await convert(scene)
    await submitLease(park._id, lease._id, BY)
    setClock(dayEnds(inDays(7)))
    await withdrawLease(park._id, lease._id, BY)
    expect(await claimsOf(unit)).to.deep.equal([])
    setClock(null)
    await hold(scene)
    await submitLease(park._id, lease._id, BY)
    await approveLease(park._id, lease._id, OTHER)
    await signLease(park._id, lease._id, { on: today(), scans: [] }, OTHER)
    expect((await claimsOf(unit)).map(one => one.replaced)).to.deep.equal([null])
    await terminateLease(park._id, lease._id, { on: inDays(1), reason: 'never' }, OTHER)
    expect(await claimsOf(unit)).to.deep.equal([])
    expect(await findings(park._id)).to.deep.equal([])
  })

  it('comes back with the days the lease kept for it, and of its others those nobody has taken since', async () => {
    const scene = await buildScene()
    const { park, unit } = scene
    await hold(scene)
    const lease = await convert(scene)
    await submitLease(park._id, lease._id, BY)
    await claimUnit(park._id, unit._id, { kind: 'works', from: inDays(5), to: inDays(12) })
    await claimUnit(park._id, unit._id, { kind: 'own', from: inDays(500), to: FOREVER })
    await withdrawLease(park._id, lease._id, BY)
    const back = (await claimsOf(unit)).find(claim => claim.kind === 'hold')!
    expect([back.from, back.to]).to.deep.equal([inDays(13), inDays(499)])
    expect(await findings(park._id)).to.deep.equal([])
  })

  it('takes the place of its own lead’s holds alone, all of those that overlap', async () => {
    const scene = await buildScene()
    const { park, unit, manager } = scene
    await hold(scene, { from: inDays(10), to: inDays(40) })
    await hold(scene, { from: inDays(50), to: inDays(60) })
    await hold(scene, { from: inDays(400), to: inDays(410) })
    const { lead: other } = await buildLead(park._id)
    const theirs = wishFor(unit, { from: inDays(100), to: inDays(110) })
    await holdForLead(park, theirs, other._id, as(manager), MANAGER)
    const lease = await convert(scene)
    expect(await refusal(submitLease(park._id, lease._id, BY))).to.equal('unit.taken')
    expect((await claimsOf(unit)).map(claim => claim.kind)).to.deep.equal(['hold', 'hold', 'hold', 'hold'])
    await Unit.updateOne({ park: park._id, _id: unit._id }, { $pull: { claims: { lead: other._id } } })
    await submitLease(park._id, lease._id, BY)
    const claims = await claimsOf(unit)
    expect(claims.map(shape)).to.deep.equal([
      ['hold', null, inDays(400), inDays(410)],
      ['lease', 'review', inDays(20), inDays(380)],
    ])
    expect(claims[1]!.replaced!.map(one => one.from)).to.deep.equal([inDays(10), inDays(50)])
    await withdrawLease(park._id, lease._id, BY)
    expect((await claimsOf(unit)).map(claim => claim.from).sort()).to.deep.equal([inDays(10), inDays(50), inDays(400)])
  })

  it('comes back to the lead it was merged into', async () => {
    const scene = await buildScene()
    const { park, lead, unit, owner } = scene
    const { lead: twin } = await buildLead(park._id, {}, { owner })
    await hold({ ...scene, lead: twin }, { from: inDays(600) })
    await hold(scene, { to: inDays(500) })
    const lease = await convert(scene)
    await submitLease(park._id, lease._id, BY)
    await mergeLeads(park._id, lead._id, twin._id, BY)
    expect((await claimsOf(unit)).map(claim => String(claim.lead))).to.deep.equal([String(lead._id), String(lead._id)])
    await withdrawLease(park._id, lease._id, BY)
    expect((await claimsOf(unit)).map(claim => claim.label)).to.deep.equal([lead.name, lead.name])
    expect(await findings(park._id)).to.deep.equal([])
  })

  it('gets back its own days whatever stands around them', () => {
    const unit = { activeFrom: '2020-01-01', activeTo: '2030-12-31' }
    const period = (from: string, to: string) => ({ from, to })
    const back = (hold: [string, string], claim: [string, string], ...others: [string, string][]) => {
      const { from, to } = periodBack(
        period(...hold),
        period(...claim),
        others.map(one => period(...one)),
        unit,
      )
      return `${from} ${to}`
    }
    expect(back(['2027-01-01', FOREVER], ['2027-03-01', '2028-02-29'])).to.equal('2027-01-01 2030-12-31')
    expect(back(['2027-01-01', '2027-06-30'], ['2027-03-01', '2028-02-29'])).to.equal('2027-01-01 2027-06-30')
    expect(back(['2027-01-01', FOREVER], ['2027-03-01', '2027-12-31'], ['2027-02-01', '2027-02-28'])).to.equal('2027-03-01 2030-12-31')
    expect(back(['2027-05-01', FOREVER], ['2027-03-01', '2027-12-31'], ['2026-01-01', '2026-02-28'])).to.equal('2027-05-01 2030-12-31')
    expect(back(['2027-01-01', FOREVER], ['2027-03-01', '2027-12-31'], ['2028-01-01', '2028-06-30'])).to.equal('2027-01-01 2027-12-31')
  })

  it('is looked at by the doctor', async () => {
    const scene = await buildScene()
    const { park, unit, lead } = scene
    await hold(scene)
    const set = (fields: object) =>
      Unit.updateOne(
        { park: park._id, _id: unit._id },
        { $set: Object.fromEntries(Object.entries(fields).map(([name, value]) => [`claims.0.${name}`, value])) },
      )
    const cases: [object, RegExp][] = [
      [{ lead: newId() }, /which isn\u2019t there/],
      [{ lead: lead._id, label: 'Somebody else' }, /named differently/],
      [{ label: lead.name, holder: String(newId()) }, /who isn\u2019t there/],
      [{ holder: String(scene.owner._id), askedUntil: new Date(), askedBy: 'x' }, /asks for no more/],
      [{ askedUntil: dayEnds(inDays(30)), askedBy: null }, /asked for by nobody/],
    ]
    for (const [fields, message] of cases) {
      await set(fields)
      expect(
        (await findings(park._id)).filter(text => message.test(text)),
        String(message),
      ).to.have.length(1)
    }
    await set({ askedUntil: null })
    expect(await findings(park._id)).to.deep.equal([])
    const lease = await convert(scene)
    await submitLease(park._id, lease._id, BY)
    await set({ stage: 'signed' })
    expect((await findings(park._id)).some(text => /can\u2019t give back/.test(text))).to.equal(true)
    await set({ stage: 'review', 'replaced.0.lead': newId() })
    expect((await findings(park._id)).some(text => /isn\u2019t its lead/.test(text))).to.equal(true)
    await set({ 'replaced.0.lead': lead._id, 'replaced.0.from': addDays(inDays(380), 5) })
    expect((await findings(park._id)).some(text => /hold of other days/.test(text))).to.equal(true)
  })
})
