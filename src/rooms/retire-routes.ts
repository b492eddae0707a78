import type { Request, Response } from 'express'
import { z } from 'zod'
import { addDays, dayAfter, FOREVER, today } from '../lib/days.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { FormError, formState, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { obstaclesView } from './blackout-view.ts'
import { inTheWayOf, partsOf, reopenRoom, retireRoom } from './retire.ts'
import { type Room, roomPath } from './room.ts'
import { findRoom } from './room-viewer.ts'

/** Closing a room for good, and opening it again. */
const form = z.object({ last: f.day() })

/** What is in the way of the day that was typed. */
async function obstaclesTyped(req: Request, room: Room) {
  if (!req.failed) return null
  try {
    const { last } = readForm(req, form)
    if (last < today(req.park.zone)) return null
    return obstaclesView(req, await inTheWayOf(req.park, room, dayAfter(last), await partsOf(room)))
  } catch (error) {
    if (error instanceof FormError) return null
    throw error
  }
}

async function page(req: Request, res: Response): Promise<void> {
  const room = await findRoom(req)
  const state = formState(req, { last: addDays(today(req.park.zone), 30) })
  res.page('rooms/retirement', { room, form: state, open: room.activeTo === FOREVER, obstacles: await obstaclesTyped(req, room) })
}

async function retire(req: Request, res: Response): Promise<void> {
  const room = await findRoom(req)
  const { last } = readForm(req, form)
  await commit(req, res, async () => {
    await retireRoom(req.park, room._id, dayAfter(last), actor(req))
    flash(res, 'blackout.retire.done')
    return roomPath(room)
  })
}

async function reopen(req: Request, res: Response): Promise<void> {
  const room = await findRoom(req)
  await commit(req, res, async () => {
    await reopenRoom(req.park, room._id, actor(req))
    flash(res, 'blackout.retire.reopened')
    return roomPath(room)
  })
}

export const retireRoutes = routes(({ get, post }) => {
  get('/:room/retirement', 'room.edit', page)
  post('/:room/retirement', 'room.edit', retire, { again: page })
  post('/:room/reopening', 'room.edit', reopen, { again: page })
})
