import type { Types } from 'mongoose'
import { TENANT_ROLES } from '../accounts/roles.ts'
import { Membership, User } from '../accounts/user.ts'

/**
 * Who of a company is told of its booking: `usual`, while they belong to it; else its owner, else the first of its people; null
 * where it has none.
 */
export async function tenantContact(park: string, tenant: Types.ObjectId, usual: Types.ObjectId | null = null): Promise<User | null> {
  const rows = await Membership.find({ park, tenant, role: { $in: TENANT_ROLES } }, { user: 1, role: 1 })
    .sort({ _id: 1 })
    .lean()
  const rank = ({ user, role }: (typeof rows)[number]) => (usual?.equals(user) ? 2 : Number(role === 'owner'))
  const people = [...rows].sort((a, b) => rank(b) - rank(a)).map(row => row.user)
  const active = (await User.find({ _id: { $in: people }, disabled: false }).lean()) as unknown as User[]
  return people.map(id => active.find(user => user._id.equals(id))).find(Boolean) ?? null
}
