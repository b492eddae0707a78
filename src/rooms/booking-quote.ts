import type { Request } from 'express'
import type { z } from 'zod'
import type { Problem } from '../lib/rule-error.ts'
import { RuleError } from '../lib/rule-error.ts'
import { textIn } from '../lib/text.ts'
import { problemOf, problemText } from '../web/forms.ts'
import { type Around, type Asked, alternatives, around, busyFor } from './alternatives.ts'
import { type Quote, quoteFor } from './book.ts'
import { pickValue, quoteForm } from './booking-form.ts'
import { type Booker, bookerOf } from './booking-holder.ts'
import { slotOf } from './booking-times.ts'
import { cancelText, spanText, whenText } from './booking-words.ts'
import { minutesIn } from './cost.ts'
import { type Room, ruleFor } from './room.ts'
import { takenBy } from './room-day.ts'
import { durationText, priceText } from './room-words.ts'
import { lengthOf, type Slot, startsAt } from './slot.ts'
import type { Viewer } from './viewer.ts'

/** What a booking would be, before it is confirmed: price, free hours, terms, and what there is instead where it can't be had. */
type Wanted = z.output<typeof quoteForm>

export interface Choice {
  value: string
  text: string
  detail: string
  path: string
}

export interface QuoteView {
  /** Nothing can be said yet: the times are missing. */
  hint: boolean
  /** The time as it was understood. */
  when: string | null
  /** Why it can't be had. */
  problems: string[]
  /** The wanted time, as a wish for the waiting list: only where the room is taken. */
  busy: boolean
  lines: { label: string; text: string; strong?: boolean }[]
  approval: boolean
  times: Choice[]
  rooms: Choice[]
  none: boolean
}

export const EMPTY: QuoteView = {
  hint: true,
  when: null,
  problems: [],
  busy: false,
  lines: [],
  approval: false,
  times: [],
  rooms: [],
  none: false,
}

function linesOf(req: Request, slot: Slot, booker: Booker, { rule, cost, left }: Quote): QuoteView['lines'] {
  const given = minutesIn(cost.free)
  const first = cost.free[0]?.minutes ?? 0
  const hours = durationText(req, lengthOf(slot, req.park.zone))
  const charged = cost.minutes - given
  const lines = [
    { label: req.t('booking.quote.length'), text: hours },
    { label: req.t('booking.quote.rate'), text: priceText(req, rule.price) },
  ]
  if (left !== null) {
    const params = { used: durationText(req, given), left: durationText(req, Math.max(0, left - first)) }
    lines.push({
      label: req.t('booking.quote.free'),
      text: given ? req.t('booking.quote.freeUsed', params) : req.t('booking.quote.freeNone'),
    })
  }
  if (given && charged)
    lines.push({ label: req.t('booking.quote.charged'), text: `${durationText(req, charged)} · ${req.fmt.money(cost.room)}` })
  if (cost.extras) lines.push({ label: req.t('booking.quote.extras'), text: req.fmt.money(cost.extras) })
  const total = cost.total ? req.fmt.money(cost.total) : req.t('room.words.free')
  return [
    ...lines,
    { label: req.t('booking.quote.total'), text: total, strong: true },
    { label: req.t('booking.quote.cancelling'), text: cancelText(req, rule, startsAt(slot, req.park.zone)) },
    { label: req.t('booking.quote.holder'), text: booker.holder.name || req.t('room.class.outside') },
  ]
}

type Params = Record<string, string>
const pathOf = (req: Request, room: Room, { day, from, to }: Slot, more: Params): string => {
  const asks = new URLSearchParams({ room: String(room._id), on: day, from: String(from), to: String(to), ...more })
  return `/parks/${req.park._id}/bookings/new?${asks}`
}

/** What is free instead, as buttons that keep what was typed (and links where there is no form). */
export function choicesFor(req: Request, state: Around, room: Room, asked: Asked) {
  const { slot, people, class: klass } = asked
  const found = alternatives(state, asked, room)
  const more: Params = people ? { people: String(people) } : {}
  const choice = (other: Room, at: Slot, text: string, detail: string): Choice => ({
    value: pickValue(other._id, at),
    text,
    detail,
    path: pathOf(req, other, at, more),
  })
  return {
    times: found.times.map(at => choice(room, at, spanText(req, at), '')),
    rooms: found.rooms.map(other => {
      const price = priceText(req, ruleFor(other, klass)?.price ?? 0)
      return choice(other, slot, textIn(other.name, req.lang).text, `${req.t('room.people', { count: other.capacity })} · ${price}`)
    }),
  }
}

/** Refusals that another time or room could answer. */
export const ELSEWHERE = /^error\.room\.(?!noExtra)/

/** The quote of what is in the form so far, with everything it says read anew. */
export async function quoteView(req: Request, viewer: Viewer, room: Room, typed: Record<string, unknown>): Promise<QuoteView> {
  const parsed = quoteForm.safeParse(typed)
  if (!parsed.success) {
    const problems = parsed.error.issues.map(issue => problemOf(issue, typed)).filter(one => one.key !== 'error.required')
    return { ...EMPTY, problems: problems.map(one => problemText(req, one)) }
  }
  const wanted = parsed.data
  const view: QuoteView = { ...EMPTY, hint: false }
  try {
    const slot = slotOf(wanted)
    view.when = whenText(req, slot)
    const booker = await bookerOf(req, viewer, wanted)
    return await judge(req, viewer, room, slot, wanted, booker, view)
  } catch (error) {
    if (!(error instanceof RuleError)) throw error
    return { ...view, problems: [problemText(req, error.problem)] }
  }
}

async function judge(req: Request, viewer: Viewer, room: Room, slot: Slot, wanted: Wanted, booker: Booker, view: QuoteView) {
  const { holder } = booker
  let problem: Problem | null = null
  let quote: Quote | null = null
  try {
    const wish = { room: room._id, slot, holder, people: wanted.people, extras: wanted.extras }
    quote = await quoteFor(req.park, wish, { desk: viewer.desk })
  } catch (error) {
    if (!(error instanceof RuleError)) throw error
    problem = error.problem
  }
  if (problem && !ELSEWHERE.test(problem.key)) return { ...view, problems: [problemText(req, problem)] }
  const state = await around(req.park, slot)
  const busy = quote ? busyFor(state, room, quote.rule, slot)[0] : undefined
  const problems = problem ? [problemText(req, problem)] : busy ? [problemText(req, takenBy(room, slot.day, busy).problem)] : []
  const choices = problems.length
    ? choicesFor(req, state, room, { slot, class: holder.class, people: wanted.people, desk: viewer.desk })
    : { times: [], rooms: [] }
  return {
    ...view,
    problems,
    busy: Boolean(busy),
    lines: quote ? linesOf(req, slot, booker, quote) : [],
    approval: quote?.rule.approval ?? false,
    ...choices,
    none: problems.length > 0 && !choices.times.length && !choices.rooms.length,
  }
}
