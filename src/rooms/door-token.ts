import { randomBytes } from 'node:crypto'
import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { scopedOne } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { Room, roomPath } from './room.ts'

/** The address of the page at a room's door. Kept as it is, so that a tablet that was reset can be sent there again. */
const SHAPE = /^[\w-]{32}$/
export const doorPath = (room: Pick<Room, 'park' | 'doorToken'>): string => `/parks/${room.park}/door/${room.doorToken}`
export const doorSetupPath = (room: Pick<Room, 'park' | '_id'>): string => `${roomPath(room)}/door`

/** Makes the address, or another one in its place; null: the page is gone. What was there before is dead from then on. */
export async function setDoorToken(park: string, _id: Types.ObjectId, wanted: boolean, by: Actor): Promise<void> {
  const doorToken = wanted ? randomBytes(24).toString('base64url') : null
  await transact(async () => {
    const before = (await Room.findOneAndUpdate({ park, _id }, { $set: { doorToken } }).lean()) as Room | null
    if (!before) throw notFound()
    const action = wanted ? (before.doorToken ? 'door.renew' : 'door.make') : 'door.revoke'
    await audit(by, action, { park, kind: 'room', ref: _id, label: before.name.zh })
  })
}

/** The room of a door page; a 404 for an address that isn't one, or no more. */
export async function roomAtDoor(park: string, token: string): Promise<Room> {
  const room = SHAPE.test(token) ? await scopedOne<Room>(Room, { park, doorToken: token }) : null
  if (!room) throw notFound()
  return room
}
