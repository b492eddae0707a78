import type { Request, Response } from 'express'
import { sendInline } from '../files/stream.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { received } from '../web/uploads.ts'
import { roomPath } from './room.ts'
import { addPhotos, findPhoto, MAX_PHOTOS, photosOf, removePhoto } from './room-photos.ts'
import { findRoom } from './room-viewer.ts'

/** Photos of a room: the page where they are kept, and the pictures themselves. */
const PICTURES = ['jpg', 'png', 'webp'] as const

async function index(req: Request, res: Response): Promise<void> {
  const room = await findRoom(req)
  res.page('rooms/photos', { room, photos: await photosOf(req.park._id, room._id), max: MAX_PHOTOS, form: formState(req) })
}

async function add(req: Request, res: Response): Promise<void> {
  const room = await findRoom(req)
  await commit(req, res, async () => {
    await addPhotos(req.park._id, room._id, received(req, 'photos'), actor(req))
    flash(res, 'room.photos.added')
    return `${roomPath(room)}/photos`
  })
}

async function remove(req: Request, res: Response): Promise<void> {
  const room = await findRoom(req)
  await commit(req, res, async () => {
    await removePhoto(req.park._id, room._id, idParam(req, 'photo'), actor(req))
    flash(res, 'room.photos.removed')
    return `${roomPath(room)}/photos`
  })
}

/** A picture as a page shows it. What an address holds never changes, so that the browser may keep it. */
async function show(req: Request, res: Response): Promise<void> {
  const { _id } = await findRoom(req)
  const photo = await findPhoto(req.park._id, _id, idParam(req, 'photo'))
  await sendInline(req, res, photo, 'private, max-age=86400, immutable')
}

export const roomPhotoRoutes = routes(({ get, post }) => {
  get('/:room/photos', 'room.edit', index)
  post('/:room/photos', 'room.edit', add, { again: index, files: { photos: { max: MAX_PHOTOS, kinds: PICTURES, mib: 10 } } })
  get('/:room/photos/:photo', 'room.read', show)
  post('/:room/photos/:photo/removal', 'room.edit', remove)
})
