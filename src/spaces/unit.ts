import { model, Schema, type Types } from 'mongoose'
import type { Area } from '../lib/area.ts'
import type { Day } from '../lib/days.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'

export const PRODUCTS = ['office', 'serviced', 'workstation', 'lab', 'retail'] as const
export type Product = (typeof PRODUCTS)[number]
export const CLAIM_KINDS = ['lease', 'hold', 'works', 'own'] as const
export type ClaimKind = (typeof CLAIM_KINDS)[number]
/** How far the lease behind a claim has come: a unit is let once it is signed. */
export const CLAIM_STAGES = ['review', 'approved', 'signed'] as const

/** A period of a unit taken by a lease, a hold, works or own use. Both ends inclusive; an open end is 9999-12-31. */
export interface Claim {
  _id: Types.ObjectId
  kind: ClaimKind
  from: Day
  to: Day
  lease: Types.ObjectId | null
  number: string | null
  tenant: Types.ObjectId | null
  tenantName: string | null
  stage: (typeof CLAIM_STAGES)[number] | null
  /** The day the unit was handed back; null while nobody has recorded it. */
  vacatedOn: Day | null
  /** A signed renewal carries on in this unit: no handover is due from this claim. */
  continued: boolean
  /** A copy that split, merged or re-measured units inherit: of this unit's last lease, until its handover is recorded. */
  of: Types.ObjectId | null
  /** The day the tenant moved in. */
  movedInOn: Day | null
  /** The lead it is for, of a hold or its lease; whom a hold is for, and the instant from which it counts for nothing. */
  lead: Types.ObjectId | null
  label: string | null
  expiresAt: Date | null
  by: string | null
  /** Holds: the user who holds it (a park limits how many one may), and since when. */
  holder: string | null
  madeAt: Date | null
  /** An instant beyond what is allowed without approval, asked for by a user and waiting for a manager. */
  askedUntil: Date | null
  askedBy: string | null
  /** The `expiresAt` its holder was reminded of. */
  toldFor: Date | null
  /** Of a lease that isn't signed yet: the lead's holds it took the place of, which come back with the draft. */
  replaced: Held[] | null
}

/** A hold as the claim that took its place remembers it. */
export type Held = Pick<Claim, '_id' | 'from' | 'to' | 'by' | (typeof HELD)[number]>
export const HELD = ['lead', 'label', 'expiresAt', 'holder', 'madeAt', 'askedUntil', 'askedBy', 'toldFor'] as const

export interface Lineage {
  kind: 'split' | 'merge' | 'remeasure'
  from: Types.ObjectId[]
  on: Day
}

export interface Unit extends ParkOwned {
  _id: Types.ObjectId
  building: string
  floor: string
  code: string
  product: Product
  gross: Area
  chargeable: Area
  desks: number | null
  /** Yuan per ㎡ and day, or per desk and month for workstations: a decimal string. */
  listRate: string | null
  /** Corners in the floor drawing's own units. */
  outline: [number, number][]
  activeFrom: Day
  activeTo: Day
  lineage: Lineage | null
  note: string | null
  claims: Claim[]
  /**
   * The days no lease, works or own use takes, as ranges ending after the last write: a pure function of claims (holds left
   * out, they may run out), kept so that “what is free from … to …” is an index look-up and not a walk over all units.
   */
  gaps: { from: Day; to: Day }[]
  version: number
}

const text = { type: String, default: null }
const date = { type: Date, default: null }
const holdFields = {
  lead: { type: Schema.Types.ObjectId, default: null },
  ...{ label: text, by: text, holder: text, askedBy: text },
  ...{ expiresAt: date, madeAt: date, askedUntil: date, toldFor: date },
}
const held = new Schema<Held>({ from: { type: String, required: true }, to: { type: String, required: true }, ...holdFields })

const claim = new Schema<Claim>({
  kind: { type: String, enum: CLAIM_KINDS, required: true },
  from: { type: String, required: true },
  to: { type: String, required: true },
  lease: { type: Schema.Types.ObjectId, default: null },
  number: { type: String, default: null },
  tenant: { type: Schema.Types.ObjectId, default: null },
  tenantName: { type: String, default: null },
  stage: { type: String, enum: [...CLAIM_STAGES, null], default: null },
  vacatedOn: { type: String, default: null },
  continued: { type: Boolean, default: false },
  of: { type: Schema.Types.ObjectId, default: null },
  movedInOn: { type: String, default: null },
  ...holdFields,
  replaced: { type: [held], default: null },
})

const schema = parkOwned<Unit>(
  {
    building: { type: String, required: true, immutable: true },
    floor: { type: String, required: true },
    code: { type: String, required: true },
    product: { type: String, enum: PRODUCTS, required: true },
    gross: { type: Number, required: true },
    chargeable: { type: Number, required: true },
    desks: { type: Number, default: null },
    listRate: { type: String, default: null },
    outline: { type: [[Number]] as never, default: [] },
    activeFrom: { type: String, required: true },
    activeTo: { type: String, required: true },
    lineage: { type: new Schema({ kind: String, from: [Schema.Types.ObjectId], on: String }, { _id: false }), default: null },
    note: { type: String, default: null },
    claims: { type: [claim], default: [] },
    gaps: { type: [{ _id: false, from: String, to: String }], default: [] },
    version: { type: Number, default: 0 },
  },
  { versionKey: false },
)
// One code, many units over time (split, merge, re-measured): unique per first day; structure.ts keeps them from overlapping.
schema.index({ park: 1, building: 1, code: 1, activeFrom: 1 }, { unique: true })
schema.index({ park: 1, building: 1, floor: 1 })
schema.index({ park: 1, 'gaps.from': 1, 'gaps.to': 1 })
schema.index({ park: 1, 'claims.lease': 1 })
schema.index({ park: 1, 'claims.tenant': 1 })
schema.index({ park: 1, 'claims.holder': 1 })
schema.index({ park: 1, 'claims.lead': 1 })
schema.index({ park: 1, 'claims.expiresAt': 1 })
schema.index({ park: 1, 'claims.askedUntil': 1 })

export const Unit = model('Unit', schema, 'units')
