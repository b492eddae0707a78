import { model, Schema, type Types } from 'mongoose'
import type { Area } from '../lib/area.ts'
import type { Day } from '../lib/days.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import { type Bilingual, bilingual } from '../lib/text.ts'

/** A floor: its area is Σ gross area of its units + the common area recorded for the day. */
export interface Floor {
  code: string
  /** Height order: -1 for B1, 1 for 1F. */
  level: number
  area: Area
  /** Common area (corridors, stairs, plant) from a day on; re-measuring may move area between a unit and it. */
  common: { from: Day; area: Area }[]
  /** The uploaded plan: a picture in the files store and its size, in whose units the outlines are drawn. */
  drawing: { file: Types.ObjectId; width: number; height: number } | null
}

/** `code` is the building's part of addresses and never changes; `version` serialises what changes the building's structure. */
export interface Building extends ParkOwned {
  _id: Types.ObjectId
  code: string
  name: Bilingual
  floors: Floor[]
  version: number
}

const floor = new Schema<Floor>(
  {
    code: { type: String, required: true },
    level: { type: Number, required: true },
    area: { type: Number, required: true },
    common: { type: [{ _id: false, from: String, area: Number }], default: [] },
    drawing: { type: new Schema({ file: Schema.Types.ObjectId, width: Number, height: Number }, { _id: false }), default: null },
  },
  { _id: false },
)

const schema = parkOwned<Building>(
  {
    code: { type: String, required: true, immutable: true },
    name: bilingual,
    floors: { type: [floor], default: [] },
    version: { type: Number, default: 0 },
  },
  { versionKey: false },
)
schema.index({ park: 1, code: 1 }, { unique: true })

export const Building = model('Building', schema, 'buildings')

/** The common area of a floor on a day. */
export function commonOn(floorOf: Floor, on: Day): Area {
  const steps = floorOf.common.filter(step => step.from <= on).sort((a, b) => (a.from < b.from ? -1 : 1))
  return steps.at(-1)?.area ?? 0
}

/** “3F”, “B1”, “12”: the floor's height order. */
export function levelOf(code: string): number {
  const digits = Number(/\d+/.exec(code)?.[0] ?? 0)
  return /^B/i.test(code) ? -digits : digits
}
