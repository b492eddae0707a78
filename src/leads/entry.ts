import { model, Schema, Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { now } from '../lib/clock.ts'
import { type ParkOwned, parkOwned, scopedInsert } from '../lib/park-scope.ts'
import type { Lead } from './lead.ts'

/** One line of a lead's timeline: what people did, and what the product did for them. Lines are added and never change. */
export const FOLLOW_UPS = ['call', 'message', 'meeting', 'note'] as const
export type FollowUp = (typeof FOLLOW_UPS)[number]
export const ENTRY_KINDS = [
  ...FOLLOW_UPS,
  ...([
    'created',
    'inquiry',
    'stage',
    'owner',
    'lost',
    'reopened',
    'merged',
    'mail',
    'file',
    'visit',
    'hold',
    'offer',
    'event',
    'converted',
  ] as const),
] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

export interface LeadEntry extends ParkOwned {
  _id: Types.ObjectId
  lead: Types.ObjectId
  at: Date
  kind: EntryKind
  /** What somebody wrote. */
  text: string | null
  /** What happened, for the words of the kind: `lead.entry.<kind>.<params.what>`. */
  params: Record<string, string>
  /** The record it is about: a visit, an offer, a file. */
  ref: Types.ObjectId | null
  by: { id: string; name: string }
}

const schema = parkOwned<LeadEntry>(
  {
    lead: { type: Schema.Types.ObjectId, required: true },
    at: { type: Date, required: true },
    kind: { type: String, enum: ENTRY_KINDS, required: true },
    text: { type: String, default: null },
    params: { type: Object, default: {} },
    ref: { type: Schema.Types.ObjectId, default: null },
    by: { id: String, name: String },
  },
  { versionKey: false, timestamps: false, minimize: false },
)
schema.index({ park: 1, lead: 1, at: -1, _id: -1 })
export const LeadEntry = model('LeadEntry', schema, 'leadentries')

type Line = Partial<Pick<LeadEntry, 'text' | 'params' | 'ref'>>

/** Adds lines to timelines; call it inside the transaction of what they tell. */
export async function addLines(
  list: (Line & { lead: Pick<Lead, 'park' | '_id'>; kind: EntryKind })[],
  by: Pick<Actor, 'id' | 'name'>,
): Promise<void> {
  const at = now()
  await scopedInsert(
    LeadEntry,
    list.map(({ lead, kind, text = null, params = {}, ref = null }) => ({
      ...{ _id: new Types.ObjectId(), park: lead.park, lead: lead._id, at, kind, text, params, ref },
      by: { id: by.id, name: by.name },
    })),
  )
}

export const addLine = (lead: Pick<Lead, 'park' | '_id'>, kind: EntryKind, line: Line, by: Pick<Actor, 'id' | 'name'>): Promise<void> =>
  addLines([{ ...line, lead, kind }], by)
