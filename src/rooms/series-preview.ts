import type { Request } from 'express'
import type { Day } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { textIn } from '../lib/text.ts'
import { clockOf, DAY_MINUTES } from '../lib/wall.ts'
import { problemText } from '../web/forms.ts'
import { around } from './alternatives.ts'
import { choicesFor } from './booking-quote.ts'
import { timesOf, withTime } from './booking-times.ts'
import { spanText } from './booking-words.ts'
import { minutesIn } from './cost.ts'
import { Room, type RoomRule, ruleFor, type UserClass } from './room.ts'
import { durationText } from './room-words.ts'
import type { DateChoice } from './series-form.ts'
import type { Dated } from './series-make.ts'
import { type Asker, type Judged, type Line, totalOf, willBook } from './series-plan.ts'
import type { Slot } from './slot.ts'

/** The dates of a series as they are shown before anything is written, with what can be chosen for each. */
export interface Row {
  i: number
  day: Day
  weekday: string
  room: string
  span: string
  /** Which of the choices is ticked. */
  choice: Line['choice']
  verdict: 'free' | 'taken' | 'closed' | 'later' | 'refused'
  tone: string
  problem: string | null
  /** It was free when it was chosen. */
  news: boolean
  holiday: string | null
  price: string
  free: string | null
  offers: { value: string; text: string }[]
  /** The fields for another time are there. */
  open: boolean
  values: { room: string; from: string; to: string }
}

export interface Preview {
  rows: Row[]
  count: number
  left: number
  troubled: number
  /** Beyond what can be booked today: nothing to decide. */
  later: number
  total: number
  free: string | null
  approval: number
  rooms: [string, string][]
  times: { from: string[]; to: string[] }
}

const TONES: Record<Row['verdict'], string> = {
  free: 'badge-good',
  taken: 'badge-bad',
  closed: 'badge-warn',
  later: 'badge-info',
  refused: 'badge-bad',
}
/** Looking for what there is instead costs three reads a date. */
const OFFERED = 12
const EACH = 2

/** The rooms of a park by their ids. A room of another park isn't among them: naming it is a 404. */
export async function roomsOf(park: string): Promise<Map<string, Room>> {
  const rooms = await scopedFind<Room>(Room, { park }, { sort: { order: 1, code: 1 } })
  return new Map(rooms.map(room => [String(room._id), room]))
}

export function roomIn(rooms: Map<string, Room>, _id: Room['_id']): Room {
  const room = rooms.get(String(_id))
  if (!room) throw notFound()
  return room
}

/** A date's slot where it was given another time; the end may be the next day's, as in any booking. */
function slotFor(usual: Slot, { from, to }: Pick<DateChoice, 'from' | 'to'>): Slot {
  const start = from ?? usual.from
  const end = to ?? start + usual.to - usual.from
  return { day: usual.day, from: start, to: end > start ? end : end + DAY_MINUTES }
}

/** What was chosen for each of the days, made into lines to judge. */
export function linesOf(usual: Omit<Line, 'choice'>[], choices: DateChoice[], rooms: Map<string, Room>): Line[] {
  const byDay = new Map(choices.map(one => [one.day, one]))
  return usual.map(line => {
    const chosen = byDay.get(line.day)
    if (chosen?.choice !== 'change') return { ...line, choice: chosen?.choice ?? 'book' }
    return { ...line, choice: 'change', slot: slotFor(line.slot, chosen), room: chosen.room ? roomIn(rooms, chosen.room) : line.room }
  })
}

export const datedOf = (dates: Judged[]): Dated[] =>
  dates.filter(willBook).map(({ day, room, slot, choice }) => ({ day, room: room._id, slot, changed: choice === 'change' }))

async function offersFor(req: Request, one: Judged, asker: Asker): Promise<Row['offers']> {
  const asked = { slot: one.slot, class: asker.holder.class, people: asker.people, desk: asker.desk, own: one.booking?._id ?? null }
  const { times, rooms } = choicesFor(req, await around(req.park, one.slot), one.room, asked)
  return [...times.slice(0, EACH), ...rooms.slice(0, EACH)].map(({ value, text }) => ({ value, text }))
}

