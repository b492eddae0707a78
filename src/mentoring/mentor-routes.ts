import type { Request, Response } from 'express'
import { z } from 'zod'
import { historyOf } from '../audit/history.ts'
import { FOREVER, today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { textIn } from '../lib/text.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { received } from '../web/uploads.ts'
import { daysAhead } from './find-routes.ts'
import { isActive, Mentor } from './mentor.ts'
import { isOpen } from './mentor-day.ts'
import { admitMentor, createMentor, dismissMentor, editMentor, loadMentor, type MentorInput, retireMentor } from './mentors.ts'
import { setPhoto } from './photos.ts'
import { fieldsNamed, setupOf } from './setup.ts'

/** Mentors as staff keep them: the list, who they are, until when, their account and picture. */
const OPEN_DAYS = 30
const root = (req: Request): string => `/parks/${req.park._id}/mentoring/mentors`
const load = (req: Request): Promise<Mentor> => loadMentor(req.park._id, idParam(req, 'mentor'))

async function index(req: Request, res: Response): Promise<void> {
  const park = req.park._id
  const on = today(req.park.zone)
  const [mentors, days, setup] = await Promise.all([
    scopedFind<Mentor>(Mentor, { park }, { sort: { name: 1, _id: 1 }, limit: 500 }),
    daysAhead(park, on, OPEN_DAYS),
    setupOf(park),
  ])
  const slotsOf = (mentor: Mentor) => days.filter(day => day.mentor.equals(mentor._id)).flatMap(day => day.slots)
  const rows = mentors.map(mentor => ({
    mentor,
    fields: fieldsNamed(setup, mentor.fields),
    open: slotsOf(mentor).filter(slot => isOpen(slot)).length,
    booked: slotsOf(mentor).filter(slot => slot.session).length,
    active: isActive(mentor, on),
    ahead: mentor.activeFrom > on,
  }))
  rows.sort((a, b) => Number(b.active || b.ahead) - Number(a.active || a.ahead))
  res.page('mentoring/mentors', { rows, days: OPEN_DAYS })
}

const fields = z.object({
  code: f.text(20),
  name: f.text(60),
  titleZh: f.optionalText(80),
  titleEn: f.optionalText(120),
  introZh: f.optionalText(1000),
  introEn: f.optionalText(1500),
  fields: f.many(f.text(40), 20),
  email: f.optionalEmail(),
  activeFrom: f.day(),
})
const editForm = fields.extend({ version: f.version() })

/** English falls back to Chinese, so it can't stand alone; a field that is no more is dropped. */
async function inputFrom(req: Request, form: z.output<typeof fields>): Promise<MentorInput> {
  const { code, name, titleZh, titleEn, introZh, introEn, email, activeFrom } = form
  const setup = await setupOf(req.park._id)
  const text = (zh: string | null, en: string | null) => (zh || en ? { zh: zh ?? en!, en: zh ? en : null } : null)
  return {
    ...{ code, name, title: text(titleZh, titleEn), intro: text(introZh, introEn), email, activeFrom },
    fields: fieldsNamed(setup, form.fields).map(({ key }) => key),
  }
}

async function formPage(req: Request, res: Response, mentor: Mentor | null): Promise<void> {
  const on = today(req.park.zone)
  const { title = null, intro = null } = mentor ?? {}
  const texts = { titleZh: title?.zh, titleEn: title?.en, introZh: intro?.zh, introEn: intro?.en }
  const last = mentor && mentor.activeTo !== FOREVER ? mentor.activeTo : on
  res.page('mentoring/mentor', {
    mentor,
    setup: await setupOf(req.park._id),
    form: formState(req, { activeFrom: on, fields: [], ...mentor, ...texts, last }),
    failedStep: req.failed ? (req.path.split('/')[3] ?? 'edit') : null,
    retired: mentor !== null && mentor.activeTo !== FOREVER,
    history: mentor && (await historyOf(req, 'mentor', mentor._id)),
  })
}

const create = (req: Request, res: Response) => formPage(req, res, null)
const edit = async (req: Request, res: Response) => formPage(req, res, await load(req))

async function add(req: Request, res: Response): Promise<void> {
  const input = await inputFrom(req, readForm(req, fields))
  await commit(req, res, async () => {
    const mentor = await createMentor(req.park._id, input, actor(req))
    flash(res, 'mentoring.done.mentorAdded')
    return `${root(req)}/${mentor._id}/slots`
  })
}

async function save(req: Request, res: Response): Promise<void> {
  const { _id } = await load(req)
  const form = readForm(req, editForm)
  const input = await inputFrom(req, form)
  await commit(req, res, async () => {
    await editMentor(req.park._id, _id, form.version, input, actor(req))
    flash(res, 'app.saved')
    return root(req)
  })
}

const back = async (req: Request, res: Response, done: Parameters<typeof flash>[1], work: (mentor: Mentor) => Promise<unknown>) => {
  const mentor = await load(req)
  await commit(req, res, async () => {
    await work(mentor)
    flash(res, done)
    return `${root(req)}/${mentor._id}/edit`
  })
}

const retireForm = z.object({ version: f.version(), last: f.day() })
const retire = (req: Request, res: Response) =>
  back(req, res, 'mentoring.done.retired', ({ park, _id }) => {
    const { version, last } = readForm(req, retireForm)
    return retireMentor(park, _id, version, last, actor(req))
  })

const returnForm = z.object({ version: f.version() })
const comeBack = (req: Request, res: Response) =>
  back(req, res, 'app.saved', ({ park, _id }) => retireMentor(park, _id, readForm(req, returnForm).version, FOREVER, actor(req)))

async function admit(req: Request, res: Response): Promise<void> {
  const mentor = await load(req)
  await commit(req, res, async () => {
    const place = textIn(req.park.name, req.lang).text
    const how = await admitMentor(req.park._id, mentor._id, { place, lang: req.lang }, actor(req))
    flash(res, how === 'linked' ? 'mentoring.done.linked' : 'mentoring.done.invited')
    return `${root(req)}/${mentor._id}/edit`
  })
}

const dismiss = (req: Request, res: Response) =>
  back(req, res, 'mentoring.done.unlinked', ({ park, _id }) => dismissMentor(park, _id, actor(req)))

const addPhoto = (req: Request, res: Response) =>
  back(req, res, 'mentoring.done.photo', ({ park, _id }) => setPhoto(park, _id, received(req, 'photo')[0] ?? null, actor(req)))
const removePhoto = (req: Request, res: Response) => back(req, res, 'app.saved', ({ park, _id }) => setPhoto(park, _id, null, actor(req)))

export const mentorRoutes = routes(({ get, post }) => {
  get('/mentors', 'mentoring.edit', index)
  post('/mentors', 'mentoring.edit', add, { again: create })
  get('/mentors/new', 'mentoring.edit', create)
  get('/mentors/:mentor/edit', 'mentoring.edit', edit)
  post('/mentors/:mentor/edit', 'mentoring.edit', save, { again: edit })
  post('/mentors/:mentor/retirement', 'mentoring.edit', retire, { again: edit })
  post('/mentors/:mentor/return', 'mentoring.edit', comeBack, { again: edit })
  post('/mentors/:mentor/account', 'mentoring.edit', admit, { again: edit })
  post('/mentors/:mentor/account/removal', 'mentoring.edit', dismiss, { again: edit })
  post('/mentors/:mentor/photo', 'mentoring.edit', addPhoto, {
    again: edit,
    files: { photo: { max: 1, kinds: ['jpg', 'png', 'webp'], mib: 5 } },
  })
  post('/mentors/:mentor/photo/removal', 'mentoring.edit', removePhoto, { again: edit })
})
