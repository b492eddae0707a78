/** Floor plans and their editor. */
export const drawing = { title: '平面图' } as const