const moneyText = (req: Request, fen: number): string => (fen ? req.fmt.money(fen) : req.t('room.words.free'))

function freeOf(req: Request, { cost }: Judged): string | null {
  const given = cost && minutesIn(cost.free)
  return given ? req.t('series.freeUsed', { duration: durationText(req, given) }) : null
}

async function rowOf(
  req: Request,
  one: Judged,
  i: number,
  chosen: DateChoice | undefined,
  offers: Row['offers'],
  open: boolean,
): Promise<Row> {
  const { day, room, slot, problem, reason, holiday } = one
  const verdict = reason ?? 'free'
  return {
    i,
    day,
    weekday: req.fmt.weekday(day),
    room: textIn(room.name, req.lang).text,
    span: spanText(req, slot),
    // What can't be had is left out, unless another time was asked for: then that is mended.
    choice: open ? 'change' : problem && one.choice === 'book' ? 'skip' : one.choice,
    verdict,
    tone: TONES[verdict],
    problem: problem ? problemText(req, problem) : null,
    news: Boolean(problem && chosen?.choice === 'book'),
    holiday: holiday ? textIn(holiday, req.lang).text : null,
    price: one.cost ? moneyText(req, one.cost.total) : '',
    free: freeOf(req, one),
    offers,
    open: open || one.choice === 'change',
    values: { room: String(room._id), from: clockOf(slot.from), to: clockOf(slot.to) },
  }
}

/** Rooms and times that a date may be given instead. */
function choiceLists(req: Request, rooms: Map<string, Room>, klass: UserClass, dates: Judged[]) {
  const usable = [...rooms.values()].filter(room => ruleFor(room, klass) && room.activeTo >= (dates[0]?.slot.day ?? ''))
  const rules: RoomRule[] = usable.flatMap(room => ruleFor(room, klass) ?? [])
  const known = (list: number[], minutes: number[]) =>
    minutes.reduce((all, minute) => withTime(all, minute > DAY_MINUTES ? minute % DAY_MINUTES : minute), list).map(clockOf)
  const times = timesOf(rules)
  return {
    rooms: usable.map((room): [string, string] => [String(room._id), textIn(room.name, req.lang).text]),
    times: {
      from: known(
        times.from,
        dates.map(one => one.slot.from),
      ),
      to: known(
        times.to,
        dates.map(one => one.slot.to),
      ),
    },
  }
}

export interface Previewed {
  dates: Judged[]
  choices: DateChoice[]
  rooms: Map<string, Room>
  asker: Asker
  open: string | undefined
}

export async function previewOf(req: Request, { dates, choices, rooms, asker, open }: Previewed): Promise<Preview> {
  const byDay = new Map(choices.map(one => [one.day, one]))
  const troubled = dates.filter(one => one.problem)
  const helped = new Set(
    troubled
      .filter(one => one.reason !== 'later')
      .slice(0, OFFERED)
      .map(one => one.day),
  )
  const rows: Row[] = []
  for (const [i, one] of dates.entries()) {
    const offers = helped.has(one.day) ? await offersFor(req, one, asker) : []
    rows.push(await rowOf(req, one, i, byDay.get(one.day), offers, open === one.day))
  }
  const booked = dates.filter(willBook)
  const free = minutesIn(booked.flatMap(one => one.cost?.free ?? []))
  return {
    rows,
    count: booked.length,
    // What was moved to a time that can’t be had either is neither booked nor left out yet.
    left: dates.filter(one => one.reason !== 'later' && !willBook(one) && one.choice !== 'change').length,
    troubled: troubled.filter(one => one.reason !== 'later').length,
    later: troubled.filter(one => one.reason === 'later').length,
    total: totalOf(booked),
    free: free ? durationText(req, free) : null,
    approval: booked.filter(one => one.approval).length,
    ...choiceLists(req, rooms, asker.holder.class, dates),
  }
}
