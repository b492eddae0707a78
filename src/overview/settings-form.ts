import { z } from 'zod'
import { plainArea } from '../lib/area.ts'
import type { Bilingual } from '../lib/text.ts'
import { ANCHORS, BROKEN, INDUSTRIES, type Park, type ParkService, type ParkSettings, type WholePark } from '../parks/park.ts'
import { factsOf, MAY_BE_PROVISIONAL, type ParkFacts } from '../parks/settings.ts'
import { INCUBATION_RULES } from '../tenants/incubation.ts'
import { f, wordedRows } from '../web/fields.ts'

/** The forms of a park's settings: fields as typed ↔ facts and rules. Bilingual texts are two fields, `…Zh` and `…En`. */
export const SYMBOLS = [
  'desk',
  'negotiation',
  'meeting',
  'hall',
  'lounge',
  'coffee',
  'canteen',
  'fitness',
  'billiards',
  'football',
  'other',
] as const

const PAIRS = ['name', 'shortName', 'alias', 'tagline', 'intro', 'city', 'address', 'hours', 'bureau', 'operator', 'ruleBook'] as const
const NEEDED: readonly string[] = ['name', 'shortName', 'tagline', 'city', 'bureau']
type PairName = (typeof PAIRS)[number]
type PairFields = { [K in `${PairName}Zh` | `${PairName}En`]: z.ZodType<string | null> }

const pairFields = Object.fromEntries(
  PAIRS.flatMap(name => {
    const max = name === 'intro' ? 2000 : 200
    return [
      [`${name}Zh`, NEEDED.includes(name) ? f.text(max) : f.optionalText(max)],
      [`${name}En`, f.optionalText(max)],
    ]
  }),
) as unknown as PairFields

export const rowsWithWords = wordedRows('zh', 'en', 'textZh', 'textEn')

const rows = <S extends z.ZodType>(row: S, max: number) => z.preprocess(rowsWithWords, f.rows(row, max))
const words = { zh: f.text(120), en: f.optionalText(160) }
const item = { code: f.optionalText(40), ...words, textZh: f.optionalText(300), textEn: f.optionalText(400) }

export const factsForm = z
  .object({
    version: f.version(),
    ...pairFields,
    hotline: f.optionalPhone(),
    bureauPhone: f.optionalPhone(),
    area: f.optionalArea(),
    access: rows(z.object(words), 20),
    products: rows(z.object(words), 20),
    industries: f.many(f.choice(INDUSTRIES)),
    amenities: rows(z.object(item), 40),
    services: rows(z.object({ ...item, free: f.check() }), 40),
    provisional: f.many(f.choice(MAY_BE_PROVISIONAL)),
  })
  .superRefine((form, ctx) => {
    // English falls back to Chinese, so it can't stand alone.
    for (const name of PAIRS)
      if (form[`${name}En`] && !form[`${name}Zh`]) ctx.addIssue({ code: 'custom', message: 'error.required', path: [`${name}Zh`] })
  })
type FactsForm = z.output<typeof factsForm>

const textOf = (zh: string | null, en: string | null): Bilingual | null => (zh ? { zh, en } : null)

/** New services get a code of their own; later records may name it, so an existing one is kept. */
function serviceCodes(given: (string | null)[]): string[] {
  const taken = new Set(given.filter(Boolean))
  return given.map(code => {
    if (code) return code
    let n = 1
    while (taken.has(`service-${n}`)) n += 1
    taken.add(`service-${n}`)
    return `service-${n}`
  })
}

