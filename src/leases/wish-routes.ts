import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { addMonths, dayBefore, isDay, lengthOf, today as todayIn } from '../lib/days.ts'
import { PRODUCTS } from '../spaces/unit.ts'
import { f } from '../web/fields.ts'
import { formState, readForm, readQuery } from '../web/forms.ts'
import { routes } from '../web/router.ts'
import { type Own, obstaclesTo } from './availability.ts'
import { firstVersion } from './draft.ts'
import { inputOf, leaseForm } from './form.ts'
import { buildLines, checkVersion, type LeaseInput, summary } from './input.ts'
import { scheduleOf } from './preview.ts'
import { suggestUnits } from './suggest.ts'

/** What helps while a lease is typed: units that are free in the wanted period, and the charges of what stands in the form. */
const wishQuery = z.object({
  from: z.string().refine(isDay).optional(),
  to: z.string().refine(isDay).optional(),
  area: f.optionalArea().optional(),
  product: z.enum(PRODUCTS).optional(),
  tenant: f.optionalId().optional(),
  /** The draft that is being edited: a choice goes back to it. */
  lease: f.optionalId().optional(),
  /** Units for an offer to a lead: a new one, or a draft. */
  lead: f.optionalId().optional(),
  offer: f.optionalId().optional(),
})

/** Whoever asks for JSON (the form, when its dates change) gets the ids alone. */
async function suggestions(req: Request, res: Response): Promise<void> {
  const asked = readQuery(req, wishQuery)
  const { from = todayIn(req.park.zone), area, product } = asked
  const to = asked.to && asked.to >= from ? asked.to : dayBefore(addMonths(from, 12))
  const units = await suggestUnits(req.park._id, { from, to, area, product })
  if (req.accepts(['html', 'json']) === 'json') {
    res.vary('Accept').json({ units: units.map(unit => String(unit._id)) })
    return
  }
  const way = (id: unknown) => (id ? `${id}/edit` : 'new')
  const path = asked.lead ? `leads/${asked.lead}/offers/${way(asked.offer)}` : `leases/${way(asked.lease)}`
  res.page('leases/suggestions', { units, asked, from, to, products: PRODUCTS, back: `/parks/${req.park._id}/${path}` })
}

/** The charges of what is typed, and what stands in its way. */
export async function previewOf(park: string, input: Omit<LeaseInput, 'tenant'>, own: Own = {}) {
  checkVersion(input, input)
  const { from, to, rentFree, escalation, reductions, deposit } = input
  const lines = await buildLines(park, input, from)
  const version = firstVersion({ no: 1, from, lines, rentFree, escalation, reductions, deposit })
  const units = lines.map(line => line.unit)
  return {
    schedule: scheduleOf({ ...input, end: to, versions: [version] }),
    sum: { ...summary(lines), ...lengthOf(from, to), from, to },
    obstacles: await obstaclesTo(park, units, { from, to }, own),
    form: null,
  }
}

/** The charges of what stands in the form. What is missing is said, not refused: the answer is a page like any other. */
async function preview(req: Request, res: Response): Promise<void> {
  res.page('leases/preview', await previewOf(req.park._id, inputOf(readForm(req, leaseForm), new Types.ObjectId())))
}

/** A form half filled is no error; only what is filled in wrongly is told. */
const UNFILLED = ['error.required', 'error.choose', 'error.lease.noUnits']

export function previewAgain(req: Request, res: Response): void {
  if (req.failed) req.failed.problems = req.failed.problems.filter(problem => !UNFILLED.includes(problem.key))
  res.status(200)
  res.page('leases/preview', { schedule: null, problems: formState(req).problems, obstacles: [], form: null })
}

export const wishRoutes = routes(({ get, post }) => {
  get('/suggestions', 'lease.draft', suggestions)
  post('/preview', 'lease.draft', preview, { again: previewAgain })
})
