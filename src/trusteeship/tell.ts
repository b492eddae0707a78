import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { TENANT_ROLES } from '../accounts/roles.ts'
import { Membership, peopleOf, User } from '../accounts/user.ts'
import type { Month } from '../lib/months.ts'
import { textIn } from '../lib/text.ts'
import { LANGS, type Lang, type Params, translateAny } from '../locales/index.ts'
import { notify } from '../notifications/notification.ts'
import { type Agreement, agreementPath, type Paper, roundPath } from './agreement.ts'

/** Who is told of what, in the transaction of what happened. */
type Told = Pick<Agreement, 'park' | '_id' | 'tenant' | 'tenantName' | 'number' | 'staff'>
type Words = (lang: Lang) => Params
const NOTHING: Words = () => ({})

/** Who answers for an agreement today: its trustee, or all who could where they work for the park no more. */
export async function answering({ park, staff }: Pick<Agreement, 'park' | 'staff'>): Promise<User[]> {
  const still = await Membership.exists({ park, user: staff, role: { $in: ['manager', 'finance'] } })
  const user = still && ((await User.findOne({ _id: staff, disabled: false }).lean()) as User | null)
  return user ? [user] : peopleOf(park, ['manager', 'finance'])
}

/** Words of ours in a message are of the language of who reads it. */
async function tell(users: User[], agreement: Told, key: string, month: Month | null, words: Words, except?: string): Promise<void> {
  const { park, tenantName: tenant, number } = agreement
  const path = month ? roundPath(agreement, month) : agreementPath(agreement)
  for (const lang of LANGS) {
    const params = { tenant, number, ...(month ? { month } : {}), ...words(lang) }
    const readers = users.filter(user => user.lang === lang)
    await notify(readers, { park, key: `trustee.${key}`, params, path }, except)
  }
}

export async function tellAssigned(agreement: Told, by: Actor): Promise<void> {
  await tell(await answering(agreement), agreement, 'assigned', null, NOTHING, by.id)
}

export async function tellTrustee(agreement: Told, key: string, month: Month, words = NOTHING, except?: string): Promise<void> {
  await tell(await answering(agreement), agreement, key, month, words, except)
}

/** Somebody who still belongs to the tenant. */
async function ownPerson(park: string, tenant: Types.ObjectId, id: string): Promise<User | null> {
  if (!/^[0-9a-f]{24}$/.test(id)) return null
  const row = await Membership.findOne({ park, tenant, user: id, role: { $in: TENANT_ROLES } }, { user: 1 }).lean()
  return row && ((await User.findOne({ _id: row.user, disabled: false }).lean()) as User | null)
}

/** The owners of the tenant, and whoever else is named: who handed a paper in. */
export async function tellTenant(agreement: Told, key: string, month: Month, words = NOTHING, also: string | null = null): Promise<void> {
  const { park, tenant } = agreement
  const owners = await peopleOf(park, ['owner'], tenant)
  const other = also && !owners.some(user => String(user._id) === also) ? await ownPerson(park, tenant, also) : null
  await tell([...owners, ...(other ? [other] : [])], agreement, key, month, words)
}

/** A paper's name: its own, or that of its kind. */
export const paperName = ({ kind, name }: Pick<Paper, 'kind' | 'name'>, lang: Lang): string =>
  name ? textIn(name, lang).text : translateAny(lang, `trustee.paper.${kind}`)
