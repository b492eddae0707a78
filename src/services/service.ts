import { model, Schema, type Types } from 'mongoose'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import { bilingual } from '../lib/text.ts'
import {
  APPLICANT_CLASSES,
  EFFECTS,
  FIELD_KINDS,
  KEEP,
  OUTCOMES,
  RESULTS,
  SERVICE_KINDS,
  type ServiceContent,
  type ServiceKind,
  STEP_ROLES,
  TOLD,
  YEARS,
} from './content.ts'

/** An entry of a park's catalogue, and what was published of it. */
export const SERVICE_STATES = ['draft', 'published', 'retired'] as const
export type ServiceState = (typeof SERVICE_STATES)[number]

export interface Service extends ParkOwned {
  _id: Types.ObjectId
  /** Its public address below /parks/:park/services; never changes. */
  code: string
  kind: ServiceKind
  order: number
  state: ServiceState
  /** What is being edited. */
  content: ServiceContent
  /** The newest published version; 0: none yet. */
  published: number
  /** Whether what is being edited differs from it. */
  pending: boolean
  version: number
}

/** What was published, as it was: never changed, for applications keep the one they began with. */
export interface ServiceVersion extends ParkOwned {
  _id: Types.ObjectId
  service: Types.ObjectId
  no: number
  content: ServiceContent
  at: Date
  by: { id: string; name: string }
}

const maybe = { type: new Schema({ zh: String, en: String }, { _id: false }), default: null }
const whole = (fallback: number | null) => ({
  type: Number,
  default: fallback,
  validate: (n: number | null) => n === null || Number.isSafeInteger(n),
})
const key = { type: String, required: true }

const field = {
  _id: false,
  key,
  kind: { type: String, enum: FIELD_KINDS, required: true },
  label: bilingual,
  help: maybe,
  required: Boolean,
  options: { type: [{ _id: false, key, label: bilingual }], default: [] },
}
const document = {
  _id: false,
  key,
  name: bilingual,
  help: maybe,
  required: Boolean,
  per: { type: String, enum: ['application', 'founder'], default: 'application' },
  most: whole(1),
  personal: Boolean,
  classes: { type: [{ type: String, enum: APPLICANT_CLASSES }], default: [] },
  example: { type: Schema.Types.ObjectId, default: null },
}
const step = {
  _id: false,
  key,
  name: bilingual,
  help: maybe,
  role: { type: String, enum: STEP_ROLES, required: true },
  days: whole(1),
  outcome: { type: String, enum: OUTCOMES, default: 'done' },
  result: { type: String, enum: RESULTS, default: 'none' },
  effect: { type: String, enum: EFFECTS, default: 'none' },
  told: { type: [{ type: String, enum: TOLD }], default: [] },
}

const content = new Schema<ServiceContent>(
  {
    name: bilingual,
    summary: maybe,
    text: maybe,
    fees: { type: [{ _id: false, class: { type: String, enum: APPLICANT_CLASSES, required: true }, fen: whole(0) }], default: [] },
    promise: whole(null),
    years: { type: Number, default: YEARS.usual, min: 0, max: YEARS.most },
    keep: { type: Number, default: KEEP.usual, min: 1, max: KEEP.most },
    fields: { type: [field], default: [] },
    documents: { type: [document], default: [] },
    steps: { type: [step], default: [] },
  } as never,
  { _id: false },
)

const service = parkOwned<Service>(
  {
    code: { type: String, required: true, immutable: true, match: /^[a-z][a-z0-9-]{1,40}$/ },
    kind: { type: String, enum: SERVICE_KINDS, required: true },
    order: { type: Number, default: 0 },
    state: { type: String, enum: SERVICE_STATES, default: 'draft' },
    content: { type: content, required: true },
    published: { type: Number, default: 0 },
    pending: { type: Boolean, default: true },
    version: { type: Number, default: 0 },
  },
  { versionKey: false },
)
service.index({ park: 1, code: 1 }, { unique: true })
service.index({ park: 1, order: 1 })

const version = parkOwned<ServiceVersion>(
  {
    service: { type: Schema.Types.ObjectId, required: true, immutable: true },
    no: { type: Number, required: true, immutable: true },
    content: { type: content, required: true, immutable: true },
    at: { type: Date, required: true, immutable: true },
    by: { id: String, name: String },
  },
  { versionKey: false, timestamps: false },
)
version.index({ park: 1, service: 1, no: 1 }, { unique: true })

export const Service = model('Service', service, 'services')
export const ServiceVersion = model('ServiceVersion', version, 'serviceversions')

export const serviceSubject = ({ park, _id, content }: Pick<Service, 'park' | '_id' | 'content'>) => ({
  park,
  kind: 'service',
  ref: _id,
  label: content.name.zh,
})
export const servicePath = ({ park, code }: Pick<Service, 'park' | 'code'>): string => `/parks/${park}/settings/services/${code}`
export const publicPath = ({ park, code }: Pick<Service, 'park' | 'code'>): string => `/parks/${park}/services/${code}`
