import type { Request, Response } from 'express'
import type { Types } from 'mongoose'
import { z } from 'zod'
import { reachOf } from '../accounts/identity.ts'
import { Attendee } from '../events/attendee.ts'
import { Event, eventPath, phaseOf } from '../events/event.ts'
import { load } from '../events/programme-routes.ts'
import { onEventPage } from '../events/sections.ts'
import { addDays, today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { textIn } from '../lib/text.ts'
import { instantAt } from '../lib/wall.ts'
import { type Column, sendExport } from '../web/export.ts'
import { f } from '../web/fields.ts'
import { readQuery } from '../web/forms.ts'
import { linkWith } from '../web/list.ts'
import { reportPeriod } from '../web/report-period.ts'
import { routes } from '../web/router.ts'
import { areasOf, type Outcome, outcomesOf, sumOf } from './event-outcome.ts'
import { Lead } from './lead.ts'
import { setupOf } from './setup.ts'
import { stageNames } from './stage-names.ts'

/** What came of one event, lead by lead, and of all of them in a period. */
const MOST = 1000

interface Row {
  lead: Lead
  people: string[]
  stage: string
  area: number
  /** Known before: it was not met here. */
  known: boolean
}

async function rowsOf(req: Request, event: Event): Promise<Row[]> {
  const { park, _id } = event
  type Person = Pick<Attendee, 'name'> & { lead: Types.ObjectId }
  const filter = { park, event: _id, lead: { $ne: null }, state: { $ne: 'cancelled' } }
  const people = await scopedFind<Person>(Attendee, filter, { projection: { name: 1, lead: 1 }, limit: MOST })
  const any = { $or: [{ event: _id }, { _id: { $in: people.map(one => one.lead) } }] }
  const leads = await scopedFind<Lead>(Lead, { park, state: { $ne: 'merged' }, ...any }, { sort: { at: -1, _id: -1 }, limit: MOST })
  const [setup, areas] = await Promise.all([setupOf(park), areasOf(park, leads)])
  const nameOf = stageNames(req, setup)
  return leads.map(lead => ({
    lead,
    people: people.filter(one => one.lead.equals(lead._id)).map(one => one.name),
    stage: lead.state === 'lost' ? req.t('lead.state.lost') : nameOf(lead.stage),
    area: areas.get(String(lead._id)) ?? 0,
    known: !lead.event?.equals(_id),
  }))
}

async function show(req: Request, res: Response): Promise<void> {
  const event = await load(req)
  const { format } = readQuery(req, z.object({ format: z.enum(['xlsx', 'csv']).optional() }))
  const rows = await rowsOf(req, event)
  if (format) {
    const columns: Column<Row>[] = [
      { label: req.t('lead.field.number'), value: row => row.lead.number },
      { label: req.t('lead.field.name'), value: row => row.lead.name },
      { label: req.t('leadEvent.column.people'), value: row => row.people.join(', ') || null },
      { label: req.t('lead.field.stage'), value: row => row.stage },
      { label: req.t('lead.field.owner'), value: row => row.lead.ownerName },
      { label: req.t('leadEvent.outcome.met'), value: row => req.t(row.known ? 'leadEvent.outcome.before' : 'leadEvent.outcome.here') },
      { label: `${req.t('leadEvent.outcome.area')} (\u33a1)`, value: row => row.area || null, kind: 'area' },
    ]
    const name = `${textIn(event.title, req.lang).text} ${req.t('leadEvent.outcome.title')}`
    return sendExport(req, res, { format, name, columns, rows })
  }
  const counts = new Map<string, number>()
  for (const { stage, known } of rows) if (!known) counts.set(stage, (counts.get(stage) ?? 0) + 1)
  res.page('leads/event-outcome', {
    event,
    phase: phaseOf(event),
    outcome: (await outcomesOf(event.park, [event._id])).get(String(event._id))!,
    stages: [...counts],
    rows,
    exports: { xlsx: linkWith(req, { format: 'xlsx' }), csv: linkWith(req, { format: 'csv' }) },
  })
}

/** On the event's own page: the way from who was asked to what was let, in one line. */
onEventPage(async (req, event) => {
  if (event.state === 'draft' || !reachOf(req.me, 'lead.work', req.park)) return null
  const outcome = (await outcomesOf(event.park, [event._id])).get(String(event._id))!
  return { view: 'leads/_event-funnel', locals: { outcome, event } }
})

const period = z.object({ from: f.optionalDay(), to: f.optionalDay(), format: z.enum(['xlsx', 'csv']).optional() })

interface Line {
  event: Event
  outcome: Outcome
}

async function report(req: Request, res: Response): Promise<void> {
  const { format, ...given } = readQuery(req, period)
  const { zone, _id: park } = req.park
  const { from, to } = reportPeriod(given, today(zone))
  const between = { $gte: instantAt(from, 0, zone), $lt: instantAt(addDays(to, 1), 0, zone) }
  const events = await scopedFind<Event>(
    Event,
    { park, state: 'published', startsAt: between },
    { projection: { text: 0, speaker: 0 }, sort: { startsAt: -1, _id: -1 }, limit: 2000 },
  )
  const outcomes = await outcomesOf(
    park,
    events.map(one => one._id),
  )
  const lines = events.map(event => ({ event, outcome: outcomes.get(String(event._id))! }))
  if (format) {
    const R = (name: keyof Outcome) => req.t(`leadEvent.outcome.${name}`)
    const names = ['invited', 'opened', 'signedUp', 'came', 'leads', 'known', 'converted', 'moved', 'lost'] as const
    const columns: Column<Line>[] = [
      { label: req.t('eventReport.event'), value: row => textIn(row.event.title, req.lang).text },
      { label: req.t('eventReport.kind'), value: row => req.t(`event.kinds.${row.event.kind}`) },
      { label: req.t('eventReport.begins'), value: row => row.event.sessions[0]!.day },
      ...names.map((name): Column<Line> => ({ label: R(name), value: row => row.outcome[name], kind: 'number' })),
      { label: `${R('area')} (\u33a1)`, value: row => row.outcome.area, kind: 'area' },
    ]
    return sendExport(req, res, { format, name: `${req.t('leadEvent.report.title')} ${from} ${to}`, columns, rows: lines })
  }
  res.page('leads/event-report', {
    period: { from, to },
    lines,
    total: sumOf(lines.map(one => one.outcome)),
    eventPath,
    exports: { xlsx: linkWith(req, { format: 'xlsx' }), csv: linkWith(req, { format: 'csv' }) },
  })
}

export const eventOutcomeRoutes = routes(({ get }) => {
  get('/:event/outcome', 'lead.work', show)
})
export const eventLeadReportRoutes = routes(({ get }) => {
  get('/event-leads', 'lead.report', report)
})
