import type { Request } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { reachOf } from '../accounts/identity.ts'
import { User } from '../accounts/user.ts'
import { Event } from '../events/event.ts'
import { addDays, type Day, startOfDay } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { textIn } from '../lib/text.ts'
import { translateAny } from '../locales/index.ts'
import { INDUSTRIES, type Industry } from '../parks/park.ts'
import { f } from '../web/fields.ts'
import { linkWith, type Tag } from '../web/list.ts'
import { SOURCES, type Source } from './lead.ts'
import type { Stage } from './setup.ts'

/** What the reports on leads can be narrowed to and divided by; all of it lives in the address. */
export const DIMENSIONS = ['source', 'owner', 'event', 'industry', 'origin'] as const
export type Dimension = (typeof DIMENSIONS)[number]

export interface Narrow {
  source: Source | null
  owner: Types.ObjectId | null
  event: Types.ObjectId | null
  industry: Industry | null
  origin: string | null
}

export const narrowSchema = {
  source: z.enum(SOURCES).optional(),
  owner: f.optionalId(),
  event: f.optionalId(),
  industry: z.enum(INDUSTRIES).optional(),
  origin: f.optionalText(60),
}

type Given = Partial<Record<'source' | 'industry', unknown>> & Partial<Omit<Narrow, 'source' | 'industry'>>

/** Whether somebody may be told whose a lead is, and led to it. Officials see figures and nobody's name. */
export const seesLeads = (req: Request): boolean => reachOf(req.me, 'lead.read', req.park) !== undefined

export function narrowOf(req: Request, { source, owner, event, industry, origin }: Given): Narrow {
  return {
    source: (source as Source | undefined) ?? null,
    owner: seesLeads(req) ? (owner ?? null) : null,
    event: event ?? null,
    industry: (industry as Industry | undefined) ?? null,
    origin: origin ?? null,
  }
}

/** As conditions of a query: what isn't asked for isn't named. */
export const conditionsOf = (narrow: Narrow): Record<string, unknown> =>
  Object.fromEntries(Object.entries(narrow).filter(([, value]) => value !== null))

export interface Period {
  from: Day
  to: Day
}

/** The instants a period covers in the park's zone. */
export const instantsOf = ({ from, to }: Period, zone: string): { from: Date; until: Date } => ({
  from: startOfDay(from, zone),
  until: startOfDay(addDays(to, 1), zone),
})

/** What the values of a dimension are called. Names of people and titles of events are read where they are shown. */
export async function namesOf(req: Request, by: Dimension, values: (string | null)[]): Promise<(value: string | null) => string> {
  const none = req.t(`leadReport.none.${by}`)
  const known = values.filter((value): value is string => value !== null)
  if (by === 'source') return value => (value === null ? none : translateAny(req.lang, `lead.source.${value}`))
  if (by === 'industry') return value => (value === null ? none : translateAny(req.lang, `record.profile.industries.${value}`))
  if (by === 'origin') return value => value ?? none
  const names = await (by === 'owner' ? peopleNamed(known) : eventsNamed(req, known))
  return value => (value === null ? none : (names.get(value) ?? req.t(`leadReport.gone.${by}`)))
}

async function peopleNamed(ids: string[]): Promise<Map<string, string>> {
  const found = ids.length ? await User.find({ _id: { $in: ids } }, { name: 1 }).lean() : []
  return new Map(found.map(user => [String(user._id), user.name]))
}

async function eventsNamed(req: Request, ids: string[]): Promise<Map<string, string>> {
  if (!ids.length) return new Map()
  const asked = { park: req.park._id, _id: { $in: ids.map(id => new Types.ObjectId(id)) } }
  const found = await scopedFind<Pick<Event, '_id' | 'title'>>(Event, asked, { projection: { title: 1 } })
  return new Map(found.map(event => [String(event._id), textIn(event.title, req.lang).text]))
}

/** The filters in force, to be taken off one by one. */
export async function tagsOf(req: Request, narrow: Narrow): Promise<{ text: string; without: string }[]> {
  const tags: Tag[] = []
  for (const by of DIMENSIONS) {
    const value = narrow[by] === null ? null : String(narrow[by])
    if (value === null) continue
    tags.push({ names: [by], text: req.t(`leadReport.by.${by}`) + req.t('app.colon') + (await namesOf(req, by, [value]))(value) })
  }
  return tags.map(({ names, text }) => ({ text, without: linkWith(req, Object.fromEntries(names.map(name => [name, null]))) }))
}

/** Leads to the list behind a figure, narrowed in the same way; nowhere for who may not see it. */
export function listLink(req: Request, narrow: Narrow, period: Period | null): (more?: Record<string, string>) => string | null {
  if (!seesLeads(req)) return () => null
  const shared = { ...conditionsOf(narrow), ...(period ?? {}) }
  return more => `/parks/${req.park._id}/leads?${new URLSearchParams(asTexts({ ...shared, ...more }))}`
}

const asTexts = (values: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))

export const placesOf = (stages: Stage[]): Map<string, number> => new Map(stages.map(({ code }, i) => [code, i]))
