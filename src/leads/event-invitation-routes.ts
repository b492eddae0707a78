import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { reachOf } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { type Event, eventPath, eventSubject, phaseOf } from '../events/event.ts'
import { load } from '../events/programme-routes.ts'
import { today } from '../lib/days.ts'
import { maskEmail, maskPhone } from '../lib/mask.ts'
import { scopedCount, scopedFind } from '../lib/park-scope.ts'
import { forbidden, RuleError } from '../lib/rule-error.ts'
import { textIn } from '../lib/text.ts'
import { INDUSTRIES } from '../parks/park.ts'
import { actor } from '../web/context.ts'
import { type Column, sendExport } from '../web/export.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm, readQuery } from '../web/forms.ts'
import { COUNT_LIMIT, linkWith, listOf, pageSchema } from '../web/list.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { CHANNELS, EventInvitation, INVITED_STATES, isUnanswered } from './event-invitation.ts'
import {
  candidates,
  countStates,
  type Filters,
  filterSchema,
  filters,
  IDLE,
  type InvitedRow,
  invitedRows,
  REACHES,
  reachOfLead,
  tagsOf,
} from './event-invitation-list.ts'
import { inviteLeads, MOST_INVITED, mailContact, remindInvited } from './event-invitations.ts'
import { Lead, SOURCES } from './lead.ts'
import { ownersOf } from './pool.ts'
import { setupOf } from './setup.ts'
import { stageNames } from './stage-names.ts'

/** The list of guests: whom to ask, who was asked, what they answered. It is work on an event with leads, and takes both permissions. */
const SIZE = 50

async function enter(req: Request): Promise<Event> {
  if (!reachOf(req.me, 'event.edit', req.park)) throw forbidden()
  return load(req)
}

const here = (event: Event): string => `${eventPath(event)}/invitations`
const listQuery = z.object({ state: z.enum(INVITED_STATES).optional(), ...pageSchema })

async function send(req: Request, res: Response, event: Event, rows: InvitedRow[], format: 'xlsx' | 'csv'): Promise<void> {
  const nameOf = stageNames(req, await setupOf(event.park))
  const columns: Column<InvitedRow>[] = [
    { label: req.t('lead.field.number'), value: row => row.lead.number },
    { label: req.t('lead.field.name'), value: row => row.lead.name },
    { label: req.t('lead.field.contact'), value: row => row.invitation.contact },
    { label: req.t('lead.field.phone'), value: row => row.lead.contacts.find(one => one.phone)?.phone ?? null },
    { label: req.t('lead.field.email'), value: row => mailContact(row.lead)?.email ?? null },
    { label: req.t('lead.field.owner'), value: row => row.lead.ownerName },
    { label: req.t('lead.field.stage'), value: row => nameOf(row.lead.stage) },
    { label: req.t('leadEvent.column.channel'), value: row => req.t(`leadEvent.channel.${row.invitation.channel}`) },
    { label: req.t('leadEvent.column.sentOn'), value: row => row.invitation.sentOn },
    { label: req.t('leadEvent.column.mails'), value: row => row.invitation.mails, kind: 'number' },
    { label: req.t('lead.field.state'), value: row => req.t(`leadEvent.state.${row.state}`) },
    { label: req.t('leadEvent.column.people'), value: row => row.people.map(one => one.name).join(', ') || null },
  ]
  // Phones and mails leave the building: the trail says who took them.
  await transact(() => audit(actor(req), 'leadEvent.export', eventSubject(event), { note: `${rows.length}` }))
  await sendExport(req, res, { format, name: `${textIn(event.title, req.lang).text} ${req.t('leadEvent.title')}`, columns, rows })
}

async function index(req: Request, res: Response): Promise<void> {
  const event = await enter(req)
  const { state, page, format } = readQuery(req, listQuery)
  const all = await invitedRows(event)
  const rows = state ? all.filter(row => row.state === state) : all
  if (format) return send(req, res, event, rows, format)
  const setup = await setupOf(event.park)
  const day = today(req.park.zone)
  res.page('leads/event-invitations', {
    event,
    phase: phaseOf(event),
    form: formState(req),
    asked: { state },
    counts: countStates(all),
    total: all.length,
    states: INVITED_STATES.map(one => ({ state: one, path: linkWith(req, { state: one === state ? null : one }) })),
    // Whom a press would reach now: each at most once a day.
    due: all.filter(row => isUnanswered(row.state) && row.invitation.channel === 'mail' && row.invitation.sentOn < day).length,
    waiting: all.filter(row => isUnanswered(row.state)).length,
    stageOf: stageNames(req, setup),
    list: listOf(req, {
      items: rows.slice((page - 1) * SIZE, page * SIZE),
      total: rows.length,
      page,
      size: SIZE,
      tags: state ? [{ names: ['state'], text: req.t(`leadEvent.state.${state}`) }] : [],
    }),
  })
}

