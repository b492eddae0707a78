import { expect } from 'chai'
import { AuditEntry } from '../../src/audit/entry.ts'
import { cardFor, directoryOf } from '../../src/club/directory.ts'
import { Listing } from '../../src/club/listing.ts'
import { hideListing, listingOf, saveListing, showListing, withdrawListing } from '../../src/club/listings.ts'
import { recordHandover } from '../../src/leases/handover.ts'
import { today } from '../../src/lib/days.ts'
import type { RuleError } from '../../src/lib/rule-error.ts'
import { Notification } from '../../src/notifications/notification.ts'
import { mergeTenants } from '../../src/overview/merge-tenants.ts'
import type { Industry } from '../../src/parks/park.ts'
import { addContact, editContact, removeContact } from '../../src/tenants/contacts.ts'
import { editTenant } from '../../src/tenants/profile.ts'
import { Tenant } from '../../src/tenants/tenant.ts'
import { buildListing, findings } from '../setup/club.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildPark, buildTenant, buildUnit, buildUser, inDays } from '../setup/factories.ts'

const refused = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
  } catch (error) {
    const { problem, status } = error as RuleError
    return `${status} ${problem?.key ?? ''}`.trim()
  }
  return 'done'
}
const cards = async (
  park: string,
  more: { q?: string; industry?: Industry; sort?: 'name' | 'newest'; hidden?: boolean; page?: number; size?: number } = {},
) => {
  const { q, industry, sort = 'name', hidden = false, page = 1, size = 24 } = more
  return directoryOf(park, today(), { q, industry, sort, hidden }, { page, size })
}
const names = async (park: string, more: Parameters<typeof cards>[1] = {}) => (await cards(park, more)).cards.map(card => card.name)

/** A company with one contact. */
async function company(park: string, name?: string) {
  const { _id } = await buildTenant(park, name)
  await addContact(park, _id, { name: 'Ada Lin', title: 'CEO', phone: '13900001111', email: 'ada@example.com', primary: true }, BY)
  const tenant = (await Tenant.findOne({ park, _id }).lean().orFail()) as Tenant
  return { tenant, contact: tenant.contacts[0]! }
}

