import type { Request } from 'express'
import { z } from 'zod'
import { isDay } from '../lib/days.ts'
import { plainYuan } from '../lib/money.ts'
import { PRODUCTS } from '../spaces/unit.ts'
import { f } from '../web/fields.ts'
import { linkWith, pageSchema } from '../web/list.ts'
import type { Lead, Wish } from './lead.ts'
import { VERDICTS } from './match.ts'

/** What is looked for, as the address says it: the lead's wish, or other figures tried out. Nothing of it is written. */
export const matchQuery = z.object({
  /** The form was sent: what it leaves empty isn't asked, whatever the lead said. */
  what: z.literal('1').optional(),
  areaFrom: f.optionalArea().optional(),
  areaTo: f.optionalArea().optional(),
  budget: f.optionalMoney().optional(),
  product: z.enum(PRODUCTS).optional(),
  desks: f.optionalWhole(1, 9999).optional(),
  from: z.string().refine(isDay).optional(),
  months: f.optionalWhole(1, 240).optional(),
  show: z.enum(VERDICTS).optional(),
  building: z.string().max(20).optional(),
  floor: z.string().max(20).optional(),
  ...pageSchema,
})
export type Asked = z.output<typeof matchQuery>

const ASKED = ['areaFrom', 'areaTo', 'budget', 'product', 'desks', 'from', 'months'] as const

/** Ends of an area that were given the wrong way round are meant the right way. */
function inOrder(wish: Wish): Wish {
  const { areaFrom, areaTo } = wish
  return areaFrom !== null && areaTo !== null && areaFrom > areaTo ? { ...wish, areaFrom: areaTo, areaTo: areaFrom } : wish
}

export function wishOf(asked: Asked, lead: Pick<Lead, 'wish'>): Wish {
  const base = lead.wish
  const wish: Record<string, unknown> = { ...base }
  for (const name of ASKED) {
    const given = asked[name] ?? null
    if (asked.what || given !== null) wish[name] = given
  }
  return inOrder(wish as unknown as Wish)
}

export const differs = (wish: Wish, lead: Pick<Lead, 'wish'>): boolean => {
  const recorded = inOrder(lead.wish)
  return ASKED.some(name => (wish[name] ?? null) !== (recorded[name] ?? null))
}
export const asksNothing = (wish: Wish): boolean => ASKED.every(name => wish[name] === null)

/** A wish as the form's fields show it. */
export const valuesOf = (wish: Wish) => ({
  ...wish,
  areaFrom: wish.areaFrom === null ? '' : wish.areaFrom / 100,
  areaTo: wish.areaTo === null ? '' : wish.areaTo / 100,
  budget: wish.budget === null ? '' : plainYuan(wish.budget).replace(/\.00$/, ''),
})

/** The figures tried out, to go on to the next page: as a query with its question mark, and as pairs for a form. */
export function keptOf(req: Request): { query: string; pairs: [string, string][] } {
  const none = { show: null, unit: null, building: null, floor: null, lang: null }
  const link = linkWith(req, none)
  const query = link.includes('?') ? link.slice(link.indexOf('?')) : ''
  return { query, pairs: [...new URLSearchParams(query)] }
}
