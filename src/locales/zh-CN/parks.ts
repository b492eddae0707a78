/** Parks, districts, settings. */
export const parks = { title: '园区' } as const
