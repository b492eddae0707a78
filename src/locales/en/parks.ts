import type { Shape } from '../shape.ts'
import type { parks as zh } from '../zh-CN/parks.ts'

export const parks = { title: 'Parks' } as const satisfies Shape<typeof zh>
