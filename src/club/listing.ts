import { model, Schema, type Types } from 'mongoose'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import type { Contact, Tenant } from '../tenants/tenant.ts'

/** What a company tells the park's other companies of itself. Its own choice and in its own words; nothing stands here by itself. */
export const TEXTS = ['intro', 'offers', 'seeking'] as const

export interface ListingFacts {
  intro: string | null
  offers: string | null
  seeking: string | null
  website: string | null
  showIndustry: boolean
}

/**
 * Somebody's consent to be shown: who, and which of their numbers. What is shown is read from the company's contacts, so that it goes
 * with the contact; the name is kept to tell whether the contact is still the person who agreed.
 */
export interface ContactConsent {
  contact: Types.ObjectId
  name: string
  phone: boolean
  email: boolean
  at: Date
  by: { id: string; name: string }
}

export interface Listing extends ParkOwned, ListingFacts {
  _id: Types.ObjectId
  tenant: Types.ObjectId
  /** The company's name, and what of it the search finds. */
  name: string
  terms: string[]
  listed: boolean
  listedAt: Date | null
  consent: ContactConsent | null
  /** Staff took it off, and why; it stays off though the company lists itself anew. */
  hidden: { reason: string; at: Date; by: { id: string; name: string } } | null
  version: number
}

const text = { type: String, default: null }
const person = { id: String, name: String }
const consent = new Schema<ContactConsent>(
  { contact: { type: Schema.Types.ObjectId, required: true }, name: String, phone: Boolean, email: Boolean, at: Date, by: person },
  { _id: false },
)
const hidden = new Schema({ reason: String, at: Date, by: person }, { _id: false })

const schema = parkOwned<Listing>(
  {
    tenant: { type: Schema.Types.ObjectId, required: true },
    name: { type: String, required: true },
    terms: { type: [String], default: [] },
    listed: { type: Boolean, default: false },
    listedAt: { type: Date, default: null },
    intro: text,
    offers: text,
    seeking: text,
    website: text,
    showIndustry: { type: Boolean, default: true },
    consent: { type: consent as never, default: null },
    hidden: { type: hidden as never, default: null },
    version: { type: Number, default: 0 },
  },
  { versionKey: false },
)
schema.index({ park: 1, tenant: 1 }, { unique: true })
schema.index({ park: 1, listed: 1, terms: 1 })
export const Listing = model('Listing', schema, 'listings')

export const listingPath = ({ park, _id }: Pick<Listing, 'park' | '_id'>): string => `/parks/${park}/directory/${_id}`
export const ownListingPath = ({ park, tenant }: Pick<Listing, 'park' | 'tenant'>): string => `/parks/${park}/company/${tenant}/listing`
export const listingSubject = ({ park, tenant, name }: Pick<Listing, 'park' | 'tenant' | 'name'>) => ({
  ...{ park, kind: 'listing', ref: tenant, label: name },
})

/** The contact somebody agreed to show, with what they agreed to; null once they are no contact of the company any more. */
export function shownContact({ consent: given }: Pick<Listing, 'consent'>, { contacts }: Pick<Tenant, 'contacts'>) {
  const found = given && contacts.find((one: Contact) => one._id.equals(given.contact) && one.name === given.name)
  if (!found) return null
  const { name, title, phone, email } = found
  return { name, title, phone: given.phone ? phone : null, email: given.email ? email : null }
}
