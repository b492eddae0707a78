import { Types } from 'mongoose'
import { onFileAccess } from '../files/access.ts'
import { Agreement } from './agreement.ts'
import { AGREEMENT_LINK, PAPER_LINK, REPORT_LINK, Round } from './round.ts'

/**
 * Books are for whoever keeps them and whose they are: of the park's people only those who may read trusteeships, of tenants their own.
 * What is reported back is theirs once it was reported.
 */
const own = (tenants: string[]) => ({ tenant: { $in: tenants.map(id => new Types.ObjectId(id)) } })
const ACTION = 'trustee.read'

onFileAccess(AGREEMENT_LINK, async (park, _id, tenants) => Boolean(await Agreement.exists({ park, _id, ...own(tenants) })), ACTION)
onFileAccess(PAPER_LINK, async (park, _id, tenants) => Boolean(await Round.exists({ park, _id, ...own(tenants) })), ACTION)
onFileAccess(
  REPORT_LINK,
  async (park, _id, tenants) => Boolean(await Round.exists({ park, _id, state: 'reported', ...own(tenants) })),
  ACTION,
)
