import { model, type Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { writeParkDocument } from '../lib/park-document.ts'
import { type ParkOwned, parkOwned, scopedOne } from '../lib/park-scope.ts'
import { keysFor } from '../lib/row-keys.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { type Bilingual, bilingual } from '../lib/text.ts'
import { translator } from '../locales/index.ts'
import { Mentor } from './mentor.ts'

/** What a park decides about mentoring: the fields its mentors advise on, how many open bookings a team may have, until when it may cancel. */
export interface Field {
  key: string
  name: Bilingual
}

export interface Setup {
  fields: Field[]
  /** Open bookings a team may have at once. */
  cap: number
  /** Hours before the start until which a team may cancel. */
  cancelHours: number
  version: number
}

interface MentoringSetup extends ParkOwned, Setup {
  _id: Types.ObjectId
}

export const MAX_FIELDS = 20
export const MAX_CAP = 20
export const MAX_HOURS = 240

const whole = { type: Number, required: true, validate: Number.isSafeInteger }
const schema = parkOwned<MentoringSetup>(
  {
    fields: { type: [{ _id: false, key: { type: String, required: true }, name: bilingual }], default: [] },
    cap: whole,
    cancelHours: whole,
    version: whole,
  } as never,
  { versionKey: false },
)
schema.index({ park: 1 }, { unique: true })
export const MentoringSetup = model('MentoringSetup', schema, 'mentoringsetups')

const DEFAULT_FIELDS = ['equity', 'product', 'legal', 'finance', 'market'] as const

/** Until a park says otherwise. */
const usual = (): Setup => ({
  fields: DEFAULT_FIELDS.map(key => ({
    key,
    name: { zh: translator('zh-CN')(`mentoring.usualFields.${key}`), en: translator('en')(`mentoring.usualFields.${key}`) },
  })),
  cap: 2,
  cancelHours: 24,
  version: 0,
})

export async function setupOf(park: string): Promise<Setup> {
  return (await scopedOne<Setup>(MentoringSetup, { park })) ?? usual()
}

/** The names of some of the park's fields, in the park's order; keys that are no more are left out. */
export const fieldsNamed = (setup: Pick<Setup, 'fields'>, keys: string[]): Field[] => setup.fields.filter(({ key }) => keys.includes(key))

type Given = { key: string | null; name: Bilingual }[]

/** A field keeps its key when it is renamed, so that mentors keep their fields. */
function keyed(given: Given, before: Field[]): Field[] {
  const keys = keysFor(
    given.map(({ key }) => key),
    before.map(({ key }) => key),
    'field',
  )
  return given.map(({ name }, i) => ({ key: keys[i]!, name: { zh: name.zh, en: name.en ?? null } }))
}

/** Changes fields and rules from the version the form showed. Throws mentoring.fieldUsed, stale (409). */
export async function editSetup(
  park: string,
  version: number,
  { fields, cap, cancelHours }: { fields: Given; cap: number; cancelHours: number },
  by: Actor,
): Promise<void> {
  await transact(async () => {
    const before = await setupOf(park)
    if (before.version !== version) throw conflict('stale')
    const after = { fields: keyed(fields, before.fields), cap, cancelHours }
    const gone = before.fields.filter(({ key }) => !after.fields.some(field => field.key === key))
    for (const { key, name } of gone)
      if (await Mentor.exists({ park, fields: key })) throw new RuleError('mentoring.fieldUsed', { field: name.zh }, { field: 'fields' })
    await writeParkDocument(MentoringSetup, park, version, after)
    const shown = (setup: Omit<Setup, 'version'>) => ({
      mentoringFields: setup.fields.map(({ name }) => name),
      cap: setup.cap,
      cancelHours: setup.cancelHours,
    })
    await audit(by, 'mentoring.setup', { park, kind: 'park', ref: park, label: '' }, { before: shown(before), after: shown(after) })
  })
}
