import type { Request } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { type Day, daysBetween, isDay } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { type Bilingual, textIn } from '../lib/text.ts'
import { refsOf } from '../search/entry.ts'
import { Service } from '../services/service.ts'
import { pageSchema, sortOf, type Tag } from '../web/list.ts'
import { type Application, ENDED, OPEN, STATES } from './application.ts'

/** The work lists: what is one's own to do, what is late, what waits for an applicant, all that is open, what has ended. */
export const TABS = ['mine', 'late', 'waiting', 'open', 'ended'] as const
export type Tab = (typeof TABS)[number]

const id = z
  .string()
  .regex(/^[0-9a-f]{24}$/)
  .optional()

export const query = z.object({
  tab: z.enum(TABS).optional(),
  q: z.string().trim().max(60).optional(),
  service: z.string().max(41).optional(),
  owner: id,
  state: z.enum(STATES.filter(state => state !== 'draft') as [(typeof STATES)[number]]).optional(),
  from: z.string().refine(isDay).optional(),
  to: z.string().refine(isDay).optional(),
  sort: z.string().max(20).optional(),
  ...pageSchema,
})
export type Asked = z.output<typeof query>

const SORTS = {
  due: { dueOn: 1, _id: 1 },
  ended: { endedOn: 1, _id: 1 },
  submitted: { submittedOn: 1, _id: 1 },
} as const

/** A search looks at everything, unless a tab is chosen. */
export const tabOf = (asked: Asked): Tab | null =>
  asked.tab ?? (asked.q || asked.owner || asked.state || asked.from || asked.to ? null : 'mine')

/** What is late today: due before it, and not waiting for the applicant. */
const lateFilter = (today: Day) => ({ state: 'running' as const, dueOn: { $lt: today } })

function tabFilter(tab: Tab | null, me: string, today: Day): Record<string, unknown> {
  const filters: Record<Tab, Record<string, unknown>> = {
    mine: { owner: new Types.ObjectId(me), state: { $in: [...OPEN] } },
    late: lateFilter(today),
    waiting: { state: 'asked' },
    open: { state: { $in: [...OPEN] } },
    ended: { state: { $in: [...ENDED] } },
  }
  return tab ? filters[tab] : { state: { $ne: 'draft' } }
}

export async function filterOf(req: Request, asked: Asked, today: Day): Promise<{ park: string } & Record<string, unknown>> {
  const park = req.park._id
  const and: Record<string, unknown>[] = []
  if (asked.service) and.push({ code: asked.service })
  if (asked.owner) and.push({ owner: new Types.ObjectId(asked.owner) })
  if (asked.state) and.push({ state: asked.state })
  if (asked.from) and.push({ submittedOn: { $gte: asked.from } })
  if (asked.to) and.push({ submittedOn: { $lte: asked.to } })
  if (asked.q) and.push({ _id: { $in: await refsOf(park, 'application', asked.q) } })
  return { park, ...tabFilter(tabOf(asked), req.me!.id, today), ...(and.length ? { $and: and } : {}) }
}

export const orderOf = (asked: Asked) => {
  const tab = tabOf(asked)
  return sortOf(asked.sort, SORTS, tab === 'ended' ? '-ended' : tab === null ? '-submitted' : 'due')
}

export type Named = { code: string; content: { name: Bilingual } }
export const servicesOf = (park: string): Promise<Named[]> =>
  scopedFind<Named>(Service, { park, published: { $gt: 0 } }, { projection: { code: 1, 'content.name': 1 }, sort: { order: 1, _id: 1 } })

export function tagsOf(req: Request, asked: Asked, services: Named[], ownerName: string | null): Tag[] {
  const tags: Tag[] = []
  const service = services.find(one => one.code === asked.service)?.content.name
  if (asked.q) tags.push({ names: ['q'], text: asked.q })
  if (asked.service) tags.push({ names: ['service'], text: textIn(service, req.lang).text || asked.service })
  if (asked.owner) tags.push({ names: ['owner'], text: ownerName ?? '–' })
  if (asked.state) tags.push({ names: ['state'], text: req.t(`application.state.${asked.state}`) })
  if (asked.from || asked.to) tags.push({ names: ['from', 'to'], text: `${asked.from ?? '…'} – ${asked.to ?? '…'}` })
  return tags
}

export const LISTED = {
  number: 1,
  title: 1,
  code: 1,
  no: 1,
  service: 1,
  name: 1,
  state: 1,
  step: 1,
  owner: 1,
  ownerName: 1,
  dueOn: 1,
  submittedOn: 1,
  endedOn: 1,
  rating: 1,
  'asks.on': 1,
  updatedAt: 1,
}
export type Row = Pick<
  Application,
  '_id' | 'number' | 'title' | 'code' | 'no' | 'service' | 'name' | 'state' | 'step' | 'owner' | 'ownerName'
> &
  Pick<Application, 'dueOn' | 'submittedOn' | 'endedOn' | 'rating' | 'updatedAt'> & { asks: { on: Day }[] }

export type Urgency = 'late' | 'today' | null

/** How a running step stands on a day. */
export function urgencyOf({ state, dueOn }: Pick<Application, 'state' | 'dueOn'>, today: Day): Urgency {
  if (state !== 'running' || !dueOn) return null
  if (dueOn < today) return 'late'
  return dueOn === today ? 'today' : null
}

/** Days a running step is late; 0 where it isn't. */
export const daysLate = ({ state, dueOn }: Pick<Application, 'state' | 'dueOn'>, today: Day): number =>
  state === 'running' && dueOn && dueOn < today ? daysBetween(dueOn, today) : 0
