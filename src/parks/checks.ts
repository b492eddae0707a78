import { type Check, groupBy, type Report } from '../lib/check.ts'
import { dayAfter, isDay } from '../lib/days.ts'
import { CalendarDay } from './calendar-day.ts'
import { Park } from './park.ts'

/** What must hold of a park's own calendar. */
async function checkCalendar(report: Report): Promise<void> {
  const parks = new Set((await Park.find({}, { _id: 1 }).lean()).map(park => park._id))
  const days = (await CalendarDay.find({}, {}, { acrossParks: 'job:doctor' }).sort({ park: 1, day: 1 }).lean()) as CalendarDay[]
  for (const { park, _id, day } of days) {
    const tell = (message: string) => report(message, { park, kind: 'calendar', id: _id, label: day })
    if (!parks.has(park)) tell('is of a park that isn’t there')
    if (!isDay(day)) tell('is no day')
  }
  for (const entry of groupBy(days, day => `${day.park} ${day.entry}`).values()) {
    const [first] = entry
    const alike = entry.every(one => one.kind === first!.kind && one.name.zh === first!.name.zh && one.version === first!.version)
    const unbroken = entry.every((one, i) => !i || one.day === dayAfter(entry[i - 1]!.day))
    const subject = { park: first!.park, kind: 'calendar', id: first!.entry, label: first!.day }
    if (!alike || !unbroken) report('is an entry of days that aren’t alike and in a row', subject)
  }
}

export const checks: Check[] = [{ name: 'The days of a park’s calendar are days, set in ranges', run: checkCalendar }]
