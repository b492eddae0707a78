import type { Shape } from '../shape.ts'
import type { charge as zh } from '../zh-CN/billing.ts'

export const charge = {
  kinds: {
    rent: 'Rent',
    reduction: 'Reduction',
    deposit: 'Deposit',
    clawback: 'Rent-free clawback',
    fee: 'Fee',
    adjustment: 'Adjustment',
  },
} as const satisfies Shape<typeof zh>
