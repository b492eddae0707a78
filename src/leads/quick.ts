import type { Actor } from '../accounts/identity.ts'
import { transact } from '../db/transact.ts'
import { notify } from '../notifications/notification.ts'
import { type Arrived, arrive } from './arrive.ts'
import type { Place } from './create.ts'
import { type LeadFacts, leadPath } from './lead.ts'
import { type Owner, ownersOf } from './pool.ts'

/** A call that was taken: who it was, what was said, and who is to look after it. */
export interface Call {
  facts: LeadFacts
  said: string
  owner: Owner | null
  /** Another company, although somebody like it is there. */
  anew: boolean
}

/** Whose lead it is hears of the call, unless they took it; of one that waits in the pool everybody who may take it. */
async function tell(park: string, { lead, was }: Arrived, by: Actor): Promise<void> {
  const people = await ownersOf(park)
  const owner = people.filter(one => lead.owner && one._id.equals(lead.owner))
  const known = was === null ? 'inquiry.called' : 'inquiry.calledAgain'
  const key = was === null && owner.length ? 'lead.handedOver' : known
  const params = { name: lead.name, number: lead.number, by: by.name, note: '' }
  await notify(owner.length ? owner : people, { park, key, params, path: leadPath(lead) }, by.id)
}

/** Takes a call in: a new lead, or a line of the one that is known. */
export async function takeCall(park: Place, { facts, said, owner, anew }: Call, by: Actor): Promise<Arrived> {
  return transact(async () => {
    const arrived = await arrive(park, { facts, line: { kind: 'call', text: said }, owner, anew }, by)
    await tell(park._id, arrived, by)
    return arrived
  })
}
