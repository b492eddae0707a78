import type { Request, Response } from 'express'
import { dayAfter, dayBefore, isDay } from '../lib/days.ts'
import { notFound, type Problem, RuleError } from '../lib/rule-error.ts'
import { translateAny } from '../locales/index.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm, readQuery } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { receivedIds } from '../web/uploads.ts'
import { rowsIn } from './form.ts'
import { type HandoverInput, recordHandovers } from './handover.ts'
import { type Lease, leasePath } from './lease.ts'
import { findLease } from './load.ts'
import { CHECKLIST, type HandoverKind, handoverForm, terminationForm, terminationQuery } from './step-forms.ts'
import { dependsOn, handoverRecords, todayOf, unitsToHandOver } from './step-page.ts'
import { checkTermination, settlementOn, terminateLease } from './termination.ts'

/** What happens to a signed lease on the ground: moving in, moving out, ending early. */
const handoverPage =
  (kind: HandoverKind) =>
  async (req: Request, res: Response): Promise<void> => {
    const lease = await findLease(req)
    if (lease.state !== 'signed') throw new RuleError('lease.notSigned')
    const today = todayOf(req)
    const units = await unitsToHandOver(lease, kind, today)
    const checklist = CHECKLIST[kind].map(name => ({ item: req.t(`leaseLife.items.${name}`) }))
    const form = formState(req, { on: today, checklist })
    const typed = rowsIn(form.values, 'units')
    const first = units.map(unit => unit.from).sort()[0] ?? null
    res.page('leases/handover', {
      lease,
      kind,
      form,
      units: units.map(unit => ({ ...unit, typed: typed.find(row => row['unit'] === unit.id) ?? null })),
      early: first !== null && first > today ? first : null,
      checks: rowsIn(form.values, 'checklist'),
      standard: checklist.map(row => row.item),
      done: lease.handovers.filter(one => one.kind === kind),
    })
  }

const handOver =
  (kind: HandoverKind) =>
  async (req: Request, res: Response): Promise<void> => {
    const lease = await findLease(req)
    const { on, units, checklist, note } = readForm(req, handoverForm)
    const chosen = units.filter(unit => unit.take)
    if (!chosen.length) throw new RuleError('handover.noUnit', {}, { field: 'units' })
    const photos = receivedIds(req, 'photos')
    const inputs = chosen.map(({ take: _take, ...unit }, i): HandoverInput => {
      return { kind, on, checklist, note, ...unit, photos: i ? [] : photos }
    })
    await commit(req, res, async () => {
      await recordHandovers(req.park._id, lease._id, inputs, actor(req))
      flash(res, `leaseLife.${kind}.done`)
      return leasePath(lease)
    })
  }

const record =
  (kind: HandoverKind) =>
  async (req: Request, res: Response): Promise<void> => {
    const lease = await findLease(req)
    const records = await handoverRecords(req, lease, kind)
    if (!records.length) throw notFound()
    res.page('leases/handover-record', { lease, kind, records, lessor: req.park.operator ?? req.park.bureau.name })
  }

/** What stands against ending on a day; what only the day is wrong with leaves the form open. */
function problemWith(lease: Lease, on: string): Problem | null {
  if (!isDay(on)) return { key: 'error.day', field: 'on' }
  try {
    checkTermination(lease, on)
    return null
  } catch (error) {
    if (error instanceof RuleError) return error.problem
    throw error
  }
}

async function termination(req: Request, res: Response): Promise<void> {
  const lease = await findLease(req)
  if (lease.state !== 'signed') throw new RuleError('lease.notSigned')
  const today = todayOf(req)
  const asked = readQuery(req, terminationQuery).on ?? (today < lease.end ? today : dayBefore(lease.end))
  const form = formState(req, { on: asked, reason: '' })
  const on = typeof form.values['on'] === 'string' ? form.values['on'] : ''
  const problem = problemWith(lease, on)
  const never = on < lease.from
  const last = never ? dayBefore(lease.from) : on
  res.page('leases/termination', {
    lease,
    form,
    on,
    never,
    agreed: lease.versions.filter(version => version.stage === 'signed').at(-1),
    problem: problem && { text: translateAny(req.lang, problem.key, problem.params), field: problem.field },
    settlement: problem ? null : settlementOn(lease, last),
    free: problem ? null : dayAfter(last),
    depends: problem ? null : await dependsOn(lease, last),
  })
}

async function terminate(req: Request, res: Response): Promise<void> {
  const lease = await findLease(req)
  const form = readForm(req, terminationForm)
  await commit(req, res, async () => {
    await terminateLease(req.park._id, lease._id, form, actor(req))
    flash(res, 'leaseLife.termination.done')
    return leasePath(lease)
  })
}

const PHOTOS = { photos: { max: 20, kinds: ['jpg', 'png', 'webp'] as const } }

export const stepRoutes = routes(({ get, post }) => {
  for (const kind of ['in', 'out'] as const) {
    const page = handoverPage(kind)
    get(`/:lease/handover/${kind}`, 'lease.handover', page)
    post(`/:lease/handover/${kind}`, 'lease.handover', handOver(kind), { again: page, files: PHOTOS })
    get(`/:lease/handover/${kind}/record`, 'lease.read', record(kind))
  }
  get('/:lease/termination', 'lease.terminate', termination)
  post('/:lease/termination', 'lease.terminate', terminate, { again: termination })
})
