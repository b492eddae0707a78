import { addMonths, type Day } from '../lib/days.ts'
import type { Fen } from '../lib/money.ts'
import { type ApplicantClass, feeFor, type ServiceContent } from '../services/content.ts'

/** Who somebody is to a service: what decides its fee. Pure. */
export const STUDYING = ['studying', 'graduated', 'no'] as const

export interface Studies {
  status: (typeof STUDYING)[number]
  school: string | null
  graduatedOn: Day | null
}

/** The last day on which a graduate still counts as a student. */
export const countsUntil = (graduatedOn: Day, years: number): Day => addMonths(graduatedOn, years * 12)

/** Students, and graduates of the last `years` years, the anniversary included; without years only who studies. */
export function isStudent({ status, graduatedOn }: Studies, years: number, on: Day): boolean {
  if (status === 'studying') return true
  return status === 'graduated' && years > 0 && graduatedOn !== null && graduatedOn <= on && on <= countsUntil(graduatedOn, years)
}

type Offer = Pick<ServiceContent, 'fees' | 'years'>

/** The class of a founder; null where the service isn't offered to them. A student may have it as any other founder has. */
export function classOf(studies: Studies, { fees, years }: Offer, on: Day): ApplicantClass | null {
  const klass: ApplicantClass = isStudent(studies, years, on) ? 'student' : 'founder'
  if (feeFor({ fees }, klass) !== null) return klass
  return klass === 'student' && feeFor({ fees }, 'founder') !== null ? 'founder' : null
}

/** What a class pays, and what it would without a reduction: the highest fee of those who found a company, or its own. */
export function feeOf(content: Offer, klass: ApplicantClass): { fee: Fen; fullFee: Fen } {
  const fee = feeFor(content, klass) ?? 0
  if (klass !== 'student') return { fee, fullFee: fee }
  return { fee, fullFee: Math.max(fee, feeFor(content, 'founder') ?? fee) }
}

/** Whether founders without a company may have it. */
export const isForFounders = (content: Offer): boolean => (['student', 'founder'] as const).some(klass => feeFor(content, klass) !== null)
export const isForTenants = (content: Offer): boolean => feeFor(content, 'tenant') !== null
