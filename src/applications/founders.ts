import type { Types } from 'mongoose'
import type { Problem } from '../lib/rule-error.ts'
import type { FieldKind, ServiceContent } from '../services/content.ts'

/** Who founds a company and with which share. Shares are whole ten-thousandths of a percent: what they add up to is exact. Pure. */
export interface Founder {
  /** Given once: papers and the legal representative refer to it. */
  key: string
  name: string
  idNumber: string | null
  phone: string | null
  email: string | null
  share: number
}

export interface Names {
  first: string
  second: string
  third: string
}

export interface AddressAnswer {
  unit: Types.ObjectId
  code: string
}

export type Answer = string | number | boolean | string[] | Founder[] | Names | AddressAnswer
export type Answers = Record<string, Answer>

export const MAX_FOUNDERS = 20
export const WHOLE = 1_000_000

/** “33.3333” → 333333; null when it is no share above zero. */
export function parseShare(text: string): number | null {
  const match = /^(\d{1,3})(?:\.(\d{1,4}))?$/.exec(text)
  if (!match) return null
  const share = Number(match[1]) * 10_000 + Number((match[2] ?? '').padEnd(4, '0'))
  return share > 0 && share <= WHOLE ? share : null
}

/** 333333 → “33.3333”. */
export function shareText(share: number): string {
  const rest = String(share % 10_000)
    .padStart(4, '0')
    .replace(/0+$/, '')
  return `${Math.floor(share / 10_000)}${rest ? `.${rest}` : ''}`
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** The last character of a resident's number, from the seventeen digits before it (GB 11643). */
export const checkSign = (digits: string): string =>
  '10X98765432'[WEIGHTS.reduce((total, weight, i) => total + weight * Number(digits[i]), 0) % 11]!

/** An identity number in one spelling; null when it can't be one. Eighteen characters are a resident's, with a check (GB 11643). */
export function plainIdNumber(text: string): string | null {
  const plain = text.replace(/[\s-]/g, '').toUpperCase()
  if (!/^[A-Z0-9]{6,20}$/.test(plain)) return null
  if (plain.length !== 18) return plain
  if (!/^\d{17}[\dX]$/.test(plain)) return null
  return plain[17] === checkSign(plain) ? plain : null
}

/** Why founders can't stand as they are: nobody, shares that aren't 100 %, somebody twice. */
export function foundersProblem(founders: Founder[]): Problem | null {
  if (!founders.length) return { key: 'application.noFounders' }
  const sum = founders.reduce((total, one) => total + one.share, 0)
  if (sum !== WHOLE) return { key: 'application.shares', params: { sum: shareText(sum) } }
  const ids = founders.flatMap(one => one.idNumber ?? [])
  const twice = founders.find((one, i) => one.idNumber && ids.indexOf(one.idNumber) !== ids.lastIndexOf(one.idNumber) && i > 0)
  return twice ? { key: 'application.founderTwice', params: { name: twice.name } } : null
}

/** The answer to a field kind that stands in a form once; null where it isn't asked or answered. */
export const answerOf = <A extends Answer>(answers: Answers, content: Pick<ServiceContent, 'fields'>, kind: FieldKind): A | null => {
  const field = content.fields.find(one => one.kind === kind)
  return ((field && answers[field.key]) as A | undefined) ?? null
}
export const foundersOf = (answers: Answers, content: Pick<ServiceContent, 'fields'>): Founder[] =>
  answerOf<Founder[]>(answers, content, 'founders') ?? []
