import type { Request, Response } from 'express'
import { z } from 'zod'
import { tenantsIn } from '../accounts/identity.ts'
import { notFound } from '../lib/rule-error.ts'
import { findTenant, OWN_BASE, recordLocals } from '../tenants/record-page.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { asTicked } from './form.ts'
import { ownListingPath, shownContact } from './listing.ts'
import { listingOf, saveListing, withdrawListing } from './listings.ts'

/** A company's own entry, kept by its owner and by nobody for them: what is personal is shown because somebody of the company agreed. */
async function ownTenant(req: Request): Promise<Tenant> {
  const tenant = await findTenant(req)
  if (!tenantsIn(req.me, req.park).includes(String(tenant._id))) throw notFound()
  return tenant
}

const pathOf = ({ park, _id }: Tenant): string => ownListingPath({ park, tenant: _id })

async function show(req: Request, res: Response): Promise<void> {
  const tenant = await ownTenant(req)
  const listing = await listingOf(req.park._id, tenant._id)
  // A consent isn't given by a box that was ticked before: each time it is theirs to tick.
  const given = listing?.consent
  const fresh = { version: 0, intro: tenant.intro ?? '', showIndustry: true }
  const values = listing && {
    ...listing,
    contact: given ? String(given.contact) : '',
    phone: given?.phone,
    email: given?.email,
    consent: false,
  }
  const state = formState(req, values ?? fresh)
  const boxes = asTicked(req.failed, ['showIndustry', 'phone', 'email', 'consent'])
  res.page('club/own-listing', {
    ...recordLocals(req, OWN_BASE, tenant, 'listing'),
    ...{ listing, form: { ...state, values: { ...state.values, ...boxes } } },
    contact: listing && shownContact(listing, tenant),
  })
}

const form = z.object({
  version: f.version(),
  intro: f.optionalText(1000),
  offers: f.optionalText(1000),
  seeking: f.optionalText(1000),
  website: f.optionalWebAddress(),
  showIndustry: f.check(),
  contact: f.optionalId(),
  phone: f.check(),
  email: f.check(),
  consent: f.check(),
})

async function save(req: Request, res: Response): Promise<void> {
  const tenant = await ownTenant(req)
  const { version, contact, phone, email, consent, ...facts } = readForm(req, form)
  await commit(req, res, async () => {
    await saveListing(req.park._id, tenant._id, version, facts, contact && { contact, phone, email, consent }, actor(req))
    flash(res, 'club.directory.done.saved')
    return pathOf(tenant)
  })
}

async function withdraw(req: Request, res: Response): Promise<void> {
  const tenant = await ownTenant(req)
  await commit(req, res, async () => {
    await withdrawListing(req.park._id, tenant._id, actor(req))
    flash(res, 'club.directory.done.withdrawn')
    return pathOf(tenant)
  })
}

export const ownListingRoutes = routes(({ get, post }) => {
  get('/:tenant/listing', 'directory.own', show)
  post('/:tenant/listing', 'directory.own', save, { again: show })
  post('/:tenant/listing/withdrawal', 'directory.own', withdraw)
})
