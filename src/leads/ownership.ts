import type { Request } from 'express'
import { Types } from 'mongoose'
import { addDays, today } from '../lib/days.ts'
import type { Lead } from './lead.ts'
import { openCount, ownersOf } from './pool.ts'
import { type SetupFacts, setupOf } from './setup.ts'
import type { Next } from './steps.ts'
import { mayLead } from './who.ts'

/** How many leads of the pool somebody may still take. */
export async function ownLeft(req: Pick<Request, 'me' | 'park'>, { ownLimit }: Pick<SetupFacts, 'ownLimit'>): Promise<number> {
  return Math.max(0, ownLimit - (await openCount(req.park._id, new Types.ObjectId(req.me!.id))))
}

/** What is proposed first: to get in touch tomorrow. */
export const firstContact = ({ t, park }: Pick<Request, 't' | 'park'>): Next => ({
  what: t('leadBoard.firstContact'),
  on: addDays(today(park.zone), 1),
})

export interface Ownership {
  lead: Lead
  /** It waits in the pool, for anybody who works on leads. */
  claimable: boolean
  /** Whoever looks owns it, or leads: may give it back (or take it away) and hand it over. */
  mayGive: boolean
  /** Of the pool only who leads hands out. */
  mayHand: boolean
  mine: boolean
  leads: boolean
  colleagues: { _id: Types.ObjectId; name: string }[]
  left: number
  /** What a claim proposes: to get in touch tomorrow. */
  next: Next
}

/** For the page of a lead: `it.ownership`. */
export async function ownershipOf(req: Request, lead: Lead): Promise<Ownership> {
  const park = req.park._id
  const leads = mayLead(req)
  const isOpen = lead.state === 'open'
  const mine = String(lead.owner) === req.me!.id
  const [people, setup] = await Promise.all([ownersOf(park), setupOf(park)])
  return {
    ...{ lead, leads, mine },
    claimable: isOpen && lead.owner === null,
    mayGive: isOpen && lead.owner !== null && (mine || leads),
    mayHand: (isOpen || lead.state === 'converted') && (mine || leads),
    colleagues: people.filter(one => !lead.owner?.equals(one._id)).map(({ _id, name }) => ({ _id, name })),
    left: await ownLeft(req, setup),
    next: firstContact(req),
  }
}
