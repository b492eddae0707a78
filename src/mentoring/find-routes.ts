import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { reachOf } from '../accounts/identity.ts'
import { addDays, type Day, isDay, today, weekday } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { notFound, RuleError } from '../lib/rule-error.ts'
import { tenantContact } from '../rooms/tenant-contact.ts'
import { Tenant } from '../tenants/tenant.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm, readQuery } from '../web/forms.ts'
import { linkWith } from '../web/list.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { bookSlot } from './book.ts'
import { Mentor } from './mentor.ts'
import { findSlot, isOpen, MentorDay, type Slot } from './mentor-day.ts'
import { loadMentor } from './mentors.ts'
import { sessionPath, whenText } from './session.ts'
import { fieldsNamed, setupOf } from './setup.ts'
import { type Viewer, viewerOf } from './sides.ts'
import { openCount, type Team, userTeam } from './team.ts'

/** Finding an open slot, by mentor, field and week, and booking it. */
const AHEAD_DAYS = 55
const hex = z.string().regex(/^[0-9a-f]{24}$/)
const query = z.object({ mentor: hex.optional(), field: z.string().max(40).optional(), week: z.string().refine(isDay).optional() })

const monday = (day: Day): Day => addDays(day, 1 - weekday(day))

export interface OpenSlot {
  day: Day
  slot: Slot
  mentor: Mentor
}

/** The open slots of some days, in order of time, each with its mentor. */
export function openOf(days: MentorDay[], mentors: Mentor[]): OpenSlot[] {
  const known = new Map(mentors.map(mentor => [String(mentor._id), mentor]))
  return days
    .flatMap(({ day, mentor, slots }) => slots.map(slot => ({ day, slot, mentor: known.get(String(mentor)) })))
    .filter((one): one is OpenSlot => one.mentor !== undefined && isOpen(one.slot))
    .sort((a, b) => a.slot.startsAt.getTime() - b.slot.startsAt.getTime() || (a.mentor.name < b.mentor.name ? -1 : 1))
}

export const daysAhead = (park: string, on: Day, count: number): Promise<MentorDay[]> =>
  scopedFind<MentorDay>(MentorDay, { park, day: { $gte: on, $lte: addDays(on, count) } }, { sort: { day: 1 } })

/** How many open bookings their own team has; null where it isn't clear which team. */
async function ownLoad(park: string, viewer: Viewer): Promise<number | null> {
  if (viewer.tenants.length === 1) return openCount(park, { tenant: new Types.ObjectId(viewer.tenants[0]), user: null })
  return viewer.founder ? openCount(park, userTeam(viewer.id, '')) : null
}

async function index(req: Request, res: Response): Promise<void> {
  const park = req.park._id
  const may = Boolean(reachOf(req.me, 'mentoring.book', req.park))
  if (!may) return res.redirect(302, `/parks/${park}/mentoring/own`)
  const asked = readQuery(req, query)
  const on = today(req.park.zone)
  const viewer = await viewerOf(req)
  const [days, mentors, setup, load] = await Promise.all([
    daysAhead(park, on, AHEAD_DAYS),
    scopedFind<Mentor>(Mentor, { park, activeTo: { $gte: on } }, { sort: { name: 1 } }),
    setupOf(park),
    ownLoad(park, viewer),
  ])
  const fits = ({ mentor }: OpenSlot) =>
    (!asked.mentor || String(mentor._id) === asked.mentor) && (!asked.field || mentor.fields.includes(asked.field))
  const open = openOf(days, mentors).filter(fits)
  const weeks = [...new Set(open.map(({ day }) => monday(day)))]
  const week = asked.week ? monday(asked.week) : (weeks[0] ?? monday(on))
  const shown = open.filter(({ day }) => monday(day) === week)
  res.page('mentoring/find', {
    asked,
    mentors,
    setup,
    load,
    week,
    weeks: weeks.map(start => ({
      start,
      count: open.filter(({ day }) => monday(day) === start).length,
      path: linkWith(req, { week: start }),
    })),
    days: [...new Set(shown.map(({ day }) => day))].map(day => ({ day, slots: shown.filter(one => one.day === day) })),
    fieldsOf: (mentor: Mentor) => fieldsNamed(setup, mentor.fields),
    clear: linkWith(req, { mentor: null, field: null, week: null }),
  })
}

