import { putEntry } from '../search/entry.ts'
import type { Tenant } from './tenant.ts'

/** The tenant and its contacts as the search box finds them: names, pinyin, initials, credit code. Phones are not searched: they would stand in addresses. */
export const indexTenant = (
  tenant: Pick<Tenant, '_id' | 'park' | 'name' | 'shortName' | 'creditCode' | 'legalRep' | 'contacts'>,
): Promise<void> =>
  putEntry({
    park: tenant.park,
    kind: 'tenant',
    ref: tenant._id,
    title: tenant.name,
    detail: tenant.creditCode ?? '',
    path: `/tenants/${tenant._id}`,
    tenant: tenant._id,
    texts: [tenant.name, tenant.shortName, tenant.creditCode, tenant.legalRep, ...tenant.contacts.map(contact => contact.name)],
  })
