import type { Tenant } from './tenant.ts'

/** Modules above tenants keep a copy of a tenant's name: they say here how to renew it, inside the renaming's transaction. */
type Renamed = (tenant: Pick<Tenant, '_id' | 'park' | 'name'>) => Promise<void>
const listeners: Renamed[] = []

export const onRenamed = (listener: Renamed): void => {
  listeners.push(listener)
}

export async function renamed(tenant: Pick<Tenant, '_id' | 'park' | 'name'>): Promise<void> {
  for (const listener of listeners) await listener(tenant)
}
