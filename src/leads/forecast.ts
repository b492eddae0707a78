import type { Types } from 'mongoose'
import { percentile } from '../applications/report.ts'
import { Lease } from '../leases/lease.ts'
import type { Area } from '../lib/area.ts'
import { addDays, addMonths, type Day, dayAfter, monthEnd, monthStart } from '../lib/days.ts'
import { scopedAggregate, scopedFind } from '../lib/park-scope.ts'
import { turns } from '../lib/turns.ts'
import { claimsWithin, existsWithin } from '../spaces/plan.ts'
import { isSigned } from '../spaces/state.ts'
import { type Claim, Unit } from '../spaces/unit.ts'
import { Lead } from './lead.ts'
import { MOVED, type SetupFacts, SIGNING, weightOf } from './setup.ts'

/**
 * What a park will have let, month by month: the area of signed leases on the month's first day (this month: today), what of it ends
 * within the month, and on top of it what the open leads may bring, each with the weight of its stage. The area let and the lettable
 * area are those of spaces/occupancy.ts: claims of signed leases over units that exist, own use left out; a hold counts for nothing.
 */
export const MONTHS = 18
/** How long it takes from coming on to moving in, where a park has too few cases to tell. */
export const USUAL_DAYS = 90
const ENOUGH = 5
const LATEST = 500

export interface ForecastMonth {
  day: Day
  let: Area
  lettable: Area
  ending: Area
  /** Weighted area of the leads that would have moved in by the end of the month. */
  weighted: Area
}

export interface Forecast {
  months: ForecastMonth[]
  /** Open leads counted, and those that don't say how much they want. */
  leads: number
  unsized: number
  /** Leads with a lease that isn't signed. */
  drafts: number
  usualDays: number
  /** From how many leads the usual time comes; null: too few, and USUAL_DAYS was taken. */
  usualFrom: number | null
}

/** Something that may be let: how much, how likely (percent), and from when to when. */
export interface Wanted {
  area: Area
  weight: number
  from: Day
  /** The last day; null: beyond what is looked at. */
  to: Day | null
}

type CountedClaim = Pick<Claim, 'kind' | 'stage' | 'of' | 'from' | 'to'>
type Counted = Pick<Unit, 'activeFrom' | 'activeTo' | 'gross'> & { claims: CountedClaim[] }

const isOn = ({ from, to }: { from: Day; to: Day }, day: Day): boolean => from <= day && day <= to

/** The months looked at, each by its first day; the first one by today. */
export const monthsAhead = (today: Day): Day[] => Array.from({ length: MONTHS }, (_, i) => (i ? addMonths(monthStart(today), i) : today))

interface Told extends Counted {
  signed: CountedClaim[]
  own: CountedClaim[]
}

/** Area of signed leases that end within a month (from `day` on), unless another signed lease goes on in the unit the day after. */
function endingIn(units: Told[], day: Day): Area {
  const last = monthEnd(day)
  let area = 0
  for (const { signed, gross, activeTo } of units) {
    const ends = signed.some(({ to }) => to >= day && to <= last && to <= activeTo && !signed.some(next => isOn(next, dayAfter(to))))
    if (ends) area += gross
  }
  return area
}

/** The forecast of units and wishes: a pure function. Weighted areas are rounded once, in the month's sum. */
export function forecastOf(all: Counted[], wanted: Wanted[], today: Day): ForecastMonth[] {
  const units = all.map(unit => ({ ...unit, signed: unit.claims.filter(isSigned), own: unit.claims.filter(({ kind }) => kind === 'own') }))
  return monthsAhead(today).map(day => {
    const month: ForecastMonth = { day, let: 0, lettable: 0, ending: endingIn(units, day), weighted: 0 }
    for (const unit of units) {
      if (!isOn({ from: unit.activeFrom, to: unit.activeTo }, day)) continue
      if (unit.own.some(claim => isOn(claim, day))) continue
      month.lettable += unit.gross
      if (unit.signed.some(claim => isOn(claim, day))) month.let += unit.gross
    }
    const last = monthEnd(day)
    const sum = wanted.reduce((all, one) => (one.from <= last && (one.to ?? last) >= day ? all + one.area * one.weight : all), 0)
    month.weighted = Math.round(sum / 100)
    return month
  })
}

