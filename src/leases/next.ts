import type { Action } from '../accounts/roles.ts'
import type { Day } from '../lib/days.ts'
import type { Lease } from './lease.ts'
import type { Status } from './status.ts'

/** What may be done with a lease now, the verb that comes next first. Pure: what it needs to know is given. */
export type StepName =
  | 'submit'
  | 'edit'
  | 'cancel'
  | 'withdraw'
  | 'approve'
  | 'return'
  | 'sign'
  | 'handoverIn'
  | 'handoverOut'
  | 'renew'
  | 'amend'
  | 'terminate'

export interface Step {
  name: StepName
  /** Below the lease's own address. */
  path: string
  /** Shown, but refused: nobody approves what they submitted. */
  blocked?: boolean
}

export interface Asker {
  may(action: Action): boolean
  on: Day
  status: Status
  /** The person submitted it, and the park doesn't let them approve that. */
  own: boolean
  /** Units whose move-in is still to be recorded. */
  toMoveIn: number
  /** A renewal is drafted already. */
  renewing: boolean
}

type Asked = Pick<Lease, 'state' | 'amending' | 'from' | 'end' | 'occupied' | 'renewedBy' | 'terminated'>

/** A lease, or an amendment of it, on its way to the signature. */
function onItsWay({ state, amending }: Asked, { may, own }: Asker): Step[] {
  const stage = state === 'signed' ? amending : state
  const steps: Step[] = []
  const add = (name: StepName, action: Action, path: string, blocked = false) => may(action) && steps.push({ name, path, blocked })
  if (stage === 'draft') {
    add('submit', 'lease.draft', '/submission')
    add('edit', 'lease.draft', amending ? '/amendment' : '/edit')
    if (!amending) add('cancel', 'lease.draft', '/cancellation')
  }
  if (stage === 'review') add('approve', 'lease.approve', '/approval', own)
  if (stage === 'approved') add('sign', 'lease.sign', '/signing')
  if (stage === 'review' || stage === 'approved') {
    if (!own) add('return', 'lease.approve', '/return')
    add('withdraw', 'lease.draft', '/withdrawal')
  }
  return steps
}

/** What becomes of a signed lease: most urgent first. */
function ofSigned({ state, amending, from, end, occupied, renewedBy, terminated }: Asked, asker: Asker): Step[] {
  if (state !== 'signed') return []
  const { may, on, status, toMoveIn, renewing } = asker
  const running = on >= from && on <= end
  const alone = !amending && !renewedBy
  const renew: Step[] = may('lease.draft') && alone && !terminated && !renewing ? [{ name: 'renew', path: '/renewal' }] : []
  const out: Step[] = may('lease.handover') && occupied.length && on >= from ? [{ name: 'handoverOut', path: '/handover/out' }] : []
  const steps: Step[] = []
  if (status === 'holding') steps.push(...out)
  if (may('lease.handover') && toMoveIn && running) steps.push({ name: 'handoverIn', path: '/handover/in' })
  if (status === 'expiring') steps.push(...renew)
  if (may('lease.draft') && alone && on <= end) steps.push({ name: 'amend', path: '/amendment' })
  if (status !== 'expiring' && status !== 'ended') steps.push(...renew)
  if (status !== 'holding') steps.push(...out)
  if (may('lease.terminate') && alone && !terminated && on < end) steps.push({ name: 'terminate', path: '/termination' })
  return steps
}

export const stepsOf = (lease: Asked, asker: Asker): Step[] => [...onItsWay(lease, asker), ...ofSigned(lease, asker)]

/** Steps that wait for somebody come as the main button; what merely may be done is offered beside it. */
const PRESSING: StepName[] = ['submit', 'withdraw', 'approve', 'sign', 'handoverIn', 'handoverOut', 'renew']
export const mainOf = (steps: Step[], status: Status): Step | null => {
  const [first] = steps
  if (!first || !PRESSING.includes(first.name)) return null
  if (first.name === 'renew' && status !== 'expiring') return null
  if (first.name === 'handoverOut' && status !== 'holding') return null
  return first
}