const invitedIds = async ({ park, _id }: Event): Promise<Types.ObjectId[]> =>
  (await scopedFind<Pick<EventInvitation, 'lead'>>(EventInvitation, { park, event: _id }, { projection: { lead: 1 }, limit: 5000 })).map(
    one => one.lead,
  )

const toId = (text: string): Types.ObjectId => new Types.ObjectId(text)

const chooseQuery = z.object({ ...filters, page: pageSchema.page })

async function choose(req: Request, res: Response): Promise<void> {
  const event = await enter(req)
  // Refused: the same leads once more, by the filters that were sent along.
  const { page, ...given } = readQuery(req, chooseQuery)
  const typed = req.failed && filterSchema.safeParse(req.failed.values)
  const asked: Filters = typed?.success ? typed.data : given
  const [invited, setup, owners] = await Promise.all([invitedIds(event), setupOf(event.park), ownersOf(event.park)])
  const nameOf = stageNames(req, setup)
  const filter = candidates(req, invited, asked, toId)
  const [rows, total] = await Promise.all([
    scopedFind<Lead>(Lead, filter, { sort: { touchedAt: -1, _id: -1 }, skip: (page - 1) * SIZE, limit: SIZE }),
    scopedCount(Lead, filter, COUNT_LIMIT),
  ])
  res.page('leads/event-invite', {
    event,
    phase: phaseOf(event),
    form: formState(req),
    asked,
    most: MOST_INVITED,
    known: invited.length,
    stages: setup.stages.map(({ code }) => [code, nameOf(code)]),
    sources: SOURCES,
    industries: INDUSTRIES,
    owners,
    idle: IDLE,
    reaches: REACHES,
    list: listOf(req, {
      items: rows.map(row => ({
        ...row,
        reach: reachOfLead(row),
        stageName: nameOf(row.stage),
        mail: maskEmail(mailContact(row)?.email ?? ''),
        phone: row.phones[0] ? maskPhone(row.phones[0]) : null,
      })),
      total,
      page,
      size: SIZE,
      tags: tagsOf(req, asked, nameOf, owners),
    }),
  })
}

const inviteForm = z.object({ ...filters, leads: f.many(f.id(), 500), all: f.check(), channel: f.choice(CHANNELS) })

async function invite(req: Request, res: Response): Promise<void> {
  const event = await enter(req)
  const { leads, all, channel, ...asked } = readForm(req, inviteForm)
  const found = all
    ? await scopedFind<Pick<Lead, '_id'>>(Lead, candidates(req, await invitedIds(event), asked, toId), {
        projection: { _id: 1 },
        sort: { touchedAt: -1, _id: -1 },
        limit: MOST_INVITED,
      })
    : leads.map(_id => ({ _id }))
  if (!found.length) throw new RuleError('leadEvent.nobodyChosen')
  await commit(req, res, async () => {
    const ids = found.map(one => one._id)
    const { invited, unreached } = await inviteLeads(req.park, event, ids, channel, actor(req))
    flash(res, invited ? (unreached ? 'leadEvent.done.invitedSome' : 'leadEvent.done.invited') : 'leadEvent.done.invitedNone')
    return here(event)
  })
}

async function remind(req: Request, res: Response): Promise<void> {
  const event = await enter(req)
  await commit(req, res, async () => {
    const count = await remindInvited(req.park, event, actor(req))
    flash(res, count ? 'leadEvent.done.reminded' : 'leadEvent.done.remindedNone')
    return here(event)
  })
}

export const eventInvitationRoutes = routes(({ get, post }) => {
  get('/:event/invitations', 'lead.work', index)
  get('/:event/invitations/new', 'lead.work', choose)
  post('/:event/invitations', 'lead.work', invite, { again: choose })
  post('/:event/invitations/reminders', 'lead.work', remind, { again: index })
})
