import type { Day } from '../lib/days.ts'
import type { Fen } from '../lib/money.ts'
import type { Lease, LeaseVersion } from './lease.ts'
import { byPeriod, type PeriodSum, payables } from './rent.ts'
import { periodsOf, sumOf } from './schedule.ts'

/** The charges of a lease as a page shows them: a row a billing period, a sum a year. Amounts in fen. */
export interface Schedule {
  periods: PeriodSum[]
  /** A period counts in the year it begins, when it falls due. */
  years: { year: string; fen: Fen; periods: PeriodSum[] }[]
  rent: Fen
  reduction: Fen
  total: Fen
  deposit: Fen
}

type Agreed = Pick<Lease, 'from' | 'end' | 'basis' | 'anchor' | 'broken' | 'cycle'> & { versions: LeaseVersion[] }

function yearsOf(periods: PeriodSum[]): Schedule['years'] {
  const years = [...new Set(periods.map(period => period.from.slice(0, 4)))]
  return years.map(year => {
    const own = periods.filter(period => period.from.startsWith(year))
    return { year, fen: sumOf(own), periods: own }
  })
}

export function scheduleOf(lease: Agreed, { pending = false } = {}): Schedule {
  const items = payables(lease, { pending })
  const periods = byPeriod(items, periodsOf({ from: lease.from, to: lease.end, anchor: lease.anchor, cycle: lease.cycle }))
  const rent = sumOf(items.filter(item => item.kind === 'rent'))
  const reduction = sumOf(items.filter(item => item.kind === 'reduction'))
  const agreed = lease.versions.filter((version, i) => pending || i === 0 || version.stage === 'signed')
  return {
    periods,
    years: yearsOf(periods),
    rent,
    reduction,
    total: rent + reduction,
    deposit: agreed.at(-1)!.deposit,
  }
}

/** The period a day falls in, or the next to come: what is due now. */
export const periodAt = (schedule: Schedule, on: Day): PeriodSum | null => schedule.periods.find(period => period.to >= on) ?? null
