import type { Shape } from '../shape.ts'
import type { leaseStep as zh } from '../zh-CN/lease-steps.ts'

export const leaseStep = { title: 'Lease steps' } as const satisfies Shape<typeof zh>
