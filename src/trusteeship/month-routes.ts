import type { Request, Response } from 'express'
import { z } from 'zod'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { idParam, param, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { received } from '../web/uploads.ts'
import { roundPath } from './agreement.ts'
import { findMonth, isStaff } from './load.ts'
import { showMonth } from './month-page.ts'
import { addPapers, addReports, refusePaper, removeReport, sayNone, withdrawPaper } from './papers.ts'
import { REPORT_SLOTS } from './round.ts'
import { STATES, type Step } from './state.ts'
import { type Ref, takeBack, takeStep } from './steps.ts'

/** What is done in a month: papers in, step by step, reports back. Each in one transaction, refused on the month's own page. */
type Done = 'uploaded' | 'none' | 'withdrawn' | 'refused' | 'back' | 'reportAdded' | 'reportRemoved' | Step

const act =
  (work: (req: Request, ref: Ref) => Promise<unknown>, done: Done) =>
  async (req: Request, res: Response): Promise<void> => {
    const { agreement, month, ref } = await findMonth(req)
    await commit(req, res, async () => {
      await work(req, ref)
      flash(res, `trustee.done.${done}`)
      return roundPath(agreement, month)
    })
  }

const reasonForm = z.object({ reason: f.text(500) })
const backForm = z.object({ reason: f.text(500), from: f.choice(STATES) })
const reportForm = z.object({ slot: f.choice(REPORT_SLOTS) })

const upload = act(
  (req, ref) => addPapers(req.park, ref, param(req, 'paper'), received(req, 'papers'), actor(req), isStaff(req)),
  'uploaded',
)
const none = act((req, ref) => sayNone(req.park, ref, param(req, 'paper'), actor(req), isStaff(req)), 'none')
const withdraw = act((req, ref) => withdrawPaper(req.park, ref, idParam(req, 'item'), actor(req)), 'withdrawn')
const refuse = act((req, ref) => refusePaper(req.park, ref, idParam(req, 'item'), readForm(req, reasonForm).reason, actor(req)), 'refused')
const step = (to: Step) => act((req, ref) => takeStep(req.park, ref, to, actor(req)), to)
const back = act((req, ref) => {
  const { reason, from } = readForm(req, backForm)
  return takeBack(req.park, ref, from, reason, actor(req))
}, 'back')
const report = act(
  (req, ref) => addReports(req.park, ref, readForm(req, reportForm).slot, received(req, 'reports'), actor(req)),
  'reportAdded',
)
const unreport = act((req, ref) => removeReport(req.park, ref, idParam(req, 'report'), actor(req)), 'reportRemoved')

const kinds = ['pdf', 'jpg', 'png', 'xlsx'] as const
const again = showMonth

export const monthRoutes = routes(({ get, post }) => {
  get('/:agreement/:month', 'trustee.read', showMonth)
  post('/:agreement/:month/papers/:paper', 'trustee.papers', upload, { again, files: { papers: { max: 10, kinds } } })
  post('/:agreement/:month/papers/:paper/none', 'trustee.papers', none, { again })
  post('/:agreement/:month/items/:item/withdrawal', 'trustee.papers', withdraw, { again })
  post('/:agreement/:month/items/:item/refusal', 'trustee.edit', refuse, { again })
  post('/:agreement/:month/receipt', 'trustee.papers', step('received'), { again })
  post('/:agreement/:month/booking', 'trustee.edit', step('booked'), { again })
  post('/:agreement/:month/filing', 'trustee.edit', step('filed'), { again })
  post('/:agreement/:month/reporting', 'trustee.edit', step('reported'), { again })
  post('/:agreement/:month/return', 'trustee.edit', back, { again })
  post('/:agreement/:month/reports', 'trustee.edit', report, { again, files: { reports: { max: 10, kinds } } })
  post('/:agreement/:month/reports/:report/removal', 'trustee.edit', unreport, { again })
})
