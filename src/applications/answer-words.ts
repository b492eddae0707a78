import type { Request } from 'express'
import { maskEmail, maskId, maskPhone } from '../lib/mask.ts'
import { textIn } from '../lib/text.ts'
import type { ServiceContent, ServiceField } from '../services/content.ts'
import { fieldsOf, type Task, tasksOf } from './answers.ts'
import type { Application } from './application.ts'
import { type AddressAnswer, type Answer, type Founder, foundersOf, type Names, shareText } from './founders.ts'

/** What was answered, in the reader's words. */
export interface AnswerRow {
  task: Task
  label: string
  /** Several lines where it is a list; null: not answered. */
  value: string | null
}

type Reader = Pick<Request, 'lang' | 't' | 'fmt'>
interface How {
  /** Identity numbers, telephones and addresses of people in full: for themselves, and for who handles the application. */
  full: boolean
}

function founderLine({ name, idNumber, phone, email, share }: Founder, { full }: How): string {
  const shown = (value: string | null, mask: (value: string) => string) => value && (full ? value : mask(value))
  return [name, `${shareText(share)} %`, shown(idNumber, maskId), shown(phone, maskPhone), shown(email, maskEmail)]
    .filter(Boolean)
    .join(' · ')
}

type Whole = Pick<Application, 'answers' | 'class' | 'studies'>

function wordsFor(req: Reader, field: ServiceField, answer: Answer, application: Whole, content: ServiceContent, how: How): string {
  const option = (key: string) => textIn(field.options.find(one => one.key === key)?.label, req.lang).text || key
  switch (field.kind) {
    case 'number':
      return String(answer)
    case 'money':
    case 'capital':
      return req.fmt.money(answer as number)
    case 'yes':
      return answer ? req.t('app.yes') : req.t('app.no')
    case 'choice':
      return option(answer as string)
    case 'choices':
      return (answer as string[]).map(option).join('\n')
    case 'phone':
      return how.full ? String(answer) : maskPhone(String(answer))
    case 'email':
      return how.full ? String(answer) : maskEmail(String(answer))
    case 'founders':
      return (answer as Founder[]).map(one => founderLine(one, how)).join('\n')
    case 'names': {
      const { first, second, third } = answer as Names
      return [first, second, third].join('\n')
    }
    case 'legalRep':
      return foundersOf(application.answers, content).find(one => one.key === answer)?.name ?? req.t('applicationForm.noFounder')
    case 'address':
      return (answer as AddressAnswer).code
    default:
      return String(answer)
  }
}

function studiesRow(req: Reader, { studies, class: klass }: Whole): AnswerRow {
  const words = studies && [
    req.t(`applicationForm.class.statuses.${studies.status}`),
    studies.school,
    studies.graduatedOn && req.t('applicationForm.class.graduated', { on: req.fmt.day(studies.graduatedOn) }),
    klass && req.t(`service.class.${klass}`),
  ]
  return { task: 'class', label: req.t('applicationForm.tasks.class'), value: words ? words.filter(Boolean).join(' · ') : null }
}

/** The answers of an application, task by task. */
export function answerRows(req: Reader, application: Whole, content: ServiceContent, how: How): AnswerRow[] {
  return tasksOf(content, application.class).flatMap((task): AnswerRow[] => {
    if (task === 'class') return [studiesRow(req, application)]
    return fieldsOf(content, task).map(field => {
      const answer = application.answers[field.key]
      const value = answer === undefined ? null : wordsFor(req, field, answer, application, content, how)
      return { task, label: textIn(field.label, req.lang).text, value }
    })
  })
}