describe('the directory', () => {
  useDatabase()
  afterEach(async () => expect(await findings()).to.deep.equal([]))

  it('is empty until a company lists itself, and shows what it chose', async () => {
    const park = (await buildPark())._id
    const { tenant } = await company(park)
    await Tenant.updateOne({ park, _id: tenant._id }, { industry: 'iot', intro: 'Held by the park' })
    expect(await names(park)).to.deep.equal([])
    expect(await refused(buildListing(park, { tenant: tenant._id, intro: null }))).to.equal('422 error.club.emptyListing')
    await buildListing(park, { tenant: tenant._id, intro: null, offers: 'Sensors', website: 'https://example.com/' })
    const {
      cards: [card],
      total,
    } = await cards(park)
    expect(total).to.equal(1)
    expect(card).to.deep.include({ name: tenant.name, industry: 'iot', intro: null, offers: 'Sensors', contact: null })
    await buildListing(park, { tenant: tenant._id, intro: 'Ours', showIndustry: false })
    expect((await cards(park)).cards[0]).to.deep.include({ industry: null, intro: 'Ours', offers: null })
    expect(await names(park, { industry: 'iot' }), 'what isn’t shown isn’t searched').to.deep.equal([])
  })

  it('shows a person only by their consent, and no longer than they are the contact who gave it', async () => {
    const park = (await buildPark())._id
    const { tenant, contact } = await company(park)
    const ref = { _id: contact._id, version: 0 }
    const choice = { contact: contact._id, phone: true, email: false, consent: false }
    const list = (more: object) => buildListing(park, { tenant: tenant._id, choice: { ...choice, ...more } })
    const shown = async () => (await cards(park)).cards[0]?.contact
    expect(await refused(list({}))).to.equal('422 error.club.noConsent')
    await list({ consent: true })
    expect(await shown()).to.deep.equal({ name: 'Ada Lin', title: 'CEO', phone: '13900001111', email: null })
    expect(JSON.stringify(await AuditEntry.find({ park, kind: 'listing' }).lean()), 'no number in the trail').to.not.include('13900001111')
    const input = { name: 'Ada Lin', title: 'CTO', phone: '13900002222', email: null, primary: true }
    await editContact(park, tenant._id, ref, input, BY)
    expect(await shown(), 'goes with the contact').to.include({ title: 'CTO', phone: '13900002222' })
    await editContact(park, tenant._id, { ...ref, version: 1 }, { ...input, name: 'Bob Wu' }, BY)
    expect(await shown(), 'somebody else').to.equal(null)
    await editContact(park, tenant._id, { ...ref, version: 2 }, input, BY)
    await removeContact(park, tenant._id, contact._id, BY)
    expect(await shown(), 'gone').to.equal(null)
    expect(await refused(list({ consent: true }))).to.equal('422 error.club.noContact')
  })

  it('forgets a company at once when it leaves, its consent too, and a form left open can’t bring it back', async () => {
    const park = (await buildPark())._id
    const { tenant, contact } = await company(park)
    const listing = await buildListing(park, {
      tenant: tenant._id,
      choice: { contact: contact._id, phone: true, email: true, consent: true },
    })
    await withdrawListing(park, tenant._id, BY)
    expect([await names(park), await cardFor(park, today(), listing._id, true)]).to.deep.equal([[], null])
    expect(await listingOf(park, tenant._id)).to.deep.include({ listed: false, consent: null, intro: listing.intro })
    const facts = { intro: 'Back', offers: null, seeking: null, website: null, showIndustry: true }
    expect(await refused(saveListing(park, tenant._id, listing.version, facts, null, BY))).to.equal('409 error.stale')
    await withdrawListing(park, tenant._id, BY)
    expect(await AuditEntry.countDocuments({ park, action: 'listing.withdraw' }), 'once').to.equal(1)
  })

  it('is searched by name, pinyin initials and words, not by people; sorted, filtered and paged', async () => {
    const park = (await buildPark())._id
    const { tenant, contact } = await company(park, '\u542f\u660e\u8f6f\u4ef6 Alpha')
    await buildListing(park, {
      tenant: tenant._id,
      intro: 'Dashboards (fast)',
      choice: { contact: contact._id, phone: true, email: true, consent: true },
    })
    await Tenant.updateOne({ park, _id: tenant._id }, { industry: 'software' })
    const second = await buildTenant(park, 'Beta')
    await buildListing(park, { tenant: second._id, seeking: 'A partner for dashboards' })
    for (const q of ['qmrj', 'qiming', 'alpha', 'fast)', '\u660e\u8f6f']) expect(await names(park, { q }), q).to.deep.equal([tenant.name])
    expect(await names(park, { q: 'dashboards' })).to.have.length(2)
    for (const q of ['ada', 'lin', '1390000', 'example.com', '.*', 'x{']) expect(await names(park, { q }), q).to.deep.equal([])
    expect(await names(park, { industry: 'software' })).to.deep.equal([tenant.name])
    expect(await names(park, { sort: 'newest' })).to.deep.equal(['Beta', tenant.name])
    const paged = await cards(park, { page: 2, size: 1 })
    expect([paged.total, paged.cards.length]).to.deep.equal([2, 1])
  })

  it('is hidden by staff with a reason, which the owner is told, and stays so when the company lists itself anew', async () => {
    const park = (await buildPark())._id
    const tenant = await buildTenant(park)
    const owner = await buildUser('owner', { park, tenant: tenant._id })
    const listing = await buildListing(park, { tenant: tenant._id })
    await hideListing(park, listing._id, 'Not true', BY)
    expect([await names(park), await names(park, { hidden: true })]).to.deep.equal([[], [tenant.name]])
    expect([await cardFor(park, today(), listing._id, false), (await cardFor(park, today(), listing._id, true))?.name]).to.deep.equal([
      null,
      tenant.name,
    ])
    const told = await Notification.findOne({ user: owner._id, key: 'club.hidden' }).lean().orFail()
    expect(told.params['reason']).to.equal('Not true')
    expect(await refused(hideListing(park, listing._id, 'again', BY))).to.equal('409 error.club.hidden')
    await withdrawListing(park, tenant._id, BY)
    await buildListing(park, { tenant: tenant._id })
    expect(await names(park)).to.deep.equal([])
    await showListing(park, listing._id, BY)
    expect(await names(park)).to.deep.equal([tenant.name])
    expect(await refused(showListing(park, listing._id, BY))).to.equal('409 error.club.shown')
  })

  it('follows a company: its new name, its merging, its moving out', async () => {
    const park = (await buildPark())._id
    const unit = await buildUnit({ park })
    const { tenant, lease } = await buildLease({ unit, from: inDays(-50), to: inDays(-1) })
    await buildListing(park, { tenant: tenant._id })
    const { version, name: _, ...profile } = (await Tenant.findOne({ park, _id: tenant._id }).lean().orFail()) as Tenant
    await editTenant(park, tenant._id, version, { name: 'Renamed', creditCode: profile.creditCode }, {}, BY)
    expect([await names(park), await names(park, { q: 'renam' })]).to.deep.equal([['Renamed'], ['Renamed']])
    const kept = await buildTenant(park, 'Kept')
    const gone = await buildTenant(park, 'Gone')
    const old = await buildListing(park, { tenant: gone._id })
    await hideListing(park, old._id, 'Not true', BY)
    await mergeTenants(park, kept._id, gone._id, BY)
    expect(await listingOf(park, kept._id), 'not listed by somebody else').to.deep.include({ listed: false, consent: null, name: 'Kept' })
    expect((await listingOf(park, kept._id))!.hidden!.reason).to.equal('Not true')
    const twin = await buildTenant(park, 'Twin')
    await buildListing(park, { tenant: twin._id })
    await mergeTenants(park, tenant._id, twin._id, BY)
    expect(await Listing.countDocuments({ park })).to.equal(2)
    const handed = { unit: unit._id, checklist: [], electricity: null, water: null, keys: null, note: null }
    await recordHandover(park, lease._id, { ...handed, kind: 'in', on: lease.from }, BY)
    await recordHandover(park, lease._id, { ...handed, kind: 'out', on: inDays(-1) }, BY)
    expect(await names(park), 'moved out').to.deep.equal([])
  })
})
