import type { Request } from 'express'
import { today } from '../lib/days.ts'
import { isMonth, type Month } from '../lib/months.ts'
import { notFound } from '../lib/rule-error.ts'
import { within } from '../parks/scope.ts'
import { idParam, param } from '../web/forms.ts'
import { Agreement } from './agreement.ts'
import { isExpected, type Ref } from './steps.ts'

/** The agreement of this address, if the person reaches it: staff any of the park, a tenant's people their own. */
export async function findAgreement(req: Request): Promise<Agreement> {
  const found = (await Agreement.findOne({ ...within(req), _id: idParam(req, 'agreement') }).lean()) as Agreement | null
  if (!found) throw notFound()
  return found
}

/** The same with the month of this address, which must be one of its months and have begun. */
export async function findMonth(req: Request): Promise<{ agreement: Agreement; month: Month; ref: Ref }> {
  const month = param(req, 'month')
  const agreement = await findAgreement(req)
  if (!isMonth(month) || !isExpected(agreement, month, today(req.park.zone))) throw notFound()
  return { agreement, month, ref: { agreement: agreement._id, month } }
}

/** Whether the person acts for the tenant or for the park. */
export const isStaff = (req: Request): boolean => req.reach?.tenants === null
