import type { Types } from 'mongoose'
import { audit, NO_PARK } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { maskEmail } from '../lib/mask.ts'
import { notFound } from '../lib/rule-error.ts'
import type { Lang } from '../locales/index.ts'
import type { Actor } from './identity.ts'
import { invite } from './invitations.ts'
import { revokeRole } from './memberships.ts'
import { Membership, User } from './user.ts'

/** The people of a district's bureau: an administrator invites them, for a district has no manager of its own. */
export async function inviteOfficial(district: { slug: string; place: string }, email: string, lang: Lang, by: Actor): Promise<void> {
  await transact(async () => {
    await invite({ email, role: 'official', district: district.slug }, district.place, lang, by)
    const subject = { park: NO_PARK, kind: 'district', ref: district.slug, label: maskEmail(email) }
    await audit(by, 'district.invite', subject, { after: { role: 'official' } })
  })
}

/** Takes an official's role back; 404 for a membership of anything else. */
export async function revokeOfficial(district: string, membership: Types.ObjectId, by: Actor): Promise<void> {
  await transact(async () => {
    const row = await Membership.findOne({ _id: membership, district, role: 'official' }).lean()
    if (!row) throw notFound()
    await revokeRole(null, membership, by)
    const user = await User.findById(row.user, { name: 1 }).lean()
    const subject = { park: NO_PARK, kind: 'district', ref: district, label: user?.name ?? '' }
    await audit(by, 'district.revoke', subject, { before: { role: 'official' }, after: { role: null } })
  })
}

export interface Official {
  _id: Types.ObjectId
  name: string
  email: string
}

export async function officialsOf(district: string): Promise<Official[]> {
  const rows = await Membership.find({ district, role: 'official' }).sort({ createdAt: 1 }).lean()
  const users = await User.find({ _id: { $in: rows.map(row => row.user) } }, { name: 1, email: 1 }).lean()
  return rows.flatMap(row => {
    const user = users.find(one => one._id.equals(row.user))
    return user ? [{ _id: row._id, name: user.name, email: user.email }] : []
  })
}
