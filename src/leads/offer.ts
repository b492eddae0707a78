import { model, Schema, type Types } from 'mongoose'
import { firstVersion } from '../leases/draft.ts'
import { checkVersion, type LeaseInput, summary } from '../leases/input.ts'
import type { LeaseLine } from '../leases/lease.ts'
import { type Schedule, scheduleOf } from '../leases/preview.ts'
import { BASES, CYCLES } from '../leases/terms.ts'
import type { Day } from '../lib/days.ts'
import type { Fen } from '../lib/money.ts'
import { type ParkOwned, parkOwned, scopedOne } from '../lib/park-scope.ts'
import { LANGS, type Lang } from '../locales/index.ts'
import { ANCHORS, BROKEN } from '../parks/park.ts'
import type { Lead } from './lead.ts'

/** What a park offers a lead on paper: units, term and rent by the conventions of a lease, good until a day. */
export const OFFER_STATES = ['draft', 'sent', 'accepted', 'declined', 'withdrawn'] as const
export type OfferState = (typeof OFFER_STATES)[number]
/** An offer that can still become a lease, or be called off. */
export const OPEN_OFFERS: OfferState[] = ['draft', 'sent', 'accepted']
/** As people see it: a sent one is valid until its day, and has run out afterwards. Derived, never stored. */
export const OFFER_PHASES = ['draft', 'valid', 'expired', 'accepted', 'declined', 'withdrawn'] as const
export type OfferPhase = (typeof OFFER_PHASES)[number]
export const WITHDRAWN_WHY = ['own', 'replaced', 'lost'] as const

/** What a lease would agree, without the tenant there isn't yet: taken as it is when the lead becomes one. */
export type OfferTerms = Omit<LeaseInput, 'tenant'>

export interface Addressee {
  name: string
  email: string | null
  phone: string | null
}

interface Person {
  id: string
  name: string
}

export interface Offer extends ParkOwned {
  _id: Types.ObjectId
  number: string
  lead: Types.ObjectId
  /** The company as it is addressed. */
  tenantName: string
  addressee: Addressee
  lang: Lang
  terms: OfferTerms
  /** The units as they were when it was made: the area counts that was offered. */
  lines: LeaseLine[]
  units: Types.ObjectId[]
  /** All of the term, in fen: what lists show of the schedule. */
  total: Fen
  validUntil: Day
  greeting: string | null
  remarks: string | null
  /** The offer it stands in for: withdrawn when this one goes out. */
  replaces: Types.ObjectId | null
  state: OfferState
  /** `to` is null where it was handed over and not mailed. The file is what the company has, unchanged forever. */
  sent: { at: Date; by: Person; to: string | null; file: Types.ObjectId } | null
  /** What the company said. */
  answer: { said: 'accepted' | 'declined'; at: Date; by: Person; note: string | null } | null
  withdrawn: { at: Date; by: Person; why: (typeof WITHDRAWN_WHY)[number]; note: string | null } | null
  createdBy: Person
  at: Date
  version: number
}

const text = { type: String, default: null }
const id = Schema.Types.ObjectId
const range = { _id: false, from: String, to: String }
const plain = { _id: false } as const
const person = { id: String, name: String }
const desks = { type: Number, default: null }
const line = { ...plain, unit: id, floor: String, code: String, area: Number, desks, rate: String, since: String }
const terms = new Schema<OfferTerms>(
  {
    lines: { type: [{ ...plain, unit: id, rate: String, desks }], default: [] },
    rentFree: { type: [range], default: [] },
    escalation: { type: [{ ...plain, from: String, percent: String }], default: [] },
    reductions: { type: [{ ...range, name: String, kind: { type: String, enum: ['percent', 'monthly'] }, value: String }], default: [] },
    deposit: { type: Number, default: 0 },
    note: text,
    from: { type: String, required: true },
    to: { type: String, required: true },
    basis: { type: String, enum: BASES, required: true },
    anchor: { type: String, enum: ANCHORS, required: true },
    broken: { type: String, enum: BROKEN, required: true },
    cycle: { type: Number, enum: CYCLES, required: true },
    purpose: text,
  },
  plain,
)
const answer = { said: { type: String, enum: ['accepted', 'declined'] }, at: Date, by: person, note: text }
const withdrawn = { at: Date, by: person, why: { type: String, enum: WITHDRAWN_WHY }, note: text }

