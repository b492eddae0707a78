import type { Request, Response } from 'express'
import { historyOf } from '../audit/history.ts'
import { type Day, today as todayIn } from '../lib/days.ts'
import type { FieldKind, ServiceContent } from '../services/content.ts'
import { formState } from '../web/forms.ts'
import { answerRows } from './answer-words.ts'
import { type Application, applicationPath, type Leg } from './application.ts'
import { daysLate } from './list.ts'
import { candidates } from './owners.ts'
import { isOf, missingPapers, refusedSlots, slotsOf, standingIn } from './papers.ts'
import { after, askOf, effectOf, isFounded, isOpen } from './progress.ts'
import { canReopen, reopenUntil } from './reply.ts'
import { open, type Sides } from './sides.ts'
import { dueAfter } from './workdays.ts'

/** The page of an application, for who made it and for who works on it: how far it is, what was said and handed in, what can be done. */

/** Fields with numbers of people, hidden in what everybody of the park reads. */
const MASKED: FieldKind[] = ['founders', 'phone', 'email']

export type StepState = 'done' | 'now' | 'waiting' | 'ahead' | 'never'

interface Line {
  step: ServiceContent['steps'][number]
  state: StepState
  leg: Leg | null
}

/** Every step with how far it is. One that was taken twice shows its last time. */
export function linesOf({ legs, state, step: at }: Pick<Application, 'legs' | 'state' | 'step'>, { steps }: ServiceContent): Line[] {
  return steps.map((step, i) => {
    const leg = legs.findLast(one => one.step === i) ?? null
    if (leg && leg.endedAt === null) return { step, leg, state: state === 'asked' ? 'waiting' : 'now' }
    const stopped = state === 'refused' || state === 'withdrawn'
    if (leg) return { step, leg, state: stopped && i === at ? 'never' : 'done' }
    return { step, leg, state: stopped ? 'never' : 'ahead' }
  })
}

/** When everything is done if every step takes the days it may; null while the applicant is waited for. */
async function expectedEnd(req: Request, { state, dueOn, step }: Application, { steps }: ServiceContent, on: Day): Promise<Day | null> {
  if (state !== 'running' || !dueOn) return null
  const rest = steps.slice(step + 1).reduce((sum, one) => sum + one.days, 0)
  return dueAfter(req.park, dueOn < on ? on : dueOn, rest)
}

function papersShown(application: Application, content: ServiceContent, sides: Sides) {
  return slotsOf(application, content).map(slot => ({
    slot,
    standing: standingIn(application.papers, slot),
    past: application.papers.filter(paper => paper.state === 'refused' && isOf(paper, slot)),
    mayRead: sides.mine || sides.handler || ((sides.own || sides.staff) && !slot.document.personal),
  }))
}

/** Which of the page's forms was refused: that of a paper is named by it. */
function failedForm(req: Request): { failed: string | null; refusing: string | null } {
  if (!req.failed) return { failed: null, refusing: null }
  const paper = req.params['paper']
  return typeof paper === 'string' ? { failed: null, refusing: paper } : { failed: req.path.split('/').at(-1) ?? null, refusing: null }
}

export async function showApplication(req: Request, res: Response): Promise<void> {
  const { application, content, sides } = await open(req)
  const { park, _id, state, version, name } = application
  if (state === 'draft') return res.redirect(303, `${applicationPath(application)}/tasks`)
  const on = todayIn(req.park.zone)
  const step = content.steps[application.step]!
  const can = (move: Parameters<typeof after>[1]) => after(application, move, content) !== null
  const running = isOpen(application)
  const [history, colleagues, expected] = await Promise.all([
    sides.staff ? historyOf(req, 'application', _id) : [],
    sides.worker && running ? candidates(park, step.role, { colleagues: true }) : [],
    expectedEnd(req, application, content, on),
  ])
  res.page('applications/show', {
    ...{ application, content, sides, step, effect: effectOf(application, content), history, expected },
    here: applicationPath(application),
    lines: linesOf(application, content),
    ask: askOf(application),
    late: daysLate(application, on),
    answers: answerRows(req, application, content, { full: false }),
    papers: papersShown(application, content, sides),
    personal: content.documents.some(one => one.personal),
    obstacles: { refused: refusedSlots(application, content).length, missing: missingPapers(application, content).length },
    colleagues: colleagues.filter(one => String(one._id) !== String(application.owner)),
    may: {
      work: sides.handler && state === 'running',
      takeOver: sides.worker && running && String(application.owner) !== req.me!.id,
      handOver: sides.worker && running,
      resume: sides.handler && state === 'asked',
      refuse: sides.handler && can('refuse'),
      withdraw: sides.own && can('withdraw'),
      answer: sides.own && state === 'asked',
      rate: sides.own && canReopen(application, on),
      reopen: sides.own && can('reopen') && canReopen(application, on),
      numbers: sides.handler && !application.erasedAt && content.fields.some(field => MASKED.includes(field.kind)),
    },
    founded: isFounded(application, content),
    until: reopenUntil(application),
    ...failedForm(req),
    today: on,
    form: formState(req, {
      version,
      name,
      foundedOn: on,
      stars: application.rating ? String(application.rating.stars) : '',
      words: application.rating?.words ?? '',
    }),
  })
}
