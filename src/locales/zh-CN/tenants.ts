/** Tenant enterprises. */
export const tenants = { title: '入驻企业' } as const
