import { weekday } from '../lib/days.ts'
import { instantAt } from '../lib/wall.ts'
import { type Key, type Lang, type Params, translator } from '../locales/index.ts'
import { monthDaysOf, parseByDay, parseWall, type Recurrence, type Wall, WEEKDAYS } from './recurrence.ts'

/** A rule in words (“every 2 weeks on Monday and Wednesday, 10 times”), and as iCalendar writes it. */
const NTH = ['first', 'second', 'third', 'fourth', 'fifth'] as const
type Say = (key: Key, params?: Params) => string

function listed(t: Say, items: string[]): string {
  const last = items.at(-1) ?? ''
  return items.length < 2 ? last : `${items.slice(0, -1).join(t('recurrence.comma'))}${t('recurrence.and')}${last}`
}

function dayText(t: Say, text: string): string {
  const { nth, weekday: number } = parseByDay(text)!
  const day = t(`recurrence.days.${WEEKDAYS[number - 1]!}`)
  if (!nth) return day
  if (nth === -1) return t('recurrence.lastWeekday', { day })
  return nth < 0 ? t('recurrence.fromEndWeekday', { day, n: -nth, before: -nth - 1 }) : t(`recurrence.nth.${NTH[nth - 1]!}`, { day })
}

function dateText(t: Say, date: number): string {
  if (date === -1) return t('recurrence.lastDay')
  return date < 0 ? t('recurrence.fromEnd', { n: -date, before: -date - 1 }) : t('recurrence.date', { n: date })
}

function which(t: Say, start: Wall, rule: Recurrence): string[] {
  const { day } = parseWall(start)
  const days = (rule.byDay ?? []).map(text => dayText(t, text))
  const dates = monthDaysOf(rule).map(date => dateText(t, date))
  if (days.length || dates.length || rule.freq === 'DAILY') return [...dates, ...days]
  return rule.freq === 'WEEKLY' ? [dayText(t, WEEKDAYS[weekday(day) - 1]!)] : [dateText(t, Number(day.slice(8)))]
}

/** A rule as a sentence without its full stop; `start` says what it leaves open. */
export function ruleText(start: Wall, rule: Recurrence, lang: Lang): string {
  const t: Say = translator(lang)
  const on = listed(t, which(t, start, rule))
  const form = `${rule.interval === 1 ? 'every' : 'everyN'}${on ? 'On' : ''}` as const
  const every = t(`recurrence.${rule.freq}.${form}`, { n: rule.interval, on })
  if (rule.until) return t('recurrence.untilText', { every, day: rule.until.slice(0, 10) })
  return rule.count ? t('recurrence.countText', { every, count: rule.count }) : every
}

/**
 * The value of an RRULE property beside a DTSTART with the zone's TZID: UNTIL is then an instant. DTSTART must be the first date of
 * occurrences(), for a start that isn't a date of its rule would count as one in a calendar program.
 */
export function toRRule(rule: Recurrence, zone: string): string {
  const parts = [`FREQ=${rule.freq}`]
  if (rule.interval > 1) parts.push(`INTERVAL=${rule.interval}`)
  if (rule.byDay?.length) parts.push(`BYDAY=${rule.byDay.join(',')}`)
  if (monthDaysOf(rule).length) parts.push(`BYMONTHDAY=${monthDaysOf(rule).join(',')}`)
  if (rule.until) {
    const { day, minute } = parseWall(rule.until)
    parts.push(
      `UNTIL=${instantAt(day, minute, zone)
        .toISOString()
        .replace(/[-:]|\.\d+/g, '')}`,
    )
  } else if (rule.count) parts.push(`COUNT=${rule.count}`)
  return parts.join(';')
}
