import { Types } from 'mongoose'
import { TENANT_ROLES } from '../accounts/roles.ts'
import { Membership, User } from '../accounts/user.ts'
import { isDuplicateKey } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import type { Day } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { type Audience, reaches } from './audience.ts'
import { type Notice, NoticeRead } from './notice.ts'
import { type Standing, standingsOf } from './standing.ts'

/**
 * Notes that somebody has read a notice, in one write and once per edition: the filter looks for an earlier one, so that where this
 * one was read already the write finds nothing to change and meets the unique key.
 */
export async function markRead({ park, _id, edition }: Pick<Notice, 'park' | '_id' | 'edition'>, user: string, tenants: Types.ObjectId[]) {
  const key = { park, notice: _id, user: new Types.ObjectId(user) }
  const set = { $set: { edition, at: now(), tenants } }
  await NoticeRead.updateOne({ ...key, edition: { $lt: edition } }, set, { upsert: true }).catch(error => {
    if (!isDuplicateKey(error)) throw error
  })
}

export interface Reader {
  name: string
  /** When they read it as it is now; null: not yet. */
  at: Date | null
  /** They belong to the company no more. */
  left: boolean
}

export interface TenantReading {
  tenant: Types.ObjectId
  name: string
  readers: Reader[]
  waiting: Reader[]
}

interface Person {
  _id: Types.ObjectId
  name: string
}
type Post = { user: Types.ObjectId; tenant: Types.ObjectId | null }
type Read = Pick<NoticeRead, 'user' | 'tenants' | 'at'>

const append = <T>(map: Map<string, T[]>, key: string, value: T): void => {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

/**
 * Who of each company has read: its people of today who did, whenever they joined, and those who read it for the company and have
 * left since. Waiting are only its people of today. Pure.
 */
export function readingBy(standings: Pick<Standing, 'tenant' | 'name'>[], posts: Post[], people: Person[], reads: Read[]): TenantReading[] {
  const names = new Map(people.map(one => [String(one._id), one.name]))
  const readAt = new Map(reads.map(one => [String(one.user), one.at]))
  const members = new Map<string, string[]>()
  for (const { user, tenant } of posts) if (names.has(String(user))) append(members, String(tenant), String(user))
  const former = new Map<string, Read[]>()
  for (const one of reads) for (const tenant of one.tenants) append(former, String(tenant), one)
  return standings.map(({ tenant, name }) => {
    const own = [...new Set(members.get(String(tenant)) ?? [])]
    const now = own.map((user): Reader => ({ name: names.get(user)!, at: readAt.get(user) ?? null, left: false }))
    const gone = (former.get(String(tenant)) ?? []).filter(one => !own.includes(String(one.user)))
    const left = gone.map((one): Reader => ({ name: names.get(String(one.user)) ?? '–', at: one.at, left: true }))
    return { tenant, name, readers: [...now.filter(one => one.at), ...left], waiting: now.filter(one => !one.at) }
  })
}

/** The people a park's companies have: all of them in one read, for a notice is for hundreds of companies. */
export async function postsOf(park: string, tenants: Types.ObjectId[]): Promise<Post[]> {
  const wanted = new Set(tenants.map(String))
  const rows = await Membership.find({ park, role: { $in: TENANT_ROLES } }, { user: 1, tenant: 1 }).lean()
  return rows.filter(row => wanted.has(String(row.tenant)))
}

/** The companies something is for on a day. */
export async function companiesFor(park: string, on: Day, audience: Audience): Promise<Standing[]> {
  const all = await standingsOf(park, on, audience.kind === 'chosen' ? audience.tenants : null)
  return all.filter(one => reaches(audience, one))
}

/** A notice's companies on a day, each with who has read it and who hasn't. */
export async function readingOf(notice: Notice, on: Day): Promise<TenantReading[]> {
  const { park, _id, edition, audience } = notice
  const standings = await companiesFor(park, on, audience)
  const posts = await postsOf(
    park,
    standings.map(one => one.tenant),
  )
  const reads = await scopedFind<Read>(
    NoticeRead,
    { park, notice: _id, edition },
    { projection: { user: 1, tenants: 1, at: 1 }, sort: { at: 1 } },
  )
  const ids = [...posts, ...reads].map(one => one.user)
  // Somebody who may not sign in can't read; what they have read stays.
  const people = (await User.find({ _id: { $in: ids } }, { name: 1, disabled: 1 }).lean()) as (Person & { disabled: boolean })[]
  const has = new Set(reads.map(one => String(one.user)))
  return readingBy(
    standings,
    posts,
    people.filter(one => !one.disabled || has.has(String(one._id))),
    reads,
  )
}

export interface ReadSums {
  companies: number
  companiesRead: number
  people: number
  peopleRead: number
}

/** How many of how many. Who is of two companies is counted at each. */
export function sumsOf(rows: Pick<TenantReading, 'readers' | 'waiting'>[]): ReadSums {
  const read = rows.reduce((sum, row) => sum + row.readers.length, 0)
  const waiting = rows.reduce((sum, row) => sum + row.waiting.length, 0)
  return { companies: rows.length, companiesRead: rows.filter(row => row.readers.length).length, people: read + waiting, peopleRead: read }
}
