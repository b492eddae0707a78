import type { Shape } from '../shape.ts'
import type { leaseLife as zh } from '../zh-CN/lease-life.ts'

export const leaseLife = { title: 'lease-life' } as const satisfies Shape<typeof zh>
