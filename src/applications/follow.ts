import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { onLeft } from '../accounts/memberships.ts'
import { sealFiles } from '../files/access.ts'
import { everyPark } from '../parks/each.ts'
import { onRenamed } from '../tenants/hooks.ts'
import { Application, OPEN, PAPER_LINK, RESULT_LINK } from './application.ts'
import { hold } from './change.ts'
import { dropDraft } from './ending.ts'
import { indexApplication } from './index-application.ts'
import { ableTo, chooseOwner } from './owners.ts'
import { give } from './work.ts'

/** What follows others: the owner who leaves, the tenant that is renamed or merged. Files go out by the pages of their application. */
sealFiles(PAPER_LINK)
sealFiles(RESULT_LINK)

/** Gives what somebody can't do any more to others, in the transaction that takes their role. */
async function reassign(park: string, user: Types.ObjectId, by: Actor): Promise<void> {
  const open = await Application.find({ park, owner: user, state: { $in: OPEN } }, { _id: 1 }).lean()
  for (const { _id } of open) {
    const held = await hold(park, _id)
    const { role } = held.content.steps[held.application.step]!
    const still = (await ableTo(park, role)).some(one => one._id.equals(user))
    if (!still) await give(held, await chooseOwner(park, role, user), by, null)
  }
}

onLeft(async ({ user, park }, by) => {
  const parks = park ? [park] : (await everyPark()).map(({ _id }) => _id)
  for (const one of parks) await reassign(one, user, by)
})

/** Writes another company, or another name, into what is of a tenant. */
async function rewrite(park: string, of: Types.ObjectId, set: { tenant?: Types.ObjectId; name: string }): Promise<void> {
  for (const application of (await Application.find({ park, tenant: of }).lean()) as Application[]) {
    await Application.updateOne({ park, _id: application._id }, { $set: set, $inc: { version: 1 } })
    await indexApplication({ ...application, ...set })
  }
}

onRenamed(({ park, _id, name }) => rewrite(park, _id, { name }))

/** Applications of a tenant that was merged into another, in the merge's transaction. Of two drafts for one service the kept one's stays. */
export async function mergeApplications(park: string, gone: Types.ObjectId, kept: { _id: Types.ObjectId; name: string }): Promise<void> {
  const drafts = (await Application.find({ park, tenant: gone, state: 'draft' }).lean()) as Application[]
  for (const draft of drafts) {
    const { user, service } = draft
    if (await Application.exists({ park, user, service, tenant: kept._id, state: 'draft' })) await dropDraft(draft)
  }
  await rewrite(park, gone, { tenant: kept._id, name: kept.name })
}
