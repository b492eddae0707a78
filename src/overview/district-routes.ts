import type { Request, Response } from 'express'
import { notFound } from '../lib/rule-error.ts'
import { District } from '../parks/district.ts'
import { Park } from '../parks/park.ts'
import { share } from '../spaces/occupancy.ts'
import { param } from '../web/forms.ts'
import { routes } from '../web/router.ts'
import { BARS, monthBars } from './bars.ts'
import { figuresOf } from './district.ts'

/** What a district's bureau sees of its own parks: the figures of the desk, added up, read-only. */
async function show(req: Request, res: Response): Promise<void> {
  const district = (await District.findById(param(req, 'district')).lean()) as District | null
  if (!district) throw notFound()
  const [parks, successor] = await Promise.all([
    Park.find({ homeDistrict: district._id }).sort({ _id: 1 }).lean() as unknown as Promise<Park[]>,
    district.successor ? (District.findById(district.successor).lean() as Promise<District | null>) : null,
  ])
  const figures = await figuresOf(parks)
  res.page('overview/district', { district, successor, ...figures, bars: monthBars(figures.months), chart: BARS, share })
}

export const districtRoutes = routes(({ get }) => {
  get('/districts/:district', 'district.read', show)
})
