import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { scopedInsert } from '../lib/park-scope.ts'
import { notFound, RuleError } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import { newCode } from '../rooms/booking.ts'
import { tieTenant } from '../tenants/records.ts'
import { announce } from './announce.ts'
import { tieMentor } from './mentor.ts'
import { findSlot, takeSlot } from './mentor-day.ts'
import { Session, sessionSubject } from './session.ts'
import { setupOf } from './setup.ts'
import { type Team, takePlace } from './team.ts'

/** Booking a mentor's slot: the one way in for teams and for staff on their behalf. */
export interface Wish {
  slot: Types.ObjectId
  team: Team
  contact: Types.ObjectId | null
  topic: string
  wish: string | null
}

/** A merge or a new name of the tenant at the same moment collides here. */
async function heldTeam(park: string, team: Team): Promise<Team> {
  if (!team.tenant) return team
  const tenant = await tieTenant(park, team.tenant)
  if (!tenant) throw new RuleError('tenant.gone', {}, { field: 'tenant' })
  return { ...team, name: tenant.name }
}

/**
 * Books a slot: the team's place under the cap, the slot, the session, the trail and the mails in one transaction. Throws
 * mentoring.cap, mentoring.slotTaken or mentoring.slotPast (409).
 */
export async function bookSlot(park: Park, wish: Wish, by: Actor): Promise<Session> {
  return transact(async () => {
    const found = await findSlot(park._id, wish.slot)
    if (!found) throw notFound()
    const { slot, day } = found
    const mentor = await tieMentor(park._id, found.mentor, day, day)
    const team = await heldTeam(park._id, wish.team)
    const { cap, cancelHours } = await setupOf(park._id)
    const _id = new Types.ObjectId()
    await takeSlot(found, slot._id, _id)
    await takePlace(park._id, team, { session: _id, endsAt: slot.endsAt }, cap)
    const at = now()
    const session: Session = {
      _id,
      park: park._id,
      code: newCode(),
      mentor: mentor._id,
      mentorName: mentor.name,
      slot: slot._id,
      day,
      from: slot.from,
      to: slot.to,
      startsAt: slot.startsAt,
      endsAt: slot.endsAt,
      place: slot.place,
      link: slot.link,
      team,
      contact: wish.contact,
      topic: wish.topic,
      wish: wish.wish,
      state: 'booked',
      missedBy: null,
      terms: { cap, cancelHours },
      cancelled: null,
      consent: null,
      notes: [],
      feedback: null,
      remindedAt: null,
      sequence: 0,
      by: { id: by.id, name: by.name },
      createdAt: at,
      updatedAt: at,
    }
    await scopedInsert<Session>(Session, [session])
    const after = { mentor: mentor.name, day, from: slot.from, to: slot.to, team: team.name, topic: wish.topic }
    await audit(by, 'mentoring.book', sessionSubject(session), { after })
    await announce(park, session, 'booked', by)
    return session
  })
}
