import type { Request, Response } from 'express'
import { z } from 'zod'
import { forbidden } from '../lib/rule-error.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { boardQuery } from './board.ts'
import { listQuery } from './list.ts'
import { NAME_LENGTH, removeView, renameView, saveView, VIEW_PAGES, type ViewPage, viewPath, viewQuery, viewsFor } from './saved-view.ts'
import { mayLead } from './who.ts'

/** Views that people keep: named on the list or the board, opened by a chip, renamed and deleted on a page of their own. */
const KNOWN: Record<ViewPage, readonly string[]> = { list: Object.keys(listQuery.shape), board: Object.keys(boardQuery.shape) }

/** What is asked now, in the spelling of saved views: the chip of the same view is marked. */
export const currentQuery = (req: Request, page: ViewPage): string => {
  const mark = req.originalUrl.indexOf('?')
  return viewQuery(mark < 0 ? '' : req.originalUrl.slice(mark), KNOWN[page])
}

async function index(req: Request, res: Response): Promise<void> {
  const views = await viewsFor(req.park._id, req.me!.id)
  const mine = (one: (typeof views)[number]) => String(one.user) === req.me!.id
  const form = formState(req)
  res.page('leads/views', {
    form,
    // A form that was refused is either one row's or that of a new view.
    failed: typeof req.params['view'] === 'string' ? req.params['view'] : null,
    isNew: form.problems.length > 0 && !req.params['view'],
    own: views.filter(mine),
    others: views.filter(one => !mine(one)),
    leads: mayLead(req),
    pathOf: viewPath,
  })
}

const nameShape = { name: f.text(NAME_LENGTH), shared: f.check() }
const saveForm = z.object({ ...nameShape, page: f.choice(VIEW_PAGES), query: f.optionalText(4000) })

/** Sharing is for who leads: everybody gets the chip. */
const refuseSharing = (req: Request, shared: boolean): void => {
  if (shared && !mayLead(req)) throw forbidden()
}

async function save(req: Request, res: Response): Promise<void> {
  const { query, ...rest } = readForm(req, saveForm)
  refuseSharing(req, rest.shared)
  await commit(req, res, async () => {
    const view = await saveView(req.park._id, { ...rest, query: viewQuery(query ?? '', KNOWN[rest.page]) }, actor(req))
    flash(res, 'leadBoard.done.viewSaved')
    return viewPath(view)
  })
}

const renameForm = z.object(nameShape)

async function rename(req: Request, res: Response): Promise<void> {
  const form = readForm(req, renameForm)
  refuseSharing(req, form.shared)
  await commit(req, res, async () => {
    await renameView(req.park._id, idParam(req, 'view'), form, actor(req))
    flash(res, 'leadBoard.done.viewSaved')
    return `/parks/${req.park._id}/leads/views`
  })
}

async function remove(req: Request, res: Response): Promise<void> {
  await commit(req, res, async () => {
    await removeView(req.park._id, idParam(req, 'view'), actor(req))
    flash(res, 'leadBoard.done.viewRemoved')
    return `/parks/${req.park._id}/leads/views`
  })
}

export const leadViewRoutes = routes(({ get, post }) => {
  get('/views', 'lead.read', index)
  post('/views', 'lead.read', save, { again: index })
  post('/views/:view', 'lead.read', rename, { again: index })
  post('/views/:view/removal', 'lead.read', remove)
})
