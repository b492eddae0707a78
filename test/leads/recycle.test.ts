import { expect } from 'chai'
import fc from 'fast-check'
import type { Types } from 'mongoose'
import { Lead } from '../../src/leads/lead.ts'
import { mergeLeads } from '../../src/leads/merge.ts'
import { handOver } from '../../src/leads/pool.ts'
import { recycleLeads } from '../../src/leads/recycle.ts'
import { LeadSetup, USUAL } from '../../src/leads/setup.ts'
import { followUp, planNext } from '../../src/leads/steps.ts'
import { now, setClock } from '../../src/lib/clock.ts'
import { addDays, today } from '../../src/lib/days.ts'
import { Notification } from '../../src/notifications/notification.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark, buildUser } from '../setup/factories.ts'
import { buildLead, leadNow, parkNow } from '../setup/leads.ts'
import { actorFor } from './scene.ts'

const DAY = 86_400_000
const { idleDays, warnDays } = USUAL

/** Days go by: the job of every day has run on none of them unless it is said. */
const pass = (days: number): void => setClock(new Date(now().getTime() + days * DAY))

describe('leads with which nothing happens', function () {
  this.timeout(120_000)
  useDatabase()

  const warnings = (park: string, user: Types.ObjectId) => Notification.countDocuments({ park, user, key: 'lead.idle' })

  async function scene() {
    const place = await buildPark()
    const { lead, owner } = await buildLead(place._id)
    return { park: await parkNow(place._id), lead, owner: owner! }
  }

  it('tells the owner some days before, and then puts the lead into the pool', async () => {
    const { park, lead, owner } = await scene()
    pass(idleDays - warnDays - 1)
    expect(await recycleLeads(park)).to.deep.equal({ recycled: 0, warned: 0 })
    pass(1)
    expect(await recycleLeads(park)).to.deep.equal({ recycled: 0, warned: 1 })
    expect(await warnings(park._id, owner._id)).to.equal(1)
    pass(warnDays - 1)
    expect(await recycleLeads(park)).to.deep.equal({ recycled: 0, warned: 0 })
    pass(1)
    expect(await recycleLeads(park)).to.deep.equal({ recycled: 1, warned: 0 })
    const after = await leadNow(lead)
    expect(after).to.include({ owner: null, ownerName: null, next: null, state: 'open' })
    expect(after.pool?.why).to.equal('idle')
    expect(await Notification.countDocuments({ park: park._id, user: owner._id, key: 'lead.recycled' })).to.equal(1)
  })

  it('changes nothing when it runs again, or twice at once', async () => {
    const { park, lead, owner } = await scene()
    pass(idleDays - warnDays)
    await Promise.all([recycleLeads(park), recycleLeads(park), recycleLeads(park)])
    expect(await recycleLeads(park)).to.deep.equal({ recycled: 0, warned: 0 })
    expect(await warnings(park._id, owner._id)).to.equal(1)
    pass(warnDays)
    await Promise.all([recycleLeads(park), recycleLeads(park), recycleLeads(park)])
    const after = await leadNow(lead)
    expect(await recycleLeads(park)).to.deep.equal({ recycled: 0, warned: 0 })
    expect(await leadNow(lead)).to.deep.equal(after)
    expect(await Notification.countDocuments({ park: park._id, user: owner._id, key: 'lead.recycled' })).to.equal(1)
  })

  it('takes from nobody who wasn’t told, however long the job stood still', async () => {
    const { park, lead, owner } = await scene()
    pass(idleDays * 4)
    expect(await recycleLeads(park)).to.deep.equal({ recycled: 0, warned: 1 })
    expect(String((await leadNow(lead)).owner)).to.equal(String(owner._id))
    pass(warnDays)
    expect(await recycleLeads(park)).to.deep.equal({ recycled: 1, warned: 0 })
  })

  it('leaves a lead that was followed up, not one that was put off', async () => {
    const [kept, put] = [await scene(), await scene()]
    const next = () => ({ what: 'Call', on: addDays(today(), 90) })
    pass(idleDays - warnDays)
    await recycleLeads(kept.park)
    await recycleLeads(put.park)
    await followUp(kept.park, kept.lead._id, { kind: 'call', text: 'Spoke', next: next() }, actorFor(kept.owner))
    await planNext(put.park, put.lead._id, next(), actorFor(put.owner))
    pass(warnDays)
    expect(await recycleLeads(kept.park)).to.deep.equal({ recycled: 0, warned: 0 })
    expect(await recycleLeads(put.park)).to.deep.equal({ recycled: 1, warned: 0 })
    // And it is told anew before it goes.
    pass(idleDays - warnDays)
    expect(await recycleLeads(kept.park)).to.deep.equal({ recycled: 0, warned: 1 })
  })

  it('tells anew whoever takes one over, and after a merge', async () => {
    const { park, lead, owner } = await scene()
    const colleague = await buildUser('promotion', { park: park._id })
    pass(idleDays - warnDays)
    await recycleLeads(park)
    await handOver(park._id, lead._id, { to: colleague._id, note: null, leads: true }, actorFor(owner))
    const { lead: other } = await buildLead(park._id)
    pass(idleDays - warnDays)
    expect((await recycleLeads(park)).recycled).to.equal(0)
    expect(await warnings(park._id, colleague._id)).to.equal(1)
    await Lead.updateOne({ park: park._id, _id: other._id }, { $set: { touchedAt: now() } })
    await mergeLeads(park._id, lead._id, other._id, actorFor(owner))
    // What was merged into it has happened: the warning is of the past.
    pass(idleDays)
    expect(await recycleLeads(park)).to.deep.equal({ recycled: 0, warned: 1 })
  })

  it('does nothing where the park doesn’t want it, and nothing to what isn’t open or is in the pool', async () => {
    const { park, lead } = await scene()
    await LeadSetup.create({ ...USUAL, park: park._id, idleDays: 0 })
    pass(400)
    expect(await recycleLeads(park)).to.deep.equal({ recycled: 0, warned: 0 })
    await LeadSetup.updateOne({ park: park._id }, { $set: { idleDays: 30 } })
    await Lead.updateOne({ park: park._id, _id: lead._id }, { $set: { state: 'lost' } })
    await buildLead(park._id, {}, { owner: null })
    pass(400)
    expect(await recycleLeads(park)).to.deep.equal({ recycled: 0, warned: 0 })
  })

  it('never takes one within the days it told, whatever was done on which day', async () => {
    const event = fc.record({ days: fc.integer({ min: 0, max: 12 }), what: fc.constantFrom('nothing', 'job', 'job', 'follow', 'plan') })
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 25 }), async events => {
        setClock(null)
        const { park, lead, owner } = await scene()
        let told: Date | null = null
        let touched = now()
        for (const { days, what } of events) {
          pass(days)
          if ((await leadNow(lead)).owner === null) break
          const next = { what: 'Call', on: today() }
          if (what === 'plan') await planNext(park, lead._id, next, actorFor(owner))
          if (what === 'follow') {
            await followUp(park, lead._id, { kind: 'call', text: 'Spoke', next }, actorFor(owner))
            ;[told, touched] = [null, now()]
          }
          if (what !== 'job') continue
          const { recycled, warned } = await recycleLeads(park)
          if (recycled) {
            expect(told, 'told before').to.not.equal(null)
            expect(now().getTime() - told!.getTime()).to.be.at.least(warnDays * DAY)
            expect(now().getTime() - touched.getTime()).to.be.at.least(idleDays * DAY)
          }
          if (warned) told = now()
        }
      }),
      { numRuns: 15 },
    )
  })
})
