import type { Request, Response } from 'express'
import { z } from 'zod'
import { withdrawInvitation } from '../accounts/invitations.ts'
import { TENANT_ROLES } from '../accounts/roles.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, param, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { type RouteTable, routes } from '../web/router.ts'
import { inviteMember, membersOf, pendingOf, removeMember } from './members.ts'
import { type Base, basePath, findTenant, recordLocals, tenantOrMoved } from './record-page.ts'

const inviteForm = z.object({ email: f.email(), role: f.choice(TENANT_ROLES) })

/** Who signs in for a tenant; its owner and the park invite. */
export function memberRoutes(base: Base): RouteTable {
  const pageOf = (req: Request, tenant: Parameters<typeof basePath>[2]) => `${basePath(req, base, tenant)}/members`

  async function index(req: Request, res: Response): Promise<void> {
    const tenant = await tenantOrMoved(req, res, base)
    if (!tenant) return
    const members = await membersOf(req.park._id, tenant._id)
    const pending = await pendingOf(req.park._id, tenant._id)
    const owners = members.filter(member => member.role === 'owner').length
    const locals = recordLocals(req, base, tenant, 'members')
    res.page('tenants/members', { ...locals, members, pending, owners, roleNames: TENANT_ROLES, form: formState(req, { role: 'member' }) })
  }

  async function invite(req: Request, res: Response): Promise<void> {
    const tenant = await findTenant(req)
    const form = readForm(req, inviteForm)
    await commit(req, res, async () => {
      await inviteMember(tenant, form, req.lang, actor(req))
      flash(res, 'accounts.people.invited')
      return pageOf(req, tenant._id)
    })
  }

  async function revoke(req: Request, res: Response): Promise<void> {
    const tenant = await findTenant(req)
    await commit(req, res, async () => {
      await removeMember(req.park._id, tenant._id, idParam(req, 'membership'), actor(req))
      flash(res, 'accounts.people.revoked')
      return pageOf(req, tenant._id)
    })
  }

  async function withdraw(req: Request, res: Response): Promise<void> {
    const tenant = await findTenant(req)
    await commit(req, res, async () => {
      await withdrawInvitation({ park: req.park._id, tenant: tenant._id }, param(req, 'invitation'))
      flash(res, 'accounts.people.cancelled')
      return pageOf(req, tenant._id)
    })
  }

  return routes(({ get, post }) => {
    get('/:tenant/members', 'tenant.invite', index)
    post('/:tenant/members', 'tenant.invite', invite, { again: index })
    post('/:tenant/members/:membership/revocation', 'tenant.invite', revoke, { again: index })
    post('/:tenant/members/invitations/:invitation/withdrawal', 'tenant.invite', withdraw, { again: index })
  })
}
