import { z } from 'zod'
import { plainYuan } from '../lib/money.ts'
import { plainText } from '../lib/text.ts'
import { f, listIn } from '../web/fields.ts'
import { EQUIPMENT, type Extra, ROOM_KINDS, type Room } from './room.ts'
import type { RoomFacts } from './room-edit.ts'

/** The form of what a room is: fields as typed ↔ facts. Its rules have a form of their own (room-rules-form.ts). */
const CODE = /^[\p{L}\p{N}][\p{L}\p{N}-]{0,19}$/u
export const PERS = ['each', 'hour', 'person'] as const

const extra = z.object({ code: f.optionalText(40), zh: f.text(60), en: f.optionalText(80), per: f.choice(PERS), price: f.money() })

/** A row counts once it has words or a price: its code and what it is counted by come with a new row. */
const isTyped = (row: unknown): boolean =>
  Object.entries((row ?? {}) as object).some(([name, cell]) => !['code', 'per'].includes(name) && String(cell ?? '').trim() !== '')

/** The rows of extras, as typed or as recorded, without the empty ones: what the form draws and what its reader counts. */
export const extraRows = (value: unknown): Record<string, unknown>[] => listIn(value).filter(isTyped)

/** English falls back to Chinese, so it can't stand alone. */
const PAIRS = ['place', 'text'] as const

const fields = {
  code: f.text(20).refine(code => CODE.test(code), 'error.invalid'),
  nameZh: f.text(60),
  nameEn: f.optionalText(80),
  kind: f.choice(ROOM_KINDS),
  capacity: f.whole(1, 9999),
  placeZh: f.optionalText(80),
  placeEn: f.optionalText(100),
  textZh: f.optionalText(600),
  textEn: f.optionalText(800),
  equipment: f.many(f.choice(EQUIPMENT)),
  order: f.optionalWhole(0, 9999),
  release: f.optionalWhole(5, 240),
  extras: z.preprocess(extraRows, z.array(extra).max(40, 'error.tooBig')),
}

type Pairs = Record<`${(typeof PAIRS)[number]}${'Zh' | 'En'}`, string | null>
const paired = (form: Pairs, ctx: z.RefinementCtx): void => {
  for (const name of PAIRS)
    if (form[`${name}En`] && !form[`${name}Zh`]) ctx.addIssue({ code: 'custom', message: 'error.required', path: [`${name}Zh`] })
}

export const newForm = z.object({ ...fields, whole: f.optionalId(), like: f.optionalId() }).superRefine(paired)
export const editForm = z.object({ ...fields, version: f.version() }).superRefine(paired)
type Typed = Omit<z.output<typeof editForm>, 'version'>

/** New extras get a code of their own; bookings name it, so an existing one is kept. */
function extrasFrom(rows: Typed['extras']): Extra[] {
  const taken = new Set<string>()
  const fresh = (): string => {
    let n = 1
    while (taken.has(`extra-${n}`) || rows.some(row => row.code === `extra-${n}`)) n += 1
    return `extra-${n}`
  }
  return rows.map(({ code, zh, en, per, price }) => {
    const own = code && !taken.has(code) ? code : fresh()
    taken.add(own)
    return { code: own, name: { zh, en }, per, fen: price }
  })
}

export const factsFrom = (form: Typed): RoomFacts => ({
  code: form.code,
  name: { zh: form.nameZh, en: form.nameEn },
  kind: form.kind,
  text: plainText({ zh: form.textZh ?? '', en: form.textEn }),
  place: plainText({ zh: form.placeZh ?? '', en: form.placeEn }),
  capacity: form.capacity,
  equipment: EQUIPMENT.filter(name => form.equipment.includes(name)),
  order: form.order ?? 0,
  release: form.release,
  extras: extrasFrom(form.extras),
})

/** A room as its form shows it. */
export const factsValues = (room: Room): Record<string, unknown> => ({
  version: room.version,
  code: room.code,
  nameZh: room.name.zh,
  nameEn: room.name.en ?? '',
  kind: room.kind,
  capacity: room.capacity,
  placeZh: room.place?.zh ?? '',
  placeEn: room.place?.en ?? '',
  textZh: room.text?.zh ?? '',
  textEn: room.text?.en ?? '',
  equipment: room.equipment,
  order: room.order,
  release: room.release ?? '',
  extras: room.extras.map(({ code, name, per, fen }) => ({ code, zh: name.zh, en: name.en ?? '', per, price: plainYuan(fen) })),
})
