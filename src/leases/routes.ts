import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { historyOf } from '../audit/history.ts'
import { SCAN } from '../files/content.ts'
import { filesOf } from '../files/store.ts'
import { addMonths, dayBefore, isDay, today as todayIn } from '../lib/days.ts'
import { RuleError } from '../lib/rule-error.ts'
import { PRODUCTS } from '../spaces/unit.ts'
import { createTenant } from '../tenants/profile.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm, readQuery } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { receivedIds } from '../web/uploads.ts'
import { cancelDraft, draftLease, editDraft, firstVersion } from './draft.ts'
import { formValues, leaseForm } from './form.ts'
import { formPage } from './form-page.ts'
import { buildLines, checkVersion, type LeaseInput } from './input.ts'
import { type Lease, leasePath } from './lease.ts'
import { leaseList } from './list.ts'
import { findLease } from './load.ts'
import { scheduleOf } from './preview.ts'
import { approveLease, returnLease, submitLease, withdrawLease } from './review.ts'
import { attachToLease, signLease } from './signing.ts'
import { newestVersion, statusOn, versionOn } from './status.ts'
import { suggestUnits } from './suggest.ts'
import './renamed.ts'

/** The pages of a lease from the draft to the signature. What comes later in its life is in step-routes.ts. */
const startQuery = z.object({
  unit: f.optionalId().optional(),
  tenant: f.optionalId().optional(),
  from: z.string().refine(isDay).optional(),
})

async function create(req: Request, res: Response): Promise<void> {
  const { unit, tenant, from: wish } = readQuery(req, startQuery)
  const from = wish ?? todayIn(req.park.zone)
  const { anchor, broken } = req.park.settings
  const values = formValues({ from, to: dayBefore(addMonths(from, 12)), basis: 'sqm-day', anchor, broken, tenant })
  const page = await formPage(req, values)
  const chosen = unit && page.units.find(one => one.id === String(unit))
  if (chosen && !page.rows['lines']!.length) page.rows['lines'] = [{ unit: chosen.id, rate: chosen.rate, desks: chosen.desks ?? '' }]
  res.page('leases/form', { ...page, lease: null })
}

/** The tenant chosen, or the company named in the form: found or made with the lease, in one transaction. */
async function tenantOf(req: Request, form: z.output<typeof leaseForm>): Promise<Types.ObjectId> {
  if (form.tenant) return form.tenant
  if (!form.newName) throw new RuleError('required', {}, { field: 'tenant' })
  try {
    const profile = { name: form.newName, creditCode: form.newCode }
    return (await createTenant(req.park._id, profile, {}, actor(req)))._id
  } catch (error) {
    if (!(error instanceof RuleError)) throw error
    const field = error.problem.field === 'creditCode' ? 'newCode' : 'newName'
    throw new RuleError(error.problem.key.replace('error.', ''), error.problem.params, { field, status: error.status })
  }
}

const inputOf = (form: z.output<typeof leaseForm>, tenant: Types.ObjectId): LeaseInput => {
  const { newName: _name, newCode: _code, version: _version, ...rest } = form
  return { ...rest, tenant }
}

async function save(req: Request, res: Response): Promise<void> {
  const form = readForm(req, leaseForm)
  await commit(req, res, async () => {
    const tenant = await tenantOf(req, form)
    const lease = await draftLease(req.park._id, inputOf(form, tenant), actor(req))
    flash(res, 'lease.done.drafted')
    return leasePath(lease)
  })
}

async function edit(req: Request, res: Response): Promise<void> {
  const lease = await findLease(req)
  const version = lease.versions[0]!
  const values = { ...formValues({ ...lease, ...version, from: lease.from }), version: lease.version }
  res.page('leases/form', { ...(await formPage(req, values, String(lease._id))), lease })
}

async function change(req: Request, res: Response): Promise<void> {
  const lease = await findLease(req)
  const form = readForm(req, leaseForm)
  await commit(req, res, async () => {
    const tenant = await tenantOf(req, form)
    await editDraft(req.park._id, lease._id, form.version ?? -1, inputOf(form, tenant), actor(req))
    flash(res, 'app.saved')
    return leasePath(lease)
  })
}

const wishQuery = z.object({
  from: z.string().refine(isDay).optional(),
  to: z.string().refine(isDay).optional(),
  area: f.optionalArea().optional(),
  product: z.enum(PRODUCTS).optional(),
})

async function suggestions(req: Request, res: Response): Promise<void> {
  const { from = todayIn(req.park.zone), to, area, product } = readQuery(req, wishQuery)
  const until = to && to >= from ? to : dayBefore(addMonths(from, 12))
  const units = await suggestUnits(req.park._id, { from, to: until, area, product })
  res.page('leases/suggestions', { units, from, to: until, area, product, products: PRODUCTS })
}

