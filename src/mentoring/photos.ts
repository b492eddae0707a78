import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { onFileAccess } from '../files/access.ts'
import { findLinked, linkFiles, type StoredFile, unlinkFiles } from '../files/store.ts'
import { notFound, RuleError } from '../lib/rule-error.ts'
import { Mentor, mentorSubject } from './mentor.ts'
import { loadMentor } from './mentors.ts'

/** A mentor's picture: one, shown to everybody beside their name. */
const KIND = 'mentor'
onFileAccess(KIND, async (park, _id) => Boolean(await Mentor.exists({ park, _id })))

export async function findPhoto({ park, _id, photo }: Pick<Mentor, 'park' | '_id' | 'photo'>): Promise<StoredFile> {
  const file = photo && (await findLinked(park, photo, KIND, _id))
  if (!file) throw notFound()
  return file
}

/** Shows a stored picture instead of the one before; null takes it away. The old file is swept a day later. */
export async function setPhoto(
  park: string,
  _id: Types.ObjectId,
  file: { id: Types.ObjectId; name: string } | null,
  by: Actor,
): Promise<void> {
  await transact(async () => {
    const { photo, ...mentor } = await loadMentor(park, _id)
    if (!file && !photo) throw new RuleError('fileMissing', {}, { field: 'photo' })
    await Mentor.updateOne({ park, _id }, { $set: { photo: file?.id ?? null }, $inc: { version: 1 } })
    if (photo) await unlinkFiles(park, [photo])
    if (file) await linkFiles(park, [file.id], { kind: KIND, ref: _id })
    await audit(by, file ? 'mentor.photo.set' : 'mentor.photo.remove', mentorSubject(mentor), { note: file?.name ?? null })
  })
}
