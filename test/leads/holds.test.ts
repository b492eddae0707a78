import { expect } from 'chai'
import fc from 'fast-check'
import type { Types } from 'mongoose'
import { AuditEntry } from '../../src/audit/entry.ts'
import { editLead } from '../../src/leads/create.ts'
import { remindOfHolds } from '../../src/leads/hold-reminders.ts'
import { approveHold, holdForLead, prolongHold, refuseHold, releaseHold } from '../../src/leads/holds.ts'
import { mergeLeads } from '../../src/leads/merge.ts'
import { LeadSetup, USUAL } from '../../src/leads/setup.ts'
import { loseLead } from '../../src/leads/steps.ts'
import { setClock } from '../../src/lib/clock.ts'
import { addDays, type Day, overlaps, today } from '../../src/lib/days.ts'
import { Notification } from '../../src/notifications/notification.ts'
import { claimUnit } from '../../src/spaces/claims.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildUnit, buildUser, inDays, newId } from '../setup/factories.ts'
import { buildLead, leadNow } from '../setup/leads.ts'
import {
  as,
  buildScene,
  claimNow,
  claimsOf,
  dayEnds,
  hold,
  linesOf,
  MANAGER,
  PROMOTION,
  refusal,
  type Scene,
  setDay,
  wishFor,
} from './hold-scene.ts'

const noticesTo = async (user: { _id: Types.ObjectId }): Promise<string[]> =>
  (await Notification.find({ user: user._id }).sort({ _id: 1 }).lean()).map(one => one.key)

/** A hold asked for through the 30th day from today. */
const asked = async (scene: Scene) => ({ unit: scene.unit._id, claim: await hold(scene, { keptUntil: inDays(30) }), seen: inDays(30) })

