import type { Request, Response } from 'express'
import { z } from 'zod'
import { type Day, today } from '../lib/days.ts'
import { scopedCount, scopedFind } from '../lib/park-scope.ts'
import type { Bilingual } from '../lib/text.ts'
import { clockOf, DAY_MINUTES } from '../lib/wall.ts'
import { readQuery } from '../web/forms.ts'
import { COUNT_LIMIT, listOf, pageSchema, type Tag } from '../web/list.ts'
import { Blackout } from './blackout.ts'
import { whenText } from './booking-words.ts'
import { wallText } from './recurrence.ts'
import { ruleText } from './recurrence-text.ts'
import { Room } from './room.ts'
import { lastDayOf } from './slot.ts'

/** Closures: those to come, those over and those called off. */
const SIZE = 50
const STATES = ['past', 'removed'] as const
const query = z.object({
  state: z.enum(STATES).optional(),
  room: z
    .string()
    .regex(/^[0-9a-f]{24}$/)
    .optional(),
  ...pageSchema,
})

/** A room as it is named where a closure or its form lists it. */
export type Named = Pick<Room, '_id' | 'name' | 'whole' | 'activeTo'>

export const roomsNamed = (park: string): Promise<Named[]> =>
  scopedFind<Named>(Room, { park }, { projection: { name: 1, whole: 1, activeTo: 1 }, sort: { order: 1, code: 1 } })

/** “2026-12-01 Tuesday 09:00–10:00”, or whole days. */
export function spanText(req: Request, { day, from, to }: Pick<Blackout, 'day' | 'from' | 'to'>): string {
  if (from % DAY_MINUTES || to % DAY_MINUTES) return whenText(req, { day, from, to })
  const days = (to - from) / DAY_MINUTES
  return days === 1 ? req.t('blackout.wholeDay', { day, weekday: req.fmt.weekday(day) }) : req.t('blackout.wholeDays', { day, count: days })
}

export const repeatText = (req: Request, { rule, day, from }: Pick<Blackout, 'rule' | 'day' | 'from'>): string | null =>
  rule && ruleText(wallText({ day, minute: from }), rule, req.lang)

/** The next of its dates that isn't over, or its last. */
export const nextDate = ({ dates, to }: Pick<Blackout, 'dates' | 'to'>, on: Day): Day =>
  dates.find(day => lastDayOf({ day, to }) >= on) ?? dates.at(-1)!

export async function blackoutList(req: Request, res: Response): Promise<void> {
  const asked = readQuery(req, query)
  const park = req.park._id
  const on = today(req.park.zone)
  const rooms = await roomsNamed(park)
  const chosen = rooms.find(room => String(room._id) === asked.room)
  const time = asked.state === 'removed' ? {} : { last: asked.state === 'past' ? { $lt: on } : { $gte: on } }
  const filter = {
    park,
    state: asked.state === 'removed' ? 'removed' : 'active',
    ...time,
    ...(chosen && { rooms: { $in: [chosen._id, ...(chosen.whole ? [chosen.whole] : [])] } }),
  }
  const [rows, total] = await Promise.all([
    scopedFind<Blackout>(Blackout, filter, { sort: { last: asked.state ? -1 : 1, _id: 1 }, skip: (asked.page - 1) * SIZE, limit: SIZE }),
    scopedCount(Blackout, filter, COUNT_LIMIT),
  ])
  const names = new Map(rooms.map(room => [String(room._id), room.name]))
  const items = rows.map(row => {
    const next = nextDate(row, on)
    return {
      blackout: row,
      rooms: row.rooms.flatMap((id): Bilingual | never[] => names.get(String(id)) ?? []),
      when: spanText(req, { ...row, day: next }),
      repeat: repeatText(req, row),
      clock: clockOf(row.from),
    }
  })
  const tags: Tag[] = chosen ? [{ names: ['room'], text: req.t('blackout.ofRoom', { room: chosen.name.zh }) }] : []
  res.page('rooms/blackouts', { list: listOf(req, { items, total, page: asked.page, size: SIZE, tags }), asked, rooms, states: STATES })
}
