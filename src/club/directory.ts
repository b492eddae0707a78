import type { Types } from 'mongoose'
import type { Day } from '../lib/days.ts'
import { scopedAggregate, scopedFind, scopedOne } from '../lib/park-scope.ts'
import { escapeRegExp } from '../lib/text.ts'
import type { Industry } from '../parks/park.ts'
import { termFilter } from '../search/entry.ts'
import { Tenant } from '../tenants/tenant.ts'
import { Listing, shownContact } from './listing.ts'
import { type Standing, standingsOf } from './standing.ts'

/**
 * The directory as it is read: entries that are listed and not hidden, of companies that are in the park today. Who left or was merged
 * is not taken out, but never found; everything but the texts is read from the company itself.
 */
export const SORTS = ['name', 'newest'] as const
export type Sort = (typeof SORTS)[number]

export interface Asked {
  q?: string | undefined
  industry?: Industry | undefined
  sort: Sort
  /** For staff: what was hidden instead. */
  hidden: boolean
}

export interface Card {
  _id: Types.ObjectId
  park: string
  tenant: Types.ObjectId
  name: string
  industry: Industry | null
  intro: string | null
  offers: string | null
  seeking: string | null
  website: string | null
  contact: ReturnType<typeof shownContact>
  hidden: Listing['hidden']
}

const MOST = 5000
type Light = Pick<Listing, '_id' | 'tenant' | 'name' | 'showIndustry' | 'listedAt'>
const LIGHT = { tenant: 1, name: 1, showIndustry: 1, listedAt: 1 }

const openTo = (hidden: boolean) => ({ listed: true, hidden: hidden ? { $ne: null } : null })

/** A part of the name, its pinyin or initials, or words of what it tells. Not its people: they didn't agree to be found. */
function searchOf(q: string): Record<string, unknown> {
  const terms = termFilter(q)
  const like = { $regex: escapeRegExp(q), $options: 'i' }
  return { $or: [...(terms ? [{ terms }] : []), { intro: like }, { offers: like }, { seeking: like }] }
}

const collator = new Intl.Collator('zh')
const ORDER: Record<Sort, (a: Light, b: Light) => number> = {
  name: (a, b) => collator.compare(a.name, b.name),
  newest: (a, b) => b.listedAt!.getTime() - a.listedAt!.getTime() || collator.compare(a.name, b.name),
}

/** The entries that are asked for, in order: few fields of each, for a park has hundreds. */
async function found(park: string, on: Day, { q, industry, sort, hidden }: Asked): Promise<Light[]> {
  const filter = { park, ...openTo(hidden), ...(q ? searchOf(q) : {}) }
  const all = await scopedFind<Light>(Listing, filter, { projection: LIGHT, limit: MOST })
  const standings = await standingsOf(
    park,
    on,
    all.map(one => one.tenant),
  )
  const known = new Map(standings.map(one => [String(one.tenant), one]))
  const fits = (one: Light, standing: Standing | undefined): boolean =>
    standing !== undefined && (!industry || (one.showIndustry && standing.industry === industry))
  return all.filter(one => fits(one, known.get(String(one.tenant)))).sort(ORDER[sort])
}

type Joined = Listing & { of: Pick<Tenant, 'industry' | 'contacts'>[] }

const cardOf = ({ of: [company], ...listing }: Joined): Card => {
  const { _id, park, tenant, name, intro, offers, seeking, website, showIndustry, hidden } = listing
  const industry = showIndustry ? company!.industry : null
  return { ...{ _id, park, tenant, name, industry, intro, offers, seeking, website, hidden }, contact: shownContact(listing, company!) }
}

/** Whole entries with what their companies say of them today, in one command. Asked again whether they are open: somebody may have left since. */
async function cardsOf(park: string, ids: Types.ObjectId[], hidden: boolean): Promise<Card[]> {
  const rows = await scopedAggregate<Joined>(Listing, { park, _id: { $in: ids }, ...openTo(hidden) }, [
    {
      $lookup: {
        from: Tenant.collection.name,
        localField: 'tenant',
        foreignField: '_id',
        pipeline: [{ $match: { park, mergedInto: null } }, { $project: { industry: 1, contacts: 1 } }],
        as: 'of',
      },
    },
    { $match: { of: { $size: 1 } } },
  ])
  const cards = new Map(rows.map(row => [String(row._id), cardOf(row)]))
  return ids.flatMap(id => cards.get(String(id)) ?? [])
}

export async function directoryOf(
  park: string,
  on: Day,
  asked: Asked,
  { page, size }: { page: number; size: number },
): Promise<{ total: number; cards: Card[] }> {
  const all = await found(park, on, asked)
  const ids = all.slice((page - 1) * size, page * size).map(one => one._id)
  return { total: all.length, cards: ids.length ? await cardsOf(park, ids, asked.hidden) : [] }
}

/** One entry as its readers see it; null where it isn't to be seen. With `hidden`, staff see it though it is hidden. */
export async function cardFor(park: string, on: Day, _id: Types.ObjectId, hidden: boolean): Promise<Card | null> {
  const listing = await scopedOne<Pick<Listing, 'tenant' | 'hidden'>>(
    Listing,
    { park, _id, listed: true },
    { projection: { tenant: 1, hidden: 1 } },
  )
  if (!listing || (listing.hidden && !hidden)) return null
  if (!(await standingsOf(park, on, [listing.tenant])).length) return null
  return (await cardsOf(park, [_id], listing.hidden !== null))[0] ?? null
}
