import { Types } from 'mongoose'
import { onFileAccess } from '../files/access.ts'
import { today } from '../lib/days.ts'
import { scopedOne } from '../lib/park-scope.ts'
import { Park } from '../parks/park.ts'
import { reaches } from './audience.ts'
import { NOTICE_LINK, Notice } from './notice.ts'
import { standingsOf } from './standing.ts'

/** A notice's files are for whom the notice is, once it is published and until it is withdrawn. */
onFileAccess(
  NOTICE_LINK,
  async (park, _id, tenants) => {
    const notice = await scopedOne<Notice>(Notice, { park, _id, state: 'published' })
    const where = notice && ((await Park.findById(park, { zone: 1 }).lean()) as Park | null)
    if (!notice || !where) return false
    const own = tenants.map(id => new Types.ObjectId(id))
    return (await standingsOf(park, today(where.zone), own)).some(one => reaches(notice.audience, one))
  },
  'notice.read',
)
