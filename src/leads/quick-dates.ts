import { addMonths, type Day, isDay, monthEnd, monthStart, yearOf } from '../lib/days.ts'
import { alone, type Line, oneOf, wordsOf } from './quick-words.ts'

/** When somebody wants to move in, as people say it: a month, a day, or soon. */
const two = (value: number): string => String(value).padStart(2, '0')
const dayOf = (year: number, month: number, day: number): Day | null => {
  const text = `${year}-${two(month)}-${two(day)}`
  return isDay(text) ? text : null
}

/** A month that is over is the next year's. */
const yearFor = (today: Day, month: number): number => yearOf(today) + (month < Number(today.slice(5, 7)) ? 1 : 0)

/** Which part of a month: its beginning where nothing is said. */
function partOf(word: string | undefined): 'early' | 'mid' | 'late' {
  if (word && wordsOf('late').includes(word)) return 'late'
  return word && wordsOf('mid').includes(word) ? 'mid' : 'early'
}

function within(year: number, month: number, part: 'early' | 'mid' | 'late'): Day | null {
  const first = dayOf(year, month, 1)
  if (!first || part === 'early') return first
  return part === 'mid' ? dayOf(year, month, 15) : monthEnd(first)
}

const YEAR = '(20\\d\\d)'
const MONTH = '(1[0-2]|0?[1-9])'
const DAY = '(3[01]|[12]\\d|0?[1-9])'
const tail = (): string => `(?:\\s*${oneOf('around')})?(?:\\s*${oneOf('moving')})?`

function said(year: string | undefined, month: number, day: string | undefined, part: string | undefined, today: Day): Day | null {
  const full = year ? Number(year) : yearFor(today, month)
  if (!day) return within(full, month, partOf(part))
  const on = dayOf(full, month, Number(day))
  return on && !year && on < today ? dayOf(full + 1, month, Number(day)) : on
}

const chinese = (): string[] => wordsOf('months').filter(word => /\p{Script=Han}/u.test(word))
const latin = (): string[] => wordsOf('months').filter(word => /^[a-z]/.test(word))

/** Lists begin with the twelve months in order; short names are their first letters. */
const numberOf = (word: string, list: string[]): number => list.slice(0, 12).findIndex(name => name.slice(0, 3) === word.slice(0, 3)) + 1

function byNumbers(line: Line, today: Day): Day | null {
  const [year, month, day] = [oneOf('year'), oneOf('month'), oneOf('day')]
  const part = `(${oneOf('early', 'mid', 'late')})`
  const iso = line.take(`(?<!\\d)${YEAR}\\s*[-/.]\\s*${MONTH}(?:\\s*[-/.]\\s*${DAY})?(?![\\d])${tail()}`, m =>
    said(m[1], Number(m[2]), m[3], undefined, today),
  )
  const compact =
    iso ??
    line.take(`(?<![\\d.-])${YEAR}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])(?!\\d)`, m => said(m[1], Number(m[2]), m[3], undefined, today))
  const full = `(?<!\\d)${YEAR}\\s*${year}\\s*${MONTH}\\s*${month}\\s*(?:${DAY}\\s*${day}|${part})?${tail()}`
  const withYear = compact ?? line.take(full, m => said(m[1], Number(m[2]), m[3], m[4], today))
  const which = `(?:(${oneOf('thisYear')})|(${oneOf('nextYear')}))?\\s*`
  const short = `(?<!\\d)${which}(?<!\\d)${MONTH}\\s*${month}\\s*(?:${DAY}\\s*${day}|${part})?${tail()}`
  return withYear ?? line.take(short, m => said(named(m[1], m[2], today), Number(m[3]), m[4], m[5], today))
}

const named = (thisYear: string | undefined, nextYear: string | undefined, today: Day): string | undefined =>
  thisYear ? String(yearOf(today)) : nextYear ? String(yearOf(today) + 1) : undefined

function byNames(line: Line, today: Day): Day | null {
  const han = [...chinese()].sort((a, b) => b.length - a.length).join('|')
  const part = `(${oneOf('early', 'mid', 'late')})`
  const which = `(?:(${oneOf('thisYear')})|(${oneOf('nextYear')}))?\\s*`
  const one = line.take(`${which}(${han})(?:${part})?${tail()}`, m =>
    said(named(m[1], m[2], today), numberOf(m[3]!, chinese()), undefined, m[4], today),
  )
  if (one) return one
  const order = latin()
  const longest = [...order].sort((a, b) => b.length - a.length)
  const sure = longest.filter(word => !wordsOf('monthsUnsure').includes(word)).join('|')
  const numbers = `(?:\\s+([12]\\d|3[01]|0?[1-9])(?!\\d)(?:st|nd|rd|th)?)?(?:,?\\s+${YEAR})?`
  const head = `(?:${part}\\s+)?(?<![a-z])`
  // “May” may be a name, and “march” what people do: with a number behind it it is a month.
  const read = (m: RegExpExecArray) => said(m[4], numberOf(m[2]!, order), m[3], m[1], today)
  const dated = line.take(`${head}(${longest.join('|')})\\.?(?=,?\\s+\\d)${numbers}`, read)
  return dated ?? line.take(`${head}(${sure})(?![a-z])${numbers}`, read)
}

function byWords(line: Line, today: Day): Day | null {
  const word = (name: string, value: Day | null) => line.take(alone(oneOf(name) + tail()), () => value)
  return word('nextMonth', monthStart(addMonths(today, 1))) ?? word('yearEnd', dayOf(yearOf(today), 12, 31)) ?? word('soon', today)
}

export const takeMoveIn = (line: Line, today: Day): Day | null => byNumbers(line, today) ?? byNames(line, today) ?? byWords(line, today)
