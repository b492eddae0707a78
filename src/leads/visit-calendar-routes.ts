import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { groupBy } from '../lib/check.ts'
import { isDay, today } from '../lib/days.ts'
import { type Column, sendExport } from '../web/export.ts'
import { readQuery } from '../web/forms.ts'
import { linkWith, listOf, pageSchema } from '../web/list.ts'
import { routes } from '../web/router.ts'
import { ownersOf } from './pool.ts'
import { headsOf, VISIT_STATES } from './visit.ts'
import { countWithin, daysOf, rangeOf, type Shown, VIEWS, visitsForExport, visitsWithin, type Wanted } from './visit-calendar.ts'

/** The calendar of visits: week, day by host, month, and a list; each exports what it shows. */
const SIZE = 50
const query = z.object({
  view: z.enum(VIEWS).default('week'),
  on: z.string().refine(isDay).optional(),
  host: z
    .string()
    .regex(/^(me|[0-9a-f]{24})$/)
    .optional(),
  state: z.enum(VISIT_STATES).optional(),
  ...pageSchema,
})

function columnsOf({ t, fmt }: Request): Column<Shown>[] {
  return [
    { label: t('visit.field.day'), value: one => one.day },
    { label: t('visit.field.from'), value: one => fmt.clock(one.from) },
    { label: t('visit.field.to'), value: one => fmt.clock(one.to) },
    { label: t('lead.field.number'), value: one => one.leadNumber },
    { label: t('lead.field.name'), value: one => one.leadName },
    { label: t('visit.field.host'), value: one => one.hostName },
    { label: t('visit.field.companions'), value: one => one.companions.map(other => other.name).join(', ') },
    { label: t('visit.field.units'), value: one => one.units.map(unit => unit.code).join(', ') },
    { label: t('visit.field.place'), value: one => one.place },
    { label: t('visit.field.guests'), value: one => one.guests.map(guest => guest.name).join(', ') },
    { label: t('visit.field.people'), value: one => headsOf(one), kind: 'number' },
    { label: t('visit.field.state'), value: one => t(`visit.state.${one.state}`) },
    { label: t('visit.field.outcome'), value: one => one.outcome },
  ]
}

async function index(req: Request, res: Response): Promise<void> {
  const asked = readQuery(req, query)
  const { view, state } = asked
  const on = asked.on ?? today(req.park.zone)
  const range = rangeOf(view, on)
  const host = asked.host ? new Types.ObjectId(asked.host === 'me' ? req.me!.id : asked.host) : null
  const wanted: Wanted = { park: req.park._id, from: range.from, to: view === 'list' ? null : range.to, host, state: state ?? null }
  if (asked.format) {
    const name = `${req.t('visit.title')} ${range.from}`
    return sendExport(req, res, { format: asked.format, name, columns: columnsOf(req), rows: visitsForExport(wanted) })
  }
  const paged = view === 'list' ? { skip: (asked.page - 1) * SIZE, limit: SIZE } : {}
  const [visits, total, hosts] = await Promise.all([
    visitsWithin(wanted, paged),
    view === 'list' ? countWithin(wanted) : 0,
    ownersOf(req.park._id),
  ])
  const hostName = asked.host === 'me' ? req.t('visit.mine') : (hosts.find(one => host?.equals(one._id))?.name ?? '–')
  const tags = [
    ...(asked.host ? [{ names: ['host'], text: req.t('visit.field.host') + req.t('app.colon') + hostName }] : []),
    ...(state ? [{ names: ['state'], text: req.t(`visit.state.${state}`) }] : []),
  ]
  const byHost = [...groupBy(visits, one => String(one.host)).values()].map(own => ({ name: own[0]!.hostName, visits: own }))
  res.page('leads/visits', {
    ...{ asked, view, on, range, visits, byHost, states: VISIT_STATES },
    days: daysOf(range).map(day => ({ day, visits: visits.filter(one => one.day === day) })),
    list: listOf(req, { items: visits, total: view === 'list' ? total : visits.length, page: asked.page, size: SIZE, tags }),
    views: VIEWS.map(name => ({ name, path: linkWith(req, { view: name === 'week' ? null : name }) })),
    hosts: [['me', req.t('visit.mine')], ...hosts.sort((a, b) => a.name.localeCompare(b.name)).map(({ _id, name }) => [String(_id), name])],
    dayLink: (day: string) => linkWith(req, { view: 'day', on: day }),
    heads: headsOf,
  })
}

export const visitCalendarRoutes = routes(({ get }) => {
  get('/visits', 'lead.read', index)
})
