import { type Entry, putEntry } from '../search/entry.ts'
import type { Room } from './room.ts'

type Indexed = Pick<Room, '_id' | 'park' | 'code' | 'name' | 'place'>

/** The room as the search box finds it: names in both languages, pinyin, code. */
export const roomEntry = (room: Indexed): Entry => ({
  park: room.park,
  kind: 'room',
  ref: room._id,
  title: room.name.zh,
  detail: [room.code, room.place?.zh].filter(Boolean).join(' · '),
  path: `/rooms/${room._id}`,
  tenant: null,
  texts: [room.name.zh, room.name.en, room.code],
})

export const indexRoom = (room: Indexed): Promise<void> => putEntry(roomEntry(room))
