import type { Request, Response } from 'express'
import { today as todayIn } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { sendExport } from '../web/export.ts'
import { readQuery } from '../web/forms.ts'
import { linkWith, listOf } from '../web/list.ts'
import { allRoutes, routes } from '../web/router.ts'
import { Building } from './building.ts'
import { occupancyOn, share } from './occupancy.ts'
import { whenOf } from './plan.ts'
import { hasEnd, STATES } from './state.ts'
import { PRODUCTS } from './unit.ts'
import { areaOf, findUnits, sortUnits, tagsOf, takerOf, type UnitRow, unitQuery } from './unit-list.ts'
import { unitPage } from './unit-page.ts'

/** The list of units, for any day, and the page of one. After the tables of “new” and “merge”, which are no units. */
const SIZE = 50

/** Whether this installation has the pages that import a sheet: they stand above this module. */
const imports = (): boolean => allRoutes.some(route => route.method === 'get' && route.path === '/parks/:park/imports/new')

function sendUnits(req: Request, res: Response, format: 'xlsx' | 'csv', rows: UnitRow[], on: string): Promise<void> {
  const column = (label: string, value: (row: UnitRow) => string | number | null, kind?: 'area' | 'number') => ({ label, value, kind })
  return sendExport(req, res, {
    format,
    name: `${req.t('nav.units')} ${on}`,
    columns: [
      column(req.t('space.unit.code'), ({ unit }) => unit.code),
      column(req.t('unit.building'), ({ unit }) => unit.building),
      column(req.t('unit.floor'), ({ unit }) => unit.floor),
      column(req.t('space.unit.product'), ({ unit }) => req.t(`space.product.${unit.product}`)),
      column(req.t('space.unit.gross'), ({ unit }) => unit.gross, 'area'),
      column(req.t('space.unit.chargeable'), ({ unit }) => unit.chargeable, 'area'),
      column(req.t('unit.desks'), ({ unit }) => unit.desks, 'number'),
      column(req.t('space.unit.listRate'), ({ unit }) => unit.listRate),
      column(req.t('unit.stateOn', { on }), ({ is }) => req.t(`space.state.${is.state}`)),
      column(req.t('unit.taker'), ({ is }) => takerOf(is)),
      column(req.t('unit.lease'), ({ is }) => is.claim?.number ?? null),
      column(req.t('form.from'), ({ is }) => is.claim?.from ?? null),
      column(req.t('space.unit.until'), ({ is }) => (hasEnd(is.until) ? is.until : null)),
      column(req.t('unit.activeFrom'), ({ unit }) => unit.activeFrom),
      column(req.t('unit.activeTo'), ({ unit }) => (hasEnd(unit.activeTo) ? unit.activeTo : null)),
    ],
    rows,
  })
}

async function list(req: Request, res: Response): Promise<void> {
  const asked = readQuery(req, unitQuery)
  const today = todayIn(req.park.zone)
  const on = asked.on ?? today
  const [buildings, found] = await Promise.all([
    scopedFind<Building>(Building, { park: req.park._id }, { sort: { code: 1 } }),
    findUnits(req, asked, on, today),
  ])
  const { name, rows } = sortUnits(found.rows, asked.sort)
  if (asked.format) return sendUnits(req, res, asked.format, rows, on)
  const items = rows.slice((asked.page - 1) * SIZE, asked.page * SIZE)
  const occupancy = occupancyOn(
    found.anyState.map(row => row.unit),
    whenOf(req.park, on, today),
  )
  const floors = buildings
    .filter(building => !asked.building || building.code === asked.building)
    .flatMap(building => [...building.floors].sort((a, b) => b.level - a.level).map(floor => floor.code))
  const shown = listOf(req, { items, total: rows.length, page: asked.page, size: SIZE, tags: tagsOf(req, asked) })
  res.page('spaces/units', {
    // Every row is known here: the total is no estimate.
    list: { ...shown, capped: false, next: asked.page * SIZE < rows.length ? shown.next : null },
    buildings,
    floors: [...new Set(floors)],
    total: { units: rows.length, area: areaOf(rows) },
    occupancy,
    share: share(occupancy.area),
    on,
    asked,
    sort: name,
    states: STATES,
    products: PRODUCTS,
    imports: imports(),
    link: (change: Record<string, string | null>) => linkWith(req, change),
  })
}

export const unitRoutes = routes(({ get }) => {
  get('/', 'space.read', list)
  get('/:unit', 'space.read', unitPage)
})
