import type { Request, Response } from 'express'
import { z } from 'zod'
import { DOCUMENT } from '../files/content.ts'
import { filesOf } from '../files/store.ts'
import { forbidden } from '../lib/rule-error.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { type RouteTable, routes } from '../web/router.ts'
import { received } from '../web/uploads.ts'
import { attachDocuments, DOCUMENT_SLOTS, removeDocument } from './documents.ts'
import { type Base, basePath, findTenant, mayOn, recordLocals, tenantOrMoved } from './record-page.ts'

const form = z.object({ slot: f.choice(DOCUMENT_SLOTS) })

/** A tenant's papers. */
export function documentRoutes(base: Base): RouteTable {
  async function index(req: Request, res: Response): Promise<void> {
    const tenant = await tenantOrMoved(req, res, base)
    if (!tenant) return
    // Whoever reads a tenant need not read its papers: the front desk doesn't.
    if (!mayOn(req, 'file.read', tenant._id)) throw forbidden()
    const files = await filesOf(req.park._id, 'tenant', tenant._id)
    res.page('tenants/documents', {
      ...recordLocals(req, base, tenant, 'documents'),
      files: files.sort((a, b) => b.metadata.at.getTime() - a.metadata.at.getTime()),
      slots: DOCUMENT_SLOTS,
      form: formState(req),
    })
  }

  async function attach(req: Request, res: Response): Promise<void> {
    const tenant = await findTenant(req)
    const { slot } = readForm(req, form)
    await commit(req, res, async () => {
      await attachDocuments(req.park._id, tenant._id, slot, received(req, 'documents'), actor(req))
      flash(res, 'record.document.added')
      return `${basePath(req, base, tenant._id)}/documents`
    })
  }

  async function remove(req: Request, res: Response): Promise<void> {
    const tenant = await findTenant(req)
    await commit(req, res, async () => {
      await removeDocument(req.park._id, tenant._id, idParam(req, 'file'), actor(req))
      flash(res, 'record.removed')
      return `${basePath(req, base, tenant._id)}/documents`
    })
  }

  return routes(({ get, post }) => {
    get('/:tenant/documents', base.read, index)
    post('/:tenant/documents', base.write, attach, { again: index, files: { documents: { max: 10, kinds: DOCUMENT } } })
    post('/:tenant/documents/:file/removal', base.write, remove)
  })
}
