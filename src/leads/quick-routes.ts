import type { Request, Response } from 'express'
import { AuditEntry } from '../audit/entry.ts'
import { startOfDay, today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { PRODUCTS } from '../spaces/unit.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { FormError, formState, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { byNearness } from './arrive.ts'
import { SOURCES } from './lead.ts'
import { findOwner, type Owner, ownersOf } from './pool.ts'
import { takeCall } from './quick.ts'
import { factsOf, type Raw, rawForm, understood, type Values } from './quick-form.ts'
import { parseLine } from './quick-line.ts'
import { type Twins, twinsOf } from './twins.ts'
import { mayWork } from './who.ts'

/** The hotline: a line typed during the call, without a mouse. What is typed travels in bodies only, never in an address. */
const SHOWN = 8

/** Who the park has to do with already: shown while somebody types. */
async function twinsFor(req: Request, { name, contact, phone }: Values): Promise<Twins | null> {
  const said = name || contact
  if (!said && !phone) return null
  const known = f.optionalPhone().safeParse(phone)
  const contacts = [{ name: contact, title: null, phone: known.success ? known.data : null, email: null }]
  const twins = await twinsOf(req.park, { name: said, creditCode: null, contacts })
  return { ...twins, leads: [...twins.leads].sort(byNearness) }
}

type Taken = Pick<AuditEntry, 'at' | 'action' | 'ref' | 'label'>

/** What somebody took in today. */
const takenToday = (req: Request): Promise<Taken[]> =>
  scopedFind<Taken>(
    AuditEntry,
    {
      park: req.park._id,
      'by.id': req.me!.id,
      at: { $gte: startOfDay(today(req.park.zone), req.park.zone) },
      action: { $in: ['lead.create', 'inquiry.call'] },
    },
    { sort: { at: -1 }, limit: SHOWN, projection: { at: 1, action: 1, ref: 1, label: 1 } },
  )

const localsFor = async (req: Request, raw: Raw | null) => {
  const values = raw && understood(raw, today(req.park.zone))
  const form = formState(req, { owner: mayWork(req) ? req.me!.id : 'pool', ...raw })
  return {
    ...{ line: raw?.line ?? '', understood: Boolean(raw?.line), products: PRODUCTS, sources: SOURCES },
    form: { ...form, values: { ...form.values, ...values } },
    twins: values && (await twinsFor(req, values)),
  }
}

async function show(req: Request, res: Response, raw: Raw | null): Promise<void> {
  const locals = await localsFor(req, raw)
  const [owners, taken] = await Promise.all([ownersOf(req.park._id), takenToday(req)])
  res.page('leads/quick', { ...locals, owners, taken, scripts: ['lead-quick.js'] })
}

/** The form again: what was refused, or empty. */
async function page(req: Request, res: Response): Promise<void> {
  const refused = rawForm.partial().safeParse(req.failed?.values ?? {})
  await show(req, res, req.failed && refused.success ? refused.data : null)
}

async function preview(req: Request, res: Response): Promise<void> {
  const raw = readForm(req, rawForm)
  if (req.get('hx-request') !== 'true') return show(req, res, raw)
  res.page('leads/_understood', await localsFor(req, raw))
}

async function ownerOf(req: Request, given: string | undefined): Promise<Owner | null> {
  if (given === 'pool') return null
  const id = f.optionalId().safeParse(given)
  if (id.success && id.data) return findOwner(req.park._id, id.data)
  return mayWork(req) ? findOwner(req.park._id, f.id().parse(req.me!.id)) : null
}

async function save(req: Request, res: Response): Promise<void> {
  const raw = readForm(req, rawForm)
  if (!raw.line.trim()) throw new FormError([{ key: 'error.required', field: 'line' }])
  // Without a script nobody has seen yet what is understood: that is the second page.
  if (raw.seen !== raw.line && !raw.direct) return show(req, res, raw)
  const on = today(req.park.zone)
  const facts = factsOf(understood(raw, on))
  await commit(req, res, async () => {
    const owner = await ownerOf(req, raw.owner)
    const { said } = parseLine(raw.line, on)
    const { was } = await takeCall(req.park, { facts, said, owner, anew: raw.anew }, actor(req))
    flash(res, was === null ? 'leadIntake.quick.doneNew' : 'leadIntake.quick.doneKnown')
    return `/parks/${req.park._id}/leads/quick`
  })
}

export const leadQuickRoutes = routes(({ get, post }) => {
  get('/quick', 'lead.enter', page)
  post('/quick', 'lead.enter', save, { again: page })
  post('/quick/preview', 'lead.enter', preview, { again: page })
})
