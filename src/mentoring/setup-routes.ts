import type { Request, Response } from 'express'
import { z } from 'zod'
import { actor } from '../web/context.ts'
import { f, wordedRows } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { editSetup, MAX_CAP, MAX_FIELDS, MAX_HOURS, setupOf } from './setup.ts'

/** Fields and rules of a park's mentoring. */
const fieldRows = wordedRows('zh', 'en')
const setupForm = z.object({
  version: f.version(),
  cap: f.whole(1, MAX_CAP),
  cancelHours: f.whole(0, MAX_HOURS),
  fields: z.preprocess(fieldRows, f.rows(z.object({ key: f.optionalText(40), zh: f.text(30), en: f.optionalText(50) }), MAX_FIELDS)),
})

async function show(req: Request, res: Response): Promise<void> {
  const { fields, ...setup } = await setupOf(req.park._id)
  const rows = fields.map(({ key, name }) => ({ key, zh: name.zh, en: name.en ?? '' }))
  const form = formState(req, { ...setup, fields: rows })
  res.page('mentoring/settings', { form, rows: [...fieldRows(form.values['fields']), {}, {}], most: MAX_FIELDS })
}

async function save(req: Request, res: Response): Promise<void> {
  const { version, cap, cancelHours, fields } = readForm(req, setupForm)
  await commit(req, res, async () => {
    const given = fields.map(({ key, zh, en }) => ({ key, name: { zh, en } }))
    await editSetup(req.park._id, version, { cap, cancelHours, fields: given }, actor(req))
    flash(res, 'app.saved')
    return `/parks/${req.park._id}/mentoring/settings`
  })
}

export const mentoringSetupRoutes = routes(({ get, post }) => {
  get('/settings', 'mentoring.edit', show)
  post('/settings', 'mentoring.edit', save, { again: show })
})
