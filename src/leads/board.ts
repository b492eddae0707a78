import type { Document } from 'mongodb'
import { Types } from 'mongoose'
import { z } from 'zod'
import { now } from '../lib/clock.ts'
import type { Day } from '../lib/days.ts'
import { scopedAggregate, scopedUnion } from '../lib/park-scope.ts'
import { Lead } from './lead.ts'
import { filterShape } from './list.ts'
import { allStages, MOVED, type SetupFacts, SIGNING } from './setup.ts'

/**
 * The board: how many leads stand in each stage, and the first of each. What is open, what is being signed, and what moved in lately.
 * One aggregation counts, one command with a short indexed look into each stage brings the cards.
 */
const { stage: _stage, ...shape } = filterShape
export const boardQuery = z.object({
  ...shape,
  /** The stage a phone shows: it has room for one. */
  at: z.string().max(40).optional(),
})
export type AskedBoard = z.output<typeof boardQuery>

export const CARDS = 20
export const MOVED_DAYS = 30
const DAY_MS = 86_400_000

export interface Card extends Pick<Lead, '_id' | 'number' | 'name' | 'state' | 'stage' | 'wish' | 'owner' | 'ownerName' | 'next' | 'at'> {
  /** It waits in the pool. */
  pooled: boolean
  /** Since when it stands in its stage. */
  since: Date
}

export interface Count {
  count: number
  area: number
  overdue: number
}
const NONE: Count = { count: 0, area: 0, overdue: 0 }

type Conditions = Record<string, unknown>[]
type Scoped = { park: string } & Record<string, unknown>

/** The leads of one stage that the board shows. */
function inStage(park: string, stage: string, and: Conditions): Scoped {
  const rest = and.length ? { $and: and } : {}
  if (stage === SIGNING) return { park, state: 'converted', stage, ...rest }
  if (stage !== MOVED) return { park, state: 'open', stage, ...rest }
  const since = new Date(now().getTime() - MOVED_DAYS * DAY_MS)
  // The day it moved is in its path; having been touched since lets the index leave out those of years ago.
  return { park, state: 'converted', stage, touchedAt: { $gte: since }, path: { $elemMatch: { stage, at: { $gte: since } } }, ...rest }
}

/** All leads of the board: one branch each for an index of its own. */
function onBoard(park: string, and: Conditions): Scoped {
  const { park: _one, ...signing } = inStage(park, SIGNING, [])
  const { park: _other, ...moved } = inStage(park, MOVED, [])
  return { park, $or: [{ state: 'open' }, signing, moved], ...(and.length ? { $and: and } : {}) }
}

const AREA = { $ifNull: ['$wish.areaFrom', { $ifNull: ['$wish.areaTo', 0] }] }

/** How many stand in each stage, with the area they ask for at least; of a stage the park no longer has, too. */
export async function countStages(park: string, and: Conditions, today: Day): Promise<Map<string, Count>> {
  const late = { $and: [{ $eq: ['$state', 'open'] }, { $gt: ['$next.on', null] }, { $lt: ['$next.on', today] }] }
  const rows = await scopedAggregate<Count & { _id: string }>(Lead, onBoard(park, and), [
    { $project: { _id: 0, stage: 1, state: 1, 'wish.areaFrom': 1, 'wish.areaTo': 1, 'next.on': 1 } },
    { $group: { _id: '$stage', count: { $sum: 1 }, area: { $sum: AREA }, overdue: { $sum: { $cond: [late, 1, 0] } } } },
  ])
  return new Map(rows.map(({ _id, ...count }) => [_id, count]))
}

/** Where a column goes on: behind the last card that is shown, whatever was moved away meanwhile. */
export interface Cursor {
  on: Day | null
  id: Types.ObjectId
}

const CURSOR = /^(\d{4}-\d{2}-\d{2}|-)_([0-9a-f]{24})$/
export const cursorText = ({ next, _id }: Pick<Card, 'next' | '_id'>): string => `${next?.on ?? '-'}_${_id}`
export function readCursor(text: string | undefined): Cursor | null {
  const [, on, id] = CURSOR.exec(text ?? '') ?? []
  return on && id ? { on: on === '-' ? null : on, id: new Types.ObjectId(id) } : null
}

function behind({ on, id }: Cursor): Record<string, unknown> {
  // Nothing planned sorts before every day.
  if (on === null) return { $or: [{ 'next.on': null, _id: { $gt: id } }, { 'next.on': { $gt: '' } }] }
  return { $or: [{ 'next.on': { $gt: on } }, { 'next.on': on, _id: { $gt: id } }] }
}

const SHOWN: Document = {
  ...{ number: 1, name: 1, state: 1, stage: 1, owner: 1, ownerName: 1, next: 1, at: 1 },
  wish: { areaFrom: 1, areaTo: 1, product: 1, desks: 1, budget: 1, from: 1 },
  pooled: { $gt: ['$pool.at', null] },
  since: { $ifNull: [{ $last: '$path.at' }, '$at'] },
}

const look = (limit: number): Document[] => [{ $sort: { 'next.on': 1, _id: 1 } }, { $limit: limit }, { $project: SHOWN }]

/** The first cards of each stage, what is due first on top: one more than a column shows, where there are more. */
export const firstCards = (park: string, and: Conditions, stages: string[]): Promise<Card[]> =>
  scopedUnion<Card>(
    Lead,
    stages.map(stage => ({ filter: inStage(park, stage, and), stages: look(CARDS + 1) })),
  )

/** The cards of one stage that come next. */
export const nextCards = (park: string, and: Conditions, stage: string, after: Cursor): Promise<Card[]> =>
  scopedAggregate<Card>(Lead, inStage(park, stage, [...and, behind(after)]), look(CARDS + 1))

export interface Column extends Count {
  code: string
  cards: Card[]
  /** Where the rest begins; null where there is none. */
  more: string | null
}

/** A column's cards, and whether there are more. */
export function cut(cards: Card[]): { cards: Card[]; more: string | null } {
  const shown = cards.slice(0, CARDS)
  return { cards: shown, more: cards.length > CARDS ? cursorText(shown.at(-1)!) : null }
}

export async function boardOf(park: string, and: Conditions, setup: SetupFacts, today: Day): Promise<Column[]> {
  const stages = allStages(setup).map(({ code }) => code)
  const [counts, cards] = await Promise.all([countStages(park, and, today), firstCards(park, and, stages)])
  // A stage that was taken out of the settings while leads stood in it: they aren't lost from sight.
  const gone = [...counts.keys()].filter(code => !stages.includes(code))
  const rest = gone.length ? await firstCards(park, and, gone) : []
  return [...stages, ...gone].map(code => ({
    code,
    ...(counts.get(code) ?? NONE),
    ...cut([...cards, ...rest].filter(card => card.stage === code)),
  }))
}
