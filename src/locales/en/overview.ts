import type { Shape } from '../shape.ts'
import type { overview as zh } from '../zh-CN/overview.ts'

export const overview = {
  search: { label: 'Search units, tenants, leases, people', placeholder: 'Search units, tenants, leases, people', title: 'Search' },
} as const satisfies Shape<typeof zh>
