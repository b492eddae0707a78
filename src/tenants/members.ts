import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { invite, openInvitations } from '../accounts/invitations.ts'
import { revokeRole } from '../accounts/memberships.ts'
import { TENANT_ROLES } from '../accounts/roles.ts'
import { Membership, User } from '../accounts/user.ts'
import { transact } from '../db/transact.ts'
import { notFound, RuleError } from '../lib/rule-error.ts'
import type { Lang } from '../locales/index.ts'
import { holdTenant } from './records.ts'
import { Tenant } from './tenant.ts'

/** The people of a tenant: invited by its owner or by the park, never left without an owner. */
export type MemberRole = (typeof TENANT_ROLES)[number]

export interface Member {
  _id: Types.ObjectId
  user: Types.ObjectId
  role: MemberRole
  since: Date
  person: { name: string; email: string; signedInAt: Date | null }
}

export async function membersOf(park: string, tenant: Types.ObjectId): Promise<Member[]> {
  const rows = await Membership.find({ park, tenant, role: { $in: TENANT_ROLES } })
    .sort({ role: -1, createdAt: 1 })
    .lean()
  const people = await User.find({ _id: { $in: rows.map(row => row.user) } }, { name: 1, email: 1, signedInAt: 1 }).lean()
  return rows.flatMap(({ _id, user, role, createdAt }) => {
    const person = people.find(one => one._id.equals(user))
    return person ? [{ _id, user, role: role as MemberRole, since: createdAt, person }] : []
  })
}

export const pendingOf = (park: string, tenant: Types.ObjectId) => openInvitations({ park, tenant })

export async function inviteMember(
  tenant: Pick<Tenant, 'park' | '_id' | 'name'>,
  { email, role }: { email: string; role: MemberRole },
  lang: Lang,
  by: Actor,
): Promise<void> {
  await transact(async () => {
    if (!(await holdTenant(tenant.park, tenant._id))) throw notFound()
    await invite({ email, role, park: tenant.park, tenant: tenant._id }, tenant.name, lang, by)
  })
}

/** Takes a person's role at the tenant back. Throws member.lastOwner, and member.self for one's own. */
export async function removeMember(park: string, tenant: Types.ObjectId, membership: Types.ObjectId, by: Actor): Promise<void> {
  await transact(async () => {
    const row = await Membership.findOne({ _id: membership, park, tenant, role: { $in: TENANT_ROLES } }).lean()
    if (!row) throw notFound()
    // Owners are counted in what this transaction sees; writing the tenant makes two that drop each other's owner collide.
    await Tenant.updateOne({ park, _id: tenant }, { $inc: { ties: 1 } })
    const owners = await Membership.countDocuments({ park, tenant, role: 'owner', _id: { $ne: membership } })
    if (row.role === 'owner' && !owners) throw new RuleError('member.lastOwner', {}, { status: 409 })
    await revokeRole(park, membership, by)
  })
}
