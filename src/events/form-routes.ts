import type { Request, Response } from 'express'
import { viewerOf } from '../rooms/viewer.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { AUDIENCES, EVENT_KINDS, type Event, eventPath } from './event.ts'
import { editForm, eventValues, factsFrom, newForm, sessionRows, wishesFrom } from './form.ts'
import { createEvent, editEvent } from './programme.ts'
import { load } from './programme-routes.ts'
import { bookedRooms, firstDay, insteadOf, roomOptions, roomsFor, withChoice } from './room-choices.ts'
import { sessionWhen } from './times.ts'

/** Writing an event, with the rooms of its sessions. */
async function form(req: Request, res: Response, event: Event | null): Promise<void> {
  const fresh = { kind: 'training', audience: 'public', sessions: [] }
  const [rooms, booked] = await Promise.all([
    roomsFor(req.park._id, firstDay(req)),
    event ? bookedRooms(event.park, event.sessions) : new Map(),
  ])
  const state = formState(req, event ? eventValues(event, booked) : fresh)
  // An alternative that was refused in its turn stands in the row, as it was sent.
  const typed = withChoice(state.values) as Record<string, unknown>
  const rows = sessionRows(typed['sessions'])
  res.page('events/form', {
    form: state,
    event,
    sessions: rows,
    current: state.current && event ? event.sessions.map(sessionWhen) : null,
    kinds: EVENT_KINDS,
    audiences: AUDIENCES,
    rooms,
    roomOptions: roomOptions(req, rooms),
    instead: await insteadOf(req, rows, event?.sessions ?? []),
  })
}

const create = (req: Request, res: Response) => form(req, res, null)
const edit = async (req: Request, res: Response) => form(req, res, await load(req))

async function add(req: Request, res: Response): Promise<void> {
  const { code, ...typed } = readForm(req, newForm)
  await commit(req, res, async () => {
    const facts = factsFrom(typed)
    const event = await createEvent(req.park, code, facts, actor(req), wishesFrom(typed, facts, viewerOf(req).desk))
    flash(res, 'event.done.created')
    return eventPath(event)
  })
}

async function save(req: Request, res: Response): Promise<void> {
  const event = await load(req)
  const { version, ...typed } = readForm(req, editForm)
  await commit(req, res, async () => {
    const facts = factsFrom(typed, event.sessions)
    await editEvent(req.park, event.code, version, facts, actor(req), wishesFrom(typed, facts, viewerOf(req).desk))
    flash(res, 'app.saved')
    return eventPath(event)
  })
}

export const eventFormRoutes = routes(({ get, post }) => {
  get('/new', 'event.edit', create)
  post('/', 'event.edit', add, { again: create })
  get('/:event/edit', 'event.edit', edit)
  post('/:event/edit', 'event.edit', save, { again: edit })
})
