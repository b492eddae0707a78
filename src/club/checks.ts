import type { Types } from 'mongoose'
import { User } from '../accounts/user.ts'
import type { Check, Report } from '../lib/check.ts'
import { eachRecord } from '../parks/each.ts'
import { termsOf } from '../search/entry.ts'
import { Tenant } from '../tenants/tenant.ts'
import { Listing, listingSubject, TEXTS } from './listing.ts'
import { Notice, NoticeRead, noticeSubject } from './notice.ts'

/** What must hold of notices, who read them, and the directory, whatever wrote them. */
const standing = (park: string, _id: Types.ObjectId) => Tenant.findOne({ park, _id, mergedInto: null }, { name: 1 }).lean()

async function checkNotice(notice: Notice, report: Report): Promise<void> {
  const { park, _id, state, publishedAt, edition, corrections, withdrawn, remindedOn, audience } = notice
  const { label } = noticeSubject(notice)
  const tell = (message: string) => report(message, { park, kind: 'notice', id: _id, label })
  const out = state !== 'draft'
  if (out !== (publishedAt !== null) || out !== edition > 0) tell(`is ${state}, published ${publishedAt} in edition ${edition}`)
  if ((state === 'withdrawn') !== (withdrawn !== null)) tell(`is ${state} and ${withdrawn ? 'has' : 'has no'} reason to be withdrawn`)
  if (!out && (corrections.length || remindedOn)) tell('is a draft and was corrected or reminded of')
  if (edition > corrections.length + 1) tell(`is in edition ${edition} with ${corrections.length} corrections`)
  const { kind, places, incubation, industries, tenants } = audience
  const rule = places.length + incubation.length + industries.length
  if (kind === 'chosen' ? !tenants.length || rule : kind === 'rule' ? !rule || tenants.length : rule || tenants.length)
    tell(`is for ${kind} with ${tenants.length} companies and ${rule} conditions`)
  for (const tenant of tenants) if (!(await standing(park, tenant))) tell(`is for tenant ${tenant}, which isn’t there or was merged`)
}

async function checkRead(read: NoticeRead, report: Report): Promise<void> {
  const { park, _id, notice: of, user, edition, tenants } = read
  const tell = (message: string) => report(message, { park, kind: 'noticeread', id: _id })
  const notice = await Notice.findOne({ park, _id: of }, { edition: 1 }).lean()
  if (!notice) return tell(`is of notice ${of}, which isn’t there`)
  if (edition < 1 || edition > notice.edition) tell(`is of edition ${edition}; there were ${notice.edition}`)
  if (!(await User.exists({ _id: user }))) tell(`is of user ${user}, who isn’t there`)
  for (const tenant of tenants) if (!(await standing(park, tenant))) tell(`is for tenant ${tenant}, which isn’t there or was merged`)
}

async function checkListing(listing: Listing, report: Report): Promise<void> {
  const { park, _id, tenant, name, terms, listed, listedAt, consent, hidden } = listing
  const { label } = listingSubject(listing)
  const tell = (message: string) => report(message, { park, kind: 'listing', id: _id, label })
  const company = await standing(park, tenant)
  if (!company) return tell(`is of tenant ${tenant}, which isn’t there or was merged`)
  if (company.name !== name || termsOf([name]).join() !== terms.join()) tell(`is found as “${name}”; the company is ${company.name}`)
  if (listed !== (listedAt !== null)) tell(`is ${listed ? '' : 'not '}listed since ${listedAt}`)
  if (listed && !TEXTS.some(field => listing[field])) tell('is listed and says nothing')
  if (consent && !listed) tell('keeps somebody’s consent and isn’t listed')
  if (consent && !(consent.name && consent.at && consent.by?.id)) tell('shows somebody and doesn’t say who agreed, or when')
  if (hidden && !hidden.reason) tell('is hidden without a reason')
}

export const checks: Check[] = [
  {
    name: 'Notices say when they were published and whom they are for',
    run: report => eachRecord<Notice>(Notice, one => checkNotice(one, report)),
  },
  {
    name: 'Readings are of notices and people there are, in an edition there was',
    run: report => eachRecord<NoticeRead>(NoticeRead, one => checkRead(one, report)),
  },
  {
    name: 'The directory shows who agreed, under the name they have',
    run: report => eachRecord<Listing>(Listing, one => checkListing(one, report)),
  },
]
