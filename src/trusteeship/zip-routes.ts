import type { Request, Response } from 'express'
import { sendZip } from '../files/zip-write.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { param } from '../web/forms.ts'
import { routes } from '../web/router.ts'
import { findAgreement, isStaff } from './load.ts'
import { Round } from './round.ts'

/** What was reported back in a year, as one archive with a folder for each month. */
async function year(req: Request, res: Response): Promise<void> {
  const agreement = await findAgreement(req)
  const wanted = param(req, 'year')
  if (!/^20\d\d$/.test(wanted)) throw notFound()
  const months = { month: { $gte: `${wanted}-01`, $lte: `${wanted}-12` } }
  // Its own people get what was reported; what is still being worked on is the park's.
  const filter = { park: req.park._id, agreement: agreement._id, ...months, ...(isStaff(req) ? {} : { state: 'reported' }) }
  const rounds = await scopedFind<Pick<Round, 'month' | 'reports'>>(Round, filter, {
    projection: { month: 1, reports: 1 },
    sort: { month: 1 },
  })
  const entries = rounds.flatMap(({ month, reports }) =>
    reports.map(({ slot, name, file, at }) => ({ name: `${month}/${req.t(`trustee.slot.${slot}`)} ${name}`, file, at })),
  )
  if (!entries.length) throw notFound()
  await sendZip(res, `${agreement.tenantName} ${wanted}`, entries)
}

export const zipRoutes = routes(({ get }) => {
  get('/:agreement/reports/:year', 'trustee.read', year)
})
