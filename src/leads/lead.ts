import { model, Schema, type Types } from 'mongoose'
import type { Area } from '../lib/area.ts'
import type { Day } from '../lib/days.ts'
import type { Fen } from '../lib/money.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import { INDUSTRIES, type Industry } from '../parks/park.ts'
import { PRODUCTS, type Product } from '../spaces/unit.ts'
import { type Course, courseOf } from './course.ts'

/** A company that may move in: who it is, what it looks for, how far it has come, and who looks after it. */
export const SOURCES = ['inquiry', 'hotline', 'walkin', 'referral', 'event', 'outreach', 'import', 'other'] as const
export type Source = (typeof SOURCES)[number]
export const LEAD_STATES = ['open', 'converted', 'lost', 'merged'] as const
export type LeadState = (typeof LEAD_STATES)[number]
export const LOST_REASONS = ['price', 'area', 'location', 'timing', 'elsewhere', 'policy', 'unreachable', 'unsuitable', 'other'] as const
export type LostReason = (typeof LOST_REASONS)[number]
/** Why a lead came to the pool: nobody had it yet, nothing happened for too long, it was given back, or its owner left. */
export const POOL_REASONS = ['new', 'idle', 'given', 'left'] as const

export interface LeadContact {
  name: string
  title: string | null
  /** In one spelling (plainPhone). */
  phone: string | null
  email: string | null
}

/** What the company looks for; null: not said. */
export interface Wish {
  areaFrom: Area | null
  areaTo: Area | null
  /** The most it wants to pay, in fen a month. */
  budget: Fen | null
  product: Product | null
  desks: number | null
  from: Day | null
  /** Length of the lease, in months. */
  months: number | null
  note: string | null
}

/** What staff write of a lead. */
export interface LeadFacts {
  name: string
  creditCode: string | null
  contacts: LeadContact[]
  source: Source
  /** Who recommended it, or what else there is to say of where it comes from. */
  sourceNote: string | null
  industry: Industry | null
  /** The district it comes from, in plain words: an enclave looks after its own. */
  origin: string | null
  wish: Wish
}

/** How far it has come, from an instant on: a stage of the park, `signing`, `moved`, or `lost` and `merged` where it ended. */
export interface PathStep {
  stage: string
  at: Date
}

export interface Lead extends ParkOwned, LeadFacts {
  _id: Types.ObjectId
  number: string
  /** The name by which duplicates are found (normalName). */
  normal: string
  /** The phones of its contacts, for duplicates. */
  phones: string[]
  /** The event it was met at. */
  event: Types.ObjectId | null
  state: LeadState
  stage: string
  /** From the day it came on, in order; the last one is where it is now. */
  path: PathStep[]
  /** Of the path, what reports read: written with it, never by itself. */
  course: Course
  /** An open lead has an owner or is in the pool, never both, never neither. */
  owner: Types.ObjectId | null
  ownerName: string | null
  pool: { at: Date; why: (typeof POOL_REASONS)[number] } | null
  /** What comes next and when: an open lead with an owner always has it. */
  next: { what: string; on: Day } | null
  /** When something last happened with it: what counts as idle is counted from here. */
  touchedAt: Date
  /** Its owner was told that it will go back to the pool; null again once something happens. */
  warnedAt: Date | null
  lost: { reason: LostReason; note: string | null; by: string } | null
  /** What it became: set while it is converted. */
  tenant: Types.ObjectId | null
  lease: Types.ObjectId | null
  mergedInto: Types.ObjectId | null
  consentAt: Date | null
  at: Date
  version: number
}

const text = { type: String, default: null }
const date = { type: Date, default: null }
const id = { type: Schema.Types.ObjectId, default: null }
const number = { type: Number, default: null }
const wish = new Schema<Wish>(
  {
    ...{ areaFrom: number, areaTo: number, budget: number, desks: number, months: number },
    product: { type: String, enum: [...PRODUCTS, null], default: null },
    ...{ from: text, note: text },
  },
  { _id: false },
)

const course = new Schema<Course>({ trail: String, stays: String, lostAt: date }, { _id: false })
function asItsPath(this: Pick<Lead, 'path'>): Course {
  return courseOf(this.path)
}

