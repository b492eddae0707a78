import { type Entry, putEntry } from '../search/entry.ts'
import type { Tenant } from './tenant.ts'

type Indexed = Pick<Tenant, '_id' | 'park' | 'name' | 'shortName' | 'creditCode' | 'legalRep' | 'contacts'>

const peopleOf = (tenant: Indexed): string[] => [
  ...new Set([tenant.legalRep, ...tenant.contacts.map(contact => contact.name)].filter(name => name !== null)),
]

/** The tenant and its contacts as the search box finds them: names, pinyin, initials, credit code. Phones are not searched: they would stand in addresses. */
export const tenantEntry = (tenant: Indexed): Entry => ({
  park: tenant.park,
  kind: 'tenant',
  ref: tenant._id,
  title: tenant.name,
  // Who was looked for stands beside the tenant it was found by.
  detail: [tenant.creditCode, ...peopleOf(tenant)].filter(Boolean).join(' · '),
  path: `/tenants/${tenant._id}`,
  tenant: tenant._id,
  texts: [tenant.name, tenant.shortName, tenant.creditCode, ...peopleOf(tenant)],
})

export const indexTenant = (tenant: Indexed): Promise<void> => putEntry(tenantEntry(tenant))
