import type { Shape } from '../shape.ts'
import type { unit as zh } from '../zh-CN/units.ts'

export const unit = { title: 'units' } as const satisfies Shape<typeof zh>
