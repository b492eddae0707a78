import type { Request } from 'express'
import { z } from 'zod'
import { addDays } from '../lib/days.ts'
import { f } from '../web/fields.ts'
import { readQuery } from '../web/forms.ts'
import { linkWith } from '../web/list.ts'
import { frameOf, hoursOf, lineOf } from './grid.ts'
import { dayAsked, inputOf, mondayOf, readGrid, stampOf } from './grid-read.ts'
import { type Room, rootOf } from './room.ts'

/** One room's week, for its page: the same lines as the day's grid, a day each. */
export async function roomWeek(req: Request, room: Room) {
  const asked = readQuery(req, z.object({ on: f.optionalDay() }))
  const first = mondayOf(dayAsked(req, asked.on))
  const days = Array.from({ length: 7 }, (_, i) => addDays(first, i))
  const data = await readGrid(req, first, days[6]!, undefined, rootOf(room))
  const inputs = days.map(day => inputOf(req, data, room, day))
  const frame = frameOf(inputs)
  return {
    room: String(room._id),
    root: String(rootOf(room)),
    lines: inputs.map((input, i) => ({ day: days[i]!, kind: data.kinds.get(days[i]!) ?? null, cells: lineOf(input, frame, data.viewer) })),
    frame,
    hours: hoursOf(frame),
    first,
    last: days[6]!,
    before: linkWith(req, { on: addDays(first, -7) }),
    after: linkWith(req, { on: addDays(first, 7) }),
    now: linkWith(req, { on: null }),
    stamp: stampOf(data.days.values()),
  }
}
