import type { Request, Response } from 'express'
import { z } from 'zod'
import { notFound } from '../lib/rule-error.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { type RouteTable, routes } from '../web/router.ts'
import { addContact, editContact, maskedContact, removeContact } from './contacts.ts'
import { type Base, basePath, findTenant, recordLocals, tenantOrMoved } from './record-page.ts'

const fields = { name: f.text(60), title: f.optionalText(60), phone: f.optionalPhone(), email: f.optionalEmail(), primary: f.check() }
const newForm = z.object(fields)
const editForm = z.object({ ...fields, version: f.version() })

/** A tenant's contacts: the list with a form for the next one, and a page for each. */
export function contactRoutes(base: Base): RouteTable {
  async function index(req: Request, res: Response): Promise<void> {
    const tenant = await tenantOrMoved(req, res, base)
    if (!tenant) return
    const locals = recordLocals(req, base, tenant, 'contacts')
    const contacts = locals.inFull ? tenant.contacts : tenant.contacts.map(maskedContact)
    res.page('tenants/contacts', { ...locals, contacts, form: formState(req) })
  }

  async function add(req: Request, res: Response): Promise<void> {
    const tenant = await findTenant(req)
    const form = readForm(req, newForm)
    await commit(req, res, async () => {
      await addContact(req.park._id, tenant._id, form, actor(req))
      flash(res, 'app.saved')
      return `${basePath(req, base, tenant._id)}/contacts`
    })
  }

  async function edit(req: Request, res: Response): Promise<void> {
    const tenant = await findTenant(req)
    const contact = tenant.contacts.find(one => one._id.equals(idParam(req, 'contact')))
    if (!contact) throw notFound()
    const locals = recordLocals(req, base, tenant, 'contacts')
    res.page('tenants/contact', { ...locals, contact, form: formState(req, { ...contact, version: contact.version ?? 0 }) })
  }

  async function save(req: Request, res: Response): Promise<void> {
    const tenant = await findTenant(req)
    const { version, ...input } = readForm(req, editForm)
    const ref = { _id: idParam(req, 'contact'), version }
    await commit(req, res, async () => {
      await editContact(req.park._id, tenant._id, ref, input, actor(req))
      flash(res, 'app.saved')
      return `${basePath(req, base, tenant._id)}/contacts`
    })
  }

  async function remove(req: Request, res: Response): Promise<void> {
    const tenant = await findTenant(req)
    await commit(req, res, async () => {
      await removeContact(req.park._id, tenant._id, idParam(req, 'contact'), actor(req))
      flash(res, 'record.removed')
      return `${basePath(req, base, tenant._id)}/contacts`
    })
  }

  return routes(({ get, post }) => {
    get('/:tenant/contacts', base.read, index)
    post('/:tenant/contacts', base.write, add, { again: index })
    get('/:tenant/contacts/:contact', base.write, edit)
    post('/:tenant/contacts/:contact', base.write, save, { again: edit })
    post('/:tenant/contacts/:contact/removal', base.write, remove)
  })
}
