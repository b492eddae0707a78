import type { Types } from 'mongoose'
import { User } from '../accounts/user.ts'
import { saveBuffer } from '../files/store.ts'
import { capitalMoney } from '../leases/document.ts'
import type { Schedule } from '../leases/preview.ts'
import { monthlyRent } from '../leases/schedule.ts'
import { plainArea } from '../lib/area.ts'
import { type Day, dayAt, lengthOf, today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { printable, textIn } from '../lib/text.ts'
import { formatter } from '../locales/format.ts'
import { translator } from '../locales/index.ts'
import { OFFER_WORDS, type OfferWords } from '../locales/offer-paper.ts'
import type { Park } from '../parks/park.ts'
import { MIN_CORNERS } from '../spaces/polygon.ts'
import { isActive } from '../spaces/state.ts'
import { Unit } from '../spaces/unit.ts'
import type { OfferPaperTask, PaperBlock, PaperPlan } from '../workers/offer-paper.ts'
import { inWorker } from '../workers/pool.ts'
import type { Lead } from './lead.ts'
import { areaOf, type Offer, scheduleFor } from './offer.ts'
import type { Printed } from './offer-steps.ts'

/** An offer on paper: plain data, every word of it, for the thread that draws it. */
type Shown = Pick<Unit, '_id' | 'building' | 'floor' | 'code' | 'product' | 'outline' | 'activeFrom' | 'activeTo'>

export interface Issuer {
  name: string
  email: string | null
}

const PERIODS = 12
const PLANS = 4

const dayWords = (words: OfferWords, day: Day): string => words.day(Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8)))

function unitsTable(offer: Offer, units: Shown[], words: OfferWords): PaperBlock {
  const t = translator(offer.lang)
  const fmt = formatter(offer.lang)
  const { basis } = offer.terms
  const desks = offer.lines.some(line => line.desks)
  const months = offer.lines.map(line => monthlyRent(basis, line))
  const right = true
  return {
    kind: 'table',
    columns: [
      { head: words.floor, width: 12 },
      { head: words.code, width: 22 },
      { head: words.product, width: 16 },
      { head: words.area, width: 18, right },
      ...(desks ? [{ head: words.desks, width: 10, right }] : []),
      { head: words.rate(t(`leaseStep.bases.${basis}`)), width: 20, right },
      { head: words.month, width: 22, right },
    ],
    rows: offer.lines.map((line, i) => {
      const unit = units.find(one => one._id.equals(line.unit))
      const cells = [line.floor, line.code, unit ? t(`space.product.${unit.product}`) : '–', plainArea(line.area)]
      return [...cells, ...(desks ? [line.desks ? String(line.desks) : '–'] : []), line.rate, fmt.money(months[i]!)]
    }),
    foot: [
      ...[words.sum, '', '', fmt.areaNumber(areaOf(offer))],
      ...(desks ? [String(offer.lines.reduce((sum, line) => sum + (line.desks ?? 0), 0))] : []),
      ...['', fmt.money(months.reduce((sum, fen) => sum + fen, 0))],
    ],
  }
}

function termFacts({ lang, terms }: Offer, words: OfferWords): PaperBlock {
  const fmt = formatter(lang)
  const day = (value: Day) => dayWords(words, value)
  const { months, days } = lengthOf(terms.from, terms.to)
  const all: [string, string[]][] = [
    [words.term, [words.span(day(terms.from), day(terms.to), months ? words.months(months) : words.days(days))]],
    [words.purpose, terms.purpose ? [terms.purpose] : []],
    [words.basis, [words.bases[terms.basis]!]],
    [words.anchor, [words.anchors[terms.anchor]!]],
    [words.broken, [words.brokens[terms.broken]!]],
    [words.cycle, [words.paid(words.cycles[terms.cycle]!)]],
    [words.rentFree, terms.rentFree.map(free => words.range(day(free.from), day(free.to)))],
    [words.escalation, terms.escalation.map(step => words.step(day(step.from), step.percent))],
    [words.reductions, terms.reductions.map(one => words.reduced(one.name, day(one.from), day(one.to), words.kinds[one.kind](one.value)))],
    [words.deposit, terms.deposit ? [words.inWords(fmt.money(terms.deposit), capitalMoney(terms.deposit))] : []],
    [words.note, terms.note ? [terms.note] : []],
  ]
  return { kind: 'facts', facts: all.filter(([, values]) => values.length) }
}

