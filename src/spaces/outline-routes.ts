import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { type Day, isDay, today as todayIn } from '../lib/days.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm, readQuery } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { sheetOf } from './drawings.ts'
import { overlaps, scaleOf } from './floor-plan.ts'
import { findFloor, pictureOf } from './floor-routes.ts'
import { saveOutlines } from './outlines.ts'
import { byCode } from './plan-layout.ts'
import { type Corner, cornersText, parseCorners } from './polygon.ts'
import { Unit } from './unit.ts'

/** The editor of a floor's outlines: the units there are on a day, one list of corners each. */
const query = z.object({ on: z.string().refine(isDay).optional() })

const corners = z
  .string('error.drawing.form')
  .max(2000, 'error.drawing.form')
  .transform((text, ctx): Corner[] => {
    const read = parseCorners(text)
    if (read) return read
    ctx.addIssue({ code: 'custom', message: 'error.drawing.form' })
    return z.NEVER
  })

const form = z.object({
  version: f.version(),
  outlines: z.record(z.string().regex(/^[0-9a-f]{24}$/), corners).default({}),
})

type Drawable = Pick<Unit, '_id' | 'code' | 'gross' | 'outline' | 'activeFrom'>

const unitsOn = (park: string, building: string, floor: string, on: Day): Promise<Drawable[]> =>
  Unit.find(
    { park, building, floor, activeTo: { $gte: on } },
    { code: 1, gross: 1, outline: 1, activeFrom: 1 },
  ).lean() as unknown as Promise<Drawable[]>

async function edit(req: Request, res: Response): Promise<void> {
  const { building, floor, path } = await findFloor(req)
  const on = readQuery(req, query).on ?? todayIn(req.park.zone)
  const all = await unitsOn(req.park._id, building.code, floor.code, on)
  const units = all.filter(unit => unit.activeFrom <= on).sort(byCode)
  const outlines = Object.fromEntries(units.map(unit => [String(unit._id), cornersText(unit.outline)]))
  const sheet = sheetOf(
    floor,
    all.map(unit => unit.outline),
  )
  res.page('spaces/floor-edit', {
    building,
    floor,
    here: path,
    on,
    units,
    /** Days from which other units stand here: they are drawn on a page of their own. */
    later: [...new Set(all.filter(unit => unit.activeFrom > on).map(unit => unit.activeFrom))].sort(),
    overlaps: overlaps(units),
    sheet,
    scale: scaleOf(sheet),
    picture: pictureOf(building, floor),
    form: formState(req, { version: building.version, outlines }),
    scripts: ['floor-shapes.js', 'floor-editor.js', 'floor-input.js'],
  })
}

async function save(req: Request, res: Response): Promise<void> {
  const { version, outlines } = readForm(req, form)
  const { building, floor, path } = await findFloor(req)
  const drawn = Object.entries(outlines).map(([unit, outline]) => ({ unit: new Types.ObjectId(unit), outline }))
  await commit(req, res, async () => {
    await saveOutlines({ park: req.park._id, building: building.code, floor: floor.code }, version, drawn, actor(req))
    flash(res, 'drawing.saved')
    const { on } = readQuery(req, query)
    return on ? `${path}?on=${on}` : path
  })
}

export const outlineRoutes = routes(({ get, post }) => {
  get('/:building/floors/:floor/edit', 'space.edit', edit)
  post('/:building/floors/:floor/edit', 'space.edit', save, { again: edit })
})
