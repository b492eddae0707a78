import { now } from '../lib/clock.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { Event } from './event.ts'

/** What the public reads of a park’s programme, without the long texts. */
export type Shown = Pick<
  Event,
  '_id' | 'park' | 'code' | 'kind' | 'title' | 'summary' | 'state' | 'startsAt' | 'endsAt' | 'capacity' | 'taken' | 'waiting' | 'sessions'
> &
  Pick<Event, 'audience' | 'signUpFrom' | 'signUpUntil'>

const SHOWN = { text: 0, speaker: 0 }

export const upcomingEvents = (park: string, limit: number): Promise<Shown[]> =>
  scopedFind<Shown>(Event, { park, state: 'published', endsAt: { $gte: now() } }, { projection: SHOWN, sort: { endsAt: 1, _id: 1 }, limit })

export const pastEvents = (park: string, skip: number, limit: number): Promise<Shown[]> =>
  scopedFind<Shown>(
    Event,
    { park, state: 'published', endsAt: { $lt: now() } },
    { projection: SHOWN, sort: { endsAt: -1, _id: -1 }, skip, limit },
  )
