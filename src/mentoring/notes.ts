import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { tellTeam } from './announce.ts'
import { changeSession, loadSession } from './change.ts'
import { type Note, type Session, sessionSubject } from './session.ts'

/** What the mentor writes down, and the team's consent to show it to the park. The trail never holds a note's text: more people read it. */
export const MAX_NOTES = 50

/**
 * Writes a note of a session that has begun. One meant for the park asks the team for its consent, while there is none. Throws
 * mentoring.notYet, mentoring.over, mentoring.tooManyNotes.
 */
export async function writeNote(
  park: string,
  _id: Types.ObjectId,
  { text, audience }: Pick<Note, 'text' | 'audience'>,
  by: Actor,
): Promise<Session> {
  return transact(async () => {
    const before = await loadSession(park, _id)
    if (before.state === 'cancelled') throw conflict('mentoring.over', { code: before.code })
    if (before.startsAt > now()) throw new RuleError('mentoring.notYet')
    const note: Note = { _id: new Types.ObjectId(), text, audience, at: now(), by: { id: by.id, name: by.name } }
    const guard = { state: { $ne: 'cancelled' }, [`notes.${MAX_NOTES - 1}`]: { $exists: false } }
    const session = await changeSession(park, _id, guard, { $push: { notes: note } })
    if (!session) throw new RuleError('mentoring.tooManyNotes', { max: MAX_NOTES })
    await audit(by, 'mentoring.note', sessionSubject(session), { after: { audience } })
    await tellTeam(session, audience === 'park' && !session.consent?.given ? 'consentAsked' : 'noteWritten', by)
    return session
  })
}

/** Whether anything waits for the team's consent. */
export const asksConsent = ({ notes, consent }: Pick<Session, 'notes' | 'consent'>): boolean =>
  !consent?.given && notes.some(note => note.audience === 'park')

/**
 * The team lets the park's staff read the notes meant for them, or takes that back: they are hidden again at once. Each change is in the
 * trail; saying the same again changes nothing.
 */
export async function setConsent(park: string, _id: Types.ObjectId, given: boolean, by: Actor): Promise<Session> {
  return transact(async () => {
    const before = await loadSession(park, _id)
    if ((before.consent?.given ?? false) === given) return before
    const consent = { given, at: now(), by: { id: by.id, name: by.name } }
    const session = await changeSession(park, _id, { 'consent.at': before.consent?.at ?? null }, { $set: { consent } })
    if (!session) throw conflict('mentoring.changed')
    await audit(by, given ? 'mentoring.consent.give' : 'mentoring.consent.withdraw', sessionSubject(session))
    return session
  })
}
