import type { Request, Response } from 'express'
import { givenBy } from '../applications/given.ts'
import { today, yearOf } from '../lib/days.ts'
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
  const on = today(parks[0]?.zone)
  const year = yearOf(on)
  const slugs = parks.map(park => park._id)
  const [figures, given] = await Promise.all([figuresOf(parks), givenBy(slugs, `${year}-01-01`, on)])
  res.page('overview/district', {
    district,
    successor,
    ...figures,
    given,
    year,
    bars: monthBars(figures.months),
    chart: BARS,
    share,
  })
}

export const districtRoutes = routes(({ get }) => {
  get('/districts/:district', 'district.read', show)
})
