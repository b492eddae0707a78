import type { Types } from 'mongoose'
import type { Actor } from '../../accounts/identity.ts'
import { Membership, User } from '../../accounts/user.ts'
import { reaches } from '../../club/audience.ts'
import type { Listing } from '../../club/listing.ts'
import { hideListing, listingOf, saveListing } from '../../club/listings.ts'
import type { Notice, NoticeFacts } from '../../club/notice.ts'
import { correctNotice, createNotice, loadNotice, NO_FILES, publishNotice, withdrawNotice } from '../../club/notices.ts'
import { markRead } from '../../club/reading.ts'
import { type Standing, standingsOf } from '../../club/standing.ts'
import { setClock } from '../../lib/clock.ts'
import { addDays, type Day } from '../../lib/days.ts'
import { instantAt } from '../../lib/wall.ts'
import { Park } from '../../parks/park.ts'
import { Tenant } from '../../tenants/tenant.ts'
import { LISTINGS, type ListingPlan, NOTICES, type NoticePlan, PEOPLE } from './club-data.ts'
import { realToday } from './leases.ts'

/** Notices with their readers and the directory of the demo, by the product's own functions at the time it would have happened. */
interface Reader {
  user: Types.ObjectId
  tenant: Types.ObjectId
}
interface Scene {
  park: Park
  today: Day
  by: Actor
  standings: Standing[]
  owner: Reader | null
  readers: Reader[]
}

const text = ([zh, en]: [string, string]) => ({ zh, en })
const at = ({ park, today }: Scene, ago: number, minute = 560): void => setClock(instantAt(addDays(today, -ago), minute, park.zone))

/** People of some companies, who have no password: somebody has to have read. */
async function peopleOf(park: string, standings: Standing[]): Promise<Reader[]> {
  const readers: Reader[] = []
  for (const [i, name] of PEOPLE.entries()) {
    const tenant = standings[Math.floor(i / 2) % Math.max(1, standings.length)]?.tenant
    if (!tenant) continue
    const [user] = await User.create([{ email: `colleague-${i + 1}.${park}@example.com`, name: `${name}（示例）`, demo: true }])
    await Membership.create([{ user: user!._id, role: i % 2 ? 'member' : 'owner', park, tenant }])
    readers.push({ user: user!._id, tenant })
  }
  return readers
}

async function read(scene: Scene, { _id }: Notice, { read: share, owner }: NoticePlan, ago: number): Promise<void> {
  const notice = await loadNotice(scene.park._id, _id)
  const known = new Map(scene.standings.map(one => [String(one.tenant), one]))
  const own = owner && scene.owner ? [scene.owner] : []
  const some = scene.readers.filter((_, i) => (i * 7) % 10 < share)
  for (const [i, { user, tenant }] of [...own, ...some].entries()) {
    const standing = known.get(String(tenant))
    if (!standing || !reaches(notice.audience, standing)) continue
    at(scene, Math.max(0, ago - (i % 3)), 590 + i * 11)
    await markRead(notice, String(user), [tenant])
  }
}

async function play(scene: Scene, plan: NoticePlan): Promise<void> {
  const { park, by, today } = scene
  const ago = plan.ago ?? 1
  const audience = { kind: 'all' as const, places: [], incubation: [], industries: [], tenants: [], ...plan.audience }
  const until = plan.until === undefined ? null : addDays(today, plan.until)
  const facts: NoticeFacts = { title: text(plan.title), text: text(plan.text), important: plan.important ?? false, until, audience }
  at(scene, ago)
  const { _id, version } = await createNotice(park, facts, NO_FILES, by)
  if (plan.ago === null) return
  await publishNotice(park, _id, version, by)
  const { correction, withdrawn } = plan
  const notice = await loadNotice(park._id, _id)
  if (correction) {
    // Who read it before reads it anew.
    await read(scene, notice, { ...plan, read: 10 }, ago)
    at(scene, correction.ago)
    const { note, again } = correction
    await correctNotice(park, _id, notice.version, { ...facts, text: text(correction.text), note, again, files: NO_FILES }, by)
  }
  await read(scene, notice, plan, correction?.ago ?? ago)
  if (!withdrawn) return
  at(scene, withdrawn.ago)
  await withdrawNotice(park, _id, notice.version, withdrawn.reason, by)
}

async function list(scene: Scene, tenant: Types.ObjectId, plan: ListingPlan, n: number): Promise<void> {
  const park = scene.park._id
  const { contacts, name } = await Tenant.findOne({ park, _id: tenant }).orFail().lean()
  const { intro, offers, seeking, website = null, contact } = plan
  const [first] = contacts
  const choice = contact && first ? { contact: first._id, phone: true, email: contact === 'both', consent: true } : null
  const own = { id: 'owner', name: `${name.slice(0, 8)}负责人` }
  at(scene, 30 - n * 4)
  await saveListing(park, tenant, 0, { intro, offers, seeking, website, showIndustry: n !== 4 }, choice, own)
}

export async function seedClub(slug: string): Promise<void> {
  const park = (await Park.findById(slug).orFail().lean()) as Park
  const user = await User.findOne({ email: `promotion.${slug}@example.com` })
    .lean()
    .orFail()
  const today = realToday()
  const standings = await standingsOf(slug, today)
  const account = await User.findOne({ email: `owner.${slug}@example.com` }).lean()
  const post = account && (await Membership.findOne({ user: account._id, park: slug }).lean())
  const owner = post?.tenant ? { user: post.user, tenant: post.tenant } : null
  const others = standings.filter(one => one.place === 'here' && !owner?.tenant.equals(one.tenant))
  const readers = await peopleOf(slug, others.slice(0, 8))
  const scene: Scene = { park, today, by: { id: String(user._id), name: user.name }, standings, owner, readers }
  for (const plan of NOTICES) await play(scene, plan)
  let last: Listing | null = null
  for (const [n, plan] of LISTINGS.entries()) {
    const tenant = n === 0 && owner ? owner.tenant : others.find(one => one.industry === plan.industry)?.tenant
    if (!tenant) continue
    await list(scene, tenant, plan, n)
    last = await listingOf(slug, tenant)
  }
  at(scene, 1)
  if (last) await hideListing(slug, last._id, '介绍与企业的实际业务不符，请修改（示例）。', scene.by)
  setClock(null)
}