/** The charges of what stands in the form, while it is typed. What is missing is said, not refused. */
async function preview(req: Request, res: Response): Promise<void> {
  const form = readForm(req, leaseForm)
  const input = inputOf(form, form.tenant ?? new Types.ObjectId())
  checkVersion(input, input)
  const lines = await buildLines(req.park._id, input, input.from)
  const { rentFree, escalation, reductions, deposit } = input
  const version = firstVersion({ no: 1, from: input.from, lines, rentFree, escalation, reductions, deposit })
  res.page('leases/preview', { schedule: scheduleOf({ ...input, end: input.to, versions: [version] }), form: null })
}

const previewAgain = (req: Request, res: Response): void => res.page('leases/preview', { schedule: null, form: formState(req) })

async function show(req: Request, res: Response): Promise<void> {
  const lease = await findLease(req)
  const today = todayIn(req.park.zone)
  const inner = !req.reach?.tenants
  const [files, history] = await Promise.all([
    filesOf(req.park._id, 'lease', lease._id),
    inner ? historyOf(req, 'lease', lease._id) : Promise.resolve([]),
  ])
  const version = newestVersion(lease)
  res.page('leases/show', {
    lease,
    version,
    inForce: versionOn(lease, today),
    status: statusOn(lease, today, req.park.settings.expiringDays),
    schedule: scheduleOf(lease, { pending: lease.state !== 'signed' }),
    pendingSchedule: lease.amending ? scheduleOf(lease, { pending: true }) : null,
    files,
    history,
    inner,
    ownSubmission: version.submittedBy === req.me!.id && !req.park.settings.selfApproval,
    form: formState(req),
  })
}

/** A step of the lease: done in one transaction, refused on the lease's own page. */
const step =
  (
    work: (req: Request, lease: Lease) => Promise<unknown>,
    done: 'submitted' | 'withdrawn' | 'approved' | 'returned' | 'cancelled' | 'signed' | 'attached',
  ) =>
  async (req: Request, res: Response): Promise<void> => {
    const lease = await findLease(req)
    await commit(req, res, async () => {
      await work(req, lease)
      flash(res, `lease.done.${done}`)
      return leasePath(lease)
    })
  }

const returnForm = z.object({ comment: f.text(500) })
const signForm = z.object({ on: f.day() })

const submit = step((req, lease) => submitLease(req.park._id, lease._id, actor(req)), 'submitted')
const withdraw = step((req, lease) => withdrawLease(req.park._id, lease._id, actor(req)), 'withdrawn')
const approve = step((req, lease) => approveLease(req.park._id, lease._id, actor(req)), 'approved')
const cancel = step((req, lease) => cancelDraft(req.park._id, lease._id, actor(req)), 'cancelled')
const sendBack = step((req, lease) => returnLease(req.park._id, lease._id, readForm(req, returnForm).comment, actor(req)), 'returned')
const sign = step(
  (req, lease) => signLease(req.park._id, lease._id, { on: readForm(req, signForm).on, scans: receivedIds(req, 'scan') }, actor(req)),
  'signed',
)
const attach = step(async (req, lease) => {
  const [scans, others] = [receivedIds(req, 'scan'), receivedIds(req, 'attachment')]
  if (!scans.length && !others.length) throw new RuleError('fileMissing', {}, { field: 'attachment' })
  if (scans.length) await attachToLease(req.park._id, lease._id, scans, 'scan', actor(req))
  if (others.length) await attachToLease(req.park._id, lease._id, others, 'attachment', actor(req))
}, 'attached')

const scan = { max: 5, kinds: SCAN }
const attachment = { max: 10, kinds: [...SCAN, 'docx', 'xlsx'] as const }

export const leaseRoutes = routes(({ get, post }) => {
  get('/', 'lease.read', leaseList)
  get('/new', 'lease.draft', create)
  post('/', 'lease.draft', save, { again: create })
  get('/suggestions', 'lease.draft', suggestions)
  post('/preview', 'lease.draft', preview, { again: previewAgain })
  get('/:lease', 'lease.read', show)
  get('/:lease/edit', 'lease.draft', edit)
  post('/:lease/edit', 'lease.draft', change, { again: edit })
  post('/:lease/submission', 'lease.draft', submit, { again: show })
  post('/:lease/withdrawal', 'lease.draft', withdraw, { again: show })
  post('/:lease/cancellation', 'lease.draft', cancel, { again: show })
  post('/:lease/approval', 'lease.approve', approve, { again: show })
  post('/:lease/return', 'lease.approve', sendBack, { again: show })
  post('/:lease/signing', 'lease.sign', sign, { again: show, files: { scan } })
  post('/:lease/files', 'lease.sign', attach, { again: show, files: { scan, attachment } })
})
