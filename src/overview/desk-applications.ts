import { Types } from 'mongoose'
import { Application } from '../applications/application.ts'
import { scopedFind } from '../lib/park-scope.ts'

/** Applications whose present step somebody has to do, the one that is due first before the others. */
export type DeskApplication = Pick<Application, '_id' | 'number' | 'name' | 'title' | 'dueOn'>

const FIELDS = { number: 1, name: 1, title: 1, dueOn: 1 }
const MOST = 100

export const deskApplications = (park: string, who: string): Promise<DeskApplication[]> =>
  scopedFind<DeskApplication>(
    Application,
    { park, owner: new Types.ObjectId(who), state: 'running' },
    { projection: FIELDS, sort: { dueOn: 1, _id: 1 }, limit: MOST },
  )