function amounts(schedule: Schedule, { lang }: Offer, words: OfferWords): PaperBlock[] {
  const { money } = formatter(lang)
  const right = true
  const reduced = schedule.reduction !== 0
  const sums = (rent: number, reduction: number, fen: number) =>
    reduced ? [money(rent), reduction ? money(reduction) : '–', money(fen)] : [money(fen)]
  const heads = reduced ? [words.rent, words.reduction, words.due] : [words.due]
  const columns = heads.map(head => ({ head, width: 22, right }))
  const first = schedule.periods.slice(0, PERIODS)
  const rest = schedule.periods.length - first.length
  const [now] = first
  return [
    {
      kind: 'table',
      columns: [{ head: words.year, width: 16 }, { head: words.periods, width: 14, right }, ...columns],
      rows: schedule.years.map(({ year, fen, periods }) => {
        const rent = periods.reduce((sum, period) => sum + period.rent, 0)
        return [year, String(periods.length), ...sums(rent, fen - rent, fen)]
      }),
      foot: [words.sum, String(schedule.periods.length), ...sums(schedule.rent, schedule.reduction, schedule.total)],
    },
    {
      kind: 'text',
      text: `${words.total}${words.colon}${words.inWords(money(schedule.total), capitalMoney(schedule.total))}`,
      strong: true,
    },
    { kind: 'heading', text: words.first },
    {
      kind: 'table',
      columns: [{ head: words.period, width: 44 }, ...columns],
      rows: first.map(period => [`${period.from} – ${period.to}`, ...sums(period.rent, period.reduction, period.fen)]),
    },
    ...(rest > 0 ? [{ kind: 'text' as const, text: words.more(rest), small: true }] : []),
    ...(now ? [{ kind: 'text' as const, text: `${words.signing}${words.colon}${money(now.fen + schedule.deposit)}`, strong: true }] : []),
  ]
}

/** The floors of the units with the units on them, where they are drawn. */
async function plansOf(offer: Offer, units: Shown[], words: OfferWords): Promise<PaperPlan[]> {
  const drawn = units.filter(unit => unit.outline.length >= MIN_CORNERS)
  const floors = [...new Map(drawn.map(unit => [`${unit.building}/${unit.floor}`, unit])).values()].slice(0, PLANS)
  const plans: PaperPlan[] = []
  for (const { building, floor } of floors) {
    const own = drawn.filter(unit => unit.building === building && unit.floor === floor)
    const all = await scopedFind<Shown>(Unit, { park: offer.park, building, floor }, { projection: SHOWN })
    const others = all.filter(
      one => isActive(one, offer.terms.from) && one.outline.length >= MIN_CORNERS && !own.some(unit => unit._id.equals(one._id)),
    )
    plans.push({
      caption: words.plan(floor, own.map(unit => unit.code).join(', ')),
      shapes: [...others, ...own].map(unit => ({ corners: unit.outline, own: own.includes(unit) })),
    })
  }
  return plans
}

const SHOWN = { building: 1, floor: 1, code: 1, product: 1, outline: 1, activeFrom: 1, activeTo: 1 }

/** Control characters and halves of characters can't be drawn. */
function clean<T>(value: T): T {
  if (typeof value === 'string') return printable(value) as T
  if (Array.isArray(value)) return value.map(clean) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clean(inner)])) as T
}

