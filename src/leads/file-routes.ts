import type { Request, Response } from 'express'
import { z } from 'zod'
import { DOCUMENT } from '../files/content.ts'
import { findLinked } from '../files/store.ts'
import { notFound } from '../lib/rule-error.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { received } from '../web/uploads.ts'
import { AT_A_TIME, attachToLead, detachFromLead, filesOfLead, LEAD_FILE } from './files.ts'
import { leadPath } from './lead.ts'
import { loadLead } from './steps.ts'
import { ownLead } from './visit-page.ts'
import { worksOn } from './who.ts'

/** The files of a lead: a page of its own, where they are added and taken off. */
async function index(req: Request, res: Response): Promise<void> {
  const lead = await loadLead(req.park._id, idParam(req, 'lead'))
  res.page('leads/files', {
    ...{ lead, leadPath: leadPath(lead), files: await filesOfLead(req.park._id, lead._id), form: formState(req) },
    may: worksOn(req, lead) && lead.state !== 'merged',
  })
}

async function add(req: Request, res: Response): Promise<void> {
  const lead = await ownLead(req)
  await commit(req, res, async () => {
    await attachToLead(req.park._id, lead._id, received(req, 'papers'), actor(req))
    flash(res, 'visit.flash.filed')
    return `${leadPath(lead)}/files`
  })
}

const removal = z.object({ reason: f.text(200) })

async function loaded(req: Request) {
  const lead = await ownLead(req)
  const file = await findLinked(req.park._id, idParam(req, 'attachment'), LEAD_FILE, lead._id)
  if (!file) throw notFound()
  return { lead, file }
}

async function askRemoval(req: Request, res: Response): Promise<void> {
  const { lead, file } = await loaded(req)
  res.page('leads/file-removal', { lead, file, leadPath: leadPath(lead), form: formState(req) })
}

async function remove(req: Request, res: Response): Promise<void> {
  const lead = await ownLead(req)
  const { reason } = readForm(req, removal)
  await commit(req, res, async () => {
    await detachFromLead(req.park._id, lead._id, idParam(req, 'attachment'), reason, actor(req))
    flash(res, 'visit.flash.fileRemoved')
    return `${leadPath(lead)}/files`
  })
}

const papers = { papers: { max: AT_A_TIME, kinds: DOCUMENT } }

export const leadFileRoutes = routes(({ get, post }) => {
  get('/:lead/files', 'lead.read', index)
  post('/:lead/files', 'lead.work', add, { again: index, files: papers })
  get('/:lead/files/:attachment/removal', 'lead.work', askRemoval)
  post('/:lead/files/:attachment/removal', 'lead.work', remove, { again: askRemoval })
})
