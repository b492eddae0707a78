import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { grantsIn, tenantsIn } from '../accounts/identity.ts'
import { isTenantRole } from '../accounts/roles.ts'
import { countOpenForm } from '../accounts/throttle.ts'
import { config } from '../config.ts'
import { scopedFind, scopedOne } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { Tenant } from '../tenants/tenant.ts'
import { actor } from '../web/context.ts'
import { formState, keyOf, param, readForm, readQuery, seeOther } from '../web/forms.ts'
import { linkWith } from '../web/list.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { Attendee } from './attendee.ts'
import { Event, phaseOf, placesLeft, publicEventPath, signUpOf } from './event.ts'
import { signUpForm } from './form.ts'
import { EventQuestion } from './question.ts'
import { placePath, tokenFor } from './secrets.ts'
import { signUp } from './sign-up.ts'
import { eventWhen } from './times.ts'
import { pastEvents, upcomingEvents } from './upcoming.ts'

/** What anybody sees of a park's programme, and where they sign up. */
const UPCOMING = 60
const PAST = 12

const query = z.object({ page: z.coerce.number().int().min(1).max(500).default(1) })

async function list(req: Request, res: Response): Promise<void> {
  const park = req.park._id
  const { page } = readQuery(req, query)
  const [upcoming, past] = await Promise.all([
    page === 1 ? upcomingEvents(park, UPCOMING) : [],
    pastEvents(park, (page - 1) * PAST, PAST + 1),
  ])
  res.page('events/public-list', {
    upcoming,
    past: past.slice(0, PAST),
    page,
    older: past.length > PAST ? linkWith(req, { page: String(page + 1) }) : null,
    newer: page > 1 ? linkWith(req, { page: page > 2 ? String(page - 1) : null }) : null,
    base: config.BASE_URL ?? null,
    phaseOf,
    signUpOf: (event: Event) => signUpOf(event, req.park.zone),
    placesLeft,
    when: eventWhen,
  })
}

/** Drafts don't exist for the public; what was called off stays, and says so. */
export async function findPublic(req: Request): Promise<Event> {
  const event = await scopedOne<Event>(Event, { park: req.park._id, code: param(req, 'event'), state: { $ne: 'draft' } })
  if (!event) throw notFound()
  return event
}

/** The company somebody belongs to here: their hours count for it. */
function tenantOf(req: Request): Types.ObjectId | null {
  const [tenant] = tenantsIn(req.me, req.park)
  return tenant ? new Types.ObjectId(tenant) : null
}

/** Companies' people, and founders the park has taken in. */
const isInsider = (req: Request): boolean => grantsIn(req.me, req.park).some(({ role }) => role === 'applicant' || isTenantRole(role))

/** What is known of somebody who is signed in, so that they needn't type it. */
async function knownOf(req: Request, tenant: Types.ObjectId | null): Promise<Record<string, string>> {
  if (!req.me) return {}
  const company =
    tenant && (await scopedOne<Pick<Tenant, 'name'>>(Tenant, { park: req.park._id, _id: tenant }, { projection: { name: 1 } }))
  return { name: req.me.name, email: req.me.email, organisation: company?.name ?? '' }
}

/** Somebody who was invited: what is known of them stands in the form, which goes to an address of its own (leads/). */
export interface Invited {
  known: Record<string, string>
  name: string
  path: string
  state: 'open' | 'declined' | 'signedUp'
}

const show = async (req: Request, res: Response): Promise<void> => drawPublic(req, res, await findPublic(req), null)

export async function drawPublic(req: Request, res: Response, event: Event, invited: Invited | null): Promise<void> {
  const park = req.park._id
  const tenant = tenantOf(req)
  const [known, questions, own] = await Promise.all([
    invited?.known ?? knownOf(req, tenant),
    scopedFind<Pick<EventQuestion, 'text' | 'answer'>>(
      EventQuestion,
      { park, event: event._id, shown: true, answer: { $ne: null } },
      { projection: { text: 1, answer: 1 }, sort: { at: 1, _id: 1 }, limit: 100 },
    ),
    req.me
      ? scopedFind<Pick<Attendee, '_id' | 'name' | 'state'>>(
          Attendee,
          { park, user: new Types.ObjectId(req.me.id), event: event._id, state: { $ne: 'cancelled' } },
          { projection: { name: 1, state: 1 } },
        )
      : [],
  ])
  res.page('events/public', {
    event,
    signUp: signUpOf(event, req.park.zone),
    left: placesLeft(event),
    mayJoin: event.audience === 'public' || isInsider(req) || invited !== null,
    form: formState(req, known),
    invited,
    questions,
    places: own.map(one => ({ ...one, path: placePath(park, String(one._id)) })),
    base: config.BASE_URL ?? null,
    when: eventWhen,
  })
}

const COOKIE = 'zhigu.place'
const cookieOf = (park: string) => ({ httpOnly: true, sameSite: 'lax', path: `/parks/${park}/attendance` }) as const

/** The way from the form to the page of one's place: its secret address is nowhere but in the browser that asked for it. */
export function toOwnPlace(req: Request, res: Response): void {
  const token: unknown = req.cookies?.[COOKIE]
  const park = req.park._id
  res.clearCookie(COOKIE, cookieOf(park))
  seeOther(res, typeof token === 'string' ? placePath(park, token) : `/parks/${park}/events`)
}

/**
 * Signs up who filled in the form; of who was `invited` more is done, in the same transaction. A robot, which fills in a field nobody
 * sees, learns nothing.
 */
export async function joinPublic(
  req: Request,
  res: Response,
  event: Event,
  invited: ((attendee: Attendee) => Promise<void>) | null = null,
): Promise<void> {
  const { consent, website, ...typed } = readForm(req, signUpForm.extend({ _key: z.string().max(64).optional() }))
  const { _key, ...person } = typed
  if (website) return seeOther(res, publicEventPath(event))
  // A lecture hall signs up from behind one address.
  await countOpenForm(req, 'event', 1)
  const park = req.park._id
  const token = tokenFor(keyOf({ _key }), req.secret ?? '')
  res.cookie(COOKIE, token, { ...cookieOf(park), maxAge: 600_000 })
  // A colleague signed up by somebody has their own address, and no account that opens it.
  const user = req.me && person.email === req.me.email ? new Types.ObjectId(req.me.id) : null
  await commit(req, res, async () => {
    // Nobody is signed in: the trail names who signed up.
    const by = req.me ? actor(req) : { ...actor(req), name: person.name }
    const who = { ...person, lang: req.lang, user, tenant: tenantOf(req) }
    // Who was invited may come, whomever it is for.
    const how = { source: 'public' as const, token, consent, insider: isInsider(req) || invited !== null }
    const attendee = await signUp(req.park, event.code, who, how, by)
    await invited?.(attendee)
    return `/parks/${park}/attendance/own`
  })
}

const join = async (req: Request, res: Response): Promise<void> => joinPublic(req, res, await findPublic(req))

export const publicEventRoutes = routes(({ get, post }) => {
  get('/', 'public', list)
  get('/:event', 'public', show)
  post('/:event/attendees', 'public', join, { again: show })
})
