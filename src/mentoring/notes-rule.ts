import type { Note, Session } from './session.ts'
import type { Sides } from './sides.ts'

/**
 * Who may read a mentor's note: the mentor and the team always; the park's staff only a note meant for them, and only while the team
 * consents. Whoever stands on two sides reads what either may. The one place that says so.
 */
export const mayReadNote = (
  note: Pick<Note, 'audience'>,
  consent: Pick<NonNullable<Session['consent']>, 'given'> | null,
  sides: Sides,
): boolean => sides.mentor || sides.team || (sides.staff && note.audience === 'park' && consent?.given === true)

export const readableNotes = ({ notes, consent }: Pick<Session, 'notes' | 'consent'>, sides: Sides): Note[] =>
  notes.filter(note => mayReadNote(note, consent, sides))
