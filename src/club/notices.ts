import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { filesOf, linkFiles, unlinkFiles } from '../files/store.ts'
import { now } from '../lib/clock.ts'
import { today } from '../lib/days.ts'
import { scopedOne } from '../lib/park-scope.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { plainText } from '../lib/text.ts'
import type { Park } from '../parks/park.ts'
import { Tenant } from '../tenants/tenant.ts'
import type { Audience } from './audience.ts'
import { MAX_FILES, NOTICE_LINK, Notice, type NoticeFacts, type NoticeText, noticeSubject, phaseOf } from './notice.ts'
import { tellAudience, tellUnread } from './tell.ts'

/** Notices as staff keep them: each step in one transaction with its entry in the trail and what people are told. */
export async function loadNotice(park: string, _id: Types.ObjectId): Promise<Notice> {
  const found = await scopedOne<Notice>(Notice, { park, _id })
  if (!found) throw notFound()
  return found
}

/** Files that come with a form, and those of the notice it takes off. */
export interface FileChange {
  added: { id: Types.ObjectId; name: string }[]
  dropped: Types.ObjectId[]
}
export const NO_FILES: FileChange = { added: [], dropped: [] }

const wording = ({ title, text, important, until }: NoticeText): NoticeText => ({
  ...{ title: plainText(title)!, text: plainText(text)!, important, until },
})

/** Only what the kind asks for is kept. */
function plainAudience({ kind, places, incubation, industries, tenants }: Audience): Audience {
  const rule = kind === 'rule'
  if (rule && !places.length && !incubation.length && !industries.length) throw new RuleError('club.noRule', {}, { field: 'kind' })
  if (kind === 'chosen' && !tenants.length) throw new RuleError('club.noTenants', {}, { field: 'tenants' })
  return {
    kind,
    places: rule ? places : [],
    incubation: rule ? incubation : [],
    industries: rule ? industries : [],
    tenants: kind === 'chosen' ? tenants : [],
  }
}

async function namesOf(park: string, tenants: Types.ObjectId[]): Promise<string[]> {
  const rows = tenants.length
    ? await Tenant.find({ park, _id: { $in: tenants } }, { name: 1 })
        .sort({ name: 1 })
        .lean()
    : []
  return rows.map(row => row.name)
}

/**
 * The chosen companies, by name. All are written: a merge at the same moment would else leave the notice with the one that is gone.
 * Throws club.noTenants where one isn't there.
 */
async function holdChosen(park: string, { tenants }: Audience): Promise<string[]> {
  if (!tenants.length) return []
  const filter = { park, _id: { $in: tenants }, mergedInto: null }
  const { matchedCount } = await Tenant.updateMany(filter, { $inc: { ties: 1 } })
  if (matchedCount < new Set(tenants.map(String)).size) throw new RuleError('club.noTenants', {}, { field: 'tenants' })
  return namesOf(park, tenants)
}

const shownAudience = ({ kind, places, incubation, industries }: Audience, names: string[]) => ({
  ...{ audience: kind, places, incubationState: incubation, industries, tenant: names },
})

async function changeFiles(park: string, _id: Types.ObjectId, { added, dropped }: FileChange): Promise<string | null> {
  if (!added.length && !dropped.length) return null
  const own = await filesOf(park, NOTICE_LINK, _id)
  const off = own.filter(file => dropped.some(id => id.equals(file._id)))
  if (own.length - off.length + added.length > MAX_FILES) throw new RuleError('club.files', { max: MAX_FILES }, { field: 'files' })
  await unlinkFiles(
    park,
    off.map(file => file._id),
  )
  await linkFiles(
    park,
    added.map(file => file.id),
    { kind: NOTICE_LINK, ref: _id },
  )
  return [...added.map(file => `+ ${file.name}`), ...off.map(file => `− ${file.metadata.name}`)].join('\n') || null
}

/** Writes a draft that nobody is told of. Throws club.noRule, club.noTenants, club.files. */
export async function createNotice(park: Park, given: NoticeFacts, files: FileChange, by: Actor): Promise<Notice> {
  const facts = { ...wording(given), audience: plainAudience(given.audience) }
  return transact(async () => {
    const names = await holdChosen(park._id, facts.audience)
    const [made] = await Notice.create([{ park: park._id, ...facts }])
    const notice = made!.toObject() as Notice
    const note = await changeFiles(park._id, notice._id, files)
    await audit(by, 'notice.create', noticeSubject(notice), { after: { ...wording(facts), ...shownAudience(facts.audience, names) }, note })
    return notice
  })
}

/** One step from the state and version it began with; stale (409) when somebody was there in between. */
async function step(before: Notice, version: number, set: object, more: object = {}): Promise<Notice> {
  const filter = { park: before.park, _id: before._id, version, state: before.state }
  const update = { $set: set, $inc: { version: 1 }, ...more }
  const after = (await Notice.findOneAndUpdate(filter, update, {
    returnDocument: 'after',
    runValidators: true,
  }).lean()) as unknown as Notice | null
  if (!after) throw conflict('stale')
  return after
}

async function loadAs(park: Park, _id: Types.ObjectId, state: Notice['state']): Promise<Notice> {
  const notice = await loadNotice(park._id, _id)
  if (notice.state !== state) throw conflict(`club.not.${state}`)
  return notice
}