const schema = parkOwned<Offer>(
  {
    number: { type: String, required: true },
    lead: { type: id, required: true },
    tenantName: { type: String, required: true },
    addressee: { type: new Schema<Addressee>({ name: String, email: text, phone: text }, plain), required: true },
    lang: { type: String, enum: LANGS, default: 'zh-CN' },
    terms: { type: terms, required: true },
    lines: { type: [line], default: [] },
    units: { type: [id] as never, default: [] },
    total: { type: Number, required: true },
    validUntil: { type: String, required: true },
    greeting: text,
    remarks: text,
    replaces: { type: id, default: null },
    state: { type: String, enum: OFFER_STATES, default: 'draft' },
    sent: { type: new Schema({ at: Date, by: person, to: text, file: id }, plain), default: null },
    answer: { type: new Schema(answer, plain), default: null },
    withdrawn: { type: new Schema(withdrawn, plain), default: null },
    createdBy: person,
    at: { type: Date, required: true },
    version: { type: Number, default: 0 },
  },
  { versionKey: false },
)
schema.index({ park: 1, number: 1 }, { unique: true })
schema.index({ park: 1, lead: 1, at: -1, _id: -1 })
schema.index({ park: 1, at: -1, _id: -1 })
schema.index({ park: 1, state: 1, validUntil: 1, _id: 1 })
schema.index({ park: 1, replaces: 1 }, { partialFilterExpression: { replaces: { $type: 'objectId' } } })
export const Offer = model('Offer', schema, 'offers')

/** Files of this kind are what was sent. */
export const OFFER_LINK = 'offer'

export const offerPath = ({ park, lead, _id }: Pick<Offer, 'park' | 'lead' | '_id'>): string => `/parks/${park}/leads/${lead}/offers/${_id}`
export const offerSubject = ({ park, _id, number, tenantName }: Pick<Offer, 'park' | '_id' | 'number' | 'tenantName'>) => ({
  park,
  kind: 'offer',
  ref: _id,
  label: `${number} ${tenantName}`,
})

export function phaseOf({ state, validUntil }: Pick<Offer, 'state' | 'validUntil'>, on: Day): OfferPhase {
  if (state !== 'sent') return state
  return on <= validUntil ? 'valid' : 'expired'
}

/** phaseOf() as a filter. */
export const PHASE_FILTERS: Record<OfferPhase, (on: Day) => Record<string, unknown>> = {
  draft: () => ({ state: 'draft' }),
  valid: on => ({ state: 'sent', validUntil: { $gte: on } }),
  expired: on => ({ state: 'sent', validUntil: { $lt: on } }),
  accepted: () => ({ state: 'accepted' }),
  declined: () => ({ state: 'declined' }),
  withdrawn: () => ({ state: 'withdrawn' }),
}

export const TONES: Record<OfferPhase, string> = {
  draft: '',
  valid: 'badge-info',
  expired: 'badge-warn',
  accepted: 'badge-good',
  declined: 'badge-bad',
  withdrawn: '',
}

/** What is payable by an offer: the schedule of the lease it would become, in fen. */
export const scheduleFor = ({ terms, lines }: Pick<Offer, 'terms' | 'lines'>): Schedule => {
  const { from, to, basis, anchor, broken, cycle, rentFree, escalation, reductions, deposit } = terms
  const version = firstVersion({ no: 1, from, lines, rentFree, escalation, reductions, deposit })
  return scheduleOf({ from, end: to, basis, anchor, broken, cycle, versions: [version] })
}

export const checkTerms = (terms: OfferTerms): void => checkVersion(terms, terms)
export const areaOf = ({ lines }: Pick<Offer, 'lines'>): number => summary(lines).area

/**
 * The offer a lead may become a lease by on a day: the newest that was sent and hasn't run out, or was accepted in time. Its terms are
 * taken as they are.
 */
export const validOffer = (park: string, lead: Pick<Lead, '_id'>, on: Day): Promise<Offer | null> =>
  scopedOne<Offer>(
    Offer,
    { park, lead: lead._id, $or: [{ state: 'accepted' }, { state: 'sent', validUntil: { $gte: on } }] },
    { sort: { 'sent.at': -1, _id: -1 } },
  )
