import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { now } from '../lib/clock.ts'
import { translateAny } from '../locales/index.ts'
import { idParam, localPath, readQuery, seeOther } from '../web/forms.ts'
import { listOf, pageSchema } from '../web/list.ts'
import { routes } from '../web/router.ts'
import { Notification, unreadCount } from './notification.ts'

const SIZE = 30
const own = (req: Request) => new Types.ObjectId(req.me!.id)

async function index(req: Request, res: Response): Promise<void> {
  const { page } = readQuery(req, z.object(pageSchema))
  const filter = { user: own(req) }
  const [rows, total] = await Promise.all([
    Notification.find(filter)
      .sort({ at: -1 })
      .skip((page - 1) * SIZE)
      .limit(SIZE)
      .lean(),
    Notification.countDocuments(filter).limit(1000),
  ])
  const items = rows.map(row => ({
    ...row,
    title: translateAny(req.lang, `notice.${row.key}.title`, row.params),
    text: translateAny(req.lang, `notice.${row.key}.text`, row.params),
  }))
  res.page('accounts/notifications', { list: listOf(req, { items, total, page, size: SIZE }), narrow: true })
}

async function count(req: Request, res: Response): Promise<void> {
  res.set('cache-control', 'no-store').json({ unread: await unreadCount(req.me!.id) })
}

/** Opens what a notification is about, and marks it read. */
async function open(req: Request, res: Response): Promise<void> {
  const notice = await Notification.findOneAndUpdate({ _id: idParam(req, 'notification'), user: own(req) }, { readAt: now() }).lean()
  seeOther(res, localPath(notice?.path, '/notifications'))
}

async function readAll(req: Request, res: Response): Promise<void> {
  await Notification.updateMany({ user: own(req), readAt: null }, { readAt: now() })
  seeOther(res, '/notifications')
}

export const notificationRoutes = routes(({ get, post }) => {
  get('/notifications', 'signed-in', index)
  get('/notifications/count', 'signed-in', count)
  post('/notifications/read', 'signed-in', readAll)
  post('/notifications/:notification/reading', 'signed-in', open)
})
