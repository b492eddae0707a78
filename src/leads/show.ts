import type { Request, Response } from 'express'
import { z } from 'zod'
import { now } from '../lib/clock.ts'
import { addDays, dayAt, daysBetween, today } from '../lib/days.ts'
import { maskPhone } from '../lib/mask.ts'
import { scopedFind, scopedOne } from '../lib/park-scope.ts'
import { f } from '../web/fields.ts'
import { formState, idParam, readQuery } from '../web/forms.ts'
import { routes } from '../web/router.ts'
import { FOLLOW_UPS, LeadEntry } from './entry.ts'
import { isOverdue, type Lead, LOST_REASONS, leadPath, stageTimes } from './lead.ts'
import { setupOf } from './setup.ts'
import { LINE_WORDS, partsOf } from './show-parts.ts'
import { stageNames } from './stage-names.ts'
import { loadLead } from './steps.ts'
import { mayWork, worksOn } from './who.ts'

/** The page of a lead: who it is, what it wants, how far it is, what was done, and the one next thing to do. */
const LINES = 40
const DAY_MS = 86_400_000

const query = z.object({ before: f.optionalId().optional() })

/** Its timeline, newest first; older lines by a link. */
async function linesOf(req: Request, lead: Lead): Promise<{ lines: LeadEntry[]; older: string | null }> {
  const { before } = readQuery(req, query)
  const own = { park: lead.park, lead: lead._id }
  const last = before ? await scopedOne<LeadEntry>(LeadEntry, { ...own, _id: before }, { projection: { at: 1 } }) : null
  // Lines of one step have one instant: their ids tell them apart.
  const filter = last ? { ...own, at: { $lte: last.at }, $or: [{ at: { $lt: last.at } }, { _id: { $lt: last._id } }] } : own
  const lines = await scopedFind<LeadEntry>(LeadEntry, filter, { sort: { at: -1, _id: -1 }, limit: LINES + 1 })
  const shown = lines.slice(0, LINES)
  return { lines: shown, older: lines.length > LINES ? `${leadPath(lead)}?before=${shown.at(-1)!._id}#timeline` : null }
}

/** Which of the page's forms was refused. */
const failedForm = (req: Request): string | null => (req.failed ? (req.path.split('/').at(-1) ?? null) : null)

export async function showLead(req: Request, res: Response): Promise<void> {
  const lead = await loadLead(req.park._id, idParam(req, 'lead'))
  if (lead.state === 'merged') return res.redirect(303, leadPath({ park: lead.park, _id: lead.mergedInto! }))
  const on = today(req.park.zone)
  const [setup, timeline, parts] = await Promise.all([setupOf(req.park._id), linesOf(req, lead), partsOf(req, lead)])
  const works = worksOn(req, lead)
  res.page('leads/show', {
    ...{ lead, setup, on, works, mayWork: mayWork(req), ...timeline },
    stageName: stageNames(req, setup),
    ...parts,
    mayOffer: works && lead.owner !== null && lead.state === 'open',
    overdue: isOverdue(lead, on),
    times: stageTimes(lead, now()).map(({ stage, ms }) => ({ stage, days: Math.floor(ms / DAY_MS) })),
    here: leadPath(lead),
    failed: failedForm(req),
    form: formState(req, { nextOn: addDays(on, 7), kind: 'call' }),
    followUps: FOLLOW_UPS,
    reasons: LOST_REASONS,
    lateDays: lead.next ? daysBetween(lead.next.on, on) : 0,
    // Kinds of lines whose words another area has.
    lineKeys: LINE_WORDS,
    since: dayAt(lead.at, req.park.zone),
    // In full for who works on it; others see that there is one.
    phoneOf: (phone: string) => (works ? phone : maskPhone(phone)),
  })
}

export const leadRoutes = routes(({ get }) => {
  get('/:lead', 'lead.read', showLead)
})
