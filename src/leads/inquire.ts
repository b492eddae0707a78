import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { transact } from '../db/transact.ts'
import { plainArea } from '../lib/area.ts'
import { plainYuan } from '../lib/money.ts'
import { scopedOne } from '../lib/park-scope.ts'
import { textIn } from '../lib/text.ts'
import { type Lang, translateAny } from '../locales/index.ts'
import { enqueueMail } from '../notifications/outbox.ts'
import type { Industry, Park } from '../parks/park.ts'
import { Unit } from '../spaces/unit.ts'
import { type Arrived, arrive, tell } from './arrive.ts'
import type { LeadFacts, Wish } from './lead.ts'

/** What somebody wrote into the form in public: “we want to move in”. */
export interface Inquiry {
  name: string
  contact: string
  phone: string | null
  email: string | null
  wish: Wish
  industry: Industry | null
  /** Where they come from, and how they heard of the park. */
  origin: string | null
  heard: string | null
  message: string | null
  /** The unit of the public page they ask for. */
  unit: Types.ObjectId | null
}

type Place = Pick<Unit, '_id' | 'floor' | 'code'>

/** The unit by its name: it may have been taken while they wrote, and they asked for it all the same. */
const askedFor = (park: string, _id: Types.ObjectId | null): Promise<Place | null> =>
  _id ? scopedOne<Place>(Unit, { park, _id }, { projection: { floor: 1, code: 1 } }) : Promise.resolve(null)

/** All that was said, a line each, as the timeline keeps it: what was known before isn't overwritten. */
function textOf({ contact, wish, industry, origin, heard, message }: Inquiry, unit: string | null, lang: Lang): string {
  const t = (key: string, params?: Record<string, unknown>) => translateAny(lang, key, params)
  const area = [wish.areaFrom, wish.areaTo].map(value => (value === null ? '' : plainArea(value))).join('–')
  const rows: [key: string, value: string | number | null][] = [
    ['lead.field.contact', contact],
    ['leadIntake.unit', unit],
    ['leadIntake.area', area === '–' ? null : area],
    ['lead.field.product', wish.product && t(`space.product.${wish.product}`)],
    ['lead.field.desks', wish.desks],
    ['leadIntake.budget', wish.budget === null ? null : plainYuan(wish.budget)],
    ['lead.field.moveIn', wish.from],
    ['lead.field.industry', industry && t(`parks.industry.${industry}`)],
    ['lead.field.origin', origin],
    ['leadIntake.heard', heard],
  ]
  const said = rows.flatMap(([key, value]) => (value === null || value === '' ? [] : [`${t(key)}${t('app.colon')}${value}`]))
  return [...said, ...(message ? [message] : [])].join('\n')
}

const factsOf = ({ name, contact, phone, email, wish, industry, origin, heard }: Inquiry): LeadFacts => ({
  ...{ name, creditCode: null, source: 'inquiry', sourceNote: heard, industry, origin, wish },
  contacts: [{ name: contact, title: null, phone, email }],
})

/**
 * Takes an inquiry in. What comes of it (a new lead, a line in a known one's history, a lost one back in the pool) shows only to
 * staff: whoever asks gets the same answer and the same mail.
 */
export async function inquire(park: Park, inquiry: Inquiry, lang: Lang, by: Actor): Promise<Arrived> {
  return transact(async () => {
    const unit = await askedFor(park._id, inquiry.unit)
    const label = unit && `${unit.floor} ${unit.code}`
    const params: Record<string, string> = label ? { what: 'unit', unit: label } : { what: 'asked' }
    const line = { kind: 'inquiry' as const, text: textOf(inquiry, label, lang), params, ref: unit?._id ?? null }
    const arrived = await arrive(park, { facts: factsOf(inquiry), line, owner: null, consent: true }, by)
    const key = arrived.was === null ? 'lead.inquired' : arrived.was === 'lost' ? 'inquiry.back' : 'inquiry.again'
    await tell(arrived, () => key, by)
    if (inquiry.email) {
      // Nothing of what was typed: the form must not send strangers anybody's words.
      const words = { park: textIn(park.name, lang).text, phone: park.hotline ?? '' }
      const reply = park.hotline ? 'notice.inquiry.received' : 'notice.inquiry.receivedBare'
      await enqueueMail([{ to: inquiry.email, lang, key: reply, params: words, path: `/parks/${park._id}` }])
    }
    return arrived
  })
}
