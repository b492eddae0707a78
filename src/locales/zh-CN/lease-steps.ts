/** Handover, amendment, renewal, termination, documents of leases. */
export const leaseStep = { title: '合同办理' } as const
