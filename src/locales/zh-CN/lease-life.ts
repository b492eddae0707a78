/** lease-life. */
export const leaseLife = { title: '交接、退租' } as const
