import type { Request, Response } from 'express'
import { z } from 'zod'
import { textIn } from '../lib/text.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, param, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { invite, openInvitations, withdrawInvitation } from './invitations.ts'
import { revokeRole } from './memberships.ts'
import { STAFF_ROLES } from './roles.ts'
import { Membership, User } from './user.ts'

/** The people who work for a park: who has which role, invitations, and taking a role back at once. */
async function index(req: Request, res: Response): Promise<void> {
  const park = req.park._id
  const rows = await Membership.find({ park, role: { $in: STAFF_ROLES } })
    .sort({ role: 1, createdAt: 1 })
    .lean()
  const users = await User.find({ _id: { $in: rows.map(row => row.user) } }, { name: 1, email: 1, disabled: 1, signedInAt: 1 }).lean()
  const people = rows.map(row => ({ ...row, person: users.find(user => user._id.equals(row.user)) })).filter(row => row.person)
  const pending = await openInvitations({ park, tenant: null })
  res.page('accounts/people', { form: formState(req), people, pending, roleNames: STAFF_ROLES })
}

const inviteForm = z.object({ email: f.email(), role: f.choice(STAFF_ROLES) })

async function sendInvitation(req: Request, res: Response): Promise<void> {
  const { email, role } = readForm(req, inviteForm)
  await commit(req, res, async () => {
    await invite({ email, role, park: req.park._id }, textIn(req.park.name, req.lang).text, req.lang, actor(req))
    flash(res, 'accounts.people.invited')
    return `/parks/${req.park._id}/people`
  })
}

async function revoke(req: Request, res: Response): Promise<void> {
  await commit(req, res, async () => {
    await revokeRole(req.park._id, idParam(req, 'membership'), actor(req))
    flash(res, 'accounts.people.revoked')
    return `/parks/${req.park._id}/people`
  })
}

async function cancel(req: Request, res: Response): Promise<void> {
  await commit(req, res, async () => {
    await withdrawInvitation({ park: req.park._id }, param(req, 'invitation'))
    flash(res, 'accounts.people.cancelled')
    return `/parks/${req.park._id}/people`
  })
}

export const peopleRoutes = routes(({ get, post }) => {
  get('/', 'park.staff', index)
  post('/', 'park.staff', sendInvitation, { again: index })
  post('/:membership/revocation', 'park.staff', revoke, { again: index })
  post('/invitations/:invitation/withdrawal', 'park.staff', cancel)
})
