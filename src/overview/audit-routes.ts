import type { Request, Response } from 'express'
import { STAFF_ROLES } from '../accounts/roles.ts'
import { Membership, User } from '../accounts/user.ts'
import { showTrail } from '../audit/trail.ts'
import { routes } from '../web/router.ts'

/** Everything that was done in a park. */
async function index(req: Request, res: Response): Promise<void> {
  const { _id: park, zone } = req.park
  const rows = await Membership.find({ park, role: { $in: STAFF_ROLES } }, { user: 1 }).lean()
  const users = await User.find({ _id: { $in: rows.map(row => row.user) } }, { name: 1 })
    .sort({ name: 1 })
    .lean()
  const people = users.map(user => ({ id: String(user._id), name: user.name }))
  await showTrail(req, res, { park, zone, root: `/parks/${park}`, people })
}

export const auditRoutes = routes(({ get }) => {
  get('/', 'audit.read', index)
})
