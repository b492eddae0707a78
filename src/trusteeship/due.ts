import { type Day, DEFAULT_ZONE, dayBefore, daysBetween } from '../lib/days.ts'
import { addToMonth, firstDay, lastDay, type Month } from '../lib/months.ts'
import { addWorkdays, dayKind, NO_DAYS, type OwnDays } from '../parks/calendar.ts'
import { type State, type Step, stepsAhead } from './state.ts'

/** When the steps of a month are due: derived from the month, the park's rules and its calendar, never stored. */
export interface DueRules {
  /** The papers: the so-maniest working day of the following month. */
  papers: number
  /** The books: likewise. */
  booked: number
  /** Reporting back: so many working days after the day by which the month is filed. */
  reported: number
  /** Days the tax bureau set instead of the 15th, by the month that is filed. */
  filing: { month: Month; day: Day }[]
}

export interface Calendar {
  own: OwnDays
  zone: string
}
export const PLAIN: Calendar = { own: NO_DAYS, zone: DEFAULT_ZONE }

export type Dues = Record<Step, Day>

/** The 15th of the following month, or the first working day after it where that is a day off. */
export function statutoryDay(month: Month, { own, zone }: Calendar = PLAIN): Day {
  const day = `${addToMonth(month, 1)}-15`
  return dayKind(day, own, zone) === 'workday' ? day : addWorkdays(day, 1, own, zone)
}

export function duesOf(month: Month, rules: DueRules, calendar: Calendar = PLAIN): Dues {
  const { own, zone } = calendar
  const after = (from: Day, days: number) => addWorkdays(from, days, own, zone)
  const filed = rules.filing.find(one => one.month === month)?.day ?? statutoryDay(month, calendar)
  return {
    received: after(lastDay(month), rules.papers),
    booked: after(lastDay(month), rules.booked),
    filed,
    reported: after(filed, rules.reported),
  }
}

/** The same for many months, each computed once. */
export function duesFor(rules: DueRules, calendar: Calendar): (month: Month) => Dues {
  const known = new Map<Month, Dues>()
  return month => {
    let dues = known.get(month)
    if (!dues) known.set(month, (dues = duesOf(month, rules, calendar)))
    return dues
  }
}

/** The day from which on `count` working days are left to a due day: counted back from it. */
export function workdaysBefore(due: Day, count: number, { own, zone }: Calendar = PLAIN): Day {
  let day = due
  for (let left = count; left > 0; ) {
    day = dayBefore(day)
    if (dayKind(day, own, zone) === 'workday') left -= 1
  }
  return day
}

export interface Late {
  step: Step
  due: Day
  /** Days it is over; 1 on the first day after. */
  days: number
}

/** What a month is late with on a day: of the steps still ahead, the one that was due first. The due day itself isn't late. */
export function lateOn(state: State, dues: Dues, on: Day): Late | null {
  const over = stepsAhead(state).filter(step => dues[step] < on)
  const [step] = over.sort((a, b) => (dues[a] < dues[b] ? -1 : dues[a] > dues[b] ? 1 : 0))
  return step ? { step, due: dues[step], days: daysBetween(dues[step], on) } : null
}

/** The civil days a calendar must know to tell what is due of the months of a range. */
export const calendarSpan = (first: Month, last: Month): { from: Day; to: Day } => ({
  from: firstDay(first),
  to: lastDay(addToMonth(last, 6)),
})
