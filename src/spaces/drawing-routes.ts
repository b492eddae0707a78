import type { Request, Response } from 'express'
import { z } from 'zod'
import { findFile, readWhole, removeFile } from '../files/store.ts'
import { streamFile } from '../files/stream.ts'
import { notFound } from '../lib/rule-error.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { FormError, formState, idParam, param, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { received } from '../web/uploads.ts'
import { changeDrawing, DRAWING_MIB, type FloorRef, readDrawing, removeDrawing, storeDrawing } from './drawings.ts'
import { findFloor, floorPath, pictureOf } from './floor-routes.ts'
import { findBuilding } from './plan-routes.ts'
import { Unit } from './unit.ts'

/** A floor's drawing: put there by whoever edits spaces, cleaned first, and served as a picture and nothing else. */
const KINDS = ['svg', 'png', 'jpg', 'webp'] as const
const form = z.object({ version: f.version() })

const refOf = (req: Request): FloorRef => ({ park: req.park._id, building: param(req, 'building'), floor: param(req, 'floor') })

async function ask(req: Request, res: Response): Promise<void> {
  const { building, floor, path } = await findFloor(req)
  const drawn = await Unit.countDocuments({
    park: req.park._id,
    building: building.code,
    floor: floor.code,
    'outline.0': { $exists: true },
  })
  res.page('spaces/drawing', {
    building,
    floor,
    here: path,
    picture: pictureOf(building, floor),
    drawn,
    mib: DRAWING_MIB,
    form: formState(req, { version: building.version }),
  })
}

async function upload(req: Request, res: Response): Promise<void> {
  const { version } = readForm(req, form)
  const [file] = received(req, 'drawing')
  if (!file) throw new FormError([{ key: 'error.fileMissing', field: 'drawing' }])
  const ref = refOf(req)
  await findFloor(req)
  const cleaned = readDrawing(await readWhole(file.id), file.type)
  const stored = await storeDrawing(ref.park, cleaned, file.name, actor(req))
  // What came is not what is kept: the file as it was sent goes at once.
  await removeFile(file.id)
  await commit(req, res, async () => {
    await changeDrawing(ref, version, stored, actor(req))
    flash(res, 'drawing.uploaded')
    return `${floorPath(await findBuilding(req), ref.floor)}/edit`
  })
}

async function remove(req: Request, res: Response): Promise<void> {
  const { version } = readForm(req, form)
  const { path } = await findFloor(req)
  await commit(req, res, async () => {
    await removeDrawing(refOf(req), version, actor(req))
    flash(res, 'drawing.removed')
    return path
  })
}

/** A drawing may say how it looks and nothing more: no scripts, no other addresses, no place inside another site's frame. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"

async function picture(req: Request, res: Response): Promise<void> {
  const [building, file] = await Promise.all([findBuilding(req), findFile(req.park._id, idParam(req, 'file'))])
  const link = file?.metadata.link
  if (!file || link?.kind !== 'drawing' || !link.ref.equals(building._id)) throw notFound()
  res.set({
    'content-type': file.metadata.type,
    'content-length': String(file.length),
    'content-disposition': 'inline',
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    // A changed drawing is another file.
    'cache-control': 'private, max-age=31536000, immutable',
  })
  await streamFile(req, res, file._id)
}

export const drawingRoutes = routes(({ get, post }) => {
  get('/:building/floors/:floor/drawing', 'space.edit', ask)
  post('/:building/floors/:floor/drawing', 'space.edit', upload, {
    again: ask,
    files: { drawing: { max: 1, kinds: KINDS, mib: DRAWING_MIB } },
  })
  post('/:building/floors/:floor/drawing/removal', 'space.edit', remove, { again: ask })
  get('/:building/floors/:floor/drawing/:file', 'space.read', picture)
})
