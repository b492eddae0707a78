import { type Area, parseArea } from '../lib/area.ts'
import { exact, roundHalfUp } from '../lib/exact.ts'
import type { Fen } from '../lib/money.ts'
import { AFTER_RANGE, type Line, NUMBER, oneOf, range, wordsOf } from './quick-words.ts'

/** What of a line is a number of something: area, money, desks, months. */
const plain = (text: string): string => text.replace(/,/g, '')
const isWan = (word: string | undefined): boolean => word !== undefined && wordsOf('tenThousand').includes(word)

function areaOf(text: string, wan: string | undefined): Area | null {
  const area = parseArea(text)
  const scaled = area === null ? null : isWan(wan) ? area * 10_000 : area
  return scaled !== null && scaled > 0 && scaled <= 99_999_999_999 ? scaled : null
}

export interface Space {
  from: Area | null
  to: Area | null
}

/** “200-300 sqm”, “about 200 sqm”, “200 sqm or more”. */
export function takeArea(line: Line): Space | null {
  const [unit, wan] = [oneOf('sqm'), `\\s*(${oneOf('tenThousand')})?\\s*`]
  const both = `${NUMBER}(?:\\s*${unit})?${range()}${AFTER_RANGE}${wan}${unit}(?:\\s*${oneOf('about')})?`
  const span = line.take(both, m => {
    const [from, to] = [areaOf(m[1]!, m[3]), areaOf(m[2]!, m[3])]
    return from !== null && to !== null && from <= to ? { from, to } : null
  })
  const one = `(?:${oneOf('about')}\\s*)?${NUMBER}${wan}${unit}\\s*(?:(${oneOf('atLeast')})|(${oneOf('atMost')})|${oneOf('about')})?`
  return (
    span ??
    line.take(one, m => {
      const area = areaOf(m[1]!, m[2])
      return area === null ? null : { from: m[4] ? null : area, to: m[3] ? null : area }
    })
  )
}

const MOST: Fen = 1_000_000_000_000

function fenOf(text: string, scale: number, months = 1): Fen | null {
  const fen = roundHalfUp(exact(plain(text)).mul(scale).mul(100).div(months))
  return fen > 0 && fen <= MOST ? fen : null
}

const scaleOf = (word: string | undefined): number =>
  word === undefined ? 1 : wordsOf('tenThousand').includes(word) ? 10_000 : wordsOf('thousand').includes(word) ? 1000 : 1

/** A month is a twelfth of a year: 365 / 12 days, as rents are counted (FACTS). */
export interface Rate {
  yuan: string
  per: 'day' | 'month'
  at: [from: number, to: number]
}

/** “3 yuan/sqm·day”: worth something once an area is known; it stays in the line until somebody takes it. */
export function findRate(line: Line): Rate | null {
  const per = oneOf('per')
  const pattern = `${NUMBER}\\s*${oneOf('yuan')}?\\s*${per}\\s*${oneOf('sqm')}\\s*(?:(${oneOf('perDay')})|(${oneOf('perSqmMonth')}))`
  const match = new RegExp(pattern, 'u').exec(line.plain)
  if (!match) return null
  return { yuan: plain(match[1]!), per: match[3] && !match[2] ? 'month' : 'day', at: [match.index, match.index + match[0].length] }
}

export function budgetBy({ yuan, per }: Rate, { from, to }: Space): Fen | null {
  const area = to ?? from
  if (area === null) return null
  const month = exact(yuan).mul(area)
  const fen = roundHalfUp(per === 'month' ? month : month.mul(365).div(12))
  return fen > 0 && fen <= MOST ? fen : null
}

/** What somebody would pay in a month: an amount that is called a budget, or has a word for money. Of a range the most. */
export function takeBudget(line: Line): Fen | null {
  const [yuan, size] = [oneOf('yuan'), `\\s*(${oneOf('tenThousand', 'thousand')})?\\s*`]
  const per = `\\s*(?:(${oneOf('perMonth')})|(${oneOf('perYear')}))?`
  const least = `(?:(?<![\\d.])(?<!\\d,)${AFTER_RANGE}\\s*(?:${oneOf('tenThousand', 'thousand')})?\\s*${yuan}?${range()})?`
  const amount = (money: string) => `[\u00a5]?\\s*${least}${NUMBER}${size}${money}${per}(?:\\s*${oneOf('atMost', 'about')})?`
  const read = (m: RegExpExecArray) => fenOf(m[2]!, scaleOf(m[3]), m[5] ? 12 : 1)
  const called = `${oneOf('budget')}\\s*:?\\s*(?:${oneOf('about')}\\s*)?${amount(`(?:${yuan})?`)}`
  // Of a company people say other sums as well.
  const free = `(?<!${oneOf('notBudget')}[^\\s\\d]{0,4}\\s?)(?<![\\d.-])(?<!\\d,)`
  return (
    line.take(called, read) ??
    line.take(free + amount(yuan), read) ??
    line.take(`${free}\u00a5\\s*${least}${NUMBER}${size}(?:${yuan})?${per}`, read) ??
    line.take(`${free}${least}${NUMBER}\\s*(${oneOf('tenThousand', 'thousand')})${per}`, read)
  )
}

const whole = (text: string, most: number): number | null => {
  const value = Number(text)
  return value >= 1 && value <= most ? value : null
}

export function takeDesks(line: Line): number | null {
  const least = `(?:(?<![\\d.])(?<!\\d,)\\d{1,4}${range()})?`
  return line.take(`(?:${oneOf('about')}\\s*)?${least}(?<![\\d.])(?<!\\d,)(\\d{1,4})\\s*${oneOf('desks')}(?:\\s*${oneOf('about')})?`, m =>
    whole(m[1]!, 10_000),
  )
}

/** How long a lease is wanted, in months. */
export function takeTerm(line: Line): number | null {
  const [months, years, term] = [oneOf('termMonths'), oneOf('termYears'), oneOf('term')]
  const inYears = line.take(`${term}\\s*:?\\s*(\\d{1,2})\\s*${years}|(?<!\\d)(\\d{1,2})\\s*${years}\\s*${term}`, m =>
    whole((m[1] ?? m[2])!, 50),
  )
  if (inYears !== null) return inYears * 12
  return line.take(`(?:${term}\\s*:?\\s*)?(?<!\\d)(\\d{1,3})\\s*${months}`, m => whole(m[1]!, 600))
}
