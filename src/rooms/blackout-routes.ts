import type { Request, Response } from 'express'
import { historyOf } from '../audit/history.ts'
import { now } from '../lib/clock.ts'
import { today } from '../lib/days.ts'
import { scopedOne } from '../lib/park-scope.ts'
import { notFound, RuleError } from '../lib/rule-error.ts'
import { wallAt } from '../lib/wall.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { FormError, formState, idParam, readForm, readMany } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { Blackout, blackoutPath, slotsOf } from './blackout.ts'
import { blackoutForm, FIELDS, seenIn, startValues, wishOf } from './blackout-form.ts'
import { blackoutList, repeatText, roomsNamed, spanText } from './blackout-list.ts'
import { makeBlackout, planOf, removeBlackout } from './blackout-make.ts'
import { obstaclesIn } from './blackout-obstacles.ts'
import { obstaclesView } from './blackout-view.ts'
import { WEEKDAYS } from './recurrence.ts'
import { ENDS, MONTHLY_BY, REPEATS, recurrenceValues } from './recurrence-form.ts'

/** Closures of rooms: their list, the form with what stands in the way, one closure and its end. */
/** What is in the way of what was typed; null where nothing is, or what was typed can't be meant. */
async function obstaclesTyped(req: Request) {
  if (!req.failed) return null
  try {
    const { areas } = await planOf(req.park, wishOf(readForm(req, blackoutForm)))
    return obstaclesView(req, await obstaclesIn(req.park._id, areas, req.park.zone))
  } catch (error) {
    if (error instanceof RuleError || error instanceof FormError) return null
    throw error
  }
}

async function create(req: Request, res: Response): Promise<void> {
  const wall = wallAt(now(), req.park.zone)
  const asked = readMany(req, 'room')
  const form = formState(req, { ...startValues(wall.day, wall.minute), ...recurrenceValues(null), rooms: asked })
  // Nothing ticked posts nothing: what was refused must not come back ticked.
  for (const name of ['rooms', 'weekdays', 'allDay']) if (req.failed) form.values[name] = req.failed.values[name] ?? null
  const rooms = (await roomsNamed(req.park._id)).filter(room => room.activeTo >= wall.day)
  res.page('rooms/blackout-form', {
    form,
    names: FIELDS,
    rooms,
    obstacles: await obstaclesTyped(req),
    repeats: REPEATS,
    weekdays: WEEKDAYS,
    monthlyBy: MONTHLY_BY,
    ends: ENDS,
  })
}

async function make(req: Request, res: Response): Promise<void> {
  const form = readForm(req, blackoutForm)
  await commit(req, res, async () => {
    const blackout = await makeBlackout(req.park, wishOf(form), null, actor(req))
    flash(res, 'blackout.made')
    return blackoutPath(blackout)
  })
}

/** The same, where the person has seen what is in the way and wants it cancelled. */
async function displace(req: Request, res: Response): Promise<void> {
  const form = readForm(req, blackoutForm)
  await commit(req, res, async () => {
    const blackout = await makeBlackout(req.park, wishOf(form), seenIn(form), actor(req))
    flash(res, 'blackout.madeOver')
    return blackoutPath(blackout)
  })
}

async function findBlackout(req: Request): Promise<Blackout> {
  const blackout = await scopedOne<Blackout>(Blackout, { park: req.park._id, _id: idParam(req, 'blackout') })
  if (!blackout) throw notFound()
  return blackout
}

async function show(req: Request, res: Response): Promise<void> {
  const blackout = await findBlackout(req)
  const [rooms, history] = await Promise.all([roomsNamed(req.park._id), historyOf(req, 'blackout', blackout._id)])
  const on = today(req.park.zone)
  res.page('rooms/blackout', {
    blackout,
    rooms: rooms.filter(room => blackout.rooms.some(id => id.equals(room._id))),
    when: spanText(req, blackout),
    repeat: repeatText(req, blackout),
    dates: slotsOf(blackout).map(slot => ({ text: spanText(req, slot), past: slot.day < on })),
    over: blackout.last < on,
    history,
    form: formState(req),
  })
}

async function remove(req: Request, res: Response): Promise<void> {
  const blackout = await findBlackout(req)
  await commit(req, res, async () => {
    await removeBlackout(req.park, blackout._id, actor(req))
    flash(res, 'blackout.removedDone')
    return blackoutPath(blackout)
  })
}

export const blackoutRoutes = routes(({ get, post }) => {
  get('/blackouts', 'room.edit', blackoutList)
  get('/blackouts/new', 'room.edit', create)
  post('/blackouts', 'room.edit', make, { again: create })
  post('/blackouts/displacement', 'room.edit', displace, { again: create })
  get('/blackouts/:blackout', 'room.edit', show)
  post('/blackouts/:blackout/removal', 'room.edit', remove, { again: show })
})
