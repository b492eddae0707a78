import type { Request, Response } from 'express'
import { z } from 'zod'
import { halfWidth } from '../lib/text.ts'
import { clockOf } from '../lib/wall.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { formState, param, readForm, readQuery } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { countReading, countTry, refuseTried } from './door-limit.ts'
import { actorAt, checkInByCode, expected, quickBook, quickSlots } from './door-quick.ts'
import { clockAt, type Door, minuteOf, readDoor } from './door-state.ts'
import { doorPath, doorSetupPath, roomAtDoor, setDoorToken } from './door-token.ts'
import type { Stretch } from './feed-events.ts'
import { roomPath } from './room.ts'
import { AN_HOUR, sendQr, siteOf } from './room-sign.ts'
import { findRoom } from './room-viewer.ts'
import { ROOM_ICONS } from './room-words.ts'

/** The page at a room's door: open to whoever knows its address, so it says what anybody may know. */
const findDoor = (req: Request) => roomAtDoor(req.park._id, param(req, 'token'))

/** What may be read of a claim by everybody; of a private one only its time. */
function shown(req: Request, door: Door, { claim, startsAt, endsAt }: Stretch) {
  const { today } = door
  const { zone } = req.park
  const own = claim.room.equals(door.room._id)
  const closed = claim.kind === 'booking' && claim.private
  const title =
    claim.kind === 'blackout' ? claim.title || req.t('door.blocked') : claim.kind === 'offer' ? req.t('door.offered') : claim.title
  return {
    title: closed ? req.t('door.busy') : title,
    who: closed || claim.kind !== 'booking' ? '' : claim.who,
    /** Booked is the hall it is in, or a part of it. */
    elsewhere: !own,
    kind: claim.kind,
    present: claim.checkedIn,
    from: clockAt(startsAt, today, zone),
    to: clockAt(endsAt, today, zone),
    start: minuteOf(startsAt, today, zone),
    end: minuteOf(endsAt, today, zone),
  }
}

const HOURS = { from: 480, to: 1080 }

/** The line of the day runs over the opening hours and whatever lies outside of them. */
function lineOf(door: Door, blocks: { start: number; end: number }[]) {
  const { from, to } = door.open ?? HOURS
  const begin = Math.floor(Math.min(from, door.minute, ...blocks.map(one => one.start)) / 60) * 60
  const end = Math.ceil(Math.max(to, door.minute, ...blocks.map(one => one.end)) / 60) * 60
  const step = end - begin > 720 ? 120 : 60
  const x = (minute: number): number => Math.round(((minute - begin) / (end - begin)) * 1000)
  const hours = Array.from({ length: Math.floor((end - begin) / step) + 1 }, (_, i) => begin + i * step)
  return { now: x(door.minute), hours: hours.map(minute => ({ x: x(minute), text: clockOf(minute) })), x }
}

async function show(req: Request, res: Response): Promise<void> {
  await countReading(req.ip ?? '')
  const room = await findDoor(req)
  const door = await readDoor(req.park, room)
  const day = door.day.map(one => shown(req, door, one))
  const line = lineOf(door, day)
  res.set('cache-control', 'no-store')
  res.page('rooms/door', {
    room,
    here: doorPath(room),
    state: door.state,
    retired: room.activeTo < door.today,
    clock: clockOf(door.minute),
    date: door.today,
    symbol: ROOM_ICONS[room.kind],
    current: door.current && shown(req, door, door.current),
    next: door.next && shown(req, door, door.next),
    later: door.ahead
      .filter(one => one !== door.current && minuteOf(one.startsAt, door.today, req.park.zone) < 1440)
      .map(one => shown(req, door, one)),
    opens: door.open && door.minute < door.open.from ? clockOf(door.open.from) : null,
    closes: door.open && door.minute < door.open.to && door.open.to < 1440 ? clockOf(door.open.to) : null,
    line: { ...line, blocks: day.map(one => ({ ...one, x: line.x(one.start), width: Math.max(4, line.x(one.end) - line.x(one.start)) })) },
    expected: expected(door).some(claim => !claim.checkedIn),
    quick: quickSlots(door).map(slot => ({ to: slot.to, text: clockOf(slot.to) })),
    form: formState(req),
  })
}

/** The booking form is asked for the time from now on; what goes on in the room is checked in on one's own phone. */
async function qr(req: Request, res: Response): Promise<void> {
  const room = await findDoor(req)
  const { to } = readQuery(req, z.object({ to: z.enum(['book', 'here']).default('book') }))
  const path = to === 'here' ? `${roomPath(room)}/here` : `/parks/${room.park}/bookings/new?room=${room._id}`
  await sendQr(res, `${siteOf(req)}${path}`, 'M', AN_HOUR)
}

const code = z
  .string()
  .transform(text => halfWidth(text).replace(/\s/g, '').toUpperCase().slice(-4))
  .pipe(z.string().length(4, 'error.door.code'))
const codeForm = z.object({ code })

async function checkIn(req: Request, res: Response): Promise<void> {
  const room = await findDoor(req)
  await refuseTried('code', String(room._id))
  const form = readForm(req, codeForm)
  const door = await readDoor(req.park, room)
  try {
    await commit(req, res, async () => {
      await checkInByCode(req.park, door, form.code, actorAt(room, req))
      flash(res, 'door.checkedIn')
      return doorPath(room)
    })
  } catch (error) {
    await countTry('code', String(room._id))
    throw error
  }
}

async function quick(req: Request, res: Response): Promise<void> {
  const room = await findDoor(req)
  const { to } = readForm(req, z.object({ to: z.coerce.number().int().min(1).max(1440) }))
  await countTry('quick', String(room._id))
  const door = await readDoor(req.park, room)
  await commit(req, res, async () => {
    await quickBook(req.park, door, to, req.t('door.quickTitle'), actorAt(room, req))
    flash(res, 'door.booked')
    return doorPath(room)
  })
}

export const doorRoutes = routes(({ get, post }) => {
  get('/:token', 'public', show)
  get('/:token/qr.svg', 'public', qr)
  post('/:token/check-in', 'public', checkIn, { again: show })
  post('/:token/booking', 'public', quick, { again: show })
})

/** Where a manager makes and ends the address. */
async function setup(req: Request, res: Response): Promise<void> {
  const room = await findRoom(req)
  res.page('rooms/door-setup', { room, address: room.doorToken && `${siteOf(req)}${doorPath(room)}`, form: formState(req) })
}

const setTo = (wanted: boolean) => async (req: Request, res: Response) => {
  const room = await findRoom(req)
  await commit(req, res, async () => {
    await setDoorToken(req.park._id, room._id, wanted, actor(req))
    flash(res, wanted ? 'door.setup.made' : 'door.setup.revoked')
    return doorSetupPath(room)
  })
}

async function doorQr(req: Request, res: Response): Promise<void> {
  const room = await findRoom(req)
  const address = room.doorToken ? `${siteOf(req)}${doorPath(room)}` : siteOf(req)
  await sendQr(res, address, 'M', 'no-store')
}

export const doorSetupRoutes = routes(({ get, post }) => {
  get('/:room/door', 'room.edit', setup)
  get('/:room/door.svg', 'room.edit', doorQr)
  post('/:room/door-token', 'room.edit', setTo(true))
  post('/:room/door-token/revocation', 'room.edit', setTo(false))
})
