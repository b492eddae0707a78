import Nzh from 'nzh'
import { plainArea } from '../lib/area.ts'
import { type Day, daysIn } from '../lib/days.ts'
import { type Fen, plainYuan } from '../lib/money.ts'
import { printable } from '../lib/text.ts'
import { formatter } from '../locales/format.ts'
import { PHRASES, TAGS } from '../locales/lease-template.ts'
import type { Park } from '../parks/park.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { Lease, LeaseVersion } from './lease.ts'
import { type Schedule, scheduleOf } from './preview.ts'

/**
 * What a lease says on paper: plain data with own properties only, each by its English and its Chinese name, for a template. The
 * paper is Chinese and tells the lease as agreed: its full term, also when it was ended early.
 */
export interface LeasePaper {
  data: Record<string, unknown>
  /** The first line and the word across the page of what is not agreed yet, or void. */
  note: string | null
  watermark: string | null
  title: string
}

type Company = Pick<Tenant, 'name' | 'creditCode' | 'legalRep' | 'address' | 'contacts'>
type Lessor = Pick<Park, 'name' | 'address' | 'operator' | 'bureau' | 'hotline'>

const fmt = formatter('zh-CN')

/** Fen in the capital numerals that contracts and receipts use; up to the trillions. */
export function capitalMoney(fen: Fen): string {
  return Nzh.cn.toMoney(plainYuan(fen).replace(/\.00$/, ''), { outSymbol: false })
}

const dayWords = (day: Day): string => PHRASES.day(Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8)))

/** The same data under its Chinese names too, which are what a park's own template uses. */
function named(value: unknown): unknown {
  if (typeof value === 'string') return printable(value)
  if (Array.isArray(value)) return value.map(named)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([key, inner]) => [key, named(inner)] as const)
  return Object.fromEntries(
    entries.flatMap(([key, inner]) => [[key, inner] as const, [TAGS[key as keyof typeof TAGS] ?? key, inner] as const]),
  )
}

function parties(lease: Lease, tenant: Company, park: Lessor) {
  const contact = tenant.contacts.find(one => one.primary) ?? tenant.contacts[0]
  return {
    park: park.name.zh,
    parkAddress: park.address?.zh ?? park.name.zh,
    lessor: park.operator?.zh ?? park.bureau.name.zh,
    lessorPhone: park.hotline ?? park.bureau.phone ?? PHRASES.blank,
    lessee: lease.tenantName,
    creditCode: tenant.creditCode ?? PHRASES.inPreparation,
    legalRep: tenant.legalRep ?? PHRASES.blank,
    lesseeAddress: tenant.address ?? PHRASES.blank,
    contact: contact?.name ?? PHRASES.blank,
    phone: contact?.phone ?? PHRASES.blank,
  }
}

function premises({ lines }: LeaseVersion) {
  return {
    units: lines.map(line => ({
      floor: line.floor,
      code: line.code,
      area: plainArea(line.area),
      desks: line.desks === null ? '–' : String(line.desks),
      rate: line.rate,
    })),
    unitList: lines.map(line => line.code).join(', '),
    totalArea: fmt.areaNumber(lines.reduce((sum, line) => sum + line.area, 0)),
  }
}

function conditions(version: LeaseVersion) {
  const { rentFree, escalation, reductions } = version
  return {
    hasRentFree: rentFree.length > 0,
    rentFree: rentFree.map(free => ({ start: dayWords(free.from), end: dayWords(free.to) })),
    hasEscalation: escalation.length > 0,
    escalation: escalation.map(step => ({ start: dayWords(step.from), percent: step.percent })),
    hasReductions: reductions.length > 0,
    reductions: reductions.map(one => ({
      name: one.name,
      value: PHRASES.reduction[one.kind](one.value),
      start: dayWords(one.from),
      end: dayWords(one.to),
    })),
  }
}

function amounts({ periods, total, deposit }: Schedule, carried: Fen) {
  return {
    payments: periods.map((period, i) => ({
      no: String(i + 1),
      start: period.from,
      end: period.to,
      rent: fmt.money(period.rent),
      reduction: period.reduction ? fmt.money(period.reduction) : '–',
      due: fmt.money(period.fen),
    })),
    total: fmt.money(total),
    totalWords: capitalMoney(total),
    deposit: fmt.money(deposit),
    depositWords: capitalMoney(deposit),
    hasCarried: carried > 0,
    carried: fmt.money(carried),
  }
}

function state(lease: Lease, version: LeaseVersion): Pick<LeasePaper, 'note' | 'watermark'> {
  if (lease.state === 'cancelled') return { note: PHRASES.voidNote, watermark: PHRASES.void }
  const open = version.stage === 'draft' || version.stage === 'review'
  return open ? { note: PHRASES.draftNote, watermark: PHRASES.draft } : { note: null, watermark: null }
}

/** The paper of a lease as of its `no`-th version; without one, the newest that is agreed. */
export function leasePaper(lease: Lease, tenant: Company, park: Lessor, no?: number): LeasePaper {
  const agreed = lease.versions.filter((version, i) => i === 0 || version.stage === 'signed')
  const version = lease.versions.find(one => one.no === no) ?? agreed.at(-1)!
  const versions = lease.versions.filter(one => one.no <= version.no)
  const schedule = scheduleOf({ ...lease, end: lease.to, versions }, { pending: true })
  const data = {
    number: lease.number,
    signedOn: version.signedOn ? dayWords(version.signedOn) : PHRASES.blankDay,
    ...parties(lease, tenant, park),
    ...premises(version),
    purpose: lease.purpose ?? PHRASES.office,
    from: dayWords(lease.from),
    to: dayWords(lease.to),
    days: String(daysIn(lease.from, lease.to)),
    rateUnit: PHRASES.rateUnits[lease.basis],
    basis: PHRASES.basis[lease.basis],
    months: PHRASES.months[lease.anchor],
    broken: PHRASES.broken[lease.broken],
    cycle: PHRASES.cycle[lease.cycle],
    ...conditions(version),
    ...amounts(schedule, lease.depositCarried),
    hasAmendment: version.no > 1,
    amendment: String(version.no - 1),
    amendedFrom: dayWords(version.from),
    hasNote: Boolean(version.note),
    note: version.note ?? '',
  }
  return { data: named(data) as Record<string, unknown>, ...state(lease, version), title: lease.number }
}
