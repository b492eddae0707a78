import type { Request, Response } from 'express'
import type { Types } from 'mongoose'
import { z } from 'zod'
import { today } from '../lib/days.ts'
import { District } from '../parks/district.ts'
import { INDUSTRIES } from '../parks/park.ts'
import { PRODUCTS } from '../spaces/unit.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { createLead, editLead } from './create.ts'
import { contactRows, factFields, factsFrom, nextFields, valuesOf } from './form.ts'
import { type Lead, leadPath, SOURCES } from './lead.ts'
import { firstContact } from './ownership.ts'
import { findOwner, type Owner, ownersOf } from './pool.ts'
import { checkNext, loadLead } from './steps.ts'
import { type Twins, twinsOf } from './twins.ts'
import { mayLead, refuseColleagues, selfOf } from './who.ts'

/** Entering a lead with all that is known of it, and changing that. */

/** Who is like what was refused as a twin. */
async function twinsShown(req: Request, self: Types.ObjectId | null): Promise<Twins | null> {
  if (!req.failed?.problems.some(problem => problem.key === 'error.lead.twin')) return null
  const read = z.object(factFields).safeParse(req.failed.values)
  return read.success ? twinsOf(req.park, factsFrom(read.data), self) : null
}

async function formPage(req: Request, res: Response, lead: Lead | null): Promise<void> {
  const { what: nextWhat, on: nextOn } = firstContact(req)
  const fresh = { source: 'hotline', owner: req.me!.id, nextOn, nextWhat }
  const form = formState(req, lead ? valuesOf(lead) : fresh)
  const [twins, owners, districts] = await Promise.all([
    twinsShown(req, lead?._id ?? null),
    lead || !mayLead(req) ? [] : ownersOf(req.park._id),
    District.find({}, { name: 1 }).sort({ _id: 1 }).lean(),
  ])
  res.page('leads/form', {
    ...{ lead, form, twins, rows: contactRows(form.values), owners, on: today(req.park.zone), origins: districts.map(one => one.name.zh) },
    ...{ sources: SOURCES, industries: INDUSTRIES, products: PRODUCTS },
  })
}

const newPage = (req: Request, res: Response): Promise<void> => formPage(req, res, null)
const newForm = z.object({ ...factFields, ...nextFields, owner: z.union([z.literal('pool'), f.id()]), twin: f.check() })

async function ownerOf(req: Request, owner: 'pool' | Types.ObjectId): Promise<Owner | null> {
  if (owner === 'pool') return null
  return String(owner) === req.me!.id ? selfOf(req) : findOwner(req.park._id, owner)
}

async function create(req: Request, res: Response): Promise<void> {
  const { owner, twin, nextWhat, nextOn, ...form } = readForm(req, newForm)
  const facts = factsFrom(form)
  const next = { what: nextWhat, on: nextOn }
  checkNext(next, today(req.park.zone))
  await commit(req, res, async () => {
    // Only who leads gives a lead to somebody else; anybody may leave it to the pool.
    const whose = owner === 'pool' || mayLead(req) ? await ownerOf(req, owner) : selfOf(req)
    const lead = await createLead(req.park, facts, { owner: whose, next, twin }, actor(req))
    flash(res, 'lead.done.created')
    return leadPath(lead)
  })
}

async function edit(req: Request, res: Response): Promise<void> {
  return formPage(req, res, await loadLead(req.park._id, idParam(req, 'lead')))
}

const editForm = z.object({ ...factFields, twin: f.check(), version: f.version() })

async function save(req: Request, res: Response): Promise<void> {
  const lead = await loadLead(req.park._id, idParam(req, 'lead'))
  refuseColleagues(req, lead)
  const { twin, version, ...form } = readForm(req, editForm)
  const facts = factsFrom(form)
  await commit(req, res, async () => {
    await editLead(req.park, lead._id, version, facts, { twin }, actor(req))
    flash(res, 'app.saved')
    return leadPath(lead)
  })
}

export const leadFormRoutes = routes(({ get, post }) => {
  get('/new', 'lead.work', newPage)
  post('/', 'lead.work', create, { again: newPage })
  get('/:lead/edit', 'lead.work', edit)
  post('/:lead/edit', 'lead.work', save, { again: edit })
})
