import type { Types } from 'mongoose'
import { now } from '../lib/clock.ts'
import { type Day, today as todayIn } from '../lib/days.ts'
import { scopedCount, scopedFind } from '../lib/park-scope.ts'
import { turns } from '../lib/turns.ts'
import type { Park } from '../parks/park.ts'
import { claimsWithin, existsWithin, unitsWithin } from '../spaces/plan.ts'
import { type Claim, Unit } from '../spaces/unit.ts'
import type { Lead, Wish } from './lead.ts'
import { type Match, matchUnits } from './match.ts'
import { type Combination, combine } from './match-combine.ts'
import {
  type Asking,
  areaRange,
  deskRange,
  leastNear,
  type MatchUnit,
  mostNear,
  type Period,
  type Range,
  wishedPeriod,
} from './match-reasons.ts'

/**
 * The units of a park that may suit a lead, read with as little as the answer needs. The index on free ranges gives those that are
 * free for some of the period; what stands in the way after all (holds, tenants who haven't left, a lease for part of it) is asked
 * for those few that have such a thing, since picking it out of every claim a unit ever had costs more than all the rest.
 */
export type Place = Pick<Park, '_id' | 'zone'>

/** Parks up to this size are read whole, so that the page can say of every unit at once why it doesn't suit. */
export const WHOLE = 400

export function askingOf(park: Place, wish: Wish, lead: Types.ObjectId | null): Asking {
  const today = todayIn(park.zone)
  return { period: wishedPeriod(wish, today), today, now: now(), lead }
}

/** What limits a size to what is wanted or near it. */
const between = ({ from, to }: Range): object | null =>
  from === null && to === null ? null : { ...(from !== null && { $gte: leastNear(from) }), ...(to !== null && { $lte: mostNear(to) }) }

function sizeFilter(wish: Wish): object {
  const area = between(areaRange(wish))
  const desks = between(deskRange(wish))
  if (!desks) return area ? { gross: area } : {}
  const inDesks = { product: 'workstation', $or: [{ desks }, { desks: null }] }
  return { $or: [inDesks, { product: { $ne: 'workstation' }, ...(area && { gross: area }) }] }
}

/** Claims that make a difference: in the period, or of a tenant who should have left. */
function concerns({ from, to }: Period, today: Day): object {
  const over = { kind: 'lease', stage: 'signed', continued: false, vacatedOn: null, to: { $lt: today } }
  return { $or: [{ claims: { $elemMatch: { of: null, from: { $lte: to }, to: { $gte: from } } } }, { claims: { $elemMatch: over } }] }
}

const FACTS = { building: 1, floor: 1, code: 1, product: 1, gross: 1, chargeable: 1, desks: 1, listRate: 1, activeFrom: 1, activeTo: 1 }

/** Units free for some of the period (`covering`: for all of it) that fit `more`, with the claims that matter. */
async function freeUnits<F extends Record<string, 1>>(
  park: string,
  { period, today }: Pick<Asking, 'period' | 'today'>,
  more: object,
  { covering = false, fields, limit }: { covering?: boolean; fields?: F; limit?: number } = {},
): Promise<MatchUnit[]> {
  const { from, to } = period
  const gap = covering ? { from: { $lte: from }, to: { $gte: to } } : { from: { $lte: to }, to: { $gte: from } }
  const filter = { park, $and: [{ gaps: { $elemMatch: gap } }, more] }
  const several = limit ? { limit, sort: { gross: -1, _id: 1 } as const } : {}
  const [units, claimed] = await Promise.all([
    scopedFind<Omit<MatchUnit, 'claims'>>(Unit, filter, { projection: { ...FACTS, ...fields }, ...several }),
    scopedFind<{ _id: Types.ObjectId; claims: Claim[] }>(
      Unit,
      { park, $and: [...filter.$and, concerns(period, today)] },
      { projection: { claims: claimsWithin(from, to) } },
    ),
  ])
  const claims = new Map(claimed.map(unit => [String(unit._id), unit.claims]))
  return units.map(unit => ({ ...unit, claims: claims.get(String(unit._id)) ?? [] }))
}

export interface Ranking {
  asking: Asking
  /** What fits and what nearly does, the best first. */
  matches: Match[]
  fits: number
  /** The units that don't suit, the nearest first; null where there are too many to read them for this. */
  rest: Match[] | null
  /** How many there are of those. */
  others: number
}

function split(all: Match[]): { matches: Match[]; rest: Match[]; fits: number } {
  const end = all.findIndex(match => match.verdict === 'not')
  const matches = end < 0 ? all : all.slice(0, end)
  const firstNear = matches.findIndex(match => match.verdict !== 'fits')
  return { matches, rest: end < 0 ? [] : all.slice(end), fits: firstNear < 0 ? matches.length : firstNear }
}

/** What suits, without a word about the rest. */
async function suiting(park: string, wish: Wish, asking: Asking): Promise<{ matches: Match[]; fits: number }> {
  const { matches, fits } = split(matchUnits(wish, asking, await freeUnits(park, asking, sizeFilter(wish))))
  return { matches, fits }
}

/** Every unit that exists in the period with its reasons, however many there are. */
async function ofAll(park: string, wish: Wish, asking: Asking): Promise<Ranking> {
  const { rest, ...good } = split(matchUnits<MatchUnit>(wish, asking, await unitsWithin(park, asking.period)))
  return { asking, ...good, rest, others: rest.length }
}

/** Of a park with thousands of units each ranking takes megabytes. */
const inTurn = turns(2, 100)

/**
 * The ranking of a park's units for a wish; `whole`: with the reasons of those that don't suit, of whatever size the park is. Throws 503
 * where a hundred others wait for theirs.
 */
export async function rankUnits(park: Place, wish: Wish, lead: Types.ObjectId | null, { whole = false } = {}): Promise<Ranking> {
  const asking = askingOf(park, wish, lead)
  const where = { park: park._id, ...existsWithin(asking.period) }
  if (whole) return inTurn(() => ofAll(park._id, wish, asking))
  if ((await scopedCount(Unit, where, WHOLE + 1)) <= WHOLE) return ofAll(park._id, wish, asking)
  const [good, total] = await Promise.all([inTurn(() => suiting(park._id, wish, asking)), scopedCount(Unit, where, 1_000_000)])
  return { asking, ...good, rest: null, others: total - good.matches.length }
}

/** Pieces looked at for combinations: the largest first. */
const PIECES = 1200

/** The best combinations of units of one floor that reach the area together; for when no single unit fits. */
export async function combinationsFor(park: Place, wish: Wish, asking: Asking, count: number): Promise<Combination[]> {
  if (!wish.areaFrom) return []
  const more = { gross: { $lt: wish.areaFrom }, ...(wish.product && { product: wish.product }) }
  const pieces = await freeUnits(park._id, asking, more, { covering: true, fields: { outline: 1 }, limit: PIECES })
  return combine(wish, asking, pieces as Parameters<typeof combine>[2], count)
}

export interface Best {
  /** The best `count`, and how many there are in all. */
  matches: Match[]
  fits: number
  nearly: number
}

/** The best units for a lead's own wish: for its page (views/leads/_matches.ejs). */
export async function bestMatches(park: Place, lead: Pick<Lead, '_id' | 'wish'>, count: number): Promise<Best> {
  const { matches, fits } = await suiting(park._id, lead.wish, askingOf(park, lead.wish, lead._id))
  return { matches: matches.slice(0, count), fits, nearly: matches.length - fits }
}
