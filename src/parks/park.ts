import { model, Schema } from 'mongoose'
import type { Area } from '../lib/area.ts'
import { DEFAULT_ZONE } from '../lib/days.ts'
import { type Bilingual, bilingual } from '../lib/text.ts'

export const PARK_KINDS = ['park', 'enclave'] as const
export const INDUSTRIES = [
  'software',
  'ecommerce',
  'iot',
  'biomedicine',
  'health',
  'energy',
  'green',
  'research',
  'carrier',
  'fintech',
  'other',
] as const
export type Industry = (typeof INDUSTRIES)[number]
export const ANCHORS = ['start', 'calendar'] as const
export const BROKEN = ['actual', 'thirty', 'dayrate'] as const

/** What a park decides for itself. Rules of the field (incubation …) are versioned data; a park names its version. */
export interface ParkSettings {
  /** “Nobody approves what they submitted” may be switched off where there is one manager; the page says so. */
  selfApproval: boolean
  /** Days before a lease ends on which a reminder goes out. */
  reminderDays: number[]
  /** From how many days before its end a lease counts as expiring. */
  expiringDays: number
  anchor: (typeof ANCHORS)[number]
  broken: (typeof BROKEN)[number]
  incubationRule: string
  /** Free minutes of rooms a month, for a tenant (shared by its people) and a student founder. */
  freeMinutes: { tenant: number; student: number }
}

export interface Amenity {
  code: string
  name: Bilingual
  text: Bilingual | null
}

export interface ParkService {
  code: string
  name: Bilingual
  text: Bilingual | null
  free: boolean
}

/**
 * A park as every page of it reads it; `_id` is its slug and never changes: addresses and every park-owned record carry it. What it
 * tells the public of itself is three quarters of its document, and read where it is shown: WholePark.
 */
export interface Park {
  _id: string
  kind: (typeof PARK_KINDS)[number]
  name: Bilingual
  shortName: Bilingual
  city: Bilingual
  address: Bilingual | null
  bureau: { name: Bilingual; phone: string | null }
  operator: Bilingual | null
  homeDistrict: string
  hostDistrict: string | null
  /** Hundredths of ㎡; null where it isn't known. */
  area: Area | null
  zone: string
  hours: Bilingual | null
  hotline: string | null
  illustrative: boolean
  settings: ParkSettings
  version: number
}

interface ParkTexts {
  alias: Bilingual | null
  ruleBook: Bilingual | null
  tagline: Bilingual
  intro: Bilingual | null
  access: Bilingual[]
  products: Bilingual[]
  industries: Industry[]
  amenities: Amenity[]
  services: ParkService[]
  /** Fields not published yet: shown with a mark. */
  provisional: string[]
}
export type WholePark = Park & ParkTexts

const WITHOUT_TEXTS: Record<keyof ParkTexts, 0> = {
  alias: 0,
  ruleBook: 0,
  tagline: 0,
  intro: 0,
  access: 0,
  products: 0,
  industries: 0,
  amenities: 0,
  services: 0,
  provisional: 0,
}

const maybe = { type: new Schema({ zh: String, en: String }, { _id: false }), default: null }
const item = { _id: false, code: { type: String, required: true }, name: bilingual, text: maybe }

const schema = new Schema<WholePark>(
  {
    _id: { type: String, match: /^[a-z][a-z0-9-]{1,40}$/ },
    kind: { type: String, enum: PARK_KINDS, required: true },
    name: bilingual,
    shortName: bilingual,
    alias: maybe,
    city: bilingual,
    address: maybe,
    bureau: { name: bilingual, phone: { type: String, default: null } },
    operator: maybe,
    ruleBook: maybe,
    homeDistrict: { type: String, required: true },
    hostDistrict: { type: String, default: null },
    area: { type: Number, default: null },
    zone: { type: String, default: DEFAULT_ZONE },
    hours: maybe,
    hotline: { type: String, default: null },
    tagline: bilingual,
    intro: maybe,
    access: { type: [{ _id: false, ...bilingual }], default: [] },
    products: { type: [{ _id: false, ...bilingual }], default: [] },
    industries: { type: [{ type: String, enum: INDUSTRIES }], default: [] },
    amenities: { type: [item], default: [] },
    services: { type: [{ ...item, free: { type: Boolean, default: false } }], default: [] },
    provisional: { type: [String], default: [] },
    illustrative: { type: Boolean, default: false },
    settings: {
      selfApproval: { type: Boolean, default: false },
      reminderDays: { type: [Number], default: [90, 60, 30] },
      expiringDays: { type: Number, default: 90 },
      anchor: { type: String, enum: ANCHORS, default: 'start' },
      broken: { type: String, enum: BROKEN, default: 'actual' },
      incubationRule: { type: String, default: '2018' },
      freeMinutes: { tenant: { type: Number, default: 600 }, student: { type: Number, default: 600 } },
    },
    version: { type: Number, default: 0 },
  },
  { timestamps: true, versionKey: false },
)
schema.index({ homeDistrict: 1 })

export const Park = model('Park', schema, 'parks')
export const isEnclave = (park: Park): boolean => park.kind === 'enclave'

const read = <T>(slug: string, projection?: object): Promise<T | null> =>
  Park.collection.findOne({ _id: slug as never }, { projection }) as unknown as Promise<T | null>

/** One park by the driver: read on every page of it. */
export const readPark = (slug: string): Promise<Park | null> => read(slug, WITHOUT_TEXTS)
export const readWholePark = (slug: string): Promise<WholePark | null> => read(slug)
