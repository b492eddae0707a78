import type { Actor } from '../accounts/identity.ts'
import type { Lease } from './lease.ts'

/** Modules above leases say here what follows from a lease's steps, inside the step's transaction. */
export type LeaseStep = 'cancelled' | 'signed' | 'movedIn'
type Listener = (step: LeaseStep, lease: Lease, by: Actor) => Promise<void>
const listeners: Listener[] = []

export const onLeaseStep = (listener: Listener): void => {
  listeners.push(listener)
}

export async function happened(step: LeaseStep, lease: Lease, by: Actor): Promise<void> {
  for (const listener of listeners) await listener(step, lease, by)
}
