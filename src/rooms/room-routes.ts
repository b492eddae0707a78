import type { Request, Response } from 'express'
import { reachOf } from '../accounts/identity.ts'
import { historyOf } from '../audit/history.ts'
import { FOREVER, today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { DAY_KINDS } from '../parks/calendar.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { CLASSES, EQUIPMENT, ROOM_KINDS, Room, roomPath } from './room.ts'
import { createRoom, editRoom, setRules } from './room-edit.ts'
import { editForm, extraRows, factsFrom, factsValues, newForm, PERS } from './room-form.ts'
import { roomList } from './room-list.ts'
import { roomPage } from './room-page.ts'
import { CHECKS, ruleField, rulesForm, rulesValues, STEPS, versionForm } from './room-rules-form.ts'
import { qrCode, sign } from './room-sign.ts'
import { classesSeen, findRoom } from './room-viewer.ts'
import { roomWeek } from './room-week.ts'
import { durationText, ruleTable } from './room-words.ts'

/** Rooms: their list, the page of one, and the forms by which a manager keeps them. The grid stands in routes of its own. */
/** Nothing ticked posts nothing: what was refused must not come back ticked. */
function untick(req: Request, values: Record<string, unknown>, names: string[]): void {
  for (const name of names) if (req.failed && !(name in req.failed.values)) values[name] = null
}

function factsForm(req: Request, defaults: object) {
  const form = formState(req, defaults)
  untick(req, form.values, ['equipment'])
  return { form, extras: extraRows(form.values['extras']), kinds: ROOM_KINDS, equipment: EQUIPMENT, pers: PERS }
}

async function create(req: Request, res: Response): Promise<void> {
  const [park, on] = [req.park._id, today(req.park.zone)]
  const fields = { name: 1, whole: 1, activeTo: 1 }
  const rooms = await scopedFind<Pick<Room, '_id' | 'name' | 'whole' | 'activeTo'>>(
    Room,
    { park, activeTo: { $gte: on } },
    { projection: fields, sort: { order: 1, code: 1 } },
  )
  const locals = factsForm(req, { kind: 'meeting', order: rooms.length * 10 + 10, extras: [] })
  res.page('rooms/form', {
    ...locals,
    room: null,
    rooms,
    halls: rooms.filter(room => !room.whole && room.activeTo === FOREVER),
    history: [],
  })
}

async function add(req: Request, res: Response): Promise<void> {
  const { whole, like, ...form } = readForm(req, newForm)
  await commit(req, res, async () => {
    const room = await createRoom(req.park._id, factsFrom(form), { whole, like }, actor(req))
    flash(res, like ? 'room.form.created' : 'room.form.createdBare')
    return like ? roomPath(room) : `${roomPath(room)}/rules`
  })
}

async function edit(req: Request, res: Response): Promise<void> {
  const room = await findRoom(req)
  const history = await historyOf(req, 'room', room._id)
  res.page('rooms/form', { ...factsForm(req, factsValues(room)), room, rooms: [], halls: [], history })
}

async function save(req: Request, res: Response): Promise<void> {
  const room = await findRoom(req)
  const { version, ...form } = readForm(req, editForm)
  await commit(req, res, async () => {
    await editRoom(req.park._id, room._id, version, factsFrom(form), actor(req))
    flash(res, 'app.saved')
    return roomPath(room)
  })
}

async function rules(req: Request, res: Response): Promise<void> {
  const room = await findRoom(req)
  const form = formState(req, rulesValues(room))
  untick(
    req,
    form.values,
    CLASSES.flatMap(klass => CHECKS.map(name => ruleField(klass, name))),
  )
  const steps = STEPS.map(step => [step, durationText(req, step)])
  res.page('rooms/rules', { room, form, steps, classes: CLASSES, dayKinds: DAY_KINDS, table: ruleTable(req, room, await classesSeen(req)) })
}

async function saveRules(req: Request, res: Response): Promise<void> {
  const room = await findRoom(req)
  const { version } = readForm(req, versionForm)
  const wanted = readForm(req, rulesForm)
  await commit(req, res, async () => {
    await setRules(req.park._id, room._id, version, wanted, actor(req))
    flash(res, 'room.rules.saved')
    return roomPath(room)
  })
}

async function show(req: Request, res: Response): Promise<void> {
  const room = await findRoom(req)
  const mayEdit = Boolean(reachOf(req.me, 'room.edit', req.park))
  const history = mayEdit ? await historyOf(req, 'room', room._id) : []
  const [page, week] = await Promise.all([roomPage(req, room), roomWeek(req, room)])
  res.page('rooms/show', { ...page, week, scripts: ['room-live.js', 'room-watch.js'], mayEdit, history })
}

export const roomRoutes = routes(({ get, post }) => {
  get('/list', 'room.read', roomList)
  get('/new', 'room.edit', create)
  post('/', 'room.edit', add, { again: create })
  get('/:room', 'room.read', show)
  get('/:room/edit', 'room.edit', edit)
  post('/:room/edit', 'room.edit', save, { again: edit })
  get('/:room/rules', 'room.edit', rules)
  post('/:room/rules', 'room.edit', saveRules, { again: rules })
  get('/:room/sign', 'booking.desk', sign)
  get('/:room/qr.svg', 'booking.desk', qrCode)
})
