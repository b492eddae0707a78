import { model, Schema, type Types } from 'mongoose'
import type { Day } from '../lib/days.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import { INDUSTRIES, type Industry } from '../parks/park.ts'
import { CRITERIA, type Incubation } from './incubation.ts'

export const TENANT_KINDS = ['company', 'partnership', 'individual', 'institution', 'branch'] as const
export const TAXPAYERS = ['general', 'small'] as const
/** Founder types of the torch statistics. */
export const FOUNDERS = ['student', 'overseas', 'researcher', 'serial', 'other'] as const
export const QUALIFICATIONS = ['hightech', 'provincialTech', 'gazelle', 'specialised', 'software', 'other'] as const

export interface Contact {
  _id: Types.ObjectId
  name: string
  title: string | null
  phone: string | null
  email: string | null
  primary: boolean
  version: number
}

export interface Qualification {
  _id: Types.ObjectId
  kind: (typeof QUALIFICATIONS)[number]
  number: string | null
  grantedOn: Day
  validTo: Day | null
  version: number
}

/** One year for the torch statistics; amounts in 1,000 yuan, people and rights as counts. */
export const FIGURES = [
  'revenue',
  'profit',
  'tax',
  'rd',
  'techContracts',
  'staff',
  'doctors',
  'masters',
  'bachelors',
  'graduates',
  'ipApplied',
  'ipGranted',
  'ipValid',
] as const
export type FigureName = (typeof FIGURES)[number]
export type YearFigures = { year: number; version?: number } & Partial<Record<FigureName, number | null>>

/** An enterprise in a park. Without a credit code it is in preparation; it may hold a lease already. */
export interface Tenant extends ParkOwned {
  _id: Types.ObjectId
  name: string
  /** The name by which duplicates are found: brackets, spaces and width folded. */
  normal: string
  shortName: string | null
  creditCode: string | null
  /** A manager accepted a code that fails the check, and why. */
  codeOverride: { reason: string; by: string; at: Date } | null
  kind: (typeof TENANT_KINDS)[number]
  industry: Industry
  field: string | null
  foundedOn: Day | null
  legalRep: string | null
  capital: number | null
  address: string | null
  taxpayer: (typeof TAXPAYERS)[number] | null
  founder: (typeof FOUNDERS)[number] | null
  intro: string | null
  enteredOn: Day | null
  contacts: Contact[]
  qualifications: Qualification[]
  figures: YearFigures[]
  incubation: Incubation | null
  mergedInto: Types.ObjectId | null
  /** Counts what is tied to it (people, leases, papers): who ties, renames, merges or drops an owner at the same moment collides here. */
  ties: number
  version: number
  createdAt: Date
}

const text = { type: String, default: null }
const counter = { type: Number, default: 0 }
const contact = new Schema<Contact>({
  name: { type: String, required: true },
  title: text,
  phone: text,
  email: text,
  primary: { type: Boolean, default: false },
  version: counter,
})
const qualification = new Schema<Qualification>({
  kind: { type: String, enum: QUALIFICATIONS, required: true },
  number: text,
  grantedOn: { type: String, required: true },
  validTo: text,
  version: counter,
})
const figures = new Schema(
  { year: Number, version: counter, ...Object.fromEntries(FIGURES.map(name => [name, { type: Number, default: null }])) },
  { _id: false },
)
const incubation = new Schema<Incubation>(
  {
    rule: String,
    enteredOn: String,
    limitMonths: Number,
    graduatedOn: text,
    criterion: { type: String, enum: [...CRITERIA, null], default: null },
    evidence: text,
    leftOn: text,
  },
  { _id: false },
)

const schema = parkOwned<Tenant>(
  {
    name: { type: String, required: true },
    normal: { type: String, required: true },
    shortName: text,
    creditCode: text,
    codeOverride: { type: new Schema({ reason: String, by: String, at: Date }, { _id: false }), default: null },
    kind: { type: String, enum: TENANT_KINDS, default: 'company' },
    industry: { type: String, enum: INDUSTRIES, default: 'other' },
    field: text,
    foundedOn: text,
    legalRep: text,
    capital: { type: Number, default: null },
    address: text,
    taxpayer: { type: String, enum: [...TAXPAYERS, null], default: null },
    founder: { type: String, enum: [...FOUNDERS, null], default: null },
    intro: text,
    enteredOn: text,
    contacts: { type: [contact], default: [] },
    qualifications: { type: [qualification], default: [] },
    figures: { type: [figures] as never, default: [] },
    incubation: { type: incubation, default: null },
    mergedInto: { type: Schema.Types.ObjectId, default: null },
    ties: counter,
    version: counter,
  },
  { versionKey: false },
)
schema.index({ park: 1, creditCode: 1 }, { unique: true, partialFilterExpression: { creditCode: { $type: 'string' } } })
schema.index({ park: 1, normal: 1 })
schema.index({ park: 1, mergedInto: 1, name: 1 })
schema.index({ park: 1, mergedInto: 1, enteredOn: -1 })
schema.index({ park: 1, mergedInto: 1, industry: 1 })

export const Tenant = model('Tenant', schema, 'tenants')

export const inPreparation = (tenant: Pick<Tenant, 'creditCode'>): boolean => tenant.creditCode === null
export const tenantPath = (tenant: { park: string; _id: Types.ObjectId }): string => `/parks/${tenant.park}/tenants/${tenant._id}`