/** Of a park's units what is counted, and no more: a park of thousands is read as a whole. */
const countedUnits = (park: string, range: { from: Day; to: Day }): Promise<Counted[]> =>
  scopedAggregate<Counted>(Unit, { park, ...existsWithin(range) }, [
    { $project: { _id: 0, gross: 1, activeFrom: 1, activeTo: 1, claims: claimsWithin(range.from, range.to) } },
    { $project: { gross: 1, activeFrom: 1, activeTo: 1, claims: { kind: 1, stage: 1, of: 1, from: 1, to: 1 } } },
  ])

interface OpenGroup {
  _id: { stage: string; from: Day | null; months: number | null }
  count: number
  unsized: number
  area: Area
}

/** A day already past says nothing of when they will come. */
export const moveInOf = (wish: Day | null, today: Day, usualDays: number): Day => (wish && wish >= today ? wish : addDays(today, usualDays))

async function openWishes(park: string, setup: SetupFacts, today: Day, usualDays: number) {
  const sized = { $ifNull: ['$wish.areaFrom', '$wish.areaTo'] }
  const area = { $avg: ['$wish.areaFrom', '$wish.areaTo'] }
  const groups = await scopedAggregate<OpenGroup>(Lead, { park, state: 'open' }, [
    {
      $group: {
        _id: { stage: '$stage', from: '$wish.from', months: '$wish.months' },
        count: { $sum: 1 },
        unsized: { $sum: { $cond: [{ $gt: [sized, 0] }, 0, 1] } },
        area: { $sum: area },
      },
    },
  ])
  const wanted = groups.map(({ _id, area: sum }): Wanted => {
    const from = moveInOf(_id.from, today, usualDays)
    return { area: sum, weight: weightOf(setup, _id.stage), from, to: _id.months ? addDays(addMonths(from, _id.months), -1) : null }
  })
  const leads = groups.reduce((all, group) => all + group.count, 0)
  return { wanted, leads, unsized: groups.reduce((all, group) => all + group.unsized, 0) }
}

type Draft = Pick<Lease, 'area' | 'from' | 'end'>

/** Leads with a lease on its way to be signed; a signed one is in its unit's claims. */
async function draftWishes(park: string, setup: SetupFacts): Promise<Wanted[]> {
  const filter = { park, state: 'converted', stage: SIGNING }
  const leads = await scopedFind<{ lease: Types.ObjectId | null }>(Lead, filter, { projection: { _id: 0, lease: 1 } })
  const ids = leads.flatMap(({ lease }) => (lease ? [lease] : []))
  if (!ids.length) return []
  const open = { $in: ['draft', 'review', 'approved'] }
  const leases = await scopedFind<Draft>(Lease, { park, _id: { $in: ids }, state: open }, { projection: { area: 1, from: 1, end: 1 } })
  return leases.map(({ area, from, end }) => ({ area, weight: weightOf(setup, SIGNING), from, to: end }))
}

/** Days from coming on to moving in: the median of the latest that moved in. */
async function usualTime(park: string): Promise<{ days: number; from: number | null }> {
  const found = await scopedFind<Pick<Lead, 'at' | 'path'>>(
    Lead,
    { park, state: 'converted', stage: MOVED, 'next.on': null },
    { projection: { _id: 0, at: 1, path: 1 }, sort: { _id: -1 }, limit: LATEST },
  )
  const days = found.map(({ at, path }) => Math.round((path.at(-1)!.at.getTime() - at.getTime()) / 86_400_000))
  if (days.length < ENOUGH) return { days: USUAL_DAYS, from: null }
  return {
    days: percentile(
      days.sort((a, b) => a - b),
      0.5,
    )!,
    from: days.length,
  }
}

/** Of a park with thousands of units each takes megabytes. */
const inTurn = turns(2, 100)

/** Throws 503 where a hundred others wait for theirs. */
export const parkForecast = (park: string, setup: SetupFacts, today: Day): Promise<Forecast> =>
  inTurn(() => readForecast(park, setup, today))

async function readForecast(park: string, setup: SetupFacts, today: Day): Promise<Forecast> {
  const range = { from: today, to: monthEnd(addMonths(monthStart(today), MONTHS)) }
  const [units, drafts, usual] = await Promise.all([countedUnits(park, range), draftWishes(park, setup), usualTime(park)])
  const { wanted, leads, unsized } = await openWishes(park, setup, today, usual.days)
  const months = forecastOf(units, [...wanted, ...drafts], today)
  return { months, leads, unsized, drafts: drafts.length, usualDays: usual.days, usualFrom: usual.from }
}
