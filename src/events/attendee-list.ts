import type { Request, Response } from 'express'
import { z } from 'zod'
import { reachOf } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { maskPhone } from '../lib/mask.ts'
import { scopedCount, scopedFind, scopedStream } from '../lib/park-scope.ts'
import { forbidden } from '../lib/rule-error.ts'
import { escapeRegExp, textIn } from '../lib/text.ts'
import { inHours } from '../lib/wall.ts'
import { Tenant } from '../tenants/tenant.ts'
import { actor } from '../web/context.ts'
import { type Column, sendExport } from '../web/export.ts'
import { formState, readQuery } from '../web/forms.ts'
import { COUNT_LIMIT, listOf, pageSchema, type Tag } from '../web/list.ts'
import { ATTENDEE_STATES, Attendee, attended, hasEarned, isNoShow, minutesAttended } from './attendee.ts'
import { type Event, eventSubject, phaseOf } from './event.ts'
import { lineOf } from './places.ts'
import { load } from './programme-routes.ts'

/** The people of an event: filters in the address, phones masked; the export, for who may edit events, has them whole. */
const SIZE = 50
const EXPORT_LIMIT = 20_000
const CAME = ['yes', 'no', 'all'] as const

const query = z.object({
  q: z.string().trim().max(60).optional(),
  state: z.enum(ATTENDEE_STATES).optional(),
  came: z.enum(CAME).optional(),
  ...pageSchema,
})
type Asked = z.output<typeof query>

const collator = new Intl.Collator('zh')
/** By the sound of their names. Not by the database: with a collation it can't use its indexes. */
export const byName = (a: Pick<Attendee, 'name'>, b: Pick<Attendee, 'name'>): number => collator.compare(a.name, b.name)

/** A name, an organisation, the last digits of a phone, or the code below somebody's QR. */
export function searchOf(text: string): Record<string, unknown> {
  const like = { $regex: escapeRegExp(text), $options: 'i' }
  const digits = text.replace(/[\s-]/g, '')
  return {
    $or: [
      { name: like },
      { organisation: like },
      { pass: text.toUpperCase().replace(/\s/g, '') },
      ...(/^\d{4,}$/.test(digits) ? [{ phone: { $regex: `${digits}$` } }] : []),
    ],
  }
}

function filterOf(event: Event, { q, state, came }: Asked) {
  const all = event.sessions.map(session => ({ 'checkIns.session': session._id }))
  return {
    park: event.park,
    event: event._id,
    ...(state && { state }),
    ...(q && searchOf(q)),
    ...(came === 'yes' && { 'checkIns.0': { $exists: true } }),
    ...(came === 'no' && { state: 'going', 'checkIns.0': { $exists: false } }),
    ...(came === 'all' && { $and: all }),
  }
}

function tagsOf(req: Request, { q, state, came }: Asked): Tag[] {
  return [
    ...(q ? [{ names: ['q'], text: q }] : []),
    ...(state ? [{ names: ['state'], text: req.t(`event.state.${state}`) }] : []),
    ...(came ? [{ names: ['came'], text: req.t(`event.came.${came}`) }] : []),
  ]
}

export type TenantName = Pick<Tenant, '_id' | 'name'>

export async function tenantsNamed(park: string, attendees: Pick<Attendee, 'tenant'>[]): Promise<Map<string, string>> {
  const ids = attendees.flatMap(one => one.tenant ?? [])
  const rows = ids.length ? await scopedFind<TenantName>(Tenant, { park, _id: { $in: ids } }, { projection: { name: 1 } }) : []
  return new Map(rows.map(({ _id, name }) => [String(_id), name]))
}

/** The companies of the park, to choose from. */
export const tenantChoices = (park: string): Promise<TenantName[]> =>
  scopedFind<TenantName>(Tenant, { park, mergedInto: null }, { projection: { name: 1 }, sort: { normal: 1 }, limit: 2000 })

/** Who waits comes first, who withdrew last. */
const SORT = { state: -1, turn: 1, at: 1, _id: 1 } as const

async function send(req: Request, res: Response, event: Event, asked: Asked, format: 'xlsx' | 'csv'): Promise<void> {
  if (!reachOf(req.me, 'event.edit', req.park)) throw forbidden()
  const filter = filterOf(event, asked)
  const [tenants, line] = await Promise.all([tenantChoices(event.park), lineOf(event.park, event._id)])
  const named = new Map(tenants.map(({ _id, name }) => [String(_id), name]))
  const T = (name: string) => req.t(`eventStaff.field.${name}` as 'eventStaff.field.name')
  const columns: Column<Attendee>[] = [
    { label: T('name'), value: row => row.name },
    { label: T('phone'), value: row => row.phone },
    { label: T('email'), value: row => row.email },
    { label: T('organisation'), value: row => row.organisation },
    { label: T('tenant'), value: row => (row.tenant && named.get(String(row.tenant))) ?? null },
    { label: T('state'), value: row => req.t(isNoShow(row, event) ? 'event.noShow' : `event.state.${row.state}`) },
    { label: T('position'), value: row => line.get(String(row._id)) ?? null, kind: 'number' },
    { label: T('source'), value: row => req.t(`event.source.${row.source}`) },
    { label: T('at'), value: row => req.fmt.moment(row.at, req.park.zone) },
    { label: T('sessions'), value: row => attended(row, event).length, kind: 'number' },
    { label: `${T('hours')} (h)`, value: row => inHours(minutesAttended(row, event)) },
    { label: T('certificate'), value: row => row.certificate?.number ?? null },
    { label: T('stars'), value: row => row.feedback?.stars ?? null, kind: 'number' },
  ]
  // Phones and mails leave the building: the trail says who took them.
  await transact(() =>
    audit(actor(req), 'event.export', eventSubject(event), {
      note:
        tagsOf(req, asked)
          .map(tag => tag.text)
          .join(', ') || null,
    }),
  )
  const rows = scopedStream<Attendee>(Attendee, filter, { sort: SORT, limit: EXPORT_LIMIT })
  await sendExport(req, res, { format, name: `${textIn(event.title, req.lang).text} ${req.t('eventStaff.tabs.attendees')}`, columns, rows })
}

export async function attendees(req: Request, res: Response): Promise<void> {
  const event = await load(req)
  const asked = readQuery(req, query)
  if (asked.format) return send(req, res, event, asked, asked.format)
  const filter = filterOf(event, asked)
  const [rows, total, line] = await Promise.all([
    scopedFind<Attendee>(Attendee, filter, { sort: SORT, skip: (asked.page - 1) * SIZE, limit: SIZE }),
    scopedCount(Attendee, filter, COUNT_LIMIT),
    event.waiting ? lineOf(event.park, event._id) : new Map<string, number>(),
  ])
  const mayEdit = Boolean(reachOf(req.me, 'event.edit', req.park))
  const [tenants, choices] = await Promise.all([tenantsNamed(event.park, rows), mayEdit ? tenantChoices(event.park) : []])
  res.page('events/attendees', {
    event,
    phase: phaseOf(event),
    form: formState(req),
    asked,
    cames: CAME,
    states: ATTENDEE_STATES,
    choices,
    list: listOf(req, {
      items: rows.map(row => ({
        ...row,
        phone: row.phone && maskPhone(row.phone),
        company: row.tenant && (tenants.get(String(row.tenant)) ?? null),
        position: line.get(String(row._id)) ?? null,
        came: attended(row, event).length,
        noShow: isNoShow(row, event),
        earned: hasEarned(row, event),
      })),
      total,
      page: asked.page,
      size: SIZE,
      tags: tagsOf(req, asked),
    }),
  })
}
