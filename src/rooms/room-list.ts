import type { Request, Response } from 'express'
import { z } from 'zod'
import { reachOf } from '../accounts/identity.ts'
import { today as todayIn } from '../lib/days.ts'
import { scopedCount, scopedFind } from '../lib/park-scope.ts'
import type { Bilingual } from '../lib/text.ts'
import { refsOf } from '../search/entry.ts'
import { type Column, sendExport } from '../web/export.ts'
import { readQuery } from '../web/forms.ts'
import { COUNT_LIMIT, linkWith, listOf, pageSchema, sortOf, type Tag } from '../web/list.ts'
import { EQUIPMENT, ROOM_KINDS, Room, ruleFor } from './room.ts'
import { classesSeen } from './room-viewer.ts'
import { ROOM_ICONS } from './room-words.ts'

/** The list of rooms: filters live in the address, and the export is exactly the filtered list. */
const SIZE = 50
const EXPORT_LIMIT = 5000
const STATES = ['retired', 'all'] as const

const query = z.object({
  q: z.string().trim().max(60).optional(),
  kind: z.enum(ROOM_KINDS).optional(),
  people: z.coerce.number().int().min(1).max(9999).optional(),
  equipment: z.enum(EQUIPMENT).optional(),
  state: z.enum(STATES).optional(),
  sort: z.string().max(20).optional(),
  ...pageSchema,
})
type Asked = z.output<typeof query>

const SORTS = {
  order: { order: 1, code: 1 },
  name: { 'name.zh': 1, _id: 1 },
  kind: { kind: 1, order: 1, code: 1 },
  capacity: { capacity: 1, order: 1, code: 1 },
} as const

/** Rooms that are used no more are the managers' to see; others get what can still be booked. */
async function filterOf(req: Request, asked: Asked, mayEdit: boolean): Promise<{ park: string } & Record<string, unknown>> {
  const park = req.park._id
  const today = todayIn(req.park.zone)
  const state = mayEdit ? asked.state : undefined
  return {
    park,
    ...(asked.q && { _id: { $in: await refsOf(park, 'room', asked.q) } }),
    ...(asked.kind && { kind: asked.kind }),
    ...(asked.people && { capacity: { $gte: asked.people } }),
    ...(asked.equipment && { equipment: asked.equipment }),
    ...(state !== 'all' && { activeTo: state === 'retired' ? { $lt: today } : { $gte: today } }),
  }
}

function tagsOf(req: Request, asked: Asked, mayEdit: boolean): Tag[] {
  const tags: Tag[] = []
  if (asked.q) tags.push({ names: ['q'], text: asked.q })
  if (asked.kind) tags.push({ names: ['kind'], text: req.t(`room.kind.${asked.kind}`) })
  if (asked.people) tags.push({ names: ['people'], text: req.t('room.list.atLeast', { people: asked.people }) })
  if (asked.equipment) tags.push({ names: ['equipment'], text: req.t(`room.equipment.${asked.equipment}`) })
  if (asked.state && mayEdit) tags.push({ names: ['state'], text: req.t(`room.list.states.${asked.state}`) })
  return tags
}

/** The halls that parts name. */
export async function wholesOf(park: string, rooms: Pick<Room, 'whole'>[]): Promise<Map<string, Bilingual>> {
  const ids = rooms.flatMap(room => room.whole ?? [])
  if (!ids.length) return new Map()
  const found = await scopedFind<Pick<Room, '_id' | 'name'>>(Room, { park, _id: { $in: ids } }, { projection: { name: 1 } })
  return new Map(found.map(({ _id, name }) => [String(_id), name]))
}

async function sendRooms(req: Request, res: Response, format: 'xlsx' | 'csv', rooms: Room[]): Promise<void> {
  const wholes = await wholesOf(req.park._id, rooms)
  const seen = await classesSeen(req)
  const words = (room: Room) => room.equipment.map(name => req.t(`room.equipment.${name}`)).join(', ')
  const prices = seen.map(
    (klass): Column<Room> => ({
      label: `${req.t(`room.class.${klass}`)} · ${req.t('room.list.price')}`,
      value: room => ruleFor(room, klass)?.price ?? null,
      kind: 'money',
    }),
  )
  return sendExport(req, res, {
    format,
    name: `${req.t('room.title')} ${todayIn(req.park.zone)}`,
    columns: [
      { label: req.t('room.field.code'), value: room => room.code },
      { label: req.t('room.field.name'), value: room => room.name.zh },
      { label: req.t('room.field.nameEn'), value: room => room.name.en ?? null },
      { label: req.t('room.field.kind'), value: room => req.t(`room.kind.${room.kind}`) },
      { label: req.t('room.field.capacity'), value: room => room.capacity, kind: 'number' },
      { label: req.t('room.field.place'), value: room => room.place?.zh ?? null },
      { label: req.t('room.field.equipment'), value: words },
      { label: req.t('room.field.whole'), value: room => (room.whole ? (wholes.get(String(room.whole))?.zh ?? null) : null) },
      ...prices,
      { label: req.t('room.field.activeTo'), value: room => req.fmt.day(room.activeTo) },
    ],
    rows: rooms,
  })
}

export async function roomList(req: Request, res: Response): Promise<void> {
  const asked = readQuery(req, query)
  const mayEdit = Boolean(reachOf(req.me, 'room.edit', req.park))
  const { name, sort } = sortOf(asked.sort, SORTS, 'order')
  const filter = await filterOf(req, asked, mayEdit)
  const paging = asked.format ? { limit: EXPORT_LIMIT } : { skip: (asked.page - 1) * SIZE, limit: SIZE }
  const [rooms, total, seen] = await Promise.all([
    scopedFind<Room>(Room, filter, { sort, ...paging }),
    asked.format ? 0 : scopedCount(Room, filter, COUNT_LIMIT),
    classesSeen(req),
  ])
  if (asked.format) return sendRooms(req, res, asked.format, rooms)
  const wholes = await wholesOf(req.park._id, rooms)
  const items = rooms.map(room => ({
    room,
    whole: room.whole && (wholes.get(String(room.whole)) ?? null),
    prices: seen.map(klass => {
      const rule = ruleFor(room, klass)
      return rule && { text: rule.price ? req.fmt.money(rule.price) : req.t('room.words.free'), approval: rule.approval }
    }),
  }))
  res.page('rooms/list', {
    list: listOf(req, { items, total, page: asked.page, size: SIZE, tags: tagsOf(req, asked, mayEdit) }),
    asked,
    sort: name,
    classes: seen,
    kinds: ROOM_KINDS,
    equipment: EQUIPMENT,
    states: STATES,
    icons: ROOM_ICONS,
    link: (change: Record<string, string | null>) => linkWith(req, change),
  })
}
