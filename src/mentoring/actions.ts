import { model, Schema, Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import type { Day } from '../lib/days.ts'
import { type ParkOwned, parkOwned, scopedFindAndUpdate, scopedInsert, scopedOne } from '../lib/park-scope.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { tellOfAction } from './announce.ts'
import { changeSession, loadSession } from './change.ts'
import { type Session, sessionSubject } from './session.ts'
import { type Team, teamFields } from './team.ts'

/** What was agreed to be done after a session, by whom and until when. That it is overdue is derived. */
export const DOERS = ['team', 'mentor', 'park'] as const
export type Doer = (typeof DOERS)[number]

export interface FollowUp extends ParkOwned {
  _id: Types.ObjectId
  session: Types.ObjectId
  code: string
  mentor: Types.ObjectId
  mentorName: string
  team: Team
  text: string
  who: Doer
  due: Day
  done: { at: Date; by: { id: string; name: string } } | null
  remindedAt: Date | null
  by: { id: string; name: string }
  at: Date
}

const id = { type: Schema.Types.ObjectId, required: true }
const person = { id: String, name: String }
const schema = parkOwned<FollowUp>(
  {
    session: id,
    code: { type: String, required: true },
    mentor: id,
    mentorName: { type: String, required: true },
    team: teamFields,
    text: { type: String, required: true },
    who: { type: String, enum: DOERS, required: true },
    due: { type: String, required: true },
    done: { type: new Schema({ at: Date, by: person }, { _id: false }), default: null },
    remindedAt: { type: Date, default: null },
    by: person,
    at: { type: Date, required: true },
  } as never,
  { versionKey: false, timestamps: false },
)
schema.index({ park: 1, session: 1, due: 1 })
schema.index({ park: 1, done: 1, due: 1 })
schema.index({ park: 1, mentor: 1, done: 1, due: 1 })
schema.index({ park: 1, 'team.tenant': 1, done: 1, due: 1 })
schema.index({ park: 1, 'team.user': 1, done: 1, due: 1 })
export const FollowUp = model('FollowUp', schema, 'mentoringfollowups')

export const isOverdue = ({ done, due }: Pick<FollowUp, 'done' | 'due'>, on: Day): boolean => !done && due < on

const MAX_ACTIONS = 30

/** Notes down what is to be done, from the session's start on. Throws mentoring.notYet, mentoring.over, mentoring.tooManyActions. */
export async function addFollowUp(
  park: string,
  _id: Types.ObjectId,
  { text, who, due }: Pick<FollowUp, 'text' | 'who' | 'due'>,
  by: Actor,
): Promise<FollowUp> {
  return transact(async () => {
    const before = await loadSession(park, _id)
    if (before.startsAt > now()) throw new RuleError('mentoring.notYet')
    const session = await changeSession(park, _id, { state: { $ne: 'cancelled' } }, {})
    if (!session) throw conflict('mentoring.over', { code: before.code })
    if ((await FollowUp.countDocuments({ park, session: _id })) >= MAX_ACTIONS)
      throw new RuleError('mentoring.tooManyActions', { max: MAX_ACTIONS })
    const { code, mentor, mentorName, team } = session
    const rest = { done: null, remindedAt: null, by: { id: by.id, name: by.name }, at: now() }
    const made: FollowUp = { _id: new Types.ObjectId(), park, session: _id, code, mentor, mentorName, team, text, who, due, ...rest }
    await scopedInsert<FollowUp>(FollowUp, [made])
    await audit(by, 'mentoring.action.add', sessionSubject(session), { after: { action: text, who, due } })
    await tellOfAction(made, session, 'actionAdded', by)
    return made
  })
}

/** Ticks it off, or takes the tick back. Throws mentoring.changed (409) when somebody has already. */
export async function tickFollowUp(session: Session, _id: Types.ObjectId, done: boolean, by: Actor): Promise<void> {
  const { park } = session
  await transact(async () => {
    const before = await scopedOne<FollowUp>(FollowUp, { park, session: session._id, _id })
    if (!before) throw notFound()
    const set = { done: done ? { at: now(), by: { id: by.id, name: by.name } } : null }
    const guard = { park, _id, done: done ? null : { $ne: null } }
    if (!(await scopedFindAndUpdate<FollowUp>(FollowUp, guard, { $set: set }, {}))) throw conflict('mentoring.changed')
    await audit(by, done ? 'mentoring.action.done' : 'mentoring.action.reopen', sessionSubject(session), { note: before.text })
  })
}
