import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { peopleOf } from '../accounts/user.ts'
import { audit } from '../audit/entry.ts'
import { again, transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { scopedOne } from '../lib/park-scope.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { notify } from '../notifications/notification.ts'
import { termsOf } from '../search/entry.ts'
import { holdTenant } from '../tenants/records.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { type ContactConsent, Listing, type ListingFacts, listingSubject, ownListingPath, TEXTS } from './listing.ts'

/** The directory's entries: companies put themselves in and take themselves out, staff may hide one. */
export interface ContactChoice {
  contact: Types.ObjectId
  phone: boolean
  email: boolean
  /** The person agreed. */
  consent: boolean
}

export const listingOf = (park: string, tenant: Types.ObjectId): Promise<Listing | null> => scopedOne<Listing>(Listing, { park, tenant })

/** Throws club.noContact, club.noConsent: nobody is shown who didn't agree. */
function consentFrom({ contacts }: Tenant, choice: ContactChoice | null, by: Actor): ContactConsent | null {
  if (!choice) return null
  const found = contacts.find(one => one._id.equals(choice.contact))
  if (!found) throw new RuleError('club.noContact', {}, { field: 'contact' })
  if (!choice.consent) throw new RuleError('club.noConsent', { name: found.name }, { field: 'consent' })
  const { phone, email } = choice
  return { contact: found._id, name: found.name, phone, email, at: now(), by: { id: by.id, name: by.name } }
}

/** Of a contact the trail keeps the name and what is shown, no number. */
const shown = ({ intro, offers, seeking, website, showIndustry, listed, consent }: Partial<Listing>): object => ({
  ...{ listed, intro, offers, seeking, website, showIndustry },
  contact: consent ? [consent.name, consent.phone && 'phone', consent.email && 'email'].filter(Boolean) : null,
})

/**
 * Lists a company, or changes what it shows, from the version the form showed (0 where it had no entry). Throws stale (409),
 * club.emptyListing, club.noContact, club.noConsent.
 */
export async function saveListing(
  park: string,
  tenant: Types.ObjectId,
  version: number,
  facts: ListingFacts,
  choice: ContactChoice | null,
  by: Actor,
): Promise<void> {
  if (!TEXTS.some(name => facts[name])) throw new RuleError('club.emptyListing', {}, { field: 'intro' })
  await transact(async () => {
    const company = await holdTenant(park, tenant)
    if (!company) throw notFound()
    const before = await listingOf(park, tenant)
    if ((before?.version ?? 0) !== version) throw conflict('stale')
    const { name } = company
    const consent = consentFrom(company, choice, by)
    const listedAt = before?.listed ? before.listedAt : now()
    const set = { ...facts, name, terms: termsOf([name]), listed: true, listedAt, consent, version: version + 1 }
    const options = { upsert: !before, runValidators: true }
    const written = await Listing.updateOne({ park, tenant, version }, { $set: set }, options).catch(error => {
      throw again(error)
    })
    if (!written.matchedCount && !written.upsertedCount) throw conflict('stale')
    const action = before?.listed ? 'listing.edit' : 'listing.list'
    await audit(by, action, listingSubject({ park, tenant, name }), { before: before && shown(before), after: shown(set) })
  })
}

/**
 * Takes a company out, at once and whatever somebody else saves: the version goes up, so that a form still open can't list it again.
 * The consent goes too. Taken out already it stays so.
 */
export async function withdrawListing(park: string, tenant: Types.ObjectId, by: Actor): Promise<void> {
  await transact(async () => {
    const before = await listingOf(park, tenant)
    if (!before) throw notFound()
    if (!before.listed) return
    const set = { listed: false, listedAt: null, consent: null }
    await Listing.updateOne({ park, tenant, listed: true }, { $set: set, $inc: { version: 1 } })
    await audit(by, 'listing.withdraw', listingSubject(before), { before: shown(before), after: shown({ ...before, ...set }) })
  })
}

async function tellOwners(listing: Listing, key: 'hidden' | 'shown', reason: string): Promise<void> {
  const { park, tenant, name } = listing
  const owners = await peopleOf(park, ['owner'], tenant)
  await notify(owners, { park, key: `club.${key}`, params: { name, reason }, path: ownListingPath(listing) })
}

/** Takes an entry out of sight with a reason, which its company is told. Throws club.hidden (409). */
export async function hideListing(park: string, _id: Types.ObjectId, reason: string, by: Actor): Promise<void> {
  await transact(async () => {
    const hidden = { reason, at: now(), by: { id: by.id, name: by.name } }
    const filter = { park, _id, listed: true, hidden: null }
    const listing = (await Listing.findOneAndUpdate(
      filter,
      { $set: { hidden } },
      { returnDocument: 'after' },
    ).lean()) as unknown as Listing | null
    if (!listing) throw conflict('club.hidden')
    await audit(by, 'listing.hide', listingSubject(listing), { note: reason })
    await tellOwners(listing, 'hidden', reason)
  })
}

/** Lets it be seen again. Throws club.shown (409). */
export async function showListing(park: string, _id: Types.ObjectId, by: Actor): Promise<void> {
  await transact(async () => {
    const filter = { park, _id, hidden: { $ne: null } }
    const before = (await Listing.findOneAndUpdate(
      filter,
      { $set: { hidden: null } },
      { returnDocument: 'before' },
    ).lean()) as unknown as Listing | null
    if (!before) throw conflict('club.shown')
    await audit(by, 'listing.show', listingSubject(before), { note: before.hidden!.reason })
    await tellOwners(before, 'shown', before.hidden!.reason)
  })
}