const schema = parkOwned<Lead>(
  {
    number: { type: String, required: true },
    name: { type: String, required: true },
    normal: { type: String, required: true },
    creditCode: text,
    contacts: { type: [{ _id: false, name: { type: String, required: true }, title: text, phone: text, email: text }], default: [] },
    phones: { type: [String], default: [] },
    source: { type: String, enum: SOURCES, required: true },
    sourceNote: text,
    industry: { type: String, enum: [...INDUSTRIES, null], default: null },
    origin: text,
    wish: { type: wish, default: () => ({}) },
    event: id,
    state: { type: String, enum: LEAD_STATES, default: 'open' },
    stage: { type: String, required: true },
    path: { type: [{ _id: false, stage: String, at: Date }], required: true },
    course: { type: course, default: asItsPath },
    owner: id,
    ownerName: text,
    pool: { type: new Schema({ at: Date, why: { type: String, enum: POOL_REASONS } }, { _id: false }), default: null },
    next: { type: new Schema({ what: String, on: String }, { _id: false }), default: null },
    touchedAt: { type: Date, required: true },
    warnedAt: date,
    lost: { type: new Schema({ reason: { type: String, enum: LOST_REASONS }, note: text, by: String }, { _id: false }), default: null },
    tenant: id,
    lease: id,
    mergedInto: id,
    consentAt: date,
    at: { type: Date, required: true },
    version: { type: Number, default: 0 },
  },
  { versionKey: false },
)
schema.index({ park: 1, number: 1 }, { unique: true })
schema.index({ park: 1, state: 1, stage: 1, 'next.on': 1, _id: 1 })
schema.index({ park: 1, owner: 1, state: 1, 'next.on': 1, _id: 1 })
schema.index({ park: 1, state: 1, 'next.on': 1, _id: 1 })
schema.index({ park: 1, 'pool.at': -1, _id: -1 }, { partialFilterExpression: { 'pool.at': { $type: 'date' } } })
schema.index({ park: 1, phones: 1 })
schema.index({ park: 1, normal: 1 })
schema.index({ park: 1, creditCode: 1 }, { partialFilterExpression: { creditCode: { $type: 'string' } } })
schema.index({ park: 1, at: -1, _id: -1 })
schema.index({ park: 1, state: 1, touchedAt: 1, _id: 1 })
schema.index({ park: 1, event: 1 }, { partialFilterExpression: { event: { $type: 'objectId' } } })
schema.index({ park: 1, lease: 1 }, { unique: true, partialFilterExpression: { lease: { $type: 'objectId' } } })
schema.index({ park: 1, tenant: 1 }, { partialFilterExpression: { tenant: { $type: 'objectId' } } })
/** What the reports group by: they read these keys alone. */
export const FUNNEL_INDEX: Record<string, 1> = {
  ...{ park: 1, at: 1, 'course.trail': 1, 'course.stays': 1 },
  ...{ source: 1, owner: 1, industry: 1, event: 1, origin: 1 },
}
schema.index(FUNNEL_INDEX)
export const LOST_INDEX: Record<string, 1> = {
  ...{ park: 1, 'course.lostAt': 1, 'lost.reason': 1, stage: 1, state: 1 },
  ...{ source: 1, owner: 1, industry: 1, event: 1, origin: 1 },
}
schema.index(LOST_INDEX, { partialFilterExpression: { state: 'lost' } })
export const Lead = model('Lead', schema, 'leads')

export const leadPath = ({ park, _id }: Pick<Lead, 'park' | '_id'>): string => `/parks/${park}/leads/${_id}`
export const leadSubject = ({ park, _id, number, name }: Pick<Lead, 'park' | '_id' | 'number' | 'name'>) => ({
  park,
  kind: 'lead',
  ref: _id,
  label: `${number} ${name}`,
})

export const NO_WISH: Wish = {
  areaFrom: null,
  areaTo: null,
  budget: null,
  product: null,
  desks: null,
  from: null,
  months: null,
  note: null,
}

/** Who asks again and again under new numbers doesn't make a record grow without end. */
export const MAX_CONTACTS = 20

/** A contact, and from another what it doesn't say. */
export const contactWith = (own: LeadContact, other: LeadContact): LeadContact => ({
  ...own,
  title: own.title ?? other.title,
  phone: own.phone ?? other.phone,
  email: own.email ?? other.email,
})

/** A wish, and from another what it doesn't say. A range is one thing: half of each would be nobody's wish. */
export function wishWith(own: Wish, other: Wish): Wish {
  const filled = Object.fromEntries(
    (Object.keys(NO_WISH) as (keyof Wish)[]).map(name => [name, own[name] ?? other[name]]),
  ) as unknown as Wish
  const { areaFrom, areaTo } = own.areaFrom === null && own.areaTo === null ? other : own
  return { ...filled, areaFrom, areaTo }
}

/** Whether a range isn't upside down. */
export const isRange = ({ areaFrom, areaTo }: Pick<Wish, 'areaFrom' | 'areaTo'>): boolean =>
  areaFrom === null || areaTo === null || areaFrom <= areaTo

/** Milliseconds it spent in each stage up to `at`: they sum to its age. */
export function stageTimes({ path }: Pick<Lead, 'path'>, at: Date): { stage: string; ms: number }[] {
  return path.map(({ stage, at: since }, i) => ({ stage, ms: (path[i + 1]?.at ?? at).getTime() - since.getTime() }))
}

/** Whether what comes next should have been done before `today`. */
export const isOverdue = ({ state, next }: Pick<Lead, 'state' | 'next'>, today: Day): boolean =>
  state === 'open' && next !== null && next.on < today
