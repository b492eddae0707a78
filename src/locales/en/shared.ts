import type { Shape } from '../shape.ts'
import type { shared as zh } from '../zh-CN/shared.ts'

export const shared = {
  files: {
    title: 'Files',
    view: 'View',
    remove: 'Remove',
    removeConfirm: 'Remove “{{name}}”?',
  },
} as const satisfies Shape<typeof zh>
