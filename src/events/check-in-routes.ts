import type { Request, Response } from 'express'
import type { Types } from 'mongoose'
import { z } from 'zod'
import { today } from '../lib/days.ts'
import { maskPhone } from '../lib/mask.ts'
import { scopedCount, scopedFind } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, param, readForm, readQuery } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { Attendee, wasAt } from './attendee.ts'
import { byName, searchOf, tenantsNamed } from './attendee-list.ts'
import { checkIn, undoCheckIn } from './check-in.ts'
import { Event, eventPath, phaseOf, type Session } from './event.ts'
import { walkInForm } from './form.ts'
import { load } from './programme-routes.ts'
import { newToken, passPath, plainCode } from './secrets.ts'
import { signUp } from './sign-up.ts'

/** The check-in desk: by the QR code people show, or by name from a list with one press each; and those who just walk in. */
const MOST = 300

const query = z.object({
  session: z
    .string()
    .regex(/^[0-9a-f]{24}$/)
    .optional(),
  q: z.string().trim().max(60).optional(),
})

/** The session of today, or else the last that has begun, or the first. */
function usualSession({ sessions }: Event, zone: string): Session {
  const day = today(zone)
  return sessions.find(session => session.day === day) ?? sessions.findLast(session => session.day < day) ?? sessions[0]!
}

async function desk(req: Request, res: Response): Promise<void> {
  const event = await load(req)
  const asked = readQuery(req, query)
  const form = formState(req)
  const wanted = asked.session ?? form.values['session']
  const session = event.sessions.find(one => String(one._id) === wanted) ?? usualSession(event, req.park.zone)
  const going = { park: event.park, event: event._id, state: 'going' }
  const q = asked.q ?? ''
  const [rows, came] = await Promise.all([
    scopedFind<Attendee>(
      Attendee,
      { ...going, ...(q && searchOf(q)) },
      {
        projection: { name: 1, phone: 1, organisation: 1, tenant: 1, checkIns: 1 },
        sort: { name: 1, _id: 1 },
        limit: MOST,
      },
    ),
    scopedCount(Attendee, { ...going, 'checkIns.session': session._id }, 100_000),
  ])
  const tenants = await tenantsNamed(event.park, rows)
  res.page('events/check-in', {
    event,
    phase: phaseOf(event),
    form,
    session,
    q,
    came,
    early: session.day > today(req.park.zone),
    more: rows.length === MOST,
    rows: rows.sort(byName).map(row => ({
      _id: row._id,
      name: row.name,
      phone: row.phone && maskPhone(row.phone),
      organisation: tenants.get(String(row.tenant)) ?? row.organisation,
      checkIn: wasAt(row, session._id),
    })),
  })
}

const pressForm = z.object({ attendee: f.id(), session: f.id(), q: f.optionalText(60) })

const deskPath = (event: Event, session: Types.ObjectId, q: string | null, at: Types.ObjectId | null): string =>
  `${eventPath(event)}/check-in?session=${session}${q ? `&q=${encodeURIComponent(q)}` : ''}${at ? `#a-${at}` : ''}`

async function refuseStranger(event: Event, _id: Types.ObjectId): Promise<void> {
  if (!(await Attendee.exists({ park: event.park, event: event._id, _id }))) throw notFound()
}

const press = (work: typeof checkIn | typeof undoCheckIn) => async (req: Request, res: Response) => {
  const event = await load(req)
  const { attendee, session, q } = readForm(req, pressForm)
  await refuseStranger(event, attendee)
  await commit(req, res, async () => {
    await work(req.park, { attendee, session }, actor(req))
    return deskPath(event, session, q, attendee)
  })
}

/** Somebody who never signed up and stands there: a record and their check-in in one step. */
async function walkIn(req: Request, res: Response): Promise<void> {
  const event = await load(req)
  const { session, ...typed } = readForm(req, walkInForm)
  await commit(req, res, async () => {
    const person = { ...typed, lang: 'zh-CN' as const, user: null, tenant: null }
    const made = await signUp(req.park, event.code, person, { source: 'walkin', token: newToken(), consent: false }, actor(req))
    await checkIn(req.park, { attendee: made._id, session }, actor(req))
    flash(res, 'event.done.walkedIn')
    return deskPath(event, session, null, made._id)
  })
}

async function loadPass(req: Request): Promise<{ attendee: Attendee; event: Event }> {
  const park = req.park._id
  const attendee = (await Attendee.findOne({ park, pass: plainCode(param(req, 'pass')) }).lean()) as Attendee | null
  const event = attendee && ((await Event.findOne({ park, _id: attendee.event }).lean()) as Event | null)
  if (!attendee || !event) throw notFound()
  return { attendee, event }
}

/** Where the QR code leads: a member of staff opens it with the phone's camera and presses once. */
async function pass(req: Request, res: Response): Promise<void> {
  const { attendee, event } = await loadPass(req)
  const tenants = await tenantsNamed(event.park, [attendee])
  const day = today(req.park.zone)
  res.page('events/pass', {
    event,
    phase: phaseOf(event),
    attendee,
    form: formState(req),
    organisation: tenants.get(String(attendee.tenant)) ?? attendee.organisation,
    usual: usualSession(event, req.park.zone)._id,
    sessions: event.sessions.map(session => ({ session, checkIn: wasAt(attendee, session._id), early: session.day > day })),
  })
}

async function pressPass(req: Request, res: Response): Promise<void> {
  const { attendee } = await loadPass(req)
  const { session } = readForm(req, z.object({ session: f.id() }))
  await commit(req, res, async () => {
    const fresh = await checkIn(req.park, { attendee: attendee._id, session }, actor(req))
    flash(res, fresh ? 'event.done.checkedIn' : 'event.done.wasCheckedIn')
    return passPath(req.park._id, attendee.pass)
  })
}

export const eventCheckInRoutes = routes(({ get, post }) => {
  get('/pass/:pass', 'event.checkin', pass)
  post('/pass/:pass/check-in', 'event.checkin', pressPass, { again: pass })
  get('/:event/check-in', 'event.checkin', desk)
  post('/:event/check-in', 'event.checkin', press(checkIn), { again: desk })
  post('/:event/check-in/removal', 'event.checkin', press(undoCheckIn), { again: desk })
  post('/:event/walk-ins', 'event.checkin', walkIn, { again: desk })
})
