import type { Request, Response } from 'express'
import { z } from 'zod'
import { historyOf } from '../audit/history.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, param, problemText, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { received } from '../web/uploads.ts'
import { createService, editService, loadService, orderServices, publishedContent, publishService, retireService } from './catalogue.ts'
import {
  APPLICANT_CLASSES,
  COMPANY_FIELDS,
  daysOf,
  EFFECTS,
  OUTCOMES,
  PLAIN_FIELDS,
  problemsOf,
  RESULTS,
  SERVICE_KINDS,
  type ServiceContent,
  STEP_ROLES,
  TOLD,
} from './content.ts'
import {
  basicsForm,
  basicsFrom,
  basicsValues,
  documentsForm,
  documentsFrom,
  documentValues,
  fieldsForm,
  fieldsFrom,
  fieldValues,
  newForm,
  newFrom,
  stepsForm,
  stepsFrom,
  stepValues,
  typedRows,
} from './content-form.ts'
import { addExample, removeExample, sendExample } from './examples.ts'
import { publicPath, Service, ServiceVersion, servicePath } from './service.ts'

/** The catalogue as a manager keeps it: entries, their parts, preview, publishing, order. No code is needed for a new service. */
const LISTED = { code: 1, kind: 1, state: 1, 'content.name': 1, 'content.summary': 1, published: 1, pending: 1, order: 1 }
type Listed = Pick<Service, '_id' | 'code' | 'kind' | 'state' | 'published' | 'pending'> & {
  content: Pick<ServiceContent, 'name' | 'summary'>
}
const root = (req: Request): string => `/parks/${req.park._id}/settings/services`
const load = (req: Request): Promise<Service> => loadService(req.park._id, param(req, 'service'))

async function index(req: Request, res: Response): Promise<void> {
  const sort = { order: 1, _id: 1 } as const
  const services = await scopedFind<Listed>(Service, { park: req.park._id }, { projection: LISTED, sort })
  res.page('services/catalogue', { services, form: formState(req) })
}

const orderForm = z.object({ codes: f.many(f.text(40)), move: f.optionalText(60) })

/** `move` is “code up” or “code down”: what its two buttons send where nothing can be dragged. */
function moved(codes: string[], move: string | null): string[] {
  const [code, way] = (move ?? '').split(' ')
  const from = codes.indexOf(code ?? '')
  const to = from + (way === 'up' ? -1 : 1)
  if (from < 0 || to < 0 || to >= codes.length) return codes
  const order = [...codes]
  order.splice(to, 0, ...order.splice(from, 1))
  return order
}

async function reorder(req: Request, res: Response): Promise<void> {
  const { codes, move } = readForm(req, orderForm)
  await commit(req, res, async () => {
    await orderServices(req.park._id, moved(codes, move), actor(req))
    return root(req)
  })
}

function create(req: Request, res: Response): void {
  res.page('services/new', { form: formState(req, { kind: 'other' }), kinds: SERVICE_KINDS })
}

async function add(req: Request, res: Response): Promise<void> {
  const form = readForm(req, newForm)
  await commit(req, res, async () => {
    const service = await createService(req.park._id, newFrom(form), actor(req))
    flash(res, 'service.done.created')
    return servicePath(service)
  })
}

async function show(req: Request, res: Response): Promise<void> {
  const service = await load(req)
  const filter = { park: req.park._id, service: service._id }
  const versions = await scopedFind<Pick<ServiceVersion, 'no' | 'at' | 'by'>>(ServiceVersion, filter, {
    projection: { no: 1, at: 1, by: 1 },
    sort: { no: -1 },
    limit: 50,
  })
  res.page('services/service', {
    service,
    versions,
    form: formState(req, { version: service.version }),
    problems: problemsOf(service.content).map(({ key, params }) => problemText(req, { key: `error.${key}`, params })),
    days: daysOf(service.content),
    history: await historyOf(req, 'service', service._id),
    publicPath: publicPath(service),
  })
}

async function basics(req: Request, res: Response): Promise<void> {
  const service = await load(req)
  const form = formState(req, { version: service.version, ...basicsValues(service.content) })
  res.page('services/basics', { service, form, classes: APPLICANT_CLASSES })
}

const LISTS = {
  fields: { values: fieldValues, choices: { plain: PLAIN_FIELDS, company: COMPANY_FIELDS } },
  documents: { values: documentValues, choices: { classes: APPLICANT_CLASSES } },
  steps: { values: stepValues, choices: { roles: STEP_ROLES, outcomes: OUTCOMES, results: RESULTS, effects: EFFECTS, told: TOLD } },
} as const
type ListName = keyof typeof LISTS

