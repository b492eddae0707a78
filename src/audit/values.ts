import type { Request } from 'express'
import { FOREVER } from '../lib/days.ts'
import { maskEmail, maskPhone } from '../lib/mask.ts'
import { clockOf } from '../lib/wall.ts'
import { translateAny } from '../locales/index.ts'

/** Values of an entry as people read them: words of the texts, amounts and areas formatted, numbers that belong to a person hidden. */
const MONEY = new Set(['deposit', 'earned', 'dropped', 'clawback', 'fen', 'fee', 'fees', 'price'])
/** Minutes since midnight; of leases these are days. */
const CLOCK = new Set(['from', 'to'])
const AREA = new Set(['gross', 'chargeable', 'area'])

/** Where a field's values have words. `kind` is of tenants. */
const WORDS: Record<string, string[]> = {
  stage: ['lease.status'],
  state: [
    'lease.status',
    'booking.state',
    'waitlist.state',
    'blackout.show',
    'service.state',
    'application.state',
    'trustee.state',
    'event.phase',
    'event.state',
    'club.notice.phase',
    'offer.state',
  ],
  role: ['accounts.role'],
  product: ['space.product'],
  claim: ['space.claim'],
  industry: ['record.profile.industries'],
  industries: ['record.profile.industries'],
  kind: ['record.profile.kinds', 'settings.kind', 'room.kind', 'calendar.kind', 'service.kinds', 'event.kinds'],
  equipment: ['room.equipment'],
  taxpayer: ['record.profile.taxpayers'],
  founder: ['record.profile.founders'],
  slot: ['record.document.slots', 'lease.slot'],
  qualification: ['record.qualification.kinds'],
  criterion: ['record.incubation.criteria'],
  basis: ['lease.basis'],
  anchor: ['settings.anchors'],
  broken: ['settings.brokens'],
  incubationRule: ['settings.incubationRules'],
  provisional: ['audit.field'],
  charge: ['charge.kinds'],
  outcome: ['mentoring.status'],
  who: ['mentoring.doer'],
  audience: ['mentoring.audience', 'event.audiences', 'club.notice.kinds'],
  places: ['tenant.place'],
  incubationState: ['record.incubation.state'],
  contact: ['club.directory.shows'],
  papers: ['trustee.paper'],
  paper: ['trustee.paper'],
  report: ['trustee.slot'],
  offerLang: ['offer.lang'],
  offerBy: ['offer.state'],
  visitState: ['visit.state'],
  class: ['service.class'],
  fees: ['service.class'],
  fields: ['service.field'],
  documents: ['service.per'],
  steps: ['accounts.role', 'service.outcome', 'service.result', 'service.told'],
}

const LIMIT = 300
const MOBILE = /(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)/g
const EMAIL = /([\w.+-])[\w.+-]*(@[\w.-]+\.\w+)/g

const masked = (text: string): string => text.replace(MOBILE, '$1****$2').replace(EMAIL, '$1***$2')

function wordOf(req: Request, field: string, value: string): string {
  for (const prefix of WORDS[field] ?? []) {
    const key = `${prefix}.${value}`
    const text = translateAny(req.lang, key)
    if (text !== key) return text
  }
  return masked(value)
}

function ofObject(req: Request, field: string, value: Record<string, unknown>): string {
  if (typeof value['zh'] === 'string') return [value['zh'], value['en']].filter(Boolean).join(' / ')
  const parts = Object.entries(value).filter(
    ([name, part]) => name !== 'code' && name !== 'key' && part !== null && part !== '' && part !== false,
  )
  return parts.map(([, part]) => textOf(req, field, part)).join(' · ')
}

function textOf(req: Request, field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '–'
  if (typeof value === 'boolean') return req.t(value ? 'app.yes' : 'app.no')
  if (typeof value === 'number' && CLOCK.has(field)) return clockOf(value)
  if (typeof value === 'number') return MONEY.has(field) ? req.fmt.money(value) : AREA.has(field) ? req.fmt.area(value) : String(value)
  if (Array.isArray(value)) return value.length ? value.map(item => textOf(req, field, item)).join('; ') : '–'
  if (typeof value === 'object') return ofObject(req, field, value as Record<string, unknown>)
  if (value === FOREVER) return req.fmt.day(FOREVER)
  if (field === 'phone') return maskPhone(String(value))
  return field === 'email' ? maskEmail(String(value)) : wordOf(req, field, String(value))
}

export const valueText = (req: Request, field: string, value: unknown): string => textOf(req, field, value).slice(0, LIMIT)

/** Where a request came from, without its last part: enough to tell an office from another, not a person. */
export const maskAddress = (ip: string | undefined): string => {
  if (!ip) return '–'
  const plain = ip.replace(/^::ffff:/, '')
  return plain.includes('.') ? plain.replace(/\.\d+$/, '.*') : plain.replace(/:[^:]*$/, ':*')
}
