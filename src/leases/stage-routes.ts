import type { Request, Response } from 'express'
import { z } from 'zod'
import { SCAN } from '../files/content.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { receivedIds } from '../web/uploads.ts'
import { cancelDraft } from './draft.ts'
import { type Lease, leasePath } from './lease.ts'
import { findLease } from './load.ts'
import { approveLease, returnLease, submitLease, withdrawLease } from './review.ts'
import { showLease } from './show.ts'
import { attachToLease, signLease } from './signing.ts'

/** The way of a lease, or of an amendment, from the draft to the signature. */
type Done = 'submitted' | 'withdrawn' | 'approved' | 'returned' | 'cancelled' | 'signed' | 'attached'

/** The page says which version it showed: nobody approves or signs what was changed behind their back. */
const seenForm = z.object({ seen: f.optionalWhole(0, 999_999_999) })

/** A step of the lease: done in one transaction, refused on the lease's own page. */
const step =
  (work: (req: Request, lease: Lease) => Promise<unknown>, done: Done) =>
  async (req: Request, res: Response): Promise<void> => {
    await commit(req, res, async () => {
      const lease = await findLease(req)
      const { seen } = readForm(req, seenForm)
      if (seen !== null && seen !== lease.version) throw conflict('lease.changed', { number: lease.number })
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

export const stageRoutes = routes(({ post }) => {
  post('/:lease/submission', 'lease.draft', submit, { again: showLease })
  post('/:lease/withdrawal', 'lease.draft', withdraw, { again: showLease })
  post('/:lease/cancellation', 'lease.draft', cancel, { again: showLease })
  post('/:lease/approval', 'lease.approve', approve, { again: showLease })
  post('/:lease/return', 'lease.approve', sendBack, { again: showLease })
  post('/:lease/signing', 'lease.sign', sign, { again: showLease, files: { scan } })
  post('/:lease/files', 'lease.sign', attach, { again: showLease, files: { scan, attachment } })
})
