import { expect } from 'chai'
import fc from 'fast-check'
import mongoose from 'mongoose'
import { AuditEntry } from '../../src/audit/entry.ts'
import { type Conversion, convertLead } from '../../src/leads/convert.ts'
import { LeadEntry } from '../../src/leads/entry.ts'
import { moveStage } from '../../src/leads/steps.ts'
import { cancelDraft } from '../../src/leases/draft.ts'
import { recordHandover } from '../../src/leases/handover.ts'
import { Lease } from '../../src/leases/lease.ts'
import { approveLease, submitLease } from '../../src/leases/review.ts'
import { signLease } from '../../src/leases/signing.ts'
import { terminateLease } from '../../src/leases/termination.ts'
import { addDays, addMonths, dayBefore, today } from '../../src/lib/days.ts'
import { Notification } from '../../src/notifications/notification.ts'
import { SearchEntry } from '../../src/search/entry.ts'
import { Tenant } from '../../src/tenants/tenant.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildTenant, buildUnit, OTHER, termsFor } from '../setup/factories.ts'
import { buildLead, leadNow } from '../setup/leads.ts'
import { findings } from './scene.ts'

const CODE = '91350100M000100Y43'

async function scene(more: object = {}) {
  const park = (await buildPark())._id
  const unit = await buildUnit({ park })
  const { lead, owner } = await buildLead(park, more)
  const { tenant: _tenant, ...terms } = termsFor(unit, { _id: lead._id }, { from: today() })
  const conversion: Conversion = { tenant: null, name: lead.name, creditCode: null, sameName: false, terms }
  return { park, unit, lead, owner: owner!, conversion }
}

const counts = async (park: string) => ({
  tenants: await Tenant.countDocuments({ park }),
  leases: await Lease.countDocuments({ park }),
  lines: await LeadEntry.countDocuments({ park }),
  audit: await AuditEntry.countDocuments({ park }),
  found: await SearchEntry.countDocuments({ park }),
})

