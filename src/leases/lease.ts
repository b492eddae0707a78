import { model, Schema, type Types } from 'mongoose'
import type { Area } from '../lib/area.ts'
import type { Day } from '../lib/days.ts'
import type { Fen } from '../lib/money.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import { ANCHORS, BROKEN } from '../parks/park.ts'
import { type Anchor, BASES, type Basis, type Broken, CYCLES, type Cycle } from './terms.ts'

export const STAGES = ['draft', 'review', 'approved', 'signed'] as const
export type Stage = (typeof STAGES)[number]
/** Stored states are events: what a date decides (active, expiring, holding over …) is derived in status.ts. */
export const LEASE_STATES = [...STAGES, 'cancelled'] as const
export type LeaseState = (typeof LEASE_STATES)[number]

export interface LeaseLine {
  unit: Types.ObjectId
  floor: string
  code: string
  area: Area
  desks: number | null
  rate: string
  since: Day
}

/** A reduction or subsidy of the rent, with the policy it comes from: a share of the rent, or an amount a month. */
export interface Reduction {
  name: string
  kind: 'percent' | 'monthly'
  value: string
  from: Day
  to: Day
}

export interface Step {
  from: Day
  percent: string
}

/** The lease as agreed from a day on. Version 1 is the lease itself; each amendment adds one. */
export interface LeaseVersion {
  no: number
  from: Day
  lines: LeaseLine[]
  rentFree: { from: Day; to: Day }[]
  escalation: Step[]
  reductions: Reduction[]
  deposit: Fen
  stage: Stage
  note: string | null
  submittedBy: string | null
  submittedAt: Date | null
  decidedBy: string | null
  decidedAt: Date | null
  /** Why it was returned, for the person who has to change it. */
  comment: string | null
  signedOn: Day | null
}

export interface Handover {
  _id: Types.ObjectId
  kind: 'in' | 'out'
  unit: Types.ObjectId
  code: string
  on: Day
  checklist: { item: string; ok: boolean; note: string | null }[]
  electricity: string | null
  water: string | null
  keys: number | null
  note: string | null
  by: { id: string; name: string }
}

export interface Lease extends ParkOwned {
  _id: Types.ObjectId
  number: string
  tenant: Types.ObjectId
  tenantName: string
  state: LeaseState
  /** The stage of an amendment under way; null when there is none. */
  amending: Exclude<Stage, 'signed'> | null
  from: Day
  to: Day
  /** The last day as it stands: `to`, or the day it was terminated on. */
  end: Day
  basis: Basis
  anchor: Anchor
  broken: Broken
  cycle: Cycle
  purpose: string | null
  versions: LeaseVersion[]
  /** Units, floors and areas of the newest version, for lists and filters. */
  units: Types.ObjectId[]
  unitCodes: string[]
  area: Area
  /** Units not handed back yet, once it is signed. */
  occupied: Types.ObjectId[]
  signedOn: Day | null
  hasScan: boolean
  handovers: Handover[]
  terminated: { on: Day; reason: string; by: string; at: Date } | null
  renewalOf: Types.ObjectId | null
  renewedBy: Types.ObjectId | null
  /** The lead it was made of: holds for it don't stand in its way, and it hears of what becomes of the lease. */
  lead: Types.ObjectId | null
  /** Deposit taken over from the lease this one renews. */
  depositCarried: Fen
  createdBy: string
  version: number
  createdAt: Date
  updatedAt: Date
}

const text = { type: String, default: null }
const range = { _id: false, from: String, to: String }
const line = {
  _id: false,
  unit: Schema.Types.ObjectId,
  floor: String,
  code: String,
  area: Number,
  desks: { type: Number, default: null },
  rate: String,
  since: String,
}

const version = new Schema<LeaseVersion>(
  {
    no: { type: Number, required: true },
    from: { type: String, required: true },
    lines: { type: [line], default: [] },
    rentFree: { type: [range], default: [] },
    escalation: { type: [{ _id: false, from: String, percent: String }], default: [] },
    reductions: { type: [{ ...range, name: String, kind: { type: String, enum: ['percent', 'monthly'] }, value: String }], default: [] },
    deposit: { type: Number, default: 0 },
    stage: { type: String, enum: STAGES, default: 'draft' },
    note: text,
    submittedBy: text,
    submittedAt: { type: Date, default: null },
    decidedBy: text,
    decidedAt: { type: Date, default: null },
    comment: text,
    signedOn: text,
  },
  { _id: false },
)

const handover = new Schema<Handover>({
  kind: { type: String, enum: ['in', 'out'], required: true },
  unit: { type: Schema.Types.ObjectId, required: true },
  code: { type: String, required: true },
  on: { type: String, required: true },
  checklist: { type: [{ _id: false, item: String, ok: Boolean, note: text }], default: [] },
  electricity: text,
  water: text,
  keys: { type: Number, default: null },
  note: text,
  by: { id: String, name: String },
})

const schema = parkOwned<Lease>(
  {
    number: { type: String, required: true },
    tenant: { type: Schema.Types.ObjectId, required: true },
    tenantName: { type: String, required: true },
    state: { type: String, enum: LEASE_STATES, default: 'draft' },
    amending: { type: String, enum: ['draft', 'review', 'approved', null], default: null },
    from: { type: String, required: true },
    to: { type: String, required: true },
    end: { type: String, required: true },
    basis: { type: String, enum: BASES, required: true },
    anchor: { type: String, enum: ANCHORS, required: true },
    broken: { type: String, enum: BROKEN, required: true },
    cycle: { type: Number, enum: CYCLES, required: true },
    purpose: text,
    versions: { type: [version], default: [] },
    units: { type: [Schema.Types.ObjectId] as never, default: [] },
    unitCodes: { type: [String], default: [] },
    area: { type: Number, default: 0 },
    occupied: { type: [Schema.Types.ObjectId] as never, default: [] },
    signedOn: text,
    hasScan: { type: Boolean, default: false },
    handovers: { type: [handover], default: [] },
    terminated: { type: new Schema({ on: String, reason: String, by: String, at: Date }, { _id: false }), default: null },
    renewalOf: { type: Schema.Types.ObjectId, default: null },
    renewedBy: { type: Schema.Types.ObjectId, default: null },
    lead: { type: Schema.Types.ObjectId, default: null },
    depositCarried: { type: Number, default: 0 },
    createdBy: { type: String, required: true },
    version: { type: Number, default: 0 },
  },
  { versionKey: false },
)
schema.index({ park: 1, number: 1 }, { unique: true })
schema.index({ park: 1, state: 1, end: 1, _id: 1 })
schema.index({ park: 1, end: 1 })
schema.index({ park: 1, from: 1 })
schema.index({ park: 1, tenant: 1, from: -1 })
schema.index({ park: 1, units: 1, from: -1 })
schema.index({ park: 1, amending: 1 }, { partialFilterExpression: { amending: { $type: 'string' } } })
schema.index({ park: 1, 'occupied.0': 1, end: 1 }, { partialFilterExpression: { 'occupied.0': { $exists: true } } })

export const Lease = model('Lease', schema, 'leases')
export const leasePath = (lease: { park: string; _id: Types.ObjectId }): string => `/parks/${lease.park}/leases/${lease._id}`