describe('holds', () => {
  useDatabase()

  it('are made by the lead’s owner or who leads, for a lead that is open, or for who is named', async () => {
    const scene = await buildScene()
    const { park, lead, unit, manager } = scene
    const stranger = await buildUser('promotion', { park: park._id })
    const by = (user: typeof manager, id = lead._id, rights = PROMOTION) => refusal(holdForLead(park, wishFor(unit), id, as(user), rights))
    expect(await by(stranger)).to.equal('lead.notYours')
    expect(await refusal(holdForLead(park, wishFor(unit), null, as(stranger), PROMOTION))).to.equal('hold.whom')
    expect(await refusal(hold(scene, { keptUntil: addDays(today(), -1) }))).to.equal('claim.expired')
    const claim = await holdForLead(park, wishFor(unit), lead._id, as(manager), MANAGER)
    const made = (await claimNow(unit, claim))!
    expect([made.label, made.holder, made.expiresAt, made.askedUntil]).to.deep.equal([
      lead.name,
      String(manager._id),
      dayEnds(inDays(7)),
      null,
    ])
    expect(made.lead!.equals(lead._id)).to.equal(true)
    expect(await linesOf(lead)).to.deep.equal(['made'])
    const other = await buildUnit({ park: park._id })
    await holdForLead(park, wishFor(other, { label: 'Somebody' }), null, as(stranger), PROMOTION)
    expect((await claimsOf(other))[0]!.label).to.equal('Somebody')
    await loseLead(park._id, lead._id, { reason: 'price', note: null }, BY)
    expect(await by(manager, lead._id, MANAGER)).to.equal('lead.not.open')
  })

  it('are as many for one person as the park says; who approves has no limit, and what has run out doesn’t count', async () => {
    const scene = await buildScene()
    const { park, manager } = scene
    await LeadSetup.create([{ park: park._id, ...USUAL, holdLimit: 2 }])
    const next = async () => ({ ...scene, unit: await buildUnit({ park: park._id }) })
    for (let i = 0; i < 2; i++) await hold(await next(), { keptUntil: inDays(i) })
    expect(await refusal(hold(await next()))).to.equal('hold.tooMany')
    for (let i = 0; i < 3; i++) await holdForLead(park, wishFor((await next()).unit), scene.lead._id, as(manager), MANAGER)
    setClock(dayEnds(today()))
    expect(await refusal(hold(await next()))).to.equal('fine')
    expect(await refusal(hold(await next()))).to.equal('hold.tooMany')
  })

  it('last as long as the park allows; what is beyond is asked for, and decided by another manager', async () => {
    const scene = await buildScene()
    const { park, lead, owner, manager, colleague, unit } = scene
    const allowed = await hold(scene, { keptUntil: inDays(USUAL.holdDays) })
    expect((await claimNow(unit, allowed))!.askedUntil).to.equal(null)
    await releaseHold(park, unit._id, allowed, as(owner), PROMOTION)
    expect(await claimsOf(unit)).to.deep.equal([])

    const decision = await asked(scene)
    const made = (await claimNow(unit, decision.claim))!
    expect([made.expiresAt, made.askedUntil]).to.deep.equal([dayEnds(inDays(USUAL.holdDays)), dayEnds(inDays(30))])
    for (const one of [manager, colleague]) expect(await noticesTo(one)).to.deep.equal(['hold.asked'])
    expect(await refusal(approveHold(park, decision, as(owner)))).to.equal('hold.ownApproval')
    expect(await refusal(approveHold(park, { ...decision, seen: inDays(31) }, as(manager)))).to.equal('hold.changed')
    await approveHold(park, decision, as(manager))
    const approved = (await claimNow(unit, decision.claim))!
    expect([approved.expiresAt, approved.askedUntil, approved.askedBy]).to.deep.equal([dayEnds(inDays(30)), null, null])
    expect(await noticesTo(owner)).to.deep.equal(['hold.approved'])
    expect(await refusal(approveHold(park, decision, as(colleague)))).to.equal('hold.changed')
    expect(await linesOf(lead)).to.deep.equal(['made', 'released', 'made', 'asked', 'approved'])
    const trail = await AuditEntry.find({ park: park._id, ref: unit._id, 'by.id': { $ne: BY.id } })
      .sort({ at: 1, _id: 1 })
      .lean()
    expect(trail.map(entry => entry.action)).to.deep.equal(['unit.claim', 'unit.release', 'unit.claim', 'hold.approve'])
  })

  it('asked for and turned down run out when they would have, and who asked hears why', async () => {
    const scene = await buildScene()
    const decision = await asked(scene)
    await refuseHold(scene.park, decision, 'Somebody else comes first', as(scene.manager))
    const claim = (await claimNow(scene.unit, decision.claim))!
    expect([claim.expiresAt, claim.askedUntil]).to.deep.equal([dayEnds(inDays(USUAL.holdDays)), null])
    const notice = await Notification.findOne({ user: scene.owner._id, key: 'hold.refused' }).lean().orFail()
    expect(notice.params['reason']).to.equal('Somebody else comes first')
    expect(await linesOf(scene.lead)).to.deep.equal(['made', 'asked', 'refused'])
  })

  it('of who approves are asked for too, unless the park lets one person do both', async () => {
    for (const selfApproval of [false, true]) {
      const { park, lead, manager, unit } = await buildScene({ selfApproval })
      const claim = await holdForLead(park, wishFor(unit, { keptUntil: inDays(30) }), lead._id, as(manager), MANAGER)
      const { expiresAt } = (await claimNow(unit, claim))!
      expect(expiresAt).to.deep.equal(dayEnds(inDays(selfApproval ? 30 : USUAL.holdDays)))
      const own = approveHold(park, { unit: unit._id, claim, seen: inDays(30) }, as(manager))
      expect(await refusal(own)).to.equal(selfApproval ? 'hold.changed' : 'hold.ownApproval')
    }
  })

  it('that ran out before they were approved come back where the unit is still free, and only there', async () => {
    for (const taken of [false, true]) {
      const scene = await buildScene()
      const decision = await asked(scene)
      const free = inDays(USUAL.holdDays)
      setClock(dayEnds(free))
      if (taken) await claimUnit(scene.park._id, scene.unit._id, { kind: 'works', from: inDays(40), to: inDays(50) })
      expect(await refusal(approveHold(scene.park, decision, as(scene.manager)))).to.equal(taken ? 'unit.taken' : 'fine')
      expect((await claimNow(scene.unit, decision.claim))!.expiresAt).to.deep.equal(dayEnds(taken ? free : decision.seen))
      setClock(null)
    }
  })

  it('are prolonged by whoever has to do with them, counted from when they were made', async () => {
    const scene = await buildScene()
    const { park, owner, unit } = scene
    const [first, last] = [today(), inDays(USUAL.holdDays)]
    const claim = await hold(scene, { keptUntil: inDays(3) })
    const until = (keptUntil: Day, user = owner) => refusal(prolongHold(park, { unit: unit._id, claim, keptUntil }, as(user), PROMOTION))
    expect(await until(inDays(3))).to.equal('hold.notLater')
    expect(await until(inDays(4), await buildUser('promotion', { park: park._id }))).to.equal('hold.notYours')
    setDay(addDays(first, 2))
    expect(await until(last)).to.equal('fine')
    expect((await claimNow(unit, claim))!.expiresAt).to.deep.equal(dayEnds(last))
    expect(await until(addDays(last, 1))).to.equal('fine')
    const more = (await claimNow(unit, claim))!
    expect([more.expiresAt, more.askedUntil, more.askedBy]).to.deep.equal([dayEnds(last), dayEnds(addDays(last, 1)), String(owner._id)])
    setClock(dayEnds(last))
    expect(await until(addDays(last, 5))).to.equal('hold.over')
    setClock(null)
    expect(await linesOf(scene.lead)).to.deep.equal(['made', 'prolonged', 'asked'])
  })

  it('end with their lead, go where it is merged into, and have its name', async () => {
    const scene = await buildScene()
    const { park, lead, unit } = scene
    const claim = await hold(scene)
    const { version, name: _, creditCode, contacts, source, sourceNote, industry, origin, wish } = await leadNow(lead)
    const facts = { name: 'A new name', creditCode, contacts, source, sourceNote, industry, origin, wish }
    await editLead(park, lead._id, version, facts, {}, BY)
    expect((await claimNow(unit, claim))!.label).to.equal('A new name')
    const { lead: kept } = await buildLead(park._id, { name: 'The kept one' })
    await mergeLeads(park._id, kept._id, lead._id, BY)
    const moved = (await claimNow(unit, claim))!
    expect([String(moved.lead), moved.label]).to.deep.equal([String(kept._id), 'The kept one'])
    const lapsed = { ...scene, unit: await buildUnit({ park: park._id }), lead: kept, owner: { ...scene.owner, _id: kept.owner! } }
    await hold(lapsed, { keptUntil: today() })
    setClock(dayEnds(today()))
    await loseLead(park._id, kept._id, { reason: 'price', note: null }, BY)
    expect(await claimsOf(unit)).to.deep.equal([])
    expect(await claimsOf(lapsed.unit)).to.have.length(1)
    expect(await noticesTo(scene.owner)).to.deep.equal(['hold.released'])
  })

  it('are told of a day before they run out, once for each end', async () => {
    const scene = await buildScene()
    const { park, owner, unit } = scene
    const claim = await hold(scene, { keptUntil: inDays(3) })
    // Of other parks of the database there are some too.
    const told = async (times: number) => {
      await Promise.all(Array.from({ length: times }, remindOfHolds))
      return (await noticesTo(owner)).length
    }
    expect(await told(1)).to.equal(0)
    setDay(inDays(2))
    expect([await told(1), await told(2)]).to.deep.equal([1, 1])
    await prolongHold(park, { unit: unit._id, claim, keptUntil: addDays(today(), 5) }, as(owner), PROMOTION)
    expect(await told(1)).to.equal(1)
    setDay(addDays(today(), 4))
    expect(await told(3)).to.equal(2)
    expect(await noticesTo(owner)).to.deep.equal(['hold.ending', 'hold.ending'])
  })

  it('that have run out stand in nobody’s way, with no job having run; before, in everybody’s (property)', async () => {
    const start = Date.now()
    const day = fc.nat(20).map(count => inDays(count))
    const period = fc.tuple(day, fc.nat(12)).map(([from, length]) => ({ from, to: addDays(from, length) }))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ period, minutes: fc.integer({ min: 1, max: 300 }) }), { maxLength: 4 }),
        period,
        fc.nat(300),
        async (holds, wish, at) => {
          const unit = await buildUnit()
          setClock(new Date(start))
          const kept: typeof holds = []
          for (const one of holds) {
            const expiresAt = new Date(start + one.minutes * 60_000)
            if (kept.some(other => overlaps(other.period, one.period))) continue
            await claimUnit(unit.park, unit._id, { kind: 'hold', ...one.period, expiresAt, lead: newId(), label: 'X' })
            kept.push(one)
          }
          setClock(new Date(start + at * 60_000 + 30_000))
          const free = kept.every(one => one.minutes <= at || !overlaps(one.period, wish))
          const lease = { kind: 'lease' as const, ...wish, lease: newId(), number: 'HT', stage: 'review' as const }
          expect(await refusal(claimUnit(unit.park, unit._id, lease))).to.equal(free ? 'fine' : 'unit.taken')
          expect(await Unit.countDocuments({ park: unit.park, 'claims.kind': 'hold' })).to.equal(kept.length ? 1 : 0)
          setClock(null)
        },
      ),
      { numRuns: 25, endOnFailure: true },
    )
  })
})
