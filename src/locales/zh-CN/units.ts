/** units. */
export const unit = { title: '房源' } as const
