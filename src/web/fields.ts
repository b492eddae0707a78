import { Types } from 'mongoose'
import { z } from 'zod'
import { parseArea } from '../lib/area.ts'
import { isDay } from '../lib/days.ts'
import { parseYuan } from '../lib/money.ts'
import { halfWidth } from '../lib/text.ts'

/** Field types shared by all forms. Messages are locale keys. Optional ones turn an empty input into null. */
const trimmed = z.string('error.invalid').transform(value => value.replace(/\r\n/g, '\n').trim())

const required = <T>(convert: (text: string) => T | null, message: string) =>
  trimmed.transform((text, ctx): T => {
    if (text === '') {
      ctx.addIssue({ code: 'custom', message: 'error.required' })
      return z.NEVER
    }
    const value = convert(text)
    if (value !== null) return value
    ctx.addIssue({ code: 'custom', message })
    return z.NEVER
  })

const optional = <T>(convert: (text: string) => T | null, message: string) =>
  z
    .union([z.null(), trimmed])
    .optional()
    .transform((text, ctx): T | null => {
      if (text === undefined || text === null || text === '') return null
      const value = convert(text)
      if (value === null) ctx.addIssue({ code: 'custom', message })
      return value
    })

const bounded = (max: number) => (text: string) => (text.length <= max ? text : null)
const dayOf = (text: string) => (isDay(text) ? text : null)
const moneyOf = (text: string) => {
  const fen = parseYuan(halfWidth(text))
  return fen !== null && fen >= 0 ? fen : null
}
const areaOf = (text: string) => parseArea(halfWidth(text))
const decimalOf = (digits: number, places: number) => {
  const shape = new RegExp(`^\\d{1,${digits}}(\\.\\d{1,${places}})?$`)
  return (text: string) => {
    const plain = halfWidth(text).replace(/,/g, '')
    return shape.test(plain) ? plain : null
  }
}
const phoneOf = (text: string) => {
  const plain = halfWidth(text).replace(/[\s()-]/g, '')
  return /^\+?\d{7,15}$/.test(plain) ? halfWidth(text) : null
}
const emailOf = (text: string) => {
  const plain = halfWidth(text).toLowerCase()
  return plain.length <= 200 && z.email().safeParse(plain).success ? plain : null
}
const isWebAddress = (text: string): boolean => {
  try {
    return ['http:', 'https:'].includes(new URL(text).protocol)
  } catch {
    return false
  }
}
const idOf = (text: string) => (/^[0-9a-f]{24}$/.test(text) ? new Types.ObjectId(text) : null)
const wholeOf = (min: number, max: number) => (text: string) => {
  const plain = halfWidth(text).replace(/,/g, '')
  return /^\d{1,9}$/.test(plain) && Number(plain) >= min && Number(plain) <= max ? Number(plain) : null
}
const integerOf = (max: number) => (text: string) => {
  const plain = halfWidth(text)
    .replace(/,/g, '')
    .replace(/^\u2212/, '-')
  return /^-?\d{1,9}$/.test(plain) && Math.abs(Number(plain)) <= max ? Number(plain) : null
}

/** Repeated rows as multer and the query parser leave them: a list, or an object with numbers for names. */
export const listIn = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value : value && typeof value === 'object' ? Object.values(value) : []

/**
 * Rows as typed or as recorded, without those that say nothing in any of `names`: a key, a kind or a tick comes with an empty row. What
 * a form draws and what its reader counts.
 */
export const wordedRows =
  (...names: string[]) =>
  (value: unknown): Record<string, unknown>[] =>
    listIn(value).filter(row => names.some(name => String(row?.[name] ?? '').trim() !== ''))

export const f = {
  text: (max = 200) => required(bounded(max), 'error.tooLong'),
  optionalText: (max = 2000) => optional(bounded(max), 'error.tooLong'),
  day: () => required(dayOf, 'error.day'),
  optionalDay: () => optional(dayOf, 'error.day'),
  /** Yuan as typed → fen, not negative. */
  money: () => required(moneyOf, 'error.money'),
  optionalMoney: () => optional(moneyOf, 'error.money'),
  /** ㎡ as typed → hundredths. */
  area: () => required(areaOf, 'error.area'),
  optionalArea: () => optional(areaOf, 'error.area'),
  /** A rate in yuan: a decimal string, kept exact. */
  rate: () => required(decimalOf(9, 4), 'error.rate'),
  optionalRate: () => optional(decimalOf(9, 4), 'error.rate'),
  percent: () => required(decimalOf(3, 4), 'error.percent'),
  optionalPercent: () => optional(decimalOf(3, 4), 'error.percent'),
  whole: (min: number, max: number) => required(wholeOf(min, max), 'error.whole'),
  optionalWhole: (min: number, max: number) => optional(wholeOf(min, max), 'error.whole'),
  phone: () => required(phoneOf, 'error.phone'),
  optionalPhone: () => optional(phoneOf, 'error.phone'),
  email: () => required(emailOf, 'error.email'),
  optionalEmail: () => optional(emailOf, 'error.email'),
  /** An address of the web: http or https, as typed. */
  optionalWebAddress: () => optional(bounded(500), 'error.tooLong').refine(text => text === null || isWebAddress(text), 'error.webAddress'),
  id: () => required(idOf, 'error.choose'),
  optionalId: () => optional(idOf, 'error.choose'),
  /** A whole number that may be below zero, up to `max` either way. */
  optionalInteger: (max: number) => optional(integerOf(max), 'error.whole'),
  choice: <const T extends readonly [string, ...string[]]>(values: T) => z.enum(values, 'error.choose'),
  /** A select whose blank option, or a cell left empty, says nothing. */
  blankOr: <S extends z.ZodType>(schema: S) =>
    z
      .literal('')
      .optional()
      .transform(() => null)
      .or(schema),
  /** A checkbox: absent is no. */
  check: () =>
    z
      .string('error.invalid')
      .optional()
      .transform(value => value === 'on' || value === '1' || value === 'true'),
  version: () => required(wholeOf(0, 999_999_999), 'error.invalid'),
  /** Checkboxes or a multiple select: none, one or many. */
  many: <S extends z.ZodType>(item: S, max = 200) =>
    z.preprocess(value => (value === undefined || value === '' ? [] : Array.isArray(value) ? value : [value]), z.array(item).max(max)),
  /** Repeated rows `name[0][a]`: rows with every field empty are left out. */
  rows: <S extends z.ZodType>(row: S, max = 100) =>
    z.preprocess(value => {
      return listIn(value).filter(
        item => item && typeof item === 'object' && Object.values(item).some(cell => cell !== '' && cell !== undefined),
      )
    }, z.array(row).max(max)),
}
