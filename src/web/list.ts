import type { Request } from 'express'
import { z } from 'zod'

/** Lists: what is asked lives in the address (q, filters, sort, page), so that it can be kept, shared and exported as it is. */
export const pageSchema = {
  page: z.coerce.number().int().min(1).max(5000).default(1),
  format: z.enum(['xlsx', 'csv']).optional(),
}

/** Totals are counted up to here; a list says “1,000+” beyond. */
export const COUNT_LIMIT = 1000

export interface Tag {
  /** The query parameters this filter stands in. */
  names: string[]
  text: string
}

export interface List<T> {
  items: T[]
  total: number
  capped: boolean
  from: number
  to: number
  previous: string | null
  next: string | null
  tags: { text: string; without: string }[]
  clear: string
  /** The address of the same list in another form (format=xlsx …) or order. */
  link(change: Record<string, string | null>): string
}

/** The current address with some parameters changed; the page number goes unless it is named. */
export function linkWith(req: Request, change: Record<string, string | null>): string {
  // Not by way of URL: a list has a dozen such links, and parsing the whole address for each took as long as its rows.
  const path = req.path === '/' ? req.baseUrl || '/' : req.baseUrl + req.path
  const mark = req.originalUrl.indexOf('?')
  const asked = new URLSearchParams(mark < 0 ? '' : req.originalUrl.slice(mark))
  asked.delete('page')
  asked.delete('format')
  for (const [name, value] of Object.entries(change)) {
    if (value === null || value === '') asked.delete(name)
    else asked.set(name, value)
  }
  const text = asked.toString()
  return text ? `${path}?${text}` : path
}

export function listOf<T>(
  req: Request,
  { items, total, page, size, tags = [] }: { items: T[]; total: number; page: number; size: number; tags?: Tag[] },
): List<T> {
  const from = items.length ? (page - 1) * size + 1 : 0
  const to = from ? from + items.length - 1 : 0
  const capped = total >= COUNT_LIMIT
  const nothing = (names: string[]) => Object.fromEntries(names.map(name => [name, null]))
  return {
    items,
    total: Math.max(total, to),
    capped,
    from,
    to,
    previous: page > 1 ? linkWith(req, { page: page > 2 ? String(page - 1) : null }) : null,
    next: to < total || (capped && items.length === size) ? linkWith(req, { page: String(page + 1) }) : null,
    tags: tags.map(tag => ({ text: tag.text, without: linkWith(req, nothing(tag.names)) })),
    clear: linkWith(req, nothing(tags.flatMap(tag => tag.names))),
    link: change => linkWith(req, change),
  }
}

/** `sort=-end`: a known field, descending with a minus; anything else is the default. */
export function sortOf(
  given: string | undefined,
  allowed: Record<string, Record<string, 1 | -1>>,
  fallback: string,
): { name: string; sort: Record<string, 1 | -1> } {
  // Own names only: `?sort=constructor` is in every object.
  const name = given && Object.hasOwn(allowed, given.replace(/^-/, '')) ? given : fallback
  const fields = allowed[name.replace(/^-/, '')]!
  if (!name.startsWith('-')) return { name, sort: fields }
  return { name, sort: Object.fromEntries(Object.entries(fields).map(([field, way]) => [field, -way as 1 | -1])) }
}
