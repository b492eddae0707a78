import type { Request, Response } from 'express'
import { givenBy } from '../applications/given.ts'
import { today } from '../lib/days.ts'
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
  const from = `${today(parks[0]?.zone).slice(0, 4)}-01-01`
  const slugs = parks.map(park => park._id)
  const [figures, given] = await Promise.all([figuresOf(parks), givenBy(slugs, from, today(parks[0]?.zone))])
  res.page('overview/district', {
    district,
    successor,
    ...figures,
    given,
    year: from.slice(0, 4),
    bars: monthBars(figures.months),
    chart: BARS,
    share,
  })
}

export const districtRoutes = routes(({ get }) => {
  get('/districts/:district', 'district.read', show)
})
