import { type Day, dayBefore, earlier } from '../lib/days.ts'
import { exact } from '../lib/exact.ts'
import type { Fen } from '../lib/money.ts'
import type { Lease, LeaseVersion, Reduction } from './lease.ts'
import { rentSchedule, sumOf } from './schedule.ts'
import type { RentCharge, RentLine, RentTerms } from './terms.ts'

/** From a lease's versions to the terms its rent is computed by, and the rent itself. All amounts in fen. */
type Agreed = Pick<Lease, 'from' | 'end' | 'basis' | 'anchor' | 'broken' | 'cycle'> & { versions: LeaseVersion[] }

const continues = (a: RentLine, b: RentLine): boolean =>
  String(a.unit) === String(b.unit) &&
  a.rate === b.rate &&
  a.area === b.area &&
  a.desks === b.desks &&
  a.since === b.since &&
  dayBefore(b.from) === a.to

/** A unit that an amendment leaves as it was is one line: the amendment's date must not cut its charges. */
function linesOf(versions: LeaseVersion[], end: Day): RentLine[] {
  const lines: RentLine[] = []
  versions.forEach((version, i) => {
    const next = versions[i + 1]
    const to = next ? earlier(dayBefore(next.from), end) : end
    if (to < version.from) return
    for (const { unit, code, area, desks, rate, since } of version.lines) {
      const line: RentLine = { unit, code, area, desks, rate, since, from: version.from, to }
      const before = lines.find(other => continues(other, line))
      if (before) before.to = to
      else lines.push(line)
    }
  })
  return lines
}

/** The terms as agreed; with `pending`, as they would be with the version under way. */
export function rentTerms(lease: Agreed, { pending = false } = {}): RentTerms {
  const versions = lease.versions.filter((version, i) => pending || i === 0 || version.stage === 'signed')
  const last = versions.at(-1)!
  const { from, end, basis, anchor, broken, cycle } = lease
  const plain = {
    rentFree: last.rentFree.map(({ from, to }) => ({ from, to })),
    escalation: last.escalation.map(({ from, percent }) => ({ from, percent })),
  }
  return { from, to: end, basis, anchor, broken, cycle, ...plain, lines: linesOf(versions, end) }
}

export interface Payable extends RentCharge {
  kind: 'rent' | 'reduction'
  name: string | null
}

/** What a reduction takes off, as negative charges by the lease's own periods and conventions. */
function reduce(terms: RentTerms, reduction: Reduction): Payable[] {
  const within = (line: RentLine): RentLine[] => {
    const range = { from: line.from > reduction.from ? line.from : reduction.from, to: earlier(line.to, reduction.to) }
    return range.from <= range.to ? [{ ...line, ...range }] : []
  }
  const share = exact(reduction.value).div(100)
  const lines = terms.lines.flatMap(within).map(line => ({ ...line, rate: exact(line.rate).mul(share).toFraction() }))
  const flat: RentLine = {
    unit: '',
    code: '',
    area: 0,
    desks: null,
    rate: reduction.value,
    from: reduction.from,
    to: earlier(reduction.to, terms.to),
    since: terms.to,
  }
  const reduced: RentTerms = reduction.kind === 'percent' ? { ...terms, lines } : { ...terms, basis: 'month', rentFree: [], lines: [flat] }
  return rentSchedule(reduced).map(charge => ({ ...charge, fen: -charge.fen, kind: 'reduction', name: reduction.name }))
}

/** Everything a lease makes payable over its term, by period. */
export function payables(lease: Agreed, options: { pending?: boolean } = {}): Payable[] {
  const terms = rentTerms(lease, options)
  const versions = options.pending ? lease.versions : lease.versions.filter((version, i) => i === 0 || version.stage === 'signed')
  const rent: Payable[] = rentSchedule(terms).map(charge => ({ ...charge, kind: 'rent', name: null }))
  const reductions = versions.at(-1)!.reductions.flatMap(reduction => reduce(terms, reduction))
  return [...rent, ...reductions].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
}

export interface PeriodSum {
  from: Day
  to: Day
  rent: Fen
  reduction: Fen
  fen: Fen
  parts: Payable[]
}

/** Payables of one lease grouped as they fall due: one row a billing period. */
export function byPeriod(items: Payable[], periods: { from: Day; to: Day }[]): PeriodSum[] {
  return periods.map(({ from, to }) => {
    const parts = items.filter(item => item.from >= from && item.from <= to)
    const rent = sumOf(parts.filter(part => part.kind === 'rent'))
    const reduction = sumOf(parts.filter(part => part.kind === 'reduction'))
    return { from, to, rent, reduction, fen: rent + reduction, parts }
  })
}
