import { model, Schema, type Types } from 'mongoose'
import type { Attendee } from '../events/attendee.ts'
import type { Day } from '../lib/days.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'

/**
 * A lead that was asked to an event: once, however often somebody presses (the unique key), and again only while it hasn't answered. The
 * mail's link opens by a secret of which the hash is kept. What became of it is derived from those who signed up as that lead.
 */
export const CHANNELS = ['mail', 'phone'] as const
export const INVITED_STATES = ['invited', 'opened', 'declined', 'signedUp', 'came'] as const
export type InvitedState = (typeof INVITED_STATES)[number]

export interface EventInvitation extends ParkOwned {
  _id: Types.ObjectId
  event: Types.ObjectId
  lead: Types.ObjectId
  /** Told by mail, or on the phone: then there is no link. */
  channel: (typeof CHANNELS)[number]
  /** Whom it went to. */
  contact: string
  hashes: string[]
  /** Days of the mails: one a day at most. */
  sentOn: Day
  mails: number
  openedAt: Date | null
  declinedAt: Date | null
  by: { id: string; name: string }
  at: Date
}

const date = { type: Date, default: null }
const id = { type: Schema.Types.ObjectId, required: true }
const schema = parkOwned<EventInvitation>(
  {
    event: { ...id, immutable: true },
    lead: id,
    channel: { type: String, enum: CHANNELS, required: true },
    contact: { type: String, required: true },
    hashes: { type: [String], default: [] },
    sentOn: { type: String, required: true },
    mails: { type: Number, default: 0 },
    openedAt: date,
    declinedAt: date,
    by: { id: String, name: String },
    at: { type: Date, required: true },
  },
  { versionKey: false, timestamps: false },
)
schema.index({ park: 1, event: 1, lead: 1 }, { unique: true })
schema.index({ park: 1, lead: 1 })
schema.index({ park: 1, hashes: 1 })
export const EventInvitation = model('EventInvitation', schema, 'eventinvitations')

/** Secrets alive at most: the latest mails'. */
export const MOST_HASHES = 8

export const invitationPath = (park: string, code: string, token: string): string => `/parks/${park}/events/${code}/invitations/${token}`

/** What became of an invitation; `people` are the attendees of its lead at its event. */
export function invitedState(
  { openedAt, declinedAt }: Pick<EventInvitation, 'openedAt' | 'declinedAt'>,
  people: Pick<Attendee, 'state' | 'checkIns'>[],
): InvitedState {
  const there = people.filter(one => one.state !== 'cancelled')
  if (there.some(one => one.checkIns.length)) return 'came'
  if (there.length) return 'signedUp'
  return declinedAt ? 'declined' : openedAt ? 'opened' : 'invited'
}

/** Who hasn't answered is asked again. */
export const isUnanswered = (state: InvitedState): boolean => state === 'invited' || state === 'opened'
