import { type Shown, visitsWithin } from '../leads/visit-calendar.ts'
import type { Day } from '../lib/days.ts'

export type DeskVisit = Shown

/** Today's visits, for who works on leads. */
const LIMIT = 50

export async function deskVisits(park: string, on: Day): Promise<Shown[]> {
  const visits = await visitsWithin({ park, from: on, to: on, host: null, state: null }, { limit: LIMIT })
  return visits.filter(one => one.state !== 'cancelled')
}
