import type { Effect, ServiceContent } from '../services/content.ts'
import type { Application, Ask, Leg, State } from './application.ts'

/**
 * The way of an application: draft → handed in → its steps one after the other → done; refused or withdrawn on the way. No step is
 * skipped, and who answers for it changes with the step. Pure.
 */
export type Move = 'submit' | 'finish' | 'ask' | 'answer' | 'resume' | 'refuse' | 'withdraw' | 'reopen'

type At = Pick<Application, 'state' | 'step' | 'legs'>

export const isOpen = ({ state }: Pick<Application, 'state'>): boolean => state === 'running' || state === 'asked'
export const isEnded = ({ state }: Pick<Application, 'state'>): boolean => state === 'done' || state === 'refused' || state === 'withdrawn'
/** The applicant may change what they said and handed in. */
export const isEditable = ({ state }: Pick<Application, 'state'>): boolean => state === 'draft' || state === 'asked'

/** Whether one of these steps was done while it is open: it may be at it again, reopened. */
const hasDone = ({ legs }: Pick<Application, 'legs'>, isIt: (step: number) => boolean): boolean =>
  legs.some(leg => leg.endedAt !== null && isIt(leg.step))

/** Whether a company was founded by it: from then on it can only go on to its end. */
export const isFounded = ({ state, legs }: At, { steps }: Pick<ServiceContent, 'steps'>): boolean =>
  (state === 'done' || isOpen({ state })) && hasDone({ legs }, step => steps[step]?.effect === 'found')

/** What the end of the present step brings about: a step that is done again after reopening has had its effect. */
export const effectOf = (at: At, { steps }: Pick<ServiceContent, 'steps'>): Effect =>
  hasDone(at, step => step === at.step) ? 'none' : (steps[at.step]?.effect ?? 'none')

/** Whether it was done before and is worked on again: who had the service doesn't get its fee back by taking it back. */
const isReopened = (at: At, { steps }: Pick<ServiceContent, 'steps'>): boolean => hasDone(at, step => step === steps.length - 1)

/** Where a move leads; null when it can't be made. */
export function after(at: At, move: Move, content: Pick<ServiceContent, 'steps'>): Pick<At, 'state' | 'step'> | null {
  const { state, step } = at
  const { steps } = content
  const to = (next: State, step = at.step) => ({ state: next, step })
  if (move === 'submit') return state === 'draft' ? to('running', 0) : null
  if (move === 'reopen') return state === 'done' ? to('running', steps.length - 1) : null
  // Who answers goes on; who has waited long enough goes on without an answer.
  if (move === 'answer' || move === 'resume') return state === 'asked' ? to('running') : null
  if (move === 'withdraw') return isOpen(at) && !isFounded(at, content) && !isReopened(at, content) ? to('withdrawn') : null
  if (move === 'refuse') {
    // Whoever was asked and never answers can be refused at any step.
    const decides = state === 'asked' || (state === 'running' && steps[step]?.outcome === 'decision')
    return decides && !isFounded(at, content) && !isReopened(at, content) ? to('refused') : null
  }
  if (state !== 'running') return null
  if (move === 'ask') return to('asked')
  return step + 1 < steps.length ? to('running', step + 1) : to('done')
}

export const legOf = ({ legs }: Pick<Application, 'legs'>): Leg | null => legs.findLast(leg => leg.endedAt === null) ?? null
export const askOf = ({ asks }: Pick<Application, 'asks'>): Ask | null => asks.findLast(ask => ask.answeredAt === null) ?? null

/** Days after its end during which it can be reopened and rated. */
export const REOPEN_DAYS = 30
