import type { Actor } from '../accounts/identity.ts'
import { peopleOf, type User } from '../accounts/user.ts'
import type { Month } from '../lib/months.ts'
import { textIn } from '../lib/text.ts'
import { LANGS, type Lang, type Params, translateAny } from '../locales/index.ts'
import { notify } from '../notifications/notification.ts'
import { type Agreement, agreementPath, type Paper, roundPath } from './agreement.ts'

/** Who is told of what, in the transaction of what happened. */
type Told = Pick<Agreement, 'park' | '_id' | 'tenant' | 'tenantName' | 'number' | 'staff'>
type Words = (lang: Lang) => Params
const NOTHING: Words = () => ({})

/** Who may answer for an agreement: the park's managers and accountants. */
export const trusteePeople = (park: string): Promise<User[]> => peopleOf(park, ['manager', 'finance'])

/** Who answers for an agreement today: its trustee, or all who could where they work for the park no more. */
export async function answering({ park, staff }: Pick<Agreement, 'park' | 'staff'>): Promise<User[]> {
  const people = await trusteePeople(park)
  const still = people.find(user => user._id.equals(staff))
  return still ? [still] : people
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

/** The owners of the tenant, and whoever else is named and still belongs to it: who handed a paper in. */
export async function tellTenant(agreement: Told, key: string, month: Month, words = NOTHING, also: string | null = null): Promise<void> {
  const { park, tenant } = agreement
  const owners = await peopleOf(park, ['owner'], tenant)
  const apart = also && !owners.some(user => String(user._id) === also)
  const other = apart ? (await peopleOf(park, ['member'], tenant)).filter(user => String(user._id) === also) : []
  await tell([...owners, ...other], agreement, key, month, words)
}

/** A paper's name: its own, or that of its kind. */
export const paperName = ({ kind, name }: Pick<Paper, 'kind' | 'name'>, lang: Lang): string =>
  name ? textIn(name, lang).text : translateAny(lang, `trustee.paper.${kind}`)