export function factsFrom(form: FactsForm): ParkFacts {
  const text = (name: PairName) => textOf(form[`${name}Zh`], form[`${name}En`])
  const codes = serviceCodes(form.services.map(row => row.code))
  const itemOf = (row: (typeof form.amenities)[number], code: string) => ({
    code,
    name: { zh: row.zh, en: row.en },
    text: textOf(row.textZh, row.textEn),
  })
  return {
    name: text('name')!,
    shortName: text('shortName')!,
    alias: text('alias'),
    tagline: text('tagline')!,
    intro: text('intro'),
    city: text('city')!,
    address: text('address'),
    hours: text('hours'),
    operator: text('operator'),
    ruleBook: text('ruleBook'),
    bureau: { name: text('bureau')!, phone: form.bureauPhone },
    hotline: form.hotline,
    area: form.area,
    access: form.access,
    products: form.products,
    industries: INDUSTRIES.filter(name => form.industries.includes(name)),
    amenities: form.amenities.map(row => itemOf(row, SYMBOLS.find(code => code === row.code) ?? 'other')),
    services: form.services.map((row, i): ParkService => ({ ...itemOf(row, codes[i]!), free: row.free })),
    provisional: form.provisional,
  }
}

const itemValues = ({ code, name, text }: WholePark['amenities'][number]) => ({
  code,
  zh: name.zh,
  en: name.en,
  textZh: text?.zh,
  textEn: text?.en,
})

/** A park's facts as its form shows them. */
export function factsValues(park: WholePark): Record<string, unknown> {
  const facts = factsOf(park)
  const texts = { ...facts, bureau: facts.bureau.name }
  return {
    ...Object.fromEntries(
      PAIRS.flatMap(name => [
        [`${name}Zh`, texts[name]?.zh ?? ''],
        [`${name}En`, texts[name]?.en ?? ''],
      ]),
    ),
    hotline: facts.hotline,
    bureauPhone: facts.bureau.phone,
    area: facts.area === null ? '' : plainArea(facts.area),
    access: facts.access,
    products: facts.products,
    industries: facts.industries,
    amenities: facts.amenities.map(itemValues),
    services: facts.services.map(service => ({ ...itemValues(service), free: service.free })),
    provisional: facts.provisional,
    version: park.version,
  }
}

const MAX_REMINDERS = 6
const reminders = f.text(60).transform((text, ctx) => {
  const days = [
    ...new Set(
      text
        .split(/[,\s\u3001\uff0c]+/)
        .filter(Boolean)
        .map(Number),
    ),
  ]
  if (days.length <= MAX_REMINDERS && days.every(day => Number.isInteger(day) && day >= 1 && day <= 730)) return days.sort((a, b) => b - a)
  ctx.addIssue({ code: 'custom', message: 'error.reminderDays' })
  return z.NEVER
})

const MOST_FREE = 744

/** Hours a month as typed, halves and quarters too → minutes. */
const freeHours = f.text(8).transform((text, ctx) => {
  const minutes = /^\d{1,3}(\.\d{1,2})?$/.test(text) ? Number(text) * 60 : Number.NaN
  if (Number.isInteger(minutes) && minutes <= MOST_FREE * 60) return minutes
  ctx.addIssue({ code: 'custom', message: 'error.roomForm.hours', params: { max: MOST_FREE } })
  return z.NEVER
})

const rulesFields = z.object({
  version: f.version(),
  reminderDays: reminders,
  expiringDays: f.whole(1, 365),
  anchor: f.choice(ANCHORS),
  broken: f.choice(BROKEN),
  incubationRule: f.choice(INCUBATION_RULES.map(rule => rule.key) as [string, ...string[]]),
  selfApproval: f.check(),
  freeTenant: freeHours,
  freeStudent: freeHours,
})

/** The rules as their form reads them: free hours of rooms are minutes inside. */
export const rulesForm = rulesFields.transform(({ freeTenant, freeStudent, ...rules }) => ({
  ...rules,
  freeMinutes: { tenant: freeTenant, student: freeStudent },
}))

const plainHours = (minutes: number | undefined): string => String(Math.round(((minutes ?? 0) / 60) * 100) / 100)

export const rulesValues = ({ settings, version }: Park): Record<string, unknown> => ({
  ...(settings satisfies ParkSettings),
  freeTenant: plainHours(settings.freeMinutes?.tenant),
  freeStudent: plainHours(settings.freeMinutes?.student),
  reminderDays: settings.reminderDays.join(', '),
  version,
})
