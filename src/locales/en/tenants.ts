import type { Shape } from '../shape.ts'
import type { tenants as zh } from '../zh-CN/tenants.ts'

export const tenants = { title: 'Tenants' } as const satisfies Shape<typeof zh>
