import type { Request, Response } from 'express'
import { z } from 'zod'
import type { Choice } from '../leases/availability.ts'
import { today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { Building } from '../spaces/building.ts'
import type { Product } from '../spaces/unit.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { formState, param, readForm, readQuery } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { founderRows, record, studiesForm, studiesFrom, taskForm, typedAnswers, YES_NO } from './answer-form.ts'
import { fieldsOf, type Task, tasksOf } from './answers.ts'
import { saveAnswers, saveStudies } from './apply.ts'
import { type Draft, goOn, openDraft, openOwn } from './draft-open.ts'
import { showPapers } from './draft-papers.ts'
import { STUDYING } from './eligibility.ts'
import { type AddressAnswer, answerOf, foundersOf, MAX_FOUNDERS, parseShare, shareText } from './founders.ts'
import { addressChoices } from './units.ts'

/** One page for each task of the form: what it asks, and saving it. */
function taskParam(req: Request, { content, application }: Draft): Task {
  const task = tasksOf(content, application.class).find(one => one === param(req, 'task'))
  if (!task) throw notFound()
  return task
}

/** Values by the names of their inputs, so that the second editor sees what the first has saved. */
function byInput(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return { [name]: value }
  return Object.assign({}, ...Object.entries(value).map(([key, part]) => byInput(part, `${name}[${key}]`)))
}

const premisesQuery = z.object({ product: f.optionalText(20) })

/** The premises to choose from, by building; those of another kind are left out unless they are the ones chosen. */
async function premisesFor(req: Request, { application, content }: Draft, chosen: string) {
  const [choices, buildings] = await Promise.all([
    addressChoices(req.park),
    scopedFind<Pick<Building, 'code' | 'name'>>(Building, { park: req.park._id }, { projection: { code: 1, name: 1 } }),
  ])
  const products = [...new Set(choices.map(one => one.product))]
  const product: Product | null = products.find(one => one === readQuery(req, premisesQuery).product) ?? null
  const shown = choices.filter(one => !product || one.product === product || one.id === chosen)
  const groups = buildings.flatMap(({ code, name }) => {
    const units = shown.filter(one => one.building === code)
    return units.length ? [{ name, units }] : []
  })
  const address = answerOf<AddressAnswer>(application.answers, content, 'address')
  const gone = address && !application.lease && !choices.some(one => one.id === String(address.unit)) ? address.code : null
  return { groups, products, product, count: shown.length, all: choices.length, gone, kept: application.lease ? address?.code : null }
}

/** What the shares add up to as they are typed; what is no share doesn't count. */
const sumOf = (rows: Record<string, unknown>[]): string => {
  const shares = rows.map(row => parseShare(String(row['share'] ?? '')) ?? 0)
  return shareText(shares.reduce((sum, share) => sum + share, 0))
}

async function showFields(req: Request, res: Response, draft: Draft, task: Task): Promise<void> {
  const { application, content, base } = draft
  const answers = typedAnswers(content, task, application.answers)
  const form = formState(req, { version: application.version, answers, ...byInput(answers, 'answers') })
  const typed = record(form.values['answers'])
  const address = fieldsOf(content, task).find(field => field.kind === 'address')
  const founders = fieldsOf(content, task).find(field => field.kind === 'founders')
  const rows = founders ? founderRows(typed[founders.key]) : []
  res.page('applications/task', {
    ...{ application, task, base, form, typed, rows },
    fields: fieldsOf(content, task),
    founders: foundersOf(application.answers, content),
    premises: address ? await premisesFor(req, draft, String(typed[address.key] ?? '')) : null,
    sum: sumOf(rows),
    most: MAX_FOUNDERS,
    yesNo: YES_NO,
  })
}

function showStudies(req: Request, res: Response, { application, content, base }: Draft): void {
  const { version, studies } = application
  const { status = '', school = '', graduatedOn = '' } = studies ?? {}
  res.page('applications/class', {
    ...{ application, content, base, task: 'class' },
    statuses: STUDYING.filter(one => one !== 'graduated' || content.years > 0),
    form: formState(req, { version, status, school: school ?? '', graduatedOn: graduatedOn ?? '' }),
  })
}

export async function showTask(req: Request, res: Response): Promise<void> {
  const draft = await openDraft(req, res)
  if (!draft) return
  const task = taskParam(req, draft)
  if (task === 'class') return showStudies(req, res, draft)
  if (task === 'documents') return showPapers(req, res, draft)
  await showFields(req, res, draft, task)
}

type Saved = Pick<Draft, 'application'> & { go: boolean }

async function saveClass(req: Request, { application }: Draft): Promise<Saved> {
  const { version, go, ...typed } = readForm(req, studiesForm(today(req.park.zone)))
  return { application: await saveStudies(req.park, application._id, version, studiesFrom(typed), actor(req)), go }
}

async function saveFields(req: Request, { application, content }: Draft, task: Task): Promise<Saved> {
  const choices: Choice[] = task === 'address' ? await addressChoices(req.park) : []
  const { version, go, answers } = readForm(req, taskForm(task, { application, content, choices }))
  return { application: await saveAnswers(req.park, application._id, version, answers, actor(req)), go }
}

export async function saveTask(req: Request, res: Response): Promise<void> {
  const draft = await openOwn(req)
  const task = taskParam(req, draft)
  // Papers have a form for each of them; premises whose lease is being prepared stay.
  if (task === 'documents' || (task === 'address' && draft.application.lease)) throw notFound()
  await commit(req, res, async () => {
    const { application, go } = await (task === 'class' ? saveClass(req, draft) : saveFields(req, draft, task))
    return go ? goOn({ ...draft, application }, task) : `${draft.base}/tasks`
  })
}
