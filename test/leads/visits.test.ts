import { expect } from 'chai'
import type { Types } from 'mongoose'
import { grantRole, revokeRole } from '../../src/accounts/memberships.ts'
import { Membership } from '../../src/accounts/user.ts'
import { LeadEntry } from '../../src/leads/entry.ts'
import type { Lead } from '../../src/leads/lead.ts'
import { mergeLeads } from '../../src/leads/merge.ts'
import { loseLead } from '../../src/leads/steps.ts'
import { Visit } from '../../src/leads/visit.ts'
import '../../src/leads/visit-follow.ts'
import { judgeUnit, type Outcome, recordOutcome } from '../../src/leads/visit-outcome.ts'
import { cancelVisit, moveVisit, planVisit } from '../../src/leads/visits.ts'
import { setClock } from '../../src/lib/clock.ts'
import { addDays, today } from '../../src/lib/days.ts'
import { RuleError } from '../../src/lib/rule-error.ts'
import { instantAt } from '../../src/lib/wall.ts'
import { Notification } from '../../src/notifications/notification.ts'
import { Park } from '../../src/parks/park.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildPark, buildUnit, buildUser, inDays, newId } from '../setup/factories.ts'
import { buildLead, leadNow, parkNow } from '../setup/leads.ts'
import { buildVisit, visitFacts, visitNow } from '../setup/visits.ts'
import { findings } from './scene.ts'

const refused = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => null,
    found => found,
  )
  if (error && !(error instanceof RuleError)) throw error
  return error ? `${error.status} ${error.problem.key}` : 'fine'
}

const came = (more: Partial<Outcome> = {}): Outcome => ({
  ...{ state: 'done', text: 'They liked it', units: [], next: { what: 'Send an offer', on: inDays(2) } },
  ...more,
})

