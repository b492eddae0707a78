import type { ApplicantClass, FieldKind, ServiceContent, ServiceField } from '../services/content.ts'
import type { Application } from './application.ts'
import { isForFounders } from './eligibility.ts'
import { type Answer, type Founder, foundersOf, foundersProblem } from './founders.ts'
import { missingPapers } from './papers.ts'

/** The list of tasks an application is filled in by: each is one page, and may be left and taken up again. Pure. */
export const TASKS = ['class', 'founders', 'company', 'address', 'form', 'documents'] as const
export type Task = (typeof TASKS)[number]

const COMPANY: FieldKind[] = ['names', 'capital', 'scope', 'legalRep']
const PAGE: Partial<Record<FieldKind, Task>> = {
  founders: 'founders',
  address: 'address',
  ...Object.fromEntries(COMPANY.map(kind => [kind, 'company'])),
}

export const taskOf = ({ kind }: Pick<ServiceField, 'kind'>): Task => PAGE[kind] ?? 'form'
export const fieldsOf = ({ fields }: Pick<ServiceContent, 'fields'>, task: Task): ServiceField[] =>
  fields.filter(field => taskOf(field) === task)

/** Companies of the park say nothing of their studies. */
export function tasksOf(content: ServiceContent, klass: ApplicantClass | null): Task[] {
  return TASKS.filter(task => {
    if (task === 'class') return klass !== 'tenant' && isForFounders(content)
    if (task === 'documents') return content.documents.length > 0
    return fieldsOf(content, task).length > 0
  })
}

/** “No” is an answer, too: a question that must be answered would else be one that must be answered with yes. */
const isGiven = (answer: Answer | undefined): boolean => answer !== undefined && answer !== '' && !(Array.isArray(answer) && !answer.length)

/** Whether a field's answer can stand: given where it must be, and true to the others. */
function isAnswered(field: ServiceField, { answers }: Pick<Application, 'answers'>, content: ServiceContent): boolean {
  const answer = answers[field.key]
  if (!isGiven(answer)) return !field.required
  if (field.kind === 'founders') return !foundersProblem(answer as Founder[])
  if (field.kind === 'legalRep') return foundersOf(answers, content).some(one => one.key === answer)
  return true
}

type Filled = Pick<Application, 'answers' | 'papers' | 'class' | 'studies'>

/** Whether a task has all it needs. */
export function isComplete(task: Task, application: Filled, content: ServiceContent): boolean {
  if (task === 'class') return application.class !== null
  if (task === 'documents') return application.class !== null && !missingPapers(application, content).length
  return fieldsOf(content, task).every(field => isAnswered(field, application, content))
}

/** Tasks that keep an application from being handed in. */
export const openTasks = (application: Filled, content: ServiceContent): Task[] =>
  tasksOf(content, application.class).filter(task => !isComplete(task, application, content))

/** Whether somebody has begun with a task: nothing of it is needed to be complete. */
export function isBegun(task: Task, { answers, papers, studies }: Filled, content: ServiceContent): boolean {
  if (task === 'class') return studies !== null
  if (task === 'documents') return papers.some(paper => paper.state !== 'gone')
  return fieldsOf(content, task).some(field => answers[field.key] !== undefined)
}
