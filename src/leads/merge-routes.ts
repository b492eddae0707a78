import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { scopedFind } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { refsOf } from '../search/entry.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm, readQuery } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { Lead, leadPath } from './lead.ts'
import { mergeLeads } from './merge.ts'
import { loadLead } from './steps.ts'
import { twinsOf } from './twins.ts'
import { refuseColleagues } from './who.ts'

/** Two leads of one company, side by side, and the step that makes one of them. */
const FOUND = 12
const query = z.object({ q: z.string().trim().max(60).optional(), other: f.optionalId().optional() })

type Row = Pick<Lead, '_id' | 'number' | 'name' | 'state' | 'ownerName'>

/** Those the search finds; without a text, those who are like it. */
async function candidates(req: Request, lead: Lead, q: string | undefined): Promise<Row[]> {
  const park = req.park._id
  const ids = q ? await refsOf(park, 'lead', q) : (await twinsOf(req.park, lead, lead._id)).leads.map(one => one._id)
  return scopedFind<Row>(
    Lead,
    { park, _id: { $in: ids, $ne: lead._id }, state: { $ne: 'merged' } },
    { projection: { number: 1, name: 1, state: 1, ownerName: 1 }, limit: FOUND },
  )
}

/** The other lead: from the address, or from the form that was refused. */
function chosen(req: Request): Types.ObjectId | null {
  const typed = req.failed?.values['other']
  if (typeof typed === 'string' && /^[0-9a-f]{24}$/.test(typed)) return new Types.ObjectId(typed)
  return readQuery(req, query).other ?? null
}

async function show(req: Request, res: Response): Promise<void> {
  const lead = await loadLead(req.park._id, idParam(req, 'lead'))
  if (lead.state === 'merged') throw notFound()
  const { q } = readQuery(req, query)
  const wished = chosen(req)
  const other = wished && !wished.equals(lead._id) ? await loadLead(req.park._id, wished) : null
  res.page('leads/merge', {
    lead,
    other,
    q,
    found: other ? [] : await candidates(req, lead, q),
    here: leadPath(lead),
    form: formState(req),
  })
}

async function merge(req: Request, res: Response): Promise<void> {
  const lead = await loadLead(req.park._id, idParam(req, 'lead'))
  const { other } = readForm(req, z.object({ other: f.id() }))
  // Both are worked on: whoever may not work on one of them can't make it go.
  for (const one of [lead, await loadLead(req.park._id, other)]) refuseColleagues(req, one)
  await commit(req, res, async () => {
    await mergeLeads(req.park._id, lead._id, other, actor(req))
    flash(res, 'lead.done.merged')
    return leadPath(lead)
  })
}

export const leadMergeRoutes = routes(({ get, post }) => {
  get('/:lead/merge', 'lead.work', show)
  post('/:lead/merge', 'lead.work', merge, { again: show })
})
