import type { Request, Response } from 'express'
import { z } from 'zod'
import { reachOf } from '../accounts/identity.ts'
import { historyOf } from '../audit/history.ts'
import { maskEmail, maskPhone } from '../lib/mask.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { inHours } from '../lib/wall.ts'
import { siteOf } from '../rooms/room-sign.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, keyOf, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { Attendee, hasEarned, isNoShow, minutesAttended, wasAt } from './attendee.ts'
import { attendees, byName, tenantChoices, tenantsNamed } from './attendee-list.ts'
import { giveCertificate } from './certificate.ts'
import { printCertificate } from './certificate-paper.ts'
import { type Event, eventPath, phaseOf } from './event.ts'
import { addForm } from './form.ts'
import { renewAddress, setTenant } from './own-place.ts'
import { positionOf } from './places.ts'
import { load } from './programme-routes.ts'
import { newToken, placePath } from './secrets.ts'
import { giveUpPlace, signUp } from './sign-up.ts'

/** The people of an event, one by one: adding by hand, whose company, another address, giving the place back, the sheet to print. */
async function loadBoth(req: Request): Promise<{ event: Event; attendee: Attendee }> {
  const event = await load(req)
  const filter = { park: event.park, event: event._id, _id: idParam(req, 'attendee') }
  const attendee = (await Attendee.findOne(filter).lean()) as Attendee | null
  if (!attendee) throw notFound()
  return { event, attendee }
}

const attendeePath = (event: Event, { _id }: Pick<Attendee, '_id'>): string => `${eventPath(event)}/attendees/${_id}`

async function add(req: Request, res: Response): Promise<void> {
  const event = await load(req)
  const typed = readForm(req, addForm)
  await commit(req, res, async () => {
    const person = { ...typed, lang: 'zh-CN' as const, user: null }
    const made = await signUp(req.park, event.code, person, { source: 'staff', token: newToken(), consent: false }, actor(req))
    flash(res, made.state === 'going' ? 'event.done.added' : 'event.done.addedWaiting')
    return attendeePath(event, made)
  })
}

const COOKIE = 'zhigu.place'
const cookieOf = (path: string) => ({ httpOnly: true, sameSite: 'strict', path }) as const

/** The address just made: shown once, to the browser that asked. */
function takeFresh(req: Request, res: Response, path: string): string | null {
  const token: unknown = req.cookies?.[COOKIE]
  if (typeof token !== 'string') return null
  res.clearCookie(COOKIE, cookieOf(path))
  return `${siteOf(req)}${placePath(req.park._id, token)}`
}

async function show(req: Request, res: Response): Promise<void> {
  const { event, attendee } = await loadBoth(req)
  const mayEdit = Boolean(reachOf(req.me, 'event.edit', req.park))
  const [position, tenants, choices, history] = await Promise.all([
    positionOf(attendee),
    tenantsNamed(event.park, [attendee]),
    mayEdit ? tenantChoices(event.park) : [],
    historyOf(req, 'attendee', attendee._id),
  ])
  res.page('events/attendee', {
    event,
    phase: phaseOf(event),
    attendee,
    form: formState(req, { tenant: attendee.tenant ? String(attendee.tenant) : '' }),
    // Who may edit events calls people; anybody else at the desk needs only to tell two of one name apart.
    phone: attendee.phone && (mayEdit ? attendee.phone : maskPhone(attendee.phone)),
    email: attendee.email && (mayEdit ? attendee.email : maskEmail(attendee.email)),
    position,
    company: tenants.get(String(attendee.tenant)) ?? null,
    choices,
    history,
    sessions: event.sessions.map(session => ({ session, checkIn: wasAt(attendee, session._id) })),
    hours: inHours(minutesAttended(attendee, event)),
    noShow: isNoShow(attendee, event),
    earned: hasEarned(attendee, event),
    address: takeFresh(req, res, attendeePath(event, attendee)),
  })
}

async function cancel(req: Request, res: Response): Promise<void> {
  const { event, attendee } = await loadBoth(req)
  await commit(req, res, async () => {
    await giveUpPlace(req.park, attendee._id, actor(req))
    flash(res, 'event.done.gaveBack')
    return attendeePath(event, attendee)
  })
}

async function company(req: Request, res: Response): Promise<void> {
  const { event, attendee } = await loadBoth(req)
  const { tenant } = readForm(req, z.object({ tenant: f.optionalId() }))
  await commit(req, res, async () => {
    await setTenant(req.park._id, attendee._id, tenant, actor(req))
    flash(res, 'app.saved')
    return attendeePath(event, attendee)
  })
}

async function certify(req: Request, res: Response): Promise<void> {
  const { event, attendee } = await loadBoth(req)
  await commit(req, res, async () => {
    await giveCertificate(req.park, attendee._id, actor(req))
    flash(res, 'event.done.certified')
    return attendeePath(event, attendee)
  })
}

async function certificate(req: Request, res: Response): Promise<void> {
  const { event, attendee } = await loadBoth(req)
  await printCertificate(req, res, attendee, event)
}

async function address(req: Request, res: Response): Promise<void> {
  const { event, attendee } = await loadBoth(req)
  const { _key } = readForm(req, z.object({ _key: f.optionalText(64) }))
  const path = attendeePath(event, attendee)
  await commit(req, res, async () => {
    const token = await renewAddress(req.park._id, attendee._id, keyOf({ _key }), req.secret ?? '', actor(req))
    res.cookie(COOKIE, token, { ...cookieOf(path), maxAge: 600_000 })
    return path
  })
}

/** A list to tick by hand where no phone works: names and organisations, no numbers. */
async function sheet(req: Request, res: Response): Promise<void> {
  const event = await load(req)
  const filter = { park: event.park, event: event._id, state: 'going' }
  const rows = await scopedFind<Attendee>(Attendee, filter, {
    projection: { name: 1, organisation: 1, phone: 1, tenant: 1 },
    sort: { name: 1, _id: 1 },
    limit: 2000,
  })
  const tenants = await tenantsNamed(event.park, rows)
  res.page('events/sheet', {
    event,
    rows: rows.sort(byName).map(row => ({
      name: row.name,
      ending: row.phone?.replace(/\D/g, '').slice(-4) ?? '',
      organisation: tenants.get(String(row.tenant)) ?? row.organisation,
    })),
  })
}

export const attendeeRoutes = routes(({ get, post }) => {
  get('/:event/attendees', 'event.checkin', attendees)
  post('/:event/attendees', 'event.checkin', add, { again: attendees })
  get('/:event/sheet', 'event.checkin', sheet)
  get('/:event/attendees/:attendee', 'event.checkin', show)
  post('/:event/attendees/:attendee/cancellation', 'event.edit', cancel, { again: show })
  post('/:event/attendees/:attendee/tenant', 'event.edit', company, { again: show })
  get('/:event/attendees/:attendee/certificate.pdf', 'event.edit', certificate)
  post('/:event/attendees/:attendee/certificate', 'event.edit', certify, { again: show })
  post('/:event/attendees/:attendee/address', 'event.edit', address, { again: show })
})
