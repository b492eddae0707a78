import type { Request } from 'express'
import { type Day, dayAt, daysBetween } from '../lib/days.ts'
import { maskPhone } from '../lib/mask.ts'
import { isOverdue, type Lead, type LeadContact, type Wish } from './lead.ts'

/** A lead in few words, for the table, the board and the desk. */
type Words = Pick<Request, 'lang' | 't' | 'fmt'>

function areaWords({ fmt, t }: Words, { areaFrom, areaTo }: Wish): string | null {
  if (areaFrom && areaTo) return areaFrom === areaTo ? fmt.area(areaFrom) : `${fmt.areaNumber(areaFrom)}–${fmt.area(areaTo)}`
  if (areaFrom) return t('leadBoard.wish.atLeast', { area: fmt.area(areaFrom) })
  return areaTo ? t('leadBoard.wish.atMost', { area: fmt.area(areaTo) }) : null
}

/** “100–200 ㎡ · office · up to ¥9,000.00 a month”; empty where nothing was said. */
export function wishWords(words: Words, wish: Wish): string {
  const { t, fmt } = words
  const { product, desks, budget, from } = wish
  return [
    areaWords(words, wish),
    product && t(`space.product.${product}`),
    desks && t('leadBoard.wish.desks', { count: desks }),
    budget && t('leadBoard.wish.budget', { money: fmt.money(budget) }),
    from && t('leadBoard.wish.from', { day: from }),
  ]
    .filter(Boolean)
    .join(' · ')
}

/** The area a lead is counted with: the least it asks for, in hundredths of ㎡. */
export const wishedArea = ({ areaFrom, areaTo }: Pick<Wish, 'areaFrom' | 'areaTo'>): number => areaFrom ?? areaTo ?? 0

/** A list never shows a phone in full, nor does a file that leaves the house (CASES 26). */
export const contactWords = (contacts: LeadContact[]): { name: string; phone: string | null } | null => {
  const [first] = contacts
  return first ? { name: [first.name, first.title].filter(Boolean).join(' '), phone: first.phone && maskPhone(first.phone) } : null
}

export type Urgency = 'late' | 'today' | null

/** How the next step of an open lead stands on a day. */
export function urgencyOf(lead: Pick<Lead, 'state' | 'next'>, today: Day): Urgency {
  if (isOverdue(lead, today)) return 'late'
  return lead.state === 'open' && lead.next?.on === today ? 'today' : null
}

/** Civil days of the park since an instant: the day itself is 0. */
export const daysSince = (at: Date, today: Day, zone: string): number => Math.max(0, daysBetween(dayAt(at, zone), today))

/** What the lists show of when things were, on a day. */
export const agesOf = (lead: Pick<Lead, 'state' | 'next' | 'path' | 'at' | 'touchedAt'>, today: Day, zone: string) => ({
  urgency: urgencyOf(lead, today),
  late: isOverdue(lead, today) ? daysBetween(lead.next!.on, today) : 0,
  inStage: daysSince(lead.path.at(-1)?.at ?? lead.at, today, zone),
  age: daysSince(lead.at, today, zone),
  idle: daysSince(lead.touchedAt, today, zone),
})
