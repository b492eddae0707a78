import type { Request, Response } from 'express'
import { reachOf } from '../accounts/identity.ts'
import { sendInline } from '../files/stream.ts'
import { today } from '../lib/days.ts'
import { scopedFind, scopedOne } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { idParam } from '../web/forms.ts'
import { routes } from '../web/router.ts'
import { daysAhead, openOf } from './find-routes.ts'
import { Mentor } from './mentor.ts'
import { findPhoto } from './photos.ts'
import { fieldsNamed, setupOf } from './setup.ts'

/** What anybody reads of a park's mentors: who they are and how many slots are open. Where to meet is told to who books. */
const OPEN_DAYS = 30
const PUBLIC = { park: 1, name: 1, title: 1, intro: 1, fields: 1, photo: 1, activeFrom: 1, activeTo: 1 }

async function list(req: Request, res: Response): Promise<void> {
  const park = req.park._id
  const on = today(req.park.zone)
  const active = { park, activeFrom: { $lte: on }, activeTo: { $gte: on } }
  const [mentors, days, setup] = await Promise.all([
    scopedFind<Mentor>(Mentor, active, { projection: PUBLIC, sort: { name: 1, _id: 1 } }),
    daysAhead(park, on, OPEN_DAYS),
    setupOf(park),
  ])
  const open = openOf(days, mentors)
  res.page('mentoring/public', {
    mayBook: reachOf(req.me, 'mentoring.book', req.park) !== undefined,
    days: OPEN_DAYS,
    cards: mentors.map(mentor => {
      const slots = open.filter(one => one.mentor._id.equals(mentor._id))
      return { mentor, fields: fieldsNamed(setup, mentor.fields), open: slots.length, next: slots[0]?.day ?? null }
    }),
  })
}

async function photo(req: Request, res: Response): Promise<void> {
  const on = today(req.park.zone)
  const mentor = await scopedOne<Mentor>(Mentor, { park: req.park._id, _id: idParam(req, 'mentor'), activeTo: { $gte: on } })
  if (!mentor) throw notFound()
  await sendInline(req, res, await findPhoto(mentor), 'public, max-age=600')
}

export const publicMentorRoutes = routes(({ get }) => {
  get('/mentors', 'public', list)
  get('/mentors/:mentor/photo', 'public', photo)
})
