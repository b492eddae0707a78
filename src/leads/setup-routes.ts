import type { Request, Response } from 'express'
import { historyOf } from '../audit/history.ts'
import { actor } from '../web/context.ts'
import { wordedRows } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { setupOf } from './setup.ts'
import { editSetup, MAX_STAGES, setupForm, setupFrom, setupValues } from './setup-form.ts'

/** The park's own rules for leads. */
async function show(req: Request, res: Response): Promise<void> {
  const setup = await setupOf(req.park._id)
  const form = formState(req, setupValues(setup))
  const rows = wordedRows('code', 'zh', 'en', 'weight')(form.values['stages'])
  res.page('leads/settings', {
    form,
    rows: rows.length < MAX_STAGES ? [...rows, {}] : rows,
    history: await historyOf(req, 'leadsetup', req.park._id),
  })
}

async function save(req: Request, res: Response): Promise<void> {
  const form = readForm(req, setupForm)
  const facts = setupFrom(form, await setupOf(req.park._id))
  await commit(req, res, async () => {
    await editSetup(req.park._id, form.version, facts, actor(req))
    flash(res, 'app.saved')
    return `/parks/${req.park._id}/settings/leads`
  })
}

export const leadSetupRoutes = routes(({ get, post }) => {
  get('/', 'park.edit', show)
  post('/', 'park.edit', save, { again: show })
})
