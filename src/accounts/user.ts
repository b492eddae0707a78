import { model, Schema, type Types } from 'mongoose'
import { currentSession } from '../db/transact.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { ROLES, type Role } from './roles.ts'

/** A person who signs in. `version` counts what changes their identity (name, language, password, memberships). */
export interface User {
  _id: Types.ObjectId
  email: string
  name: string
  password: string | null
  lang: 'zh-CN' | 'en'
  theme: 'auto' | 'light' | 'dark'
  disabled: boolean
  demo: boolean
  version: number
  signedInAt: Date | null
  createdAt: Date
}

const user = new Schema<User>(
  {
    email: { type: String, required: true, lowercase: true, trim: true },
    name: { type: String, required: true },
    password: { type: String, default: null },
    lang: { type: String, enum: ['zh-CN', 'en'], default: 'zh-CN' },
    theme: { type: String, enum: ['auto', 'light', 'dark'], default: 'auto' },
    disabled: { type: Boolean, default: false },
    demo: { type: Boolean, default: false },
    version: { type: Number, default: 0 },
    signedInAt: { type: Date, default: null },
  },
  { timestamps: true, versionKey: false },
)
user.index({ email: 1 }, { unique: true })
export const User = model('User', user, 'users')

/** A role of a user in a park or district; a tenant's people name their tenant too. Not park-owned: a person's list spans parks. */
export interface Membership {
  _id: Types.ObjectId
  user: Types.ObjectId
  role: Role
  park: string | null
  district: string | null
  tenant: Types.ObjectId | null
  by: string | null
  createdAt: Date
}

const membership = new Schema<Membership>(
  {
    user: { type: Schema.Types.ObjectId, required: true, immutable: true },
    role: { type: String, enum: ROLES, required: true },
    park: { type: String, default: null },
    district: { type: String, default: null },
    tenant: { type: Schema.Types.ObjectId, default: null },
    by: { type: String, default: null },
  },
  { timestamps: true, versionKey: false },
)
membership.index({ user: 1, role: 1, park: 1, district: 1, tenant: 1 }, { unique: true })
membership.index({ park: 1, role: 1 })
membership.index({ tenant: 1 })
membership.index({ role: 1 }, { partialFilterExpression: { role: 'admin' } })
export const Membership = model('Membership', membership, 'memberships')

/** The users who hold one of the roles in a park: whom to tell. */
export async function peopleOf(park: string, roles: Role[], tenant?: Types.ObjectId): Promise<User[]> {
  const filter = { park, role: { $in: roles }, ...(tenant ? { tenant } : {}) }
  // By the driver: pages that name colleagues ask this each time.
  const rows = await scopedFind<Pick<Membership, 'user'>>(Membership, filter, { projection: { user: 1 } })
  if (!rows.length) return []
  const found = User.collection.find({ _id: { $in: rows.map(row => row.user) }, disabled: false }, { session: currentSession() })
  return (await found.toArray()) as unknown as User[]
}
