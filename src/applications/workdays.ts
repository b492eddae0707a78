import { addDays, type Day, dayAfter } from '../lib/days.ts'
import { addWorkdays, dayKind, ownDays } from '../parks/calendar.ts'
import type { Park } from '../parks/park.ts'

type Place = Pick<Park, '_id' | 'zone'>

/** When something is due that takes `days` working days from `from`, which doesn't count; by the park's own calendar. */
export async function dueAfter({ _id, zone }: Place, from: Day, days: number): Promise<Day> {
  // Read so far that no holiday is missed, however many the park has put in.
  for (let span = days * 2 + 30; ; span *= 2) {
    const end = addDays(from, span)
    const due = addWorkdays(from, days, await ownDays(_id, from, end), zone)
    if (due <= end) return due
  }
}

/** Working days after `from` up to `to`; 0 where `to` isn't after it. */
export async function workdaysBetween({ _id, zone }: Place, from: Day, to: Day): Promise<number> {
  if (to <= from) return 0
  const own = await ownDays(_id, from, to)
  let count = 0
  for (let day = dayAfter(from); day <= to; day = dayAfter(day)) if (dayKind(day, own, zone) === 'workday') count += 1
  return count
}
