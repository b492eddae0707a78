import type { Actor } from '../accounts/identity.ts'
import { transact } from '../db/transact.ts'
import { type Arrived, arrive, tell } from './arrive.ts'
import type { Place } from './create.ts'
import type { LeadFacts } from './lead.ts'
import type { Owner } from './pool.ts'

/** A call that was taken: who it was, what was said, and who is to look after it. */
export interface Call {
  facts: LeadFacts
  said: string
  owner: Owner | null
  /** Another company, although somebody like it is there. */
  anew: boolean
}

/** Takes a call in: a new lead, or a line of the one that is known. */
export async function takeCall(park: Place, { facts, said, owner, anew }: Call, by: Actor): Promise<Arrived> {
  return transact(async () => {
    const arrived = await arrive(park, { facts, line: { kind: 'call', text: said }, owner, anew }, by)
    const keyFor = (owned: boolean) => (arrived.was !== null ? 'inquiry.calledAgain' : owned ? 'lead.handedOver' : 'inquiry.called')
    await tell(arrived, keyFor, by, { by: by.name, note: '' })
    return arrived
  })
}