describe('turning a lead into a lease', () => {
  useDatabase()

  it('makes a tenant in preparation and a draft, which follow the lease to the move-in', async () => {
    const { park, unit, lead, conversion } = await scene()
    const lease = await convertLead(park, lead._id, conversion, BY)
    expect((await Lease.findOne({ park, _id: lease._id }).lean())!.lead).to.deep.equal(lead._id)
    const after = await leadNow(lead)
    expect(after).to.include({ state: 'converted', stage: 'signing' })
    const tenant = await Tenant.findOne({ park, _id: after.tenant! }).lean().orFail()
    expect(tenant).to.include({ name: lead.name, creditCode: null })
    expect(tenant.contacts.map(one => one.name)).to.deep.equal(lead.contacts.map(one => one.name))
    await submitLease(park, lease._id, BY)
    await approveLease(park, lease._id, OTHER)
    await signLease(park, lease._id, { on: today(), scans: [] }, BY)
    expect((await leadNow(lead)).stage).to.equal('signing')
    const handover = {
      kind: 'in' as const,
      unit: unit._id,
      on: today(),
      checklist: [],
      electricity: null,
      water: null,
      keys: 1,
      note: null,
    }
    await recordHandover(park, lease._id, handover, BY)
    expect((await leadNow(lead)).path.map(step => step.stage)).to.deep.equal(['new', 'signing', 'moved'])
    expect(await findings(park)).to.deep.equal([])
  })

  it('takes the tenant that has the credit code, and adds only the people it doesn’t know', async () => {
    const { park, lead, conversion } = await scene({ creditCode: CODE })
    const known = await buildTenant(park, 'Somebody else')
    await Tenant.updateOne({ park, _id: known._id }, { creditCode: CODE })
    await convertLead(park, lead._id, { ...conversion, creditCode: ` ${CODE.toLowerCase()} ` }, BY)
    expect((await leadNow(lead)).tenant).to.deep.equal(known._id)
    expect(await Tenant.countDocuments({ park })).to.equal(1)
  })

  it('converts once: a second press is refused and leaves nothing', async () => {
    const { park, lead, conversion } = await scene()
    await convertLead(park, lead._id, conversion, BY)
    const before = await counts(park)
    const again = await convertLead(park, lead._id, { ...conversion, sameName: true }, BY).catch(error => error)
    expect(again.problem.key).to.equal('error.lead.not.open')
    expect(await counts(park)).to.deep.equal(before)
  })

  it('converts once when eight do it at the same moment', async () => {
    const { park, lead, conversion } = await scene()
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => convertLead(park, lead._id, { ...conversion, sameName: true }, BY)),
    )
    expect(results.filter(one => one.status === 'fulfilled')).to.have.length(1)
    expect([await Tenant.countDocuments({ park }), await Lease.countDocuments({ park })]).to.deep.equal([1, 1])
    expect(await findings(park)).to.deep.equal([])
  })

  /** Every write of a conversion, one after the other, is made to fail: what was there before is there afterwards, and nothing more. */
  it('is all or nothing at every write that may fail', async function () {
    this.timeout(60_000)
    const { park, lead, conversion } = await scene()
    const before = { ...(await counts(park)), lead: await leadNow(lead) }
    const proto = mongoose.mongo.Collection.prototype as unknown as Record<string, (...args: unknown[]) => unknown>
    const names = ['insertOne', 'insertMany', 'updateOne', 'updateMany', 'findOneAndUpdate'] as const
    const real = Object.fromEntries(names.map(name => [name, proto[name]!]))
    let left = Number.POSITIVE_INFINITY
    let writes = 0
    for (const name of names)
      proto[name] = function (this: unknown, ...args: unknown[]) {
        writes += 1
        if (--left < 0) throw new Error('the disk is full')
        return real[name]!.apply(this, args)
      }
    try {
      let at = 0
      for (; at < 60; at++) {
        ;[left, writes] = [at, 0]
        const failed = await convertLead(park, lead._id, conversion, BY).catch(error => error)
        left = Number.POSITIVE_INFINITY
        if (!(failed instanceof Error)) break
        expect(failed.message).to.equal('the disk is full')
        expect({ ...(await counts(park)), lead: await leadNow(lead) }, `write ${at}`).to.deep.equal(before)
      }
      // It really went through all of them, and then succeeded.
      expect(at).to.be.greaterThan(10)
      expect(writes).to.equal(at)
    } finally {
      for (const name of names) proto[name] = real[name]!
    }
    expect((await leadNow(lead)).state).to.equal('converted')
    expect(await findings(park)).to.deep.equal([])
  })

  it('opens the lead again where it was when its draft is cancelled, and tells its owner', async () => {
    const { park, lead, owner, conversion } = await scene()
    await moveStage(park, lead._id, { from: 'new', to: 'negotiation' }, BY)
    const lease = await convertLead(park, lead._id, conversion, BY)
    await cancelDraft(park, lease._id, BY)
    const after = await leadNow(lead)
    expect(after).to.include({ state: 'open', stage: 'negotiation', lease: null, tenant: null })
    expect(after.next?.on).to.equal(addDays(today(), 1))
    expect(await Notification.countDocuments({ user: owner._id, key: 'lead.reopened' })).to.equal(1)
    expect(await findings(park)).to.deep.equal([])
    // And it may be converted once more, into the same tenant.
    const known = await Tenant.findOne({ park, name: lead.name }).lean().orFail()
    await convertLead(park, lead._id, { ...conversion, tenant: known._id }, BY)
    expect(await findings(park)).to.deep.equal([])
  })

  it('opens it again when a signed lease is called off before it begins, not when it is ended later', async () => {
    const { park, lead, conversion } = await scene()
    const [from, to] = [addMonths(today(), 1), dayBefore(addMonths(today(), 13))]
    const lease = await convertLead(park, lead._id, { ...conversion, terms: { ...conversion.terms, from, to } }, BY)
    await submitLease(park, lease._id, BY)
    await approveLease(park, lease._id, OTHER)
    await signLease(park, lease._id, { on: today(), scans: [] }, BY)
    await terminateLease(park, lease._id, { on: dayBefore(from), reason: 'called off' }, BY)
    expect((await leadNow(lead)).state).to.equal('open')
    expect(await findings(park)).to.deep.equal([])
  })

  it('is sound after any sequence of converting and cancelling', async function () {
    this.timeout(60_000)
    const { park, lead, conversion } = await scene()
    const step = fc.constantFrom('convert', 'cancel', 'contact', 'intent')
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 6 }), async steps => {
        for (const name of steps) {
          const { state, stage, lease, tenant } = await leadNow(lead)
          const known = tenant ?? (await Tenant.findOne({ park, name: lead.name }).lean())?._id ?? null
          if (name === 'convert') await convertLead(park, lead._id, { ...conversion, tenant: known }, BY).catch(() => null)
          else if (name === 'cancel') await (lease ? cancelDraft(park, lease, BY) : null)
          else if (state === 'open') await moveStage(park, lead._id, { from: stage, to: name }, BY)
        }
        expect(await findings(park)).to.deep.equal([])
        expect(await Lease.countDocuments({ park, state: 'draft' })).to.equal((await leadNow(lead)).state === 'converted' ? 1 : 0)
      }),
      { numRuns: 12 },
    )
  })
})