describe('visits', function () {
  this.timeout(120_000)
  useDatabase()
  afterEach(() => setClock(null))

  async function scene() {
    const park = await buildPark()
    const { lead, owner } = await buildLead(park._id)
    return { park, lead, owner: owner! }
  }

  it('refuses a host two visits at once; ends may touch, other hosts and called-off visits don’t count', async () => {
    const { park, lead, owner } = await scene()
    const other = await buildUser('manager', { park: park._id })
    const first = await buildVisit(lead, { from: 600, to: 660 })
    const plan = (from: number, to: number, host: Types.ObjectId = owner._id) =>
      refused(planVisit(park, lead._id, visitFacts(host, { from, to }), BY))
    for (const [from, to] of [
      [600, 660],
      [599, 601],
      [659, 700],
      [610, 650],
      [500, 800],
    ] as const)
      expect(await plan(from, to), `${from}–${to}`).to.equal('409 error.visit.busy')
    expect(await plan(540, 600)).to.equal('fine')
    expect(await plan(660, 720)).to.equal('fine')
    expect(await plan(600, 660, other._id)).to.equal('fine')
    await cancelVisit(park, first._id, first.version, 'Snow', BY)
    expect(await plan(600, 660)).to.equal('fine')
    expect(await Visit.countDocuments({ park: park._id, state: 'planned' })).to.equal(4)
    expect(await findings(park._id)).to.deep.equal([])
  })

  it('knows a host’s visits in other parks, by instants, and says nothing of them', async () => {
    const { park, lead, owner } = await scene()
    const away = await buildPark()
    await Park.updateOne({ _id: away._id }, { zone: 'Europe/Berlin' })
    await grantRole(owner._id, { role: 'promotion', park: away._id }, BY)
    const elsewhere = await buildLead(away._id)
    const day = inDays(3)
    const at = instantAt(day, 600, 'Europe/Berlin')
    await planVisit(await parkNow(away._id), elsewhere.lead._id, visitFacts(owner._id, { day, from: 600, to: 660 }), BY)
    const minutes = (at.getTime() - instantAt(day, 0, park.zone).getTime()) / 60_000
    const plan = (from: number) => planVisit(park, lead._id, visitFacts(owner._id, { day, from, to: from + 30 }), BY)
    expect(await refused(plan(600)), 'the same clock, another instant').to.equal('fine')
    const error = (await plan(minutes).catch(found => found)) as RuleError
    expect([error.status, error.problem.key]).to.deep.equal([409, 'error.visit.busyElsewhere'])
    expect(JSON.stringify(error.problem.params)).to.not.include(day)
  })

  it('takes units of the day only, keeps their order, and lets a let one be shown', async () => {
    const { park, lead, owner } = await scene()
    const [a, b] = [await buildUnit({ park: park._id }), await buildUnit({ park: park._id })]
    await buildLease({ unit: b })
    const later = await buildUnit({ park: park._id, from: inDays(30) })
    const strange = await buildUnit()
    const visit = await buildVisit(lead, { units: [b._id, a._id, b._id] })
    expect(visit.units.map(one => one.code)).to.deep.equal([b.code, a.code])
    const plan = (units: Types.ObjectId[]) => refused(planVisit(park, lead._id, visitFacts(owner._id, { units, from: 900, to: 930 }), BY))
    expect(await plan([later._id])).to.equal('422 error.visit.unitInactive')
    expect(await plan([strange._id])).to.equal('422 error.visit.unitGone')
    expect(await plan([newId()])).to.equal('422 error.visit.unitGone')
  })

  it('is planned for today or later, of a lead with an owner, by one of the park’s', async () => {
    const { park, lead, owner } = await scene()
    const pool = await buildLead(park._id, {}, { owner: null })
    const stranger = await buildUser('promotion', { park: (await buildPark())._id })
    const clerk = await buildUser('reception', { park: park._id })
    const manager = await buildUser('manager', { park: park._id })
    const plan = (more: object, host = owner._id, of: Lead = lead) => refused(planVisit(park, of._id, visitFacts(host, more), BY))
    expect(await plan({ day: inDays(-1) })).to.equal('422 error.visit.past')
    expect(await plan({ to: 600 })).to.equal('422 error.visit.order')
    expect(await plan({}, stranger._id)).to.equal('422 error.visit.noHost')
    expect(await plan({}, clerk._id)).to.equal('422 error.visit.noHost')
    expect(await plan({ companions: [stranger._id] })).to.equal('422 error.visit.noCompanion')
    expect(await plan({}, owner._id, pool.lead)).to.equal('409 error.lead.inPool')
    expect(await plan({ day: inDays(0), from: 0, to: 1 }, owner._id)).to.equal('fine')
    expect(await plan({ companions: [clerk._id] })).to.equal('fine')
    // Who has left the park hosts nothing more.
    const membership = await Membership.findOne({ user: owner._id }).lean().orFail()
    await revokeRole(park._id, membership._id, BY)
    expect(await plan({ from: 900, to: 930 })).to.equal('422 error.visit.noHost')
    // … and the visit that is still to come needs somebody else.
    expect(await Notification.countDocuments({ user: manager._id, key: 'visit.own.hostless' })).to.equal(1)
  })

  it('knows today by the park’s clocks, and its last minute', async () => {
    const { park, lead } = await scene()
    // 16:30 UTC is half past midnight of the next day in Shanghai.
    const day = addDays(today(park.zone), 5)
    setClock(new Date(`${day}T16:30:00Z`))
    const next = addDays(day, 1)
    expect(today(park.zone)).to.equal(next)
    const late = await buildVisit(lead, { day: next, from: 1380, to: 1440 })
    expect(late.startsAt.toISOString()).to.equal(`${next}T15:00:00.000Z`)
    expect(late.endsAt.toISOString()).to.equal(`${next}T16:00:00.000Z`)
    expect(await refused(buildVisit(lead, { day }))).to.equal('422 error.visit.past')
    // The next one begins at midnight, on another civil day: they touch.
    const early = await buildVisit(lead, { day: addDays(next, 1), from: 0, to: 30 })
    expect(early.startsAt.getTime()).to.equal(late.endsAt.getTime())
    expect(await findings(park._id)).to.deep.equal([])
  })

  it('writes an outcome down once it is the day, with the next step, and moves the lead to viewing', async () => {
    const { park, lead, owner } = await scene()
    const [a, b] = [await buildUnit({ park: park._id }), await buildUnit({ park: park._id })]
    const visit = await buildVisit(lead, { units: [a._id, b._id] })
    expect(await refused(recordOutcome(park, visit._id, 0, came(), BY))).to.equal('409 error.visit.notYet')
    expect(await refused(judgeUnit(park, visit._id, a._id, { liked: true, why: null }, BY))).to.equal('409 error.visit.notYet')
    setClock(new Date(visit.startsAt.getTime() - 60_000))
    expect(await refused(recordOutcome(park, visit._id, 0, came({ state: 'missed' }), BY))).to.equal('409 error.visit.notBegun')
    setClock(visit.startsAt)
    await judgeUnit(park, visit._id, a._id, { liked: true, why: null }, BY)
    await judgeUnit(park, visit._id, a._id, { liked: false, why: 'Too dark' }, BY)
    expect(await refused(recordOutcome(park, visit._id, 2, came({ next: null }), BY))).to.equal('422 error.required')
    expect(await refused(recordOutcome(park, visit._id, 2, came({ text: null }), BY))).to.equal('422 error.required')
    expect(await refused(recordOutcome(park, visit._id, 2, came({ next: { what: '', on: inDays(-3) } }), BY))).to.equal(
      '422 error.lead.nextPast',
    )
    const done = await recordOutcome(park, visit._id, 2, came({ units: [{ unit: b._id, liked: true, why: 'Light' }] }), BY)
    expect(done.units.map(one => [one.liked, one.why])).to.deep.equal([
      [false, 'Too dark'],
      [true, 'Light'],
    ])
    const after = await leadNow(lead)
    expect([after.stage, after.next?.what, after.path.map(step => step.stage)]).to.deep.equal([
      'viewing',
      'Send an offer',
      ['new', 'viewing'],
    ])
    const line = await LeadEntry.findOne({ park: park._id, lead: lead._id, kind: 'visit', 'params.what': 'done' }).lean().orFail()
    expect(line.params).to.include({ liked: b.code, disliked: a.code })
    // What was written is mended without another next step, and moves nothing.
    await recordOutcome(park, visit._id, done.version, came({ text: 'Mended', next: null }), BY)
    expect((await leadNow(lead)).next?.what).to.equal('Send an offer')
    expect(await refused(judgeUnit(park, visit._id, a._id, { liked: true, why: null }, BY))).to.equal('409 error.visit.notPlanned')
    expect(await refused(moveVisit(park, visit._id, done.version + 1, visitFacts(owner._id), BY))).to.equal('409 error.visit.notPlanned')
    expect(await findings(park._id)).to.deep.equal([])
  })

  it('leaves the stage where nobody came, and where the lead is past it', async () => {
    const { park, lead } = await scene()
    const visit = await buildVisit(lead, { day: inDays(0), from: 0, to: 1 })
    await recordOutcome(park, visit._id, 0, came({ state: 'missed', text: null }), BY)
    expect([(await visitNow(visit)).state, (await leadNow(lead)).stage]).to.deep.equal(['missed', 'new'])
  })

  it('calls off what is to come of a lost lead, and moves visits with a merge', async () => {
    const { park, lead, owner } = await scene()
    const { lead: twin } = await buildLead(park._id)
    const begun = await buildVisit(lead, { day: inDays(0), from: 0, to: 1 })
    const ahead = await buildVisit(lead)
    const other = await buildVisit(twin, { host: owner._id, from: 900, to: 960 })
    await loseLead(park._id, lead._id, { reason: 'price', note: 'Too dear' }, BY)
    expect(await visitNow(ahead)).to.include({ state: 'cancelled', cause: 'lost', reason: null, sequence: 1 })
    expect((await visitNow(begun)).state).to.equal('planned')
    // A lost lead has no next step.
    await recordOutcome(park, begun._id, 0, came({ next: null }), BY)
    await mergeLeads(park._id, twin._id, lead._id, BY)
    for (const one of [begun, ahead, other]) expect(String((await visitNow(one)).lead)).to.equal(String(twin._id))
    expect(await findings(park._id)).to.deep.equal([])
  })

  it('lets the second of two editors see both', async () => {
    const { park, lead, owner } = await scene()
    const visit = await buildVisit(lead)
    const facts = visitFacts(owner._id, { from: 700, to: 760 })
    await moveVisit(park, visit._id, 0, facts, BY)
    expect(await refused(moveVisit(park, visit._id, 0, facts, BY))).to.equal('409 error.stale')
    expect(await refused(cancelVisit(park, visit._id, 0, 'No', BY))).to.equal('409 error.stale')
  })
})