const listPage = (name: ListName) => async (req: Request, res: Response) => {
  const service = await load(req)
  const { values, choices } = LISTS[name]
  const form = formState(req, { version: service.version, rows: values(service.content) })
  res.page('services/rows', { service, form, list: name, rows: typedRows(form.values['rows']), ...choices })
}

/** Saves a part of what is edited: `schema` reads it, `partOf` makes it of what was typed and what stood there before. */
const saver =
  <S extends z.ZodType<{ version: number }>>(
    schema: S,
    partOf: (form: z.output<S>, before: ServiceContent) => Partial<ServiceContent>,
    tab: string,
  ) =>
  async (req: Request, res: Response) => {
    const form = readForm(req, schema)
    await commit(req, res, async () => {
      const { content, code, park } = await load(req)
      await editService(park, code, form.version, partOf(form, content), actor(req))
      flash(res, 'app.saved')
      return `${root(req)}/${code}/${tab}`
    })
  }

async function preview(req: Request, res: Response): Promise<void> {
  const service = await load(req)
  res.page('services/preview', { service, content: service.content, no: null })
}

/** What was published once, as it was. */
async function published(req: Request, res: Response): Promise<void> {
  const service = await load(req)
  const no = Number(/^\d{1,6}$/.exec(param(req, 'no'))?.[0] ?? 0)
  const content = await publishedContent({ ...service, published: no })
  if (!content) return void res.redirect(303, servicePath(service))
  res.page('services/preview', { service, content, no })
}

const stepForm = z.object({ version: f.version() })
type Step = typeof publishService

const step = (work: Step, done: 'service.done.published' | 'service.done.retired') => async (req: Request, res: Response) => {
  const { version } = readForm(req, stepForm)
  await commit(req, res, async () => {
    const service = await work(req.park._id, param(req, 'service'), version, actor(req))
    flash(res, done)
    return servicePath(service)
  })
}

async function example(req: Request, res: Response): Promise<void> {
  const { version } = readForm(req, stepForm)
  await commit(req, res, async () => {
    const service = await load(req)
    const [file] = received(req, 'example')
    await addExample(service, version, param(req, 'document'), file ?? null, actor(req))
    flash(res, 'app.saved')
    return `${servicePath(service)}/documents`
  })
}

async function shownExample(req: Request, res: Response): Promise<void> {
  const service = await load(req)
  await sendExample(req, res, { service, content: service.content }, 'private, no-store')
}

async function dropExample(req: Request, res: Response): Promise<void> {
  const { version } = readForm(req, stepForm)
  await commit(req, res, async () => {
    const service = await load(req)
    await removeExample(service, version, param(req, 'document'), actor(req))
    flash(res, 'app.saved')
    return `${servicePath(service)}/documents`
  })
}

export const catalogueRoutes = routes(({ get, post }) => {
  const documents = listPage('documents')
  get('/', 'service.edit', index)
  post('/order', 'service.edit', reorder, { again: index })
  get('/new', 'service.edit', create)
  post('/', 'service.edit', add, { again: create })
  get('/:service', 'service.edit', show)
  get('/:service/basics', 'service.edit', basics)
  post('/:service/basics', 'service.edit', saver(basicsForm, basicsFrom, 'basics'), { again: basics })
  get('/:service/form', 'service.edit', listPage('fields'))
  post('/:service/form', 'service.edit', saver(fieldsForm, fieldsFrom, 'form'), { again: listPage('fields') })
  get('/:service/documents', 'service.edit', documents)
  post('/:service/documents', 'service.edit', saver(documentsForm, documentsFrom, 'documents'), { again: documents })
  const files = { example: { max: 1, kinds: ['pdf', 'jpg', 'png', 'webp'] as const, mib: 10 } }
  get('/:service/documents/:document/example', 'service.edit', shownExample)
  post('/:service/documents/:document/example', 'service.edit', example, { again: documents, files })
  post('/:service/documents/:document/example/removal', 'service.edit', dropExample, { again: documents })
  get('/:service/steps', 'service.edit', listPage('steps'))
  post('/:service/steps', 'service.edit', saver(stepsForm, stepsFrom, 'steps'), { again: listPage('steps') })
  get('/:service/preview', 'service.edit', preview)
  get('/:service/versions/:no', 'service.edit', published)
  post('/:service/publication', 'service.edit', step(publishService, 'service.done.published'), { again: show })
  post('/:service/retirement', 'service.edit', step(retireService, 'service.done.retired'), { again: show })
})
