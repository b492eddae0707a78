import type { Request, Response } from 'express'
import { z } from 'zod'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { today } from '../lib/days.ts'
import { notFound } from '../lib/rule-error.ts'
import { foldTerm } from '../search/entry.ts'
import { actor } from '../web/context.ts'
import { type Column, sendExport } from '../web/export.ts'
import { formState, readQuery } from '../web/forms.ts'
import { listOf, pageSchema, type Tag } from '../web/list.ts'
import { routes } from '../web/router.ts'
import { type Notice, noticeSubject, phaseOf } from './notice.ts'
import { load } from './notice-routes.ts'
import { readingOf, sumsOf, type TenantReading } from './reading.ts'

/** Who has read a notice, company by company: filters in the address, and the export is the filtered list, a row per person. */
const SIZE = 50
export const READ = ['read', 'part', 'unread', 'nobody'] as const
type Read = (typeof READ)[number]

const query = z.object({ q: z.string().trim().max(60).optional(), read: z.enum(READ).optional(), ...pageSchema })

/** A company has read it once one of its people has; `nobody`: nobody there could. */
export const readStateOf = ({ readers, waiting }: Pick<TenantReading, 'readers' | 'waiting'>): Read =>
  readers.length ? (waiting.length ? 'part' : 'read') : waiting.length ? 'unread' : 'nobody'

/** Who is to be reminded or called comes first. */
const TURN: Read[] = ['unread', 'part', 'nobody', 'read']
const inOrder = (rows: TenantReading[]): TenantReading[] =>
  [...rows].sort((a, b) => TURN.indexOf(readStateOf(a)) - TURN.indexOf(readStateOf(b)))

interface Line {
  company: string
  person: string | null
  state: string
  at: string | null
}

const linesOf = (req: Request, rows: TenantReading[]): Line[] =>
  rows.flatMap<Line>(({ name: company, readers, waiting }) => {
    const people = [...readers, ...waiting].map(({ name, at, left }) => ({
      ...{
        company,
        person: left ? name + req.t('app.inBrackets', { text: req.t('club.readers.left') }) : name,
        at: at && req.fmt.moment(at, req.park.zone),
      },
      state: req.t(`club.readers.state.${at ? 'read' : 'unread'}`),
    }))
    return people.length ? people : [{ company, person: null, at: null, state: req.t('club.readers.state.nobody') }]
  })

async function send(req: Request, res: Response, notice: Notice, rows: TenantReading[], tags: Tag[], format: 'xlsx' | 'csv') {
  const C = (name: string) => req.t(`club.readers.column.${name}` as 'club.readers.column.company')
  const columns: Column<Line>[] = [
    { label: C('company'), value: row => row.company },
    { label: C('person'), value: row => row.person },
    { label: C('state'), value: row => row.state },
    { label: C('at'), value: row => row.at },
  ]
  // Who read what leaves the building: the trail says who took it.
  const note = tags.map(tag => tag.text).join(', ') || null
  await transact(() => audit(actor(req), 'notice.export', noticeSubject(notice), { note }))
  await sendExport(req, res, { format, name: `${notice.title.zh} ${req.t('club.readers.title')}`, columns, rows: linesOf(req, rows) })
}

async function index(req: Request, res: Response): Promise<void> {
  if (req.reach?.tenants) throw notFound()
  const notice = await load(req)
  const asked = readQuery(req, query)
  const on = today(req.park.zone)
  const all = await readingOf(notice, on)
  const wanted = asked.q && foldTerm(asked.q)
  const rows = inOrder(all).filter(
    row => (!wanted || foldTerm(row.name).includes(wanted)) && (!asked.read || readStateOf(row) === asked.read),
  )
  const tags = [
    ...(asked.q ? [{ names: ['q'], text: asked.q }] : []),
    ...(asked.read ? [{ names: ['read'], text: req.t(`club.readers.state.${asked.read}`) }] : []),
  ]
  if (asked.format) return send(req, res, notice, rows, tags, asked.format)
  const items = rows.slice((asked.page - 1) * SIZE, asked.page * SIZE).map(row => ({ ...row, state: readStateOf(row) }))
  res.page('club/readers', {
    ...{ notice, asked, states: READ, sums: sumsOf(all), form: formState(req), phase: phaseOf(notice, on) },
    reminded: notice.remindedOn === on,
    list: listOf(req, { items, total: rows.length, page: asked.page, size: SIZE, tags }),
  })
}

export const readerRoutes = routes(({ get }) => {
  get('/:notice/readers', 'notice.read', index)
})
