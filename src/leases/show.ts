import type { Request, Response } from 'express'
import { isObjectIdOrHexString, Types } from 'mongoose'
import { reachOf } from '../accounts/identity.ts'
import type { Action } from '../accounts/roles.ts'
import { User } from '../accounts/user.ts'
import { historyOf } from '../audit/history.ts'
import { filesOf } from '../files/store.ts'
import { daysBetween, lengthOf, today as todayIn } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { Unit } from '../spaces/unit.ts'
import { formState } from '../web/forms.ts'
import { Lease } from './lease.ts'
import { findLease } from './load.ts'
import { mainOf, stepsOf } from './next.ts'
import { scheduleOf } from './preview.ts'
import { newestVersion, statusOn, TONES, versionOn } from './status.ts'
import { unitsToHandOver } from './step-page.ts'

/** The page of one lease: what is agreed, what is payable, what has happened, and the verb that comes next. */
type Related = Pick<Lease, '_id' | 'number' | 'renewalOf' | 'state'>

/** The building of each unit, for the way to the plan. */
async function buildingsOf(lease: Lease): Promise<Map<string, string>> {
  const ids = lease.versions.flatMap(version => version.lines.map(line => line.unit))
  const found = await scopedFind<Pick<Unit, '_id' | 'building'>>(
    Unit,
    { park: lease.park, _id: { $in: ids } },
    { projection: { building: 1 } },
  )
  return new Map(found.map(unit => [String(unit._id), unit.building]))
}

/** Names of those who submitted, decided or ended it. Jobs have no account. */
async function namesOf(lease: Lease): Promise<Map<string, string>> {
  const ids = [lease.terminated?.by, ...lease.versions.flatMap(version => [version.submittedBy, version.decidedBy])]
  const users = [...new Set(ids)].filter(id => isObjectIdOrHexString(id)).map(id => new Types.ObjectId(String(id)))
  const found = users.length ? await User.find({ _id: { $in: users } }, { name: 1 }).lean() : []
  return new Map(found.map(user => [String(user._id), user.name]))
}

/** The lease it renews, and what renews it. */
async function relatedTo(lease: Lease, inner: boolean) {
  const known = [lease.renewalOf, lease.renewedBy].filter(id => id !== null)
  const found = await scopedFind<Related>(
    Lease,
    { park: lease.park, $or: [{ _id: { $in: known } }, { tenant: lease.tenant, renewalOf: lease._id }] },
    { projection: { number: 1, renewalOf: 1, state: 1 }, limit: 20 },
  )
  const visible = found.filter(one => one.state === 'signed' || inner)
  return {
    old: visible.find(one => lease.renewalOf?.equals(one._id)) ?? null,
    next: visible.find(one => one.renewalOf?.equals(lease._id) && one.state !== 'cancelled') ?? null,
  }
}

/** Which of the page's forms was refused: what was typed goes back to that one. */
const stepNamed = (req: Request): string | undefined =>
  ({ return: 'return', signing: 'sign', files: 'files' })[req.path.split('/').at(-1) ?? '']

export async function showLease(req: Request, res: Response): Promise<void> {
  const lease = await findLease(req)
  const on = todayIn(req.park.zone)
  const inner = !req.reach?.tenants
  const may = (action: Action): boolean => reachOf(req.me, action, req.park)?.tenants === null
  const handsOver = lease.state === 'signed' && may('lease.handover')
  const [files, history, buildings, names, related, toMoveIn] = await Promise.all([
    filesOf(req.park._id, 'lease', lease._id),
    inner ? historyOf(req, 'lease', lease._id) : [],
    may('space.read') ? buildingsOf(lease) : new Map<string, string>(),
    inner ? namesOf(lease) : new Map<string, string>(),
    relatedTo(lease, inner),
    handsOver ? unitsToHandOver(lease, 'in', on) : [],
  ])
  const newest = newestVersion(lease)
  const status = statusOn(lease, on, req.park.settings.expiringDays)
  const own = newest.submittedBy === req.me!.id && !req.park.settings.selfApproval
  const steps = stepsOf(lease, { may, on, status, own, toMoveIn: toMoveIn.length, renewing: related.next !== null })
  const pending = inner && lease.amending ? newest : null
  res.page('leases/show', {
    lease,
    agreed: versionOn(lease, on),
    versions: lease.versions.filter(version => inner || version.stage === 'signed'),
    pending,
    newest,
    status,
    tones: TONES,
    schedule: scheduleOf(lease, { pending: lease.state !== 'signed' }),
    pendingSchedule: pending ? scheduleOf(lease, { pending: true }) : null,
    files,
    history,
    buildings,
    names,
    related,
    inner,
    steps,
    main: mainOf(steps, status),
    failedStep: req.failed ? stepNamed(req) : null,
    length: lengthOf(lease.from, lease.end),
    daysLeft: daysBetween(on, lease.end),
    heldBy: toMoveIn.find(unit => unit.heldBy)?.heldBy ?? null,
    form: formState(req, { on }),
  })
}
