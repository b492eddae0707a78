import type { Shape } from '../shape.ts'
import type { drawing as zh } from '../zh-CN/drawings.ts'

export const drawing = { title: 'Floor plan' } as const satisfies Shape<typeof zh>
