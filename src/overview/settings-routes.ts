import type { Request, Response } from 'express'
import { historyOf } from '../audit/history.ts'
import { ANCHORS, BROKEN, INDUSTRIES, type Park } from '../parks/park.ts'
import { wholePark } from '../parks/scope.ts'
import { editParkFacts, editParkSettings, MAY_BE_PROVISIONAL } from '../parks/settings.ts'
import { INCUBATION_RULES } from '../tenants/incubation.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { factsForm, factsFrom, factsValues, rowsWithWords, rulesForm, rulesValues, SYMBOLS } from './settings-form.ts'

/** A park's settings: what its public page tells, and the rules it decides for itself. They stand here for they name incubation rules. */
/** Nothing ticked posts nothing: what was refused must not come back ticked. */
function untick(req: Request, values: Record<string, unknown>, names: string[]): void {
  for (const name of names) if (req.failed && !(name in req.failed.values)) values[name] = null
}

const rootOf = (park: Pick<Park, '_id'>): string => `/parks/${park._id}/settings`

async function showFacts(req: Request, res: Response): Promise<void> {
  const form = formState(req, factsValues(await wholePark(req)))
  untick(req, form.values, ['industries', 'provisional'])
  const rows = Object.fromEntries(['access', 'products', 'amenities', 'services'].map(name => [name, rowsWithWords(form.values[name])]))
  const history = await historyOf(req, 'park', req.park._id)
  res.page('parks/settings', { form, rows, history, symbols: SYMBOLS, industries: INDUSTRIES, provisional: MAY_BE_PROVISIONAL })
}

async function saveFacts(req: Request, res: Response): Promise<void> {
  const { version, ...form } = readForm(req, factsForm)
  await commit(req, res, async () => {
    await editParkFacts(req.park._id, version, factsFrom({ version, ...form }), actor(req))
    flash(res, 'app.saved')
    return rootOf(req.park)
  })
}

async function showRules(req: Request, res: Response): Promise<void> {
  const form = formState(req, rulesValues(req.park))
  untick(req, form.values, ['selfApproval'])
  const history = await historyOf(req, 'park', req.park._id)
  res.page('parks/rules', {
    form,
    history,
    anchors: ANCHORS,
    brokens: BROKEN,
    incubationRules: INCUBATION_RULES,
  })
}

async function saveRules(req: Request, res: Response): Promise<void> {
  const { version, ...settings } = readForm(req, rulesForm)
  await commit(req, res, async () => {
    await editParkSettings(req.park._id, version, settings, actor(req))
    flash(res, 'app.saved')
    return `${rootOf(req.park)}/rules`
  })
}

export const settingsRoutes = routes(({ get, post }) => {
  get('/', 'park.edit', showFacts)
  post('/', 'park.edit', saveFacts, { again: showFacts })
  get('/rules', 'park.edit', showRules)
  post('/rules', 'park.edit', saveRules, { again: showRules })
})
