import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit, auditAll } from '../audit/entry.ts'
import { isDuplicateKey, transact } from '../db/transact.ts'
import { FOREVER } from '../lib/days.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { plainText } from '../lib/text.ts'
import { DAY_KINDS } from '../parks/calendar.ts'
import { indexRoom } from './index-room.ts'
import { CLASSES, Room, type RoomRule, roomSubject, ruleFor, type Span, type UserClass } from './room.ts'
import { clocksOf } from './slot.ts'

/** Rooms as the park's manager keeps them. A booking has frozen what it needs of them, so nothing here changes one. */
export type RoomFacts = Pick<Room, 'code' | 'name' | 'kind' | 'text' | 'place' | 'capacity' | 'equipment' | 'order' | 'extras' | 'release'>

/** The facts in one shape, however they were stored, so that only what differs is recorded as changed. */
export const factsOf = (room: RoomFacts): RoomFacts => ({
  code: room.code,
  name: plainText(room.name)!,
  kind: room.kind,
  text: plainText(room.text),
  place: plainText(room.place),
  capacity: room.capacity,
  equipment: [...room.equipment],
  order: room.order,
  extras: room.extras.map(({ code, name, per, fen }) => ({ code, name: plainText(name)!, per, fen })),
  release: room.release ?? null,
})

const asTaken = (code: string) => (error: unknown) => {
  if (isDuplicateKey(error)) throw conflict('roomForm.codeTaken', { code }, 'code')
  throw error
}

/**
 * The hall a new part belongs to: a room of the park that is in use for good and no part itself. It is written to, so that whoever
 * closes it at the same moment sees the part.
 */
async function wholeOf(park: string, whole: Types.ObjectId | null): Promise<Room | null> {
  if (!whole) return null
  const may = { park, _id: whole, whole: null, activeTo: FOREVER }
  const hall = (await Room.findOneAndUpdate(may, { $currentDate: { updatedAt: true } }).lean()) as Room | null
  if (!hall) throw new RuleError('roomForm.whole', {}, { field: 'whole' })
  return hall
}

async function rulesLike(park: string, like: Types.ObjectId | null): Promise<RoomRule[]> {
  if (!like) return []
  const model = (await Room.findOne({ park, _id: like }).lean()) as Room | null
  if (!model) throw new RuleError('choose', {}, { field: 'like' })
  return model.rules
}

interface Kin {
  /** The hall it is a part of, for good. */
  whole: Types.ObjectId | null
  /** The room whose rules it begins with; without one nobody may book it until rules are set. */
  like: Types.ObjectId | null
}

/** Adds a room. Throws roomForm.codeTaken (409), and roomForm.whole for a hall that can't have parts. */
export async function createRoom(park: string, facts: RoomFacts, { whole, like }: Kin, by: Actor): Promise<Room> {
  return transact(async () => {
    const hall = await wholeOf(park, whole)
    const rules = await rulesLike(park, like)
    const fields = { ...factsOf(facts), park, whole: hall?._id ?? null, rules }
    const [made] = await Room.create([fields]).catch(asTaken(facts.code))
    const room = made!.toObject() as Room
    await indexRoom(room)
    await audit(by, 'room.create', roomSubject(room), { after: { ...factsOf(room), ...(hall && { whole: hall.name }) } })
    return room
  })
}

/** Writes from the version the form showed; stale (409) when somebody saved in between. */
async function save(park: string, _id: Types.ObjectId, version: number, set: Partial<Room>): Promise<{ before: Room; after: Room }> {
  const before = (await Room.findOne({ park, _id }).lean()) as Room | null
  if (!before) throw notFound()
  const after = (await Room.findOneAndUpdate(
    { park, _id, version },
    { $set: set, $inc: { version: 1 } },
    { returnDocument: 'after', runValidators: true },
  ).lean()) as Room | null
  if (!after) throw conflict('stale')
  return { before, after }
}

/** Changes what a room is. Bookings keep the name, extras and release they were made with. */
export async function editRoom(park: string, _id: Types.ObjectId, version: number, facts: RoomFacts, by: Actor): Promise<void> {
  await transact(async () => {
    const { before, after } = await save(park, _id, version, factsOf(facts)).catch(asTaken(facts.code))
    await indexRoom(after)
    await audit(by, 'room.edit', roomSubject(after), { before: factsOf(before), after: factsOf(after) })
  })
}

const words = (span: Span | null | undefined): string | null => (span ? clocksOf(span) : null)

/** A rule as its entry in the trail shows it. */
function shown(rule: RoomRule | null): Record<string, unknown> {
  if (!rule) return { allowed: false }
  const { class: _, hours, ...terms } = rule
  return { allowed: true, ...Object.fromEntries(DAY_KINDS.map(kind => [kind, words(hours[kind])])), ...terms }
}

/** A rule in one shape, whatever else a stored one carries. */
export const plainRule = (rule: RoomRule): RoomRule => ({
  class: rule.class,
  hours: Object.fromEntries(
    DAY_KINDS.map(kind => [kind, rule.hours[kind] ? { from: rule.hours[kind].from, to: rule.hours[kind].to } : null]),
  ) as RoomRule['hours'],
  step: rule.step,
  min: rule.min,
  max: rule.max,
  notice: rule.notice,
  horizon: rule.horizon,
  before: rule.before,
  after: rule.after,
  approval: rule.approval,
  price: rule.price,
  freeHours: rule.freeHours,
  cancelBefore: rule.cancelBefore,
  cancelPercent: rule.cancelPercent,
})

const plainOrNone = (room: Pick<Room, 'rules'>, klass: UserClass): RoomRule | null => {
  const rule = ruleFor(room, klass)
  return rule && plainRule(rule)
}

/**
 * Sets who may book a room, when and at what price; a class without a rule may not. Counts for what is booked from now on: bookings
 * made keep their terms. Each class that changes has an entry of its own in the trail.
 */
export async function setRules(park: string, _id: Types.ObjectId, version: number, rules: RoomRule[], by: Actor): Promise<void> {
  await transact(async () => {
    const { before, after } = await save(park, _id, version, { rules: rules.map(plainRule) })
    for (const klass of CLASSES) {
      const [old, fresh] = [plainOrNone(before, klass), plainOrNone(after, klass)]
      if (JSON.stringify(old) === JSON.stringify(fresh)) continue
      await auditAll(by, `room.rules.${klass}`, [{ ...roomSubject(after), before: shown(old), after: shown(fresh) }])
    }
  })
}
