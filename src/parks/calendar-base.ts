import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type Day, DEFAULT_ZONE } from '../lib/days.ts'
import type { Bilingual } from '../lib/text.ts'

/**
 * Public holidays and make-up working days of China as the State Council published them, from the data of chinese-days. Only the
 * years that are asked for are read (2 kB each): the library's own functions bring tables of the moon that cost 10 MB.
 */
export interface BaseDay {
  kind: 'holiday' | 'workday'
  name: Bilingual
}

/** Before this year the data has nothing. */
export const FIRST_YEAR = 2004
const FOLDER = join(dirname(createRequire(import.meta.url).resolve('chinese-days/package.json')), 'dist/years')
const YEAR = /^\d{4}$/

type Year = Map<Day, BaseDay>
const years = new Map<string, Year | null>()

/** “National Day, its Chinese name, 3” → both names; the number is how many days the law grants. */
function nameOf(text: string): Bilingual {
  const [en = '', zh = en] = text.split(',')
  return { zh, en }
}

function read(year: string): Year | null {
  let text: string
  try {
    text = readFileSync(join(FOLDER, `${year}.json`), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const { holidays, workdays } = JSON.parse(text) as { holidays: Record<Day, string>; workdays: Record<Day, string> }
  const days: Year = new Map()
  for (const [day, name] of Object.entries(holidays)) days.set(day, { kind: 'holiday', name: nameOf(name) })
  for (const [day, name] of Object.entries(workdays)) days.set(day, { kind: 'workday', name: nameOf(name) })
  return days
}

function yearOf(year: string): Year | null {
  let days = years.get(year)
  if (days === undefined) years.set(year, (days = YEAR.test(year) ? read(year) : null))
  return days
}

/** China keeps one zone; a park in another one has the holidays of its own country, which nobody publishes for us. */
export const keepsChineseHolidays = (zone: string): boolean => zone === DEFAULT_ZONE

/** Whether the arrangement of a year is known. It is published in the autumn before. */
export const isPublished = (year: number): boolean => yearOf(String(year)) !== null

/** What the published arrangement makes of a day; null where it says nothing and the weekday decides. */
export const baseOf = (day: Day): BaseDay | null => yearOf(day.slice(0, 4))?.get(day) ?? null
