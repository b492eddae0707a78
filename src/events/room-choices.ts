import type { Request } from 'express'
import type { Types } from 'mongoose'
import { isDay, today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { RuleError } from '../lib/rule-error.ts'
import { textIn } from '../lib/text.ts'
import { clockOf, parseClock } from '../lib/wall.ts'
import { type Around, alternatives, around, busyFor } from '../rooms/alternatives.ts'
import { Booking } from '../rooms/booking.ts'
import { picked, pickValue } from '../rooms/booking-form.ts'
import { spanText } from '../rooms/booking-words.ts'
import { Room, ruleFor } from '../rooms/room.ts'
import { takenBy } from '../rooms/room-day.ts'
import type { Slot } from '../rooms/slot.ts'
import { checkPeople, checkTerms } from '../rooms/terms.ts'
import { viewerOf } from '../rooms/viewer.ts'
import { listIn } from '../web/fields.ts'
import { problemText } from '../web/forms.ts'
import type { Event, Session } from './event.ts'
import { slotFor } from './room-slot.ts'

/** Which rooms a session can have: in the form and on its own page, with the reason where one can't be had and what there is instead. */
export const roomsFor = (park: string, on: string): Promise<Room[]> =>
  scopedFind<Room>(Room, { park, activeTo: { $gte: on } }, { sort: { order: 1, code: 1 } })

/** The rooms to choose from in the form: those the park may book for itself. */
export const roomOptions = (req: Request, rooms: Room[]): [string, string][] =>
  rooms
    .filter(room => ruleFor(room, 'park'))
    .map(room => {
      const words = [textIn(room.name, req.lang).text, req.t('room.people', { count: room.capacity })]
      return [String(room._id), [...words, ...(ruleFor(room, 'park')!.approval ? [req.t('eventRoom.approval')] : [])].join(' \u00b7 ')]
    })

/** Of each session the room it has, as the form shows it. */
export async function bookedRooms(park: string, sessions: Pick<Session, '_id' | 'booking'>[]): Promise<Map<string, Booking>> {
  const ids = sessions.flatMap(({ booking }) => booking ?? [])
  const found = ids.length ? await scopedFind<Booking>(Booking, { park, _id: { $in: ids } }) : []
  return new Map(
    sessions.flatMap(({ _id, booking }) => {
      const own = found.find(one => booking && one._id.equals(booking))
      return own ? [[String(_id), own] as const] : []
    }),
  )
}

function whyNot(state: Around, room: Room, slot: Slot, people: number | null, desk: boolean, own: Types.ObjectId | null): RuleError | null {
  const rule = ruleFor(room, 'park')!
  try {
    checkTerms(room, rule, slot, { zone: state.zone, kindOf: state.kindOf, desk })
    checkPeople(room, people, 'room')
  } catch (error) {
    if (error instanceof RuleError) return error
    throw error
  }
  const busy = busyFor(state, room, rule, slot, own)[0]
  return busy ? takenBy(room, slot.day, busy) : null
}

export interface RoomChoice {
  room: Room
  span: string
  approval: boolean
  fen: number
  /** Why it can't be had; null: it can. */
  problem: string | null
}

/** Every room of the park for one session: those that can be had first. */
export async function choicesFor(req: Request, event: Event, session: Session): Promise<RoomChoice[]> {
  const state = await around(req.park, { day: session.day, from: session.from, to: session.to })
  const { desk } = viewerOf(req)
  const people = session.online ? null : event.capacity
  const list = state.rooms
    .filter(room => ruleFor(room, 'park'))
    .map(room => {
      const rule = ruleFor(room, 'park')!
      const slot = slotFor(session, rule.step)
      const refusal = whyNot(state, room, slot, people, desk, session.booking ?? null)
      const problem = refusal && problemText(req, refusal.problem)
      return { room, span: spanText(req, slot), approval: rule.approval, fen: rule.price, problem }
    })
  return [...list.filter(one => !one.problem), ...list.filter(one => one.problem)]
}

export interface Instead {
  index: number
  times: { value: string; text: string }[]
  rooms: { value: string; text: string }[]
}

const FIELD = /^sessions\[(\d+)\]\[room\]$/

/** What there is instead, where the room of a row was refused: each a button that takes it and saves. */
export async function insteadOf(req: Request, rows: Record<string, unknown>[], sessions: Session[]): Promise<Instead | null> {
  const field = req.failed?.problems.map(one => FIELD.exec(one.field ?? '')).find(Boolean)
  const index = Number(field?.[1])
  const row = rows[index]
  const [day, from, to] = [String(row?.['day'] ?? ''), parseClock(String(row?.['from'] ?? '')), parseClock(String(row?.['to'] ?? ''))]
  if (!row || !isDay(day) || from === null || to === null || to <= from) return null
  const state = await around(req.park, { day, from, to })
  const room = state.rooms.find(one => String(one._id) === row['room'])
  const rule = room && ruleFor(room, 'park')
  if (!room || !rule) return null
  const own = sessions.find(one => String(one._id) === row['id'])?.booking ?? null
  const asked = { slot: slotFor({ day, from, to }, rule.step), class: 'park' as const, people: null, desk: viewerOf(req).desk, own }
  const found = alternatives(state, asked, room)
  const value = (id: Types.ObjectId, slot: Slot) => `${index} ${pickValue(id, slot)}`
  return {
    index,
    times: found.times.map(slot => ({ value: value(room._id, slot), text: spanText(req, slot) })),
    rooms: found.rooms.map(other => ({
      value: value(other._id, { day, from, to }),
      text: `${textIn(other.name, req.lang).text} \u00b7 ${req.t('room.people', { count: other.capacity })}`,
    })),
  }
}

/** A form sent by the button of an alternative: the row as it would be with it. */
export function withChoice(body: unknown): unknown {
  const { choose, sessions, ...rest } = (body ?? {}) as Record<string, unknown>
  const [, index, text] = /^(\d{1,3}) (.+)$/.exec(typeof choose === 'string' ? choose : '') ?? []
  const choice = picked(text)
  if (!choice) return body
  const rows = listIn(sessions).map((row, i) =>
    i === Number(index) ? { ...row, room: choice.room, day: choice.day, from: clockOf(choice.from), to: clockOf(choice.to) } : row,
  )
  return { ...rest, sessions: rows }
}

/** Days on which a room may be chosen: from today on. */
export const firstDay = (req: Request): string => today(req.park.zone)
