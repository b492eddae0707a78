import { hashPassword } from '../../accounts/passwords.ts'
import { ROLES, type Role, TENANT_ROLES } from '../../accounts/roles.ts'
import { Membership, User } from '../../accounts/user.ts'
import { DISTRICTS, PARKS } from './facts.ts'

/** Demo accounts: `<role>.<park or district slug>@example.com`, one password for all (DESIGN §8). */
const ROLE_NAMES: Record<Role, string> = {
  admin: '管理员',
  manager: '园区经理',
  promotion: '招商专员',
  reception: '前台',
  finance: '财务',
  official: '科技局',
  owner: '企业负责人',
  member: '企业成员',
  applicant: '创业者',
  mentor: '创业导师',
}

interface Account {
  email: string
  name: string
  role: Role
  park: string | null
  district: string | null
}

function accounts(): Account[] {
  const list: Account[] = [{ email: 'admin@example.com', name: `${ROLE_NAMES.admin}（示例）`, role: 'admin', park: null, district: null }]
  const parkRoles = ROLES.filter(role => !['admin', 'official', 'applicant', 'mentor'].includes(role))
  for (const park of PARKS) {
    for (const role of parkRoles) {
      list.push({
        email: `${role}.${park._id}@example.com`,
        name: `${park.shortName.zh}${ROLE_NAMES[role]}（示例）`,
        role,
        park: park._id,
        district: null,
      })
    }
  }
  list.push({ email: 'manager2.dongxin@example.com', name: '东新分园副经理（示例）', role: 'manager', park: 'dongxin', district: null })
  for (const district of DISTRICTS)
    list.push({
      email: `official.${district._id}@example.com`,
      name: `${district.bureau.zh}（示例）`,
      role: 'official',
      park: null,
      district: district._id,
    })
  list.push({ email: 'applicant.dongxin@example.com', name: '创业者（示例）', role: 'applicant', park: 'dongxin', district: null })
  for (const [i, who] of ['founder', 'founder2', 'founder3', 'founder4'].entries())
    list.push({ email: `${who}.dongxin@example.com`, name: `创业者${i + 1}（示例）`, role: 'applicant', park: null, district: null })
  list.push({ email: 'mentor.dongxin@example.com', name: '林股融（示例）', role: 'mentor', park: 'dongxin', district: null })
  return list
}

export type TenantAccount = Account & { user: User['_id'] }

/** Creates the accounts; those of tenants get their membership once there are tenants, and are answered for that. */
export async function seedPeople(password: string): Promise<TenantAccount[]> {
  const hash = await hashPassword(password)
  const waiting: TenantAccount[] = []
  for (const account of accounts()) {
    const { email, name, role, park, district } = account
    const [user] = await User.create([{ email, name, password: hash, demo: true }])
    if ((TENANT_ROLES as readonly Role[]).includes(role)) waiting.push({ ...account, user: user!._id })
    else await Membership.create([{ user: user!._id, role, park, district }])
  }
  return waiting
}
