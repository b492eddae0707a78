import type { Request } from 'express'
import { z } from 'zod'
import { addDays, addMonths, type Day } from '../lib/days.ts'
import { INDUSTRIES } from '../parks/park.ts'
import { within } from '../parks/scope.ts'
import { refsOf } from '../search/entry.ts'
import { pageSchema, type Tag } from '../web/list.ts'
import { INCUBATION_STATES, type IncubationState } from './incubation.ts'
import { PLACES, tenantsIn } from './places.ts'
import { QUALIFICATIONS, Tenant } from './tenant.ts'

/** What the list of tenants can be asked, and what that means to the database on a day. */
export const tenantQuery = z.object({
  q: z.string().trim().max(60).optional(),
  industry: z.enum(INDUSTRIES).optional(),
  incubation: z.enum(INCUBATION_STATES).optional(),
  qualification: z.enum(QUALIFICATIONS).optional(),
  place: z.enum(PLACES).optional(),
  preparing: z.enum(['yes', 'no']).optional(),
  sort: z.string().max(20).optional(),
  ...pageSchema,
})
export type Asked = z.output<typeof tenantQuery>

/** The latest day of entry for which `months` are over on `on`: months are clamped, so that it is looked for from below. */
export function latestEntryOver(on: Day, months: number): Day {
  let day = addMonths(on, -months)
  while (addMonths(addDays(day, 1), months) <= on) day = addDays(day, 1)
  return day
}

/** incubationOn() as a filter; `limits` are the lengths that occur. */
export function incubationFilter(state: IncubationState, on: Day, limits: number[]): Record<string, unknown> {
  const entered = { 'incubation.enteredOn': { $lte: on } }
  const graduated = { 'incubation.graduatedOn': { $lte: on } }
  const left = { 'incubation.leftOn': { $lte: on } }
  const over = limits.map(months => ({
    'incubation.limitMonths': months,
    'incubation.enteredOn': { $lte: latestEntryOver(on, months) },
  }))
  if (state === 'none') return { $nor: [entered] }
  if (state === 'graduated') return { ...entered, ...graduated }
  if (state === 'left') return { ...entered, ...left, $nor: [graduated] }
  if (state === 'over') return { ...entered, $nor: [graduated, left], $or: over.length ? over : [{ _id: null }] }
  return { ...entered, $nor: [graduated, left, ...over] }
}

async function incubating(park: string, state: IncubationState, on: Day): Promise<Record<string, unknown>> {
  const timed = state === 'over' || state === 'incubating'
  const limits = timed ? await Tenant.distinct('incubation.limitMonths', { park, mergedInto: null }) : []
  return incubationFilter(state, on, limits.filter(Number.isInteger) as number[])
}

const holding = (kind: string, on: Day) => ({
  qualifications: { $elemMatch: { kind, grantedOn: { $lte: on }, $or: [{ validTo: null }, { validTo: { $gte: on } }] } },
})

export async function tenantFilter(req: Request, asked: Asked, on: Day): Promise<{ park: string } & Record<string, unknown>> {
  const park = req.park._id
  const and: Record<string, unknown>[] = []
  if (asked.q) and.push({ _id: { $in: await refsOf(park, 'tenant', asked.q) } })
  if (asked.industry) and.push({ industry: asked.industry })
  if (asked.incubation) and.push(await incubating(park, asked.incubation, on))
  if (asked.qualification) and.push(holding(asked.qualification, on))
  if (asked.place) and.push({ _id: { [asked.place === 'never' ? '$nin' : '$in']: await tenantsIn(park, asked.place, on) } })
  if (asked.preparing) and.push({ creditCode: asked.preparing === 'yes' ? null : { $ne: null } })
  const filter = { ...within(req, '_id'), mergedInto: null }
  return and.length ? { ...filter, $and: and } : filter
}

export function tagsOf(req: Request, asked: Asked): Tag[] {
  const tags: Tag[] = []
  if (asked.q) tags.push({ names: ['q'], text: asked.q })
  if (asked.industry) tags.push({ names: ['industry'], text: req.t(`record.profile.industries.${asked.industry}`) })
  if (asked.place) tags.push({ names: ['place'], text: req.t(`tenant.place.${asked.place}`) })
  if (asked.incubation) tags.push({ names: ['incubation'], text: req.t(`record.incubation.state.${asked.incubation}`) })
  if (asked.qualification) tags.push({ names: ['qualification'], text: req.t(`record.qualification.kinds.${asked.qualification}`) })
  if (asked.preparing) tags.push({ names: ['preparing'], text: req.t(`tenant.preparing.${asked.preparing}`) })
  return tags
}