const bookForm = z.object({
  tenant: f.optionalId(),
  team: f.optionalText(80),
  topic: f.text(80),
  wish: f.optionalText(2000),
})

interface Named {
  _id: Types.ObjectId
  name: string
}

/** The companies somebody may book for: their own; staff for any of the park. */
function companiesOf(park: string, viewer: Viewer): Promise<Named[]> | [] {
  if (!viewer.staff && !viewer.tenants.length) return []
  const own = viewer.staff ? {} : { _id: { $in: viewer.tenants.map(id => new Types.ObjectId(id)) } }
  return scopedFind<Named>(Tenant, { park, mergedInto: null, ...own }, { projection: { name: 1 }, sort: { name: 1 }, limit: 3000 })
}

async function showForm(req: Request, res: Response): Promise<void> {
  const park = req.park._id
  const found = await findSlot(park, idParam(req, 'slot'))
  if (!found) throw notFound()
  const viewer = await viewerOf(req)
  const [mentor, setup, companies, load] = await Promise.all([
    loadMentor(park, found.mentor),
    setupOf(park),
    companiesOf(park, viewer),
    ownLoad(park, viewer),
  ])
  res.page('mentoring/book', {
    form: formState(req, companies.length === 1 ? { tenant: String(companies[0]!._id) } : {}),
    slot: found.slot,
    when: whenText({ day: found.day, ...found.slot }),
    day: found.day,
    open: isOpen(found.slot),
    mentor,
    fields: fieldsNamed(setup, mentor.fields),
    setup,
    companies,
    viewer,
    load,
  })
}

interface Booker {
  team: Team
  contact: Types.ObjectId | null
}

/** In whose name: a company's, their own where there is one; else a founder's team as they call it. */
async function bookerOf(req: Request, viewer: Viewer, { tenant, team }: z.output<typeof bookForm>): Promise<Booker> {
  const only = !viewer.staff && viewer.tenants.length === 1 ? new Types.ObjectId(viewer.tenants[0]) : null
  const chosen = tenant ?? only
  if (chosen) {
    const own = viewer.tenants.includes(String(chosen))
    if (!own && !viewer.staff) throw notFound()
    const contact = own ? new Types.ObjectId(viewer.id) : ((await tenantContact(req.park._id, chosen))?._id ?? null)
    // Its name is read where the booking is made.
    return { team: { tenant: chosen, user: null, name: '' }, contact }
  }
  if (!viewer.founder) throw new RuleError('required', {}, { field: 'tenant' })
  if (!team) throw new RuleError('required', {}, { field: 'team' })
  return { team: userTeam(viewer.id, team), contact: new Types.ObjectId(viewer.id) }
}

async function book(req: Request, res: Response): Promise<void> {
  const slot = idParam(req, 'slot')
  // Another park's slot is none, whatever was typed.
  if (!(await findSlot(req.park._id, slot))) throw notFound()
  const form = readForm(req, bookForm)
  const booker = await bookerOf(req, await viewerOf(req), form)
  await commit(req, res, async () => {
    const session = await bookSlot(req.park, { slot, ...booker, topic: form.topic, wish: form.wish }, actor(req))
    flash(res, 'mentoring.done.booked')
    return sessionPath(session)
  })
}

export const findMentorRoutes = routes(({ get, post }) => {
  get('/', 'mentoring.read', index)
  get('/slots/:slot', 'mentoring.book', showForm)
  post('/slots/:slot/booking', 'mentoring.book', book, { again: showForm })
})
