import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { invite } from '../accounts/invitations.ts'
import { grantRole, onGranted, revokeRole } from '../accounts/memberships.ts'
import { Membership, User } from '../accounts/user.ts'
import { audit } from '../audit/entry.ts'
import { isDuplicateKey, transact } from '../db/transact.ts'
import { type Day, dayAfter, FOREVER } from '../lib/days.ts'
import { scopedOne } from '../lib/park-scope.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { plainText } from '../lib/text.ts'
import type { Lang } from '../locales/index.ts'
import { Mentor, mentorSubject } from './mentor.ts'
import { MentorDay } from './mentor-day.ts'

/** Mentors as staff keep them: who they are, until when, and which account is theirs. */
export type MentorInput = Pick<Mentor, 'code' | 'name' | 'title' | 'intro' | 'fields' | 'email' | 'activeFrom'>

export async function loadMentor(park: string, _id: Types.ObjectId): Promise<Mentor> {
  const mentor = await scopedOne<Mentor>(Mentor, { park, _id })
  if (!mentor) throw notFound()
  return mentor
}

const plain = (input: MentorInput): MentorInput => ({ ...input, title: plainText(input.title), intro: plainText(input.intro) })
const shown = ({ code, name, title, intro, fields, email, activeFrom }: MentorInput) => ({
  code,
  name,
  title,
  intro,
  fields,
  email,
  activeFrom,
})

const taken = (code: string) => (error: unknown) => {
  throw isDuplicateKey(error) && error.keyPattern?.['code'] ? conflict('mentoring.codeTaken', { code }, 'code') : error
}

/** Throws mentoring.codeTaken (409). */
export async function createMentor(park: string, given: MentorInput, by: Actor): Promise<Mentor> {
  const input = plain(given)
  return transact(async () => {
    const [made] = await Mentor.create([{ park, ...input }]).catch(taken(input.code))
    const mentor = made!.toObject() as Mentor
    await audit(by, 'mentor.create', mentorSubject(mentor), { after: shown(input) })
    return mentor
  })
}

/** Writes from the version the form showed. Throws stale, mentoring.codeTaken, mentoring.slotsBefore (409). */
export async function editMentor(park: string, _id: Types.ObjectId, version: number, given: MentorInput, by: Actor): Promise<void> {
  const input = plain(given)
  await transact(async () => {
    const before = await loadMentor(park, _id)
    if (input.activeFrom > before.activeTo) throw new RuleError('mentoring.order', {}, { field: 'activeFrom' })
    const { matchedCount } = await Mentor.updateOne({ park, _id, version }, { $set: input, $inc: { version: 1 } }).catch(taken(input.code))
    if (!matchedCount) throw conflict('stale')
    const early = { park, mentor: _id, day: { $lt: input.activeFrom }, 'slots.0': { $exists: true } }
    const day = input.activeFrom > before.activeFrom && (await MentorDay.findOne(early).sort({ day: 1 }).lean())
    if (day) throw conflict('mentoring.slotsBefore', { day: day.day }, 'activeFrom')
    await audit(by, 'mentor.edit', mentorSubject({ ...before, ...input }), { before: shown(before), after: shown(input) })
  })
}

/**
 * The last day of a mentor (FOREVER: none). Open slots after it are taken away; booked ones stand in the way: mentoring.stillBooked
 * names the first. A slot opened at the same moment collides, since both write the mentor.
 */
export async function retireMentor(park: string, _id: Types.ObjectId, version: number, last: Day, by: Actor): Promise<void> {
  await transact(async () => {
    const before = await loadMentor(park, _id)
    if (last < before.activeFrom) throw new RuleError('mentoring.order', {}, { field: 'last' })
    const { matchedCount } = await Mentor.updateOne({ park, _id, version }, { $set: { activeTo: last }, $inc: { version: 1, ties: 1 } })
    if (!matchedCount) throw conflict('stale')
    const after = { park, mentor: _id, day: { $gte: last === FOREVER ? FOREVER : dayAfter(last) } }
    await MentorDay.updateMany(after, { $pull: { slots: { session: null } } })
    const booked = await MentorDay.findOne({ ...after, 'slots.session': { $ne: null, $exists: true } })
      .sort({ day: 1 })
      .lean()
    if (booked) throw conflict('mentoring.stillBooked', { day: booked.day }, 'last')
    const action = last === FOREVER ? 'mentor.return' : 'mentor.retire'
    await audit(by, action, mentorSubject(before), { before: { activeTo: before.activeTo }, after: { activeTo: last } })
  })
}

async function link(park: string, _id: Types.ObjectId, user: Types.ObjectId): Promise<void> {
  await Mentor.updateOne({ park, _id }, { $set: { user }, $inc: { version: 1 } }).catch(error => {
    throw isDuplicateKey(error) ? conflict('mentoring.userTaken', {}, 'email') : error
  })
}

/**
 * Lets a mentor sign in: who has an account is linked at once and given the role, anybody else is invited by mail and linked when they
 * accept. Answers which. Throws mentoring.noEmail, mentoring.userTaken (409).
 */
export async function admitMentor(
  park: string,
  _id: Types.ObjectId,
  { place, lang }: { place: string; lang: Lang },
  by: Actor,
): Promise<'linked' | 'invited'> {
  return transact(async () => {
    const mentor = await loadMentor(park, _id)
    if (!mentor.email) throw new RuleError('mentoring.noEmail', {}, { field: 'email' })
    const user = await User.findOne({ email: mentor.email, disabled: false }, { _id: 1 }).lean()
    if (!user) await invite({ email: mentor.email, role: 'mentor', park }, place, lang, by)
    else {
      await link(park, _id, user._id)
      await grantRole(user._id, { role: 'mentor', park }, by)
    }
    await audit(by, user ? 'mentor.link' : 'mentor.invite', mentorSubject(mentor))
    return user ? 'linked' : 'invited'
  })
}

/** Takes their access back: refused on the next request. */
export async function dismissMentor(park: string, _id: Types.ObjectId, by: Actor): Promise<void> {
  await transact(async () => {
    const mentor = await loadMentor(park, _id)
    if (!mentor.user) return
    await Mentor.updateOne({ park, _id }, { $set: { user: null }, $inc: { version: 1 } })
    const row = await Membership.findOne({ user: mentor.user, park, role: 'mentor' }, { _id: 1 }).lean()
    if (row) await revokeRole(park, row._id, by)
    await audit(by, 'mentor.unlink', mentorSubject(mentor))
  })
}

// Who accepted the invitation is that mentor: it went to the address staff had noted.
onGranted(async ({ user, role, park }) => {
  if (role !== 'mentor' || !park) return
  const found = await User.findById(user, { email: 1 }).lean()
  if (!found || (await Mentor.exists({ park, user }))) return
  await Mentor.updateOne({ park, email: found.email, user: null }, { $set: { user }, $inc: { version: 1 } })
})
