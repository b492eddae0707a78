import type { Request, Response } from 'express'
import { z } from 'zod'
import { notFound } from '../lib/rule-error.ts'
import { viewerOf } from '../rooms/viewer.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { type Event, eventPath, phaseOf, type Session } from './event.ts'
import { setRoom } from './programme.ts'
import { load } from './programme-routes.ts'
import { bookedRooms, choicesFor } from './room-choices.ts'

/** The room of one session: which can be had, and why the others can't. */
async function loadSession(req: Request): Promise<{ event: Event; session: Session }> {
  const event = await load(req)
  const id = idParam(req, 'meeting')
  const session = event.sessions.find(one => one._id.equals(id))
  if (!session) throw notFound()
  return { event, session }
}

async function show(req: Request, res: Response): Promise<void> {
  const { event, session } = await loadSession(req)
  const [choices, booked] = await Promise.all([choicesFor(req, event, session), bookedRooms(event.park, [session])])
  res.page('events/room', {
    event,
    session,
    phase: phaseOf(event),
    choices,
    booking: booked.get(String(session._id)) ?? null,
    form: formState(req, { version: event.version }),
  })
}

const roomForm = z.object({ version: f.version(), room: f.id() })
const noRoomForm = z.object({ version: f.version() })

async function set(req: Request, res: Response, version: number, room: z.output<typeof roomForm>['room'] | null): Promise<void> {
  const { event, session } = await loadSession(req)
  await commit(req, res, async () => {
    await setRoom(req.park, event.code, session._id, { version, room, desk: viewerOf(req).desk }, actor(req))
    flash(res, room ? 'eventRoom.done' : 'eventRoom.gone')
    return eventPath(event)
  })
}

async function choose(req: Request, res: Response): Promise<void> {
  const { version, room } = readForm(req, roomForm)
  await set(req, res, version, room)
}

const giveBack = (req: Request, res: Response): Promise<void> => set(req, res, readForm(req, noRoomForm).version, null)

export const eventRoomRoutes = routes(({ get, post }) => {
  get('/:event/sessions/:meeting/room', 'event.edit', show)
  post('/:event/sessions/:meeting/room', 'event.edit', choose, { again: show })
  post('/:event/sessions/:meeting/room/cancellation', 'event.edit', giveBack, { again: show })
})
