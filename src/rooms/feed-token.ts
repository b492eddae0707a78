import { createHash, randomBytes } from 'node:crypto'
import { model, Schema, type Types } from 'mongoose'
import type { Actor, Identity } from '../accounts/identity.ts'
import { reachOf } from '../accounts/identity.ts'
import { readIdentity } from '../accounts/sessions.ts'
import { audit } from '../audit/entry.ts'
import { again, transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { type Park, readPark } from '../parks/park.ts'
import { viewerOf } from './viewer.ts'

/**
 * Calendar addresses that can be read without signing in: by whoever knows them, as long as the person who made them may see the
 * same. Of the secret part only its hash is stored; a person has one address for each thing, so making a new one revokes the old.
 */
export const FEED_KINDS = ['person', 'tenant', 'room'] as const
export type FeedKind = (typeof FEED_KINDS)[number]

export interface FeedToken extends ParkOwned {
  _id: Types.ObjectId
  /** Whose address it is: what it shows ends with what they may see. */
  user: Types.ObjectId
  kind: FeedKind
  /** The person, tenant or room. */
  ref: Types.ObjectId
  hash: string
  madeAt: Date
}

const schema = parkOwned<FeedToken>(
  {
    user: { type: Schema.Types.ObjectId, required: true },
    kind: { type: String, enum: FEED_KINDS, required: true },
    ref: { type: Schema.Types.ObjectId, required: true },
    hash: { type: String, required: true },
    madeAt: { type: Date, required: true },
  },
  { versionKey: false, timestamps: false },
)
schema.index({ park: 1, user: 1, kind: 1, ref: 1 }, { unique: true })
schema.index({ park: 1, hash: 1 }, { unique: true })
export const FeedToken = model('FeedToken', schema, 'feedtokens')

/** The park's slug stands before the secret, so that looking one up stays inside a park. */
const SHAPE = /^([a-z][a-z0-9-]{1,40})~([\w-]{32})$/
export const newToken = (park: string): string => `${park}~${randomBytes(24).toString('base64url')}`
export const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex')
export const feedPath = (token: string): string => `/feeds/${token}.ics`

export interface FeedWish {
  kind: FeedKind
  ref: Types.ObjectId
  /** What it is of, for the trail. */
  label: string
}

/** Makes an address, or another one in its place: the old one is dead from then on. */
export async function makeFeed(
  park: string,
  { kind, ref, label }: FeedWish,
  token: string,
  user: Types.ObjectId,
  by: Actor,
): Promise<void> {
  await transact(async () => {
    const key = { park, user, kind, ref }
    const set = { hash: digestOf(token), madeAt: now() }
    const before = await FeedToken.findOneAndUpdate(key, { $set: set }, { upsert: true }).catch(error => {
      throw again(error)
    })
    await audit(by, before ? 'feed.renew' : 'feed.make', { park, kind: 'feed', ref, label })
  })
}

export async function revokeFeed(park: string, _id: Types.ObjectId, user: Types.ObjectId, label: string, by: Actor): Promise<void> {
  await transact(async () => {
    const gone = await FeedToken.findOneAndDelete({ park, _id, user }).lean()
    if (!gone) throw notFound()
    await audit(by, 'feed.revoke', { park, kind: 'feed', ref: gone.ref, label })
  })
}

export interface Feed {
  park: Park
  token: FeedToken
  /** The person who made it, as they are now. */
  who: Identity
}

/** Whether the person may still see what their address shows: judged anew at every reading. */
function stillMay({ park, token, who }: Feed): boolean {
  if (!reachOf(who, token.kind === 'room' ? 'room.read' : 'booking.make', park)) return false
  if (token.kind === 'person') return String(token.ref) === who.id
  return token.kind === 'room' || viewerOf({ me: who, park }).tenants.includes(String(token.ref))
}

/** What an address stands for; a 404 for one that was never made, was revoked, or whose maker was disabled or left. */
export async function openFeed(text: string): Promise<Feed> {
  const [, slug] = SHAPE.exec(text) ?? []
  const park = slug ? await readPark(slug) : null
  const token = park && ((await FeedToken.findOne({ park: park._id, hash: digestOf(text) }).lean()) as FeedToken | null)
  const who = token && (await readIdentity(token.user))
  if (!park || !token || !who || !stillMay({ park, token, who })) throw notFound()
  return { park, token, who }
}
