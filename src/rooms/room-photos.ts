import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { onFileAccess } from '../files/access.ts'
import { filesOf, findLinked, linkFiles, type StoredFile, unlinkFiles } from '../files/store.ts'
import { notFound, RuleError } from '../lib/rule-error.ts'
import { Room, roomSubject } from './room.ts'

/** Photos of a room: pictures linked to it, the first of them its cover. */
export const MAX_PHOTOS = 12
const KIND = 'room'

// Whoever may look at rooms at all sees their photos.
onFileAccess(KIND, async (park, _id) => Boolean(await Room.exists({ park, _id })))

export const photosOf = (park: string, room: Types.ObjectId): Promise<StoredFile[]> => filesOf(park, KIND, room)

/** A photo of the room; anything else doesn't exist. */
export async function findPhoto(park: string, room: Types.ObjectId, id: Types.ObjectId): Promise<StoredFile> {
  const file = await findLinked(park, id, KIND, room)
  if (!file) throw notFound()
  return file
}

/** The room as it is written to, so that what is decided by its photos is decided one after the other. */
async function holdRoom(park: string, _id: Types.ObjectId): Promise<Room> {
  const room = (await Room.findOneAndUpdate({ park, _id }, { $currentDate: { updatedAt: true } }).lean()) as Room | null
  if (!room) throw notFound()
  return room
}

/** Links stored pictures to a room. Throws fileMissing, and roomForm.tooManyPhotos beyond MAX_PHOTOS. */
export async function addPhotos(
  park: string,
  _id: Types.ObjectId,
  files: { id: Types.ObjectId; name: string }[],
  by: Actor,
): Promise<void> {
  if (!files.length) throw new RuleError('fileMissing', {}, { field: 'photos' })
  await transact(async () => {
    const room = await holdRoom(park, _id)
    const had = (await photosOf(park, _id)).length
    if (had + files.length > MAX_PHOTOS) throw new RuleError('roomForm.tooManyPhotos', { max: MAX_PHOTOS }, { field: 'photos' })
    const ids = files.map(file => file.id)
    await linkFiles(park, ids, { kind: KIND, ref: _id })
    await audit(by, 'room.photo.add', roomSubject(room), { note: files.map(file => file.name).join('\n') })
  })
}

/** Takes a photo off a room; the file itself is swept a day later. */
export async function removePhoto(park: string, _id: Types.ObjectId, id: Types.ObjectId, by: Actor): Promise<void> {
  await transact(async () => {
    const room = await holdRoom(park, _id)
    const photo = await findPhoto(park, _id, id)
    await unlinkFiles(park, [photo._id])
    await audit(by, 'room.photo.remove', roomSubject(room), { note: photo.metadata.name })
  })
}
