import type { Request, Response } from 'express'
import { z } from 'zod'
import { disableUser, enableUser } from '../accounts/disabling.ts'
import { Membership, User } from '../accounts/user.ts'
import { escapeRegExp } from '../lib/text.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { idParam, localPath, readForm, readQuery } from '../web/forms.ts'
import { COUNT_LIMIT, listOf, pageSchema, type Tag } from '../web/list.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'

/** Everybody who can sign in: found by name or address, shut out and let in again. */
const SIZE = 50

const query = z.object({ q: z.string().trim().max(60).optional(), state: z.enum(['active', 'disabled']).optional(), page: pageSchema.page })

async function index(req: Request, res: Response): Promise<void> {
  const { q, state, page } = readQuery(req, query)
  const like = q ? { $regex: escapeRegExp(q), $options: 'i' } : null
  const filter = { ...(like ? { $or: [{ email: like }, { name: like }] } : {}), ...(state ? { disabled: state === 'disabled' } : {}) }
  const [users, total] = await Promise.all([
    User.find(filter, { password: 0 })
      .sort({ email: 1 })
      .skip((page - 1) * SIZE)
      .limit(SIZE)
      .lean(),
    User.countDocuments(filter).limit(COUNT_LIMIT),
  ])
  const posts = await Membership.find({ user: { $in: users.map(user => user._id) } }).lean()
  const items = users.map(user => ({ ...user, posts: posts.filter(post => post.user.equals(user._id)) }))
  const tags: Tag[] = []
  if (q) tags.push({ names: ['q'], text: q })
  if (state) tags.push({ names: ['state'], text: req.t(`admin.userStates.${state}`) })
  res.page('overview/admin-users', { list: listOf(req, { items, total, page, size: SIZE, tags }), asked: { q, state } })
}

const back = z.object({ next: z.string().max(300).optional() })

async function disable(req: Request, res: Response): Promise<void> {
  const { next } = readForm(req, back)
  await commit(req, res, async () => {
    await disableUser(idParam(req, 'user'), actor(req))
    flash(res, 'accounts.admin.userDisabled')
    return localPath(next, '/admin/users')
  })
}

async function enable(req: Request, res: Response): Promise<void> {
  const { next } = readForm(req, back)
  await commit(req, res, async () => {
    await enableUser(idParam(req, 'user'), actor(req))
    flash(res, 'accounts.admin.userEnabled')
    return localPath(next, '/admin/users')
  })
}

export const adminUserRoutes = routes(({ get, post }) => {
  get('/', 'admin.users', index)
  post('/:user/disabling', 'admin.users', disable)
  post('/:user/enabling', 'admin.users', enable)
})
