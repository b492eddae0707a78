import { z } from 'zod'
import { halfWidth } from '../lib/text.ts'
import { f } from '../web/fields.ts'
import type { HandoverInput } from './handover.ts'

/** The forms of handovers and of an early termination. */
export type HandoverKind = HandoverInput['kind']

/** What is looked at, by name in the texts; a person may add to it. */
const BOTH = ['walls', 'doors', 'power', 'air', 'network', 'fire', 'furniture', 'restroom', 'access'] as const
export const CHECKLIST = { in: BOTH, out: [...BOTH, 'clean', 'restored'] } as const

/** A reading as the meter shows it: kept as text, leading zeros and all. */
const reading = () =>
  f
    .optionalText(20)
    .transform(text => text && halfWidth(text).replace(/,/g, ''))
    .refine(text => !text || /^\d{1,9}(\.\d{1,3})?$/.test(text), 'error.meter')

export const handoverForm = z.object({
  on: f.day(),
  units: f.rows(z.object({ unit: f.id(), take: f.check(), electricity: reading(), water: reading(), keys: f.optionalWhole(0, 9999) })),
  checklist: f.rows(z.object({ item: f.text(80), ok: f.check(), note: f.optionalText(200) }), 60),
  note: f.optionalText(1000),
})

export const terminationForm = z.object({ on: f.day(), reason: f.text(500) })
export const terminationQuery = z.object({ on: z.string().max(20).optional() })
