import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import type { Actor } from '../accounts/identity.ts'
import { countOpenForm } from '../accounts/throttle.ts'
import { scopedFind, scopedOne } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { inHours } from '../lib/wall.ts'
import { sendQr, siteOf } from '../rooms/room-sign.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, param, readForm, seeOther } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { askQuestion } from './ask.ts'
import { Attendee, attended, hasEarned, minutesAttended, wasAt } from './attendee.ts'
import { giveCertificate } from './certificate.ts'
import { printCertificate } from './certificate-paper.ts'
import { Event, phaseOf, publicEventPath } from './event.ts'
import { giveFeedback } from './own-place.ts'
import { positionOf } from './places.ts'
import { toOwnPlace } from './public-routes.ts'
import { EventQuestion } from './question.ts'
import { digestOf, isToken, passPath, placePath } from './secrets.ts'
import { giveUpPlace } from './sign-up.ts'
import { calendarOf, eventWhen } from './times.ts'

/** The page of somebody's own place: by its secret address, or by its record for who is signed in and signed up. No role is needed. */
interface Own {
  attendee: Attendee
  event: Event
  path: string
}

const isId = (token: string): boolean => /^[0-9a-f]{24}$/.test(token)

function whoseIs(req: Request, token: string): Record<string, unknown> | null {
  if (isToken(token)) return { hashes: digestOf(token) }
  return req.me && isId(token) ? { _id: new Types.ObjectId(token), user: new Types.ObjectId(req.me.id) } : null
}

async function findOwn(req: Request): Promise<Own> {
  const park = req.park._id
  const token = param(req, 'token')
  const own = whoseIs(req, token)
  const attendee = own && (await scopedOne<Attendee>(Attendee, { park, ...own }))
  const event = attendee && (await scopedOne<Event>(Event, { park, _id: attendee.event }))
  if (!attendee || !event) throw notFound()
  return { attendee, event, path: placePath(park, token) }
}

/** Nobody is signed in at a secret address: the trail names the person. */
const actorAt = (req: Request, { name }: Attendee): Actor => (req.me ? actor(req) : { ...actor(req), id: 'attendee', name })

async function show(req: Request, res: Response): Promise<void> {
  const token = param(req, 'token')
  if (token === 'own') return toOwnPlace(req, res)
  if (!req.me && isId(token)) return seeOther(res, `/sign-in?next=${encodeURIComponent(placePath(req.park._id, token))}`)
  const { attendee, event, path } = await findOwn(req)
  res.set('referrer-policy', 'no-referrer').set('cache-control', 'private, no-store')
  res.page('events/place', {
    attendee,
    event,
    path,
    address: `${siteOf(req)}${path}`,
    phase: phaseOf(event),
    position: await positionOf(attendee),
    sessions: event.sessions.map(session => ({ session, checkIn: wasAt(attendee, session._id) })),
    came: attended(attendee, event).length,
    minutes: minutesAttended(attendee, event),
    earned: hasEarned(attendee, event),
    questions: await scopedFind<EventQuestion>(
      EventQuestion,
      { park: req.park._id, attendee: attendee._id },
      { sort: { at: 1 }, limit: 50 },
    ),
    form: formState(req, { stars: '' }),
    publicPath: publicEventPath(event),
    when: eventWhen(event),
    inHours,
  })
}

async function qr(req: Request, res: Response): Promise<void> {
  const { attendee } = await findOwn(req)
  await sendQr(res, `${siteOf(req)}${passPath(req.park._id, attendee.pass)}`, 'M', 'private, no-store')
}

async function calendar(req: Request, res: Response): Promise<void> {
  const { attendee, event } = await findOwn(req)
  if (attendee.state !== 'going') throw notFound()
  const { text } = calendarOf(event, req.park, req.lang, event.state === 'cancelled')
  res.set('cache-control', 'private, no-store').set('content-disposition', `attachment; filename="${event.code}.ics"`)
  res.type('text/calendar; charset=utf-8').send(text)
}

async function certify(req: Request, res: Response): Promise<void> {
  const { attendee, path } = await findOwn(req)
  await commit(req, res, async () => {
    await giveCertificate(req.park, attendee._id, actorAt(req, attendee))
    flash(res, 'event.done.certified')
    return `${path}#certificate`
  })
}

async function certificate(req: Request, res: Response): Promise<void> {
  const { attendee, event } = await findOwn(req)
  await printCertificate(req, res, attendee, event)
}

async function cancel(req: Request, res: Response): Promise<void> {
  const { attendee, path } = await findOwn(req)
  await commit(req, res, async () => {
    await giveUpPlace(req.park, attendee._id, actorAt(req, attendee))
    flash(res, 'event.done.gaveUp')
    return path
  })
}

async function ask(req: Request, res: Response): Promise<void> {
  const { attendee, event, path } = await findOwn(req)
  const { question } = readForm(req, z.object({ question: f.text(1000) }))
  await countOpenForm(req, 'question', 4)
  await commit(req, res, async () => {
    await askQuestion(req.park, event, attendee, question, actorAt(req, attendee))
    flash(res, 'event.done.asked')
    return `${path}#questions`
  })
}

const feedbackForm = z.object({ stars: f.whole(1, 5), words: f.optionalText(1000) })

async function feedback(req: Request, res: Response): Promise<void> {
  const { attendee, path } = await findOwn(req)
  const form = readForm(req, feedbackForm)
  await commit(req, res, async () => {
    await giveFeedback(req.park._id, attendee._id, form, actorAt(req, attendee))
    flash(res, 'event.done.thanks')
    return path
  })
}

/** Somebody's own events in this park: what they signed up for while signed in. */
async function mine(req: Request, res: Response): Promise<void> {
  const park = req.park._id
  const places = req.me
    ? await scopedFind<Attendee>(Attendee, { park, user: new Types.ObjectId(req.me.id) }, { sort: { at: -1 }, limit: 100 })
    : []
  const ids = places.map(one => one.event)
  const events = ids.length ? await scopedFind<Event>(Event, { park, _id: { $in: ids } }, { projection: { text: 0, speaker: 0 } }) : []
  const rows = places.flatMap(attendee => {
    const event = events.find(one => one._id.equals(attendee.event))
    return event ? [{ attendee, event, phase: phaseOf(event), path: placePath(park, String(attendee._id)), when: eventWhen(event) }] : []
  })
  const ahead = (phase: string) => phase === 'upcoming' || phase === 'running'
  res.page('events/mine', {
    ahead: rows.filter(({ phase, attendee }) => ahead(phase) && attendee.state !== 'cancelled').reverse(),
    behind: rows.filter(({ phase, attendee }) => !ahead(phase) || attendee.state === 'cancelled'),
  })
}

export const placeRoutes = routes(({ get, post }) => {
  get('/', 'public', mine)
  get('/:token', 'public', show)
  get('/:token/qr.svg', 'public', qr)
  get('/:token/calendar.ics', 'public', calendar)
  get('/:token/certificate.pdf', 'public', certificate)
  post('/:token/certificate', 'public', certify, { again: show })
  post('/:token/cancellation', 'public', cancel, { again: show })
  post('/:token/questions', 'public', ask, { again: show })
  post('/:token/feedback', 'public', feedback, { again: show })
})
