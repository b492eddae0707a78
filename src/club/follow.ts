import type { Types } from 'mongoose'
import { termsOf } from '../search/entry.ts'
import { onRenamed } from '../tenants/hooks.ts'
import { Listing } from './listing.ts'
import { listingOf } from './listings.ts'
import { Notice, NoticeRead } from './notice.ts'

/** What follows a tenant: its name, and the tenant it is merged into. */
onRenamed(async ({ park, _id, name }) => {
  await Listing.updateOne({ park, tenant: _id }, { $set: { name, terms: termsOf([name]) } })
})

interface Many {
  updateMany(filter: object, update: object): PromiseLike<unknown>
}

/** A list of tenants names the kept one, once, instead of the one that is gone. */
async function replaceIn(model: Many, park: string, field: string, gone: Types.ObjectId, kept: Types.ObjectId): Promise<void> {
  await model.updateMany({ park, [field]: gone }, { $addToSet: { [field]: kept } })
  await model.updateMany({ park, [field]: gone }, { $pull: { [field]: gone } })
}

/**
 * What the club knows of a tenant that is merged into another, in the merge's transaction. An entry of the directory moves only where
 * the kept one has none, and then unlisted and without anybody's consent: its owner never gave it for this company. What staff have
 * hidden of either stays hidden.
 */
export async function mergeClub(park: string, gone: Types.ObjectId, kept: { _id: Types.ObjectId; name: string }): Promise<void> {
  await replaceIn(Notice, park, 'audience.tenants', gone, kept._id)
  await replaceIn(NoticeRead, park, 'tenants', gone, kept._id)
  const [from, to] = [await listingOf(park, gone), await listingOf(park, kept._id)]
  if (!from) return
  const bump = { $inc: { version: 1 } }
  if (!to) {
    const set = { tenant: kept._id, name: kept.name, terms: termsOf([kept.name]), listed: false, listedAt: null, consent: null }
    await Listing.updateOne({ park, tenant: gone }, { $set: set, ...bump })
    return
  }
  if (from.hidden && !to.hidden) await Listing.updateOne({ park, tenant: kept._id }, { $set: { hidden: from.hidden }, ...bump })
  await Listing.deleteOne({ park, tenant: gone })
}
