import type { Request, Response } from 'express'
import { dayAfter } from '../lib/days.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { discardAmendment, draftAmendment } from './amendment.ts'
import { amendmentForm, formValues, renewalForm } from './form.ts'
import { formPage } from './form-page.ts'
import { type Lease, leasePath } from './lease.ts'
import { findLease } from './load.ts'
import { draftRenewal, proposeRenewal } from './renewal.ts'

/** What a signed lease may become: an amended one, or a new one that follows it. Both are drafts first and go the ways of a draft. */
async function renewal(req: Request, res: Response): Promise<void> {
  const lease = await findLease(req)
  const proposal = proposeRenewal(lease)
  const page = await formPage(req, { ...formValues(proposal), from: proposal.from })
  res.page('leases/renewal', { ...page, lease, from: proposal.from, basis: page.form.values['basis'] })
}

async function renew(req: Request, res: Response): Promise<void> {
  const lease = await findLease(req)
  const form = readForm(req, renewalForm)
  await commit(req, res, async () => {
    const input = { ...form, tenant: lease.tenant, from: dayAfter(lease.end) }
    const fresh = await draftRenewal(req.park._id, lease._id, input, actor(req))
    flash(res, 'leaseStep.renewalDone')
    return leasePath(fresh)
  })
}

const agreedOf = (lease: Lease) => lease.versions.filter((version, i) => i === 0 || version.stage === 'signed').at(-1)!

function checkAmendable(lease: Lease): void {
  if (lease.state !== 'signed' || lease.renewedBy) throw new RuleError('amendment.notSigned')
  if (lease.amending && lease.amending !== 'draft')
    throw conflict('lease.stage', { number: lease.number, stage: `key:lease.status.${lease.amending}` })
}

async function amendment(req: Request, res: Response): Promise<void> {
  const lease = await findLease(req)
  checkAmendable(lease)
  const agreed = agreedOf(lease)
  const shown = lease.amending ? lease.versions.at(-1)! : agreed
  const { rentFree, escalation, reductions, deposit, note, lines } = shown
  const values = {
    ...formValues({ lines, rentFree, escalation, reductions, deposit }),
    note,
    from: lease.amending ? shown.from : '',
    to: lease.end,
    version: lease.version,
  }
  const page = await formPage(req, values, String(lease._id))
  res.page('leases/amendment', { ...page, lease, agreed, comment: lease.amending ? shown.comment : null, basis: lease.basis })
}

async function amend(req: Request, res: Response): Promise<void> {
  const lease = await findLease(req)
  const { version, ...input } = readForm(req, amendmentForm)
  await commit(req, res, async () => {
    await draftAmendment(req.park._id, lease._id, version, input, actor(req))
    flash(res, 'leaseStep.amendmentDone')
    return leasePath(lease)
  })
}

async function discard(req: Request, res: Response): Promise<void> {
  const lease = await findLease(req)
  await commit(req, res, async () => {
    await discardAmendment(req.park._id, lease._id, actor(req))
    flash(res, 'leaseStep.discardDone')
    return leasePath(lease)
  })
}

export const changeRoutes = routes(({ get, post }) => {
  get('/:lease/renewal', 'lease.draft', renewal)
  post('/:lease/renewal', 'lease.draft', renew, { again: renewal })
  get('/:lease/amendment', 'lease.draft', amendment)
  post('/:lease/amendment', 'lease.draft', amend, { again: amendment })
  post('/:lease/amendment/discard', 'lease.draft', discard)
})
