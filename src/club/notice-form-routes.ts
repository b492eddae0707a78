import type { Request, Response } from 'express'
import { SCAN } from '../files/content.ts'
import { filesOf } from '../files/store.ts'
import { today } from '../lib/days.ts'
import { conflict } from '../lib/rule-error.ts'
import { INDUSTRIES } from '../parks/park.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { received, type Uploads } from '../web/uploads.ts'
import { AUDIENCE_INCUBATION, AUDIENCE_KINDS, AUDIENCE_PLACES } from './audience.ts'
import { asTicked, correctionForm, draftForm, factsFrom, newForm, noticeValues, textFrom } from './form.ts'
import { MAX_FILES, NOTICE_LINK, type Notice, noticePath } from './notice.ts'
import { load } from './notice-routes.ts'
import { correctNotice, createNotice, editDraft, type FileChange } from './notices.ts'
import { standingsOf } from './standing.ts'
import { audienceText } from './words.ts'

const BOXES = ['important', 'again', 'places', 'incubation', 'industries', 'tenants']

/** Writing a notice, and correcting one that is published. */
const FILES: Uploads = { files: { max: MAX_FILES, kinds: SCAN } }

async function form(req: Request, res: Response, notice: Notice | null): Promise<void> {
  const park = req.park._id
  const draft = notice === null || notice.state === 'draft'
  const typed = formState(req, notice ? noticeValues(notice) : { kind: 'all' })
  const state = { ...typed, values: { ...typed.values, ...asTicked(req.failed, BOXES) } }
  const [tenants, files] = await Promise.all([
    draft ? standingsOf(park, today(req.park.zone)) : [],
    notice ? filesOf(park, NOTICE_LINK, notice._id) : [],
  ])
  // One that was chosen and has left is there to be taken off.
  const gone = (notice?.audience.tenants ?? []).filter(id => !tenants.some(one => one.tenant.equals(id))).length
  res.page('club/form', {
    ...{ form: state, notice, draft, tenants, files, gone },
    ...{ kinds: AUDIENCE_KINDS, places: AUDIENCE_PLACES, incubation: AUDIENCE_INCUBATION, industries: INDUSTRIES },
    audience: notice && audienceText(req, notice.audience),
  })
}

const create = (req: Request, res: Response) => form(req, res, null)

async function edit(req: Request, res: Response): Promise<void> {
  const notice = await load(req)
  if (notice.state === 'withdrawn') throw conflict('club.not.published')
  await form(req, res, notice)
}

const filesIn = (req: Request, { drop }: { drop: FileChange['dropped'] }): FileChange => ({ added: received(req, 'files'), dropped: drop })

async function add(req: Request, res: Response): Promise<void> {
  const typed = readForm(req, newForm)
  await commit(req, res, async () => {
    const notice = await createNotice(req.park, factsFrom(typed), filesIn(req, typed), actor(req))
    flash(res, 'club.notice.done.created')
    return noticePath(notice)
  })
}

async function save(req: Request, res: Response): Promise<void> {
  const notice = await load(req)
  const typed = readForm(req, draftForm)
  await commit(req, res, async () => {
    await editDraft(req.park, notice._id, typed.version, factsFrom(typed), filesIn(req, typed), actor(req))
    flash(res, 'app.saved')
    return noticePath(notice)
  })
}

async function correct(req: Request, res: Response): Promise<void> {
  const notice = await load(req)
  const typed = readForm(req, correctionForm)
  const { note, again, version } = typed
  await commit(req, res, async () => {
    const given = { ...textFrom(typed), note, again, files: filesIn(req, typed) }
    await correctNotice(req.park, notice._id, version, given, actor(req))
    flash(res, 'club.notice.done.corrected')
    return noticePath(notice)
  })
}

export const noticeFormRoutes = routes(({ get, post }) => {
  get('/new', 'notice.edit', create)
  post('/', 'notice.edit', add, { again: create, files: FILES })
  get('/:notice/edit', 'notice.edit', edit)
  post('/:notice/edit', 'notice.edit', save, { again: edit, files: FILES })
  post('/:notice/correction', 'notice.edit', correct, { again: edit, files: FILES })
})
