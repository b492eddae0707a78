import { plainPhone } from '../events/attendee.ts'
import type { Area } from '../lib/area.ts'
import type { Day } from '../lib/days.ts'
import { maskPhone } from '../lib/mask.ts'
import type { Fen } from '../lib/money.ts'
import { PRODUCTS, type Product } from '../spaces/unit.ts'
import { SOURCES, type Source } from './lead.ts'
import { takeMoveIn } from './quick-dates.ts'
import { budgetBy, findRate, takeArea, takeBudget, takeDesks, takeTerm } from './quick-numbers.ts'
import { takePeople } from './quick-people.ts'
import { alone, GAP, Line, oneOf } from './quick-words.ts'

/**
 * What somebody types while they are on the phone, understood: “some company, Zhang San 139…, 200-300 sqm, December”. Parts stand in any
 * order; what isn't understood is kept as a note, so that nothing typed is lost. A pure function of the line and the day.
 */
export interface Quick {
  name: string
  contact: string
  phone: string | null
  email: string | null
  areaFrom: Area | null
  areaTo: Area | null
  budget: Fen | null
  product: Product | null
  desks: number | null
  moveIn: Day | null
  months: number | null
  source: Source | null
  sourceNote: string | null
  note: string
  /** The line for the timeline: the phone, which stands with the contact, is masked in it. */
  said: string
}

export const MAX_LINE = 500

/** Numbers of mobiles with their groups apart, of landlines with an area code, of service lines, and from abroad. */
const PHONES = [
  '(?<![\\d.])(?:(?:\\+|00)?86[\\s-]?)?(1[3-9]\\d[\\s-]?\\d{4}[\\s-]?\\d{4}|1[3-9]\\d[\\s-]?\\d{3}[\\s-]?\\d{5}|1[3-9]\\d{2}[\\s-]?\\d{3}[\\s-]?\\d{4})(?!\\d)',
  '(?<![\\d.])(\\(?0\\d{2,3}\\)?[\\s-]?\\d{3,4}[\\s-]?\\d{4})(?!\\d)',
  '(?<![\\d.])(400[\\s-]?\\d{3}[\\s-]?\\d{4}|400[\\s-]?\\d{4}[\\s-]?\\d{3})(?!\\d)',
  '(?<![\\d.])(\\+\\d{1,3}[\\s-]?\\d{2,4}(?:[\\s-]?\\d{2,4}){1,3})(?!\\d)',
]
/** A number of the place, without its code: only once nothing else made anything of it. */
const LOCAL = '(?<![\\d.,-])([2-8]\\d{6,7})(?![\\d.,-])'

type Found = { phone: string; at: [number, number] }

function takePhone(line: Line): Found | null {
  for (const pattern of PHONES) {
    const found = line.take(pattern, m => ({ phone: plainPhone(m[1]!), at: [m.index, m.index + m[0].length] }) as Found)
    if (found) return found
  }
  return null
}

const takeEmail = (line: Line): string | null =>
  line.take('[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\\.[a-z0-9-]{1,63}){1,4}', m => m[0].replace(/[.-]+$/, ''))

/** A word of its own, with what people put around it: “need office space”. */
const around = (list: string): string => alone(`(?:${oneOf('wanting')}\\s*)?(${oneOf(list)})(?:\\s*${oneOf('use')})?`)

function takeProduct(line: Line): Product | null {
  for (const product of PRODUCTS) if (line.take(around(`product.${product}`), () => true)) return product
  return null
}

const WORDED = SOURCES.filter(source => source !== 'import' && source !== 'other')

function takeSource(line: Line): { source: Source; note: string | null } | null {
  for (const source of WORDED) if (line.take(alone(oneOf(`source.${source}`)), () => true)) return { source, note: null }
  const company = new RegExp(oneOf('company'), 'u')
  const through = `[^${GAP}]{0,20}${oneOf('through')}[^${GAP}]{0,4}`
  const found = line.take(`(?<![^${GAP}])${through}(?![^${GAP}])`, m =>
    company.test(m[0]) ? null : ([m.index, m.index + m[0].length] as const),
  )
  return found && { source: 'referral', note: line.original.slice(...found) }
}

export function parseLine(text: string, today: Day): Quick {
  const line = new Line(text.slice(0, MAX_LINE))
  const email = takeEmail(line)
  const called = takePhone(line)
  const rate = findRate(line)
  if (rate) line.drop(...rate.at)
  const area = takeArea(line) ?? { from: null, to: null }
  const desks = takeDesks(line)
  const moveIn = takeMoveIn(line, today)
  const months = takeTerm(line)
  const sum = takeBudget(line)
  const byRate = sum === null && rate ? budgetBy(rate, area) : null
  const product = takeProduct(line)
  const source = takeSource(line)
  const local = called ?? line.take(LOCAL, m => ({ phone: m[1]!, at: [m.index, m.index + m[0].length] }) as Found)
  const { name, contact, note } = takePeople(line, local?.at ?? null)
  const unused = rate && byRate === null ? line.original.slice(...rate.at) : ''
  return {
    ...{ name, contact, phone: local?.phone ?? null, email, areaFrom: area.from, areaTo: area.to, budget: sum ?? byRate },
    ...{ product, desks, moveIn, months, source: source?.source ?? null, sourceNote: source?.note ?? null },
    note: [note, unused].filter(Boolean).join(' '),
    said: local ? `${line.original.slice(0, local.at[0])}${maskPhone(local.phone)}${line.original.slice(local.at[1])}` : line.original,
  }
}