/** What the paper says. `day`: the date on it; a draft is marked as one. */
export async function offerPaper(park: Park, offer: Offer, issuer: Issuer): Promise<OfferPaperTask> {
  const words = OFFER_WORDS[offer.lang]
  const text = (value: Parameters<typeof textIn>[0]) => textIn(value, offer.lang).text
  const units = await scopedFind<Shown>(Unit, { park: park._id, _id: { $in: offer.units } }, { projection: SHOWN })
  const plans = await plansOf(offer, units, words)
  const { addressee, terms } = offer
  const name = text(park.name)
  const issuedBy = park.operator ? text(park.operator) : text(park.bureau.name)
  const hotline = park.hotline ?? park.bureau.phone
  const line = (label: string, value: string | null) => (value ? [`${label}${value}`] : [])
  const reach = [addressee.phone, addressee.email].filter(Boolean).join('    ')
  const said = (heading: string, body: string | null): PaperBlock[] =>
    body
      ? [
          { kind: 'heading', text: heading },
          { kind: 'text', text: body },
        ]
      : []
  return clean({
    title: offer.number,
    lang: offer.lang,
    watermark: offer.state === 'draft' ? words.draft : null,
    letterhead: { name, lines: [issuedBy, ...line(words.address, park.address && text(park.address)), ...line(words.hotline, hotline)] },
    heading: words.heading,
    subheading: words.subheading,
    marks: [
      [words.number, offer.number],
      [words.date, dayWords(words, offer.sent ? dayAt(offer.sent.at, park.zone) : today(park.zone))],
      [words.validUntil, dayWords(words, offer.validUntil)],
    ],
    addressee: [
      [words.to, offer.tenantName],
      [words.attention, addressee.name],
      ...(reach ? [[words.contact, reach] as [string, string]] : []),
    ],
    blocks: [
      { kind: 'text', text: offer.greeting ?? words.greeting(name) },
      { kind: 'heading', text: words.units },
      unitsTable(offer, units, words),
      ...(plans.length ? [{ kind: 'plans' as const, plans }] : []),
      { kind: 'heading', text: words.terms },
      termFacts(offer, words),
      { kind: 'heading', text: words.payments },
      ...amounts(scheduleFor(offer), offer, words),
      ...said(words.remarks, offer.remarks),
      { kind: 'heading', text: words.notice },
      ...words
        .notices(dayWords(words, offer.validUntil), terms.reductions.length > 0)
        .map((note, i): PaperBlock => ({ kind: 'text', text: `${i + 1}. ${note}`, small: true })),
    ],
    signature: {
      issuer: issuedBy,
      lines: [`${words.owner}${words.colon}${[issuer.name, issuer.email, hotline].filter(Boolean).join('    ')}`],
    },
    footer: words.page('{page}', '{of}'),
  } satisfies OfferPaperTask)
}

/** Whose name stands under it: the lead's owner, or without one whoever makes it. */
export async function issuerOf(lead: Pick<Lead, 'owner'>, me: Issuer): Promise<Issuer> {
  const owner = lead.owner && (await User.findById(lead.owner, { name: 1, email: 1 }).lean())
  return owner ? { name: owner.name, email: owner.email } : me
}

export const printOffer = async (park: Park, offer: Offer, issuer: Issuer): Promise<Buffer> =>
  Buffer.from(await inWorker<OfferPaperTask, Uint8Array>('offer-paper', await offerPaper(park, offer, issuer), 60))

/** The paper of a draft, stored and linked to nothing yet: what comes to nothing is swept. As sent it bears no mark. */
export async function printForSending(park: Park, offer: Offer, issuer: Issuer, by: string): Promise<Printed> {
  if (offer.state !== 'draft') return { offer, file: null }
  const bytes = await printOffer(park, { ...offer, state: 'sent' }, issuer)
  const meta = { park: park._id, name: `${offer.number}.pdf`, type: 'application/pdf', by }
  return { offer, file: (await saveBuffer(bytes, meta)).id as Types.ObjectId }
}