/** Changes a draft. Throws stale (409), club.not.draft (409) and what createNotice() throws. */
export async function editDraft(
  park: Park,
  _id: Types.ObjectId,
  version: number,
  given: NoticeFacts,
  files: FileChange,
  by: Actor,
): Promise<Notice> {
  const facts = { ...wording(given), audience: plainAudience(given.audience) }
  return transact(async () => {
    const before = await loadAs(park, _id, 'draft')
    const names = await holdChosen(park._id, facts.audience)
    const after = await step(before, version, facts)
    const note = await changeFiles(park._id, _id, files)
    const was = { ...wording(before), ...shownAudience(before.audience, await namesOf(park._id, before.audience.tenants)) }
    await audit(by, 'notice.edit', noticeSubject(after), {
      before: was,
      after: { ...wording(facts), ...shownAudience(facts.audience, names) },
      note,
    })
    return after
  })
}

/** Throws a draft away; its files are swept a day later. Throws club.not.draft (409). */
export async function discardDraft(park: Park, _id: Types.ObjectId, by: Actor): Promise<void> {
  await transact(async () => {
    const draft = await loadAs(park, _id, 'draft')
    const files = await filesOf(park._id, NOTICE_LINK, _id)
    const { deletedCount } = await Notice.deleteOne({ park: park._id, _id, version: draft.version })
    if (!deletedCount) throw conflict('stale')
    await unlinkFiles(
      park._id,
      files.map(file => file._id),
    )
    await audit(by, 'notice.discard', noticeSubject(draft))
  })
}

/** From now on the companies it is for read it, and their people are told. Throws club.not.draft (409), club.past. Answers how many were told. */
export async function publishNotice(park: Park, _id: Types.ObjectId, version: number, by: Actor): Promise<number> {
  return transact(async () => {
    const before = await loadAs(park, _id, 'draft')
    if (before.until && before.until < today(park.zone)) throw new RuleError('club.past', { until: before.until })
    const after = await step(before, version, { state: 'published', publishedAt: now(), edition: 1 })
    const told = await tellAudience(park, after, 'published', '', by)
    await audit(by, 'notice.publish', noticeSubject(after), { before: { state: before.state }, after: { state: after.state, told } })
    return told
  })
}

const stepBy = (by: Actor, note: string) => ({ at: now(), by: { id: by.id, name: by.name }, note })

/**
 * Corrects what is published: never silently, readers see when and what for. `again` makes it an edition of its own, which everybody
 * is told of and reads anew. Throws stale (409), club.not.published (409).
 */
export async function correctNotice(
  park: Park,
  _id: Types.ObjectId,
  version: number,
  { note, again, files, ...given }: NoticeText & { note: string; again: boolean; files: FileChange },
  by: Actor,
): Promise<Notice> {
  const facts = wording(given)
  return transact(async () => {
    const before = await loadAs(park, _id, 'published')
    const set = { ...facts, edition: before.edition + Number(again) }
    const after = await step(before, version, set, { $push: { corrections: stepBy(by, note) } })
    const changed = await changeFiles(park._id, _id, files)
    const told = again ? await tellAudience(park, after, 'corrected', note, by) : 0
    await audit(by, 'notice.correct', noticeSubject(after), {
      before: wording(before),
      after: { ...facts, ...(again ? { told } : {}) },
      note: [note, changed].filter(Boolean).join('\n'),
    })
    return after
  })
}

/** Takes it back, with a reason: it leaves the list, and who was told of it is told of that. Throws stale, club.not.published (409). */
export async function withdrawNotice(park: Park, _id: Types.ObjectId, version: number, reason: string, by: Actor): Promise<void> {
  await transact(async () => {
    const before = await loadAs(park, _id, 'published')
    const after = await step(before, version, { state: 'withdrawn', withdrawn: stepBy(by, reason) })
    const told = await tellAudience(park, after, 'withdrawn', reason, by)
    await audit(by, 'notice.withdraw', noticeSubject(after), {
      before: { state: before.state },
      after: { state: after.state, told },
      note: reason,
    })
  })
}

/**
 * Reminds those who haven't read it, once a day however often it is pressed: the day is written where it isn't yet, with what is
 * told. Throws club.reminded (409), club.allRead, club.over for one that isn't current. Answers how many were told.
 */
export async function remindUnread(park: Park, _id: Types.ObjectId, by: Actor): Promise<number> {
  const on = today(park.zone)
  return transact(async () => {
    const before = await loadNotice(park._id, _id)
    if (phaseOf(before, on) !== 'current') throw conflict('club.over')
    const filter = { park: park._id, _id, state: 'published' as const, remindedOn: { $ne: on } }
    const notice = (await Notice.findOneAndUpdate(
      filter,
      { $set: { remindedOn: on } },
      { returnDocument: 'after' },
    ).lean()) as unknown as Notice | null
    if (!notice) throw conflict('club.reminded')
    const told = await tellUnread(park, notice, by)
    if (!told) throw new RuleError('club.allRead')
    await audit(by, 'notice.remind', noticeSubject(notice), { after: { told } })
    return told
  })
}
