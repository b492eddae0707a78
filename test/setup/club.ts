import { Types } from 'mongoose'
import { Membership, User } from '../../src/accounts/user.ts'
import type { Audience } from '../../src/club/audience.ts'
import { checks } from '../../src/club/checks.ts'
import type { Listing, ListingFacts } from '../../src/club/listing.ts'
import { type ContactChoice, listingOf, saveListing } from '../../src/club/listings.ts'
import type { Notice, NoticeFacts } from '../../src/club/notice.ts'
import { createNotice, loadNotice, NO_FILES, publishNotice } from '../../src/club/notices.ts'
import { Tenant } from '../../src/tenants/tenant.ts'
import { BY, buildTenant } from './factories.ts'
import { parkOf } from './mentoring.ts'

/** Notices, their readers and directory entries for tests, made through the product's own functions. */
let serial = 0

export const audienceOf = (more: Partial<Audience> = {}): Audience => ({
  ...{ kind: 'all', places: [], incubation: [], industries: [], tenants: [] },
  ...more,
})

export const noticeFacts = (more: Partial<NoticeFacts> = {}): NoticeFacts => {
  serial += 1
  const [title, text] = [{ zh: `Notice ${serial}` }, { zh: `Words of notice ${serial}` }]
  return { title, text, important: false, until: null, audience: audienceOf(), ...more }
}

/** A published notice to all companies, unless something else is said. */
export async function buildNotice(slug: string, { draft, ...more }: Partial<NoticeFacts> & { draft?: boolean } = {}): Promise<Notice> {
  const park = await parkOf(slug)
  const notice = await createNotice(park, noticeFacts(more), NO_FILES, BY)
  if (!draft) await publishNotice(park, notice._id, notice.version, BY)
  return loadNotice(slug, notice._id)
}

export const noticeFor = (park: string, ...tenants: Types.ObjectId[]): Promise<Notice> =>
  buildNotice(park, { audience: audienceOf({ kind: 'chosen', tenants }) })

export const noticeNow = ({ park, _id }: Pick<Notice, 'park' | '_id'>): Promise<Notice> => loadNotice(park, _id)

const nothing: ListingFacts = { intro: null, offers: null, seeking: null, website: null, showIndustry: true }

/** A company that has listed itself; a new one unless one is named. */
export async function buildListing(
  park: string,
  { tenant, choice = null, ...more }: Partial<ListingFacts> & { tenant?: Types.ObjectId; choice?: ContactChoice | null } = {},
): Promise<Listing> {
  serial += 1
  const _id = tenant ?? (await buildTenant(park))._id
  const version = (await listingOf(park, _id))?.version ?? 0
  await saveListing(park, _id, version, { ...nothing, intro: `About company ${serial}`, ...more }, choice, BY)
  return (await listingOf(park, _id))!
}

/** Companies with people, as many as are asked: straight into the database, for what hundreds of them cost. */
export async function manyPeople(park: string, companies: number, each: number): Promise<Types.ObjectId[]> {
  const ids = Array.from({ length: companies }, () => new Types.ObjectId())
  await Tenant.insertMany(ids.map((_id, i) => ({ _id, park, name: `Company ${i}`, normal: `company${i}`, creditCode: null })))
  const people = ids.flatMap(tenant => Array.from({ length: each }, () => ({ user: new Types.ObjectId(), tenant })))
  await User.insertMany(people.map(({ user }, i) => ({ _id: user, email: `many-${user}@example.com`, name: `Person ${i}` })))
  await Membership.insertMany(people.map(({ user, tenant }) => ({ user, tenant, park, role: 'member' })))
  return people.map(one => one.user)
}

export async function findings(): Promise<string[]> {
  const found: string[] = []
  for (const check of checks)
    await check.run((message, subject) => found.push(`${check.name}: ${subject?.label ?? subject?.id} ${message}`))
  return found
}

/** For the matrix: a notice to one tenant and one to the other, an entry of each and one of a third. */
export async function clubWorld(park: string, tenants: { own: Types.ObjectId; neighbour: Types.ObjectId }) {
  for (const tenant of Object.values(tenants)) await buildListing(park, { tenant })
  const listing = String((await buildListing(park))._id)
  const notices = { own: await noticeFor(park, tenants.own), neighbour: await noticeFor(park, tenants.neighbour) }
  return (who: 'own' | 'neighbour') => ({ notice: String(notices[who]._id), listing })
}
