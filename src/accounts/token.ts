import { createHash, randomBytes } from 'node:crypto'
import { model, Schema, type Types } from 'mongoose'
import { now } from '../lib/clock.ts'
import type { Role } from './roles.ts'

/** One-time links: password resets and invitations. Only the hash is stored; using one is one atomic write. */
export interface Token {
  _id: string
  kind: 'reset' | 'invite'
  user: Types.ObjectId | null
  email: string
  role: Role | null
  park: string | null
  district: string | null
  tenant: Types.ObjectId | null
  by: string | null
  createdAt: Date
  expiresAt: Date
  usedAt: Date | null
}

const schema = new Schema<Token>(
  {
    _id: String,
    kind: { type: String, required: true },
    user: { type: Schema.Types.ObjectId, default: null },
    email: { type: String, required: true },
    role: { type: String, default: null },
    park: { type: String, default: null },
    district: { type: String, default: null },
    tenant: { type: Schema.Types.ObjectId, default: null },
    by: { type: String, default: null },
    expiresAt: { type: Date, required: true },
    usedAt: { type: Date, default: null },
  },
  { timestamps: true, versionKey: false },
)
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 30 * 86_400 })
schema.index({ park: 1, kind: 1, tenant: 1 })
schema.index({ user: 1, kind: 1 })
export const Token = model('Token', schema, 'tokens')

const digest = (token: string): string => createHash('sha256').update(token).digest('hex')

export async function issueToken(fields: Omit<Token, '_id' | 'createdAt' | 'expiresAt' | 'usedAt'>, hours: number): Promise<string> {
  const token = randomBytes(24).toString('base64url')
  await Token.create([{ ...fields, _id: digest(token), expiresAt: new Date(now().getTime() + hours * 3_600_000) }])
  return token
}

const open = (token: string, kind: Token['kind']) => ({ _id: digest(token), kind, usedAt: null, expiresAt: { $gt: now() } })

export const findToken = (token: string, kind: Token['kind']): Promise<Token | null> => Token.findOne(open(token, kind)).lean()

/** Uses a link up, inside the transaction of what it does; null when it ran out or was used. */
export const useToken = (token: string, kind: Token['kind']): Promise<Token | null> =>
  Token.findOneAndUpdate(open(token, kind), { usedAt: now() }).lean()
