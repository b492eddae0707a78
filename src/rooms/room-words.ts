import type { Request } from 'express'
import type { Fen } from '../lib/money.ts'
import { DAY_KINDS } from '../parks/calendar.ts'
import { type Room, type RoomKind, type RoomRule, ruleFor, type UserClass } from './room.ts'
import { clocksOf } from './slot.ts'

/** A rule in words, for the page of a room, the door sign and whoever asks at the desk. */
export const ROOM_ICONS: Record<RoomKind, string> = {
  meeting: 'users',
  hall: 'presentation',
  negotiation: 'heart-handshake',
  lounge: 'armchair',
  coffee: 'coffee',
  canteen: 'tools-kitchen-2',
  fitness: 'barbell',
  billiards: 'circle-number-8',
  field: 'ball-football',
  other: 'door',
}

/** 90 → “1 h 30 min”. */
export function durationText(req: Pick<Request, 't'>, minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  const words = [hours ? req.t('room.words.hours', { hours }) : '', rest || !hours ? req.t('room.words.minutes', { minutes: rest }) : '']
  return words.filter(Boolean).join(' ')
}

export const priceText = (req: Pick<Request, 't' | 'fmt'>, fen: Fen): string =>
  fen ? req.t('room.words.perHour', { price: req.fmt.money(fen) }) : req.t('room.words.free')

type Line = [label: string, text: string]

function freeText(req: Request, rule: RoomRule): string {
  const { class: klass, freeHours, price } = rule
  const minutes = klass === 'tenant' || klass === 'student' ? (req.park.settings.freeMinutes?.[klass] ?? 0) : 0
  return freeHours && price && minutes ? req.t('room.words.freeHours', { duration: durationText(req, minutes) }) : ''
}

function aheadText(req: Request, { notice, horizon }: RoomRule): string {
  const from = notice ? req.t('room.words.notice', { duration: durationText(req, notice) }) : req.t('room.words.noNotice')
  return `${from} · ${horizon ? req.t('room.words.horizon', { days: horizon }) : req.t('room.words.today')}`
}

const cancelText = (req: Request, { cancelBefore, cancelPercent }: RoomRule): string =>
  !cancelPercent
    ? req.t('room.words.cancelFree')
    : cancelBefore
      ? req.t('room.words.cancel', { duration: durationText(req, cancelBefore), percent: cancelPercent })
      : req.t('room.words.cancelAfter', { percent: cancelPercent })

const bufferText = (req: Request, { before, after }: RoomRule): string =>
  before || after ? req.t('room.words.buffer', { before, after }) : ''

/** What a class may do in the room, line by line; lines that say nothing have no text. */
export function linesOf(req: Request, room: Pick<Room, 'release'>, rule: RoomRule): Line[] {
  const [shortest, longest] = [durationText(req, rule.min), durationText(req, rule.max)]
  return [
    ...DAY_KINDS.map((kind): Line => {
      const open = rule.hours[kind]
      return [req.t(`room.dayKind.${kind}`), open ? clocksOf(open) : req.t('room.words.closed')]
    }),
    [req.t('room.words.price'), [priceText(req, rule.price), freeText(req, rule)].filter(Boolean).join(' · ')],
    [req.t('room.words.length'), req.t('room.words.lengthText', { shortest, longest, step: durationText(req, rule.step) })],
    [req.t('room.words.ahead'), aheadText(req, rule)],
    [req.t('room.words.confirming'), req.t(rule.approval ? 'room.words.approval' : 'room.words.atOnce')],
    [req.t('room.words.cancelling'), cancelText(req, rule)],
    [req.t('room.words.buffers'), bufferText(req, rule)],
    [req.t('room.words.noShow'), room.release ? req.t('room.words.release', { minutes: room.release }) : ''],
  ]
}

export interface RuleTable {
  classes: UserClass[]
  /** A label and a text for each class; lines no class has anything to say to are left out. */
  lines: { label: string; texts: string[] }[]
}

/** The rules of the classes a person is shown, side by side. Classes that may not book are left out. */
export function ruleTable(req: Request, room: Pick<Room, 'rules' | 'release'>, seen: UserClass[]): RuleTable {
  const rules = seen.flatMap(klass => ruleFor(room, klass) ?? [])
  const columns = rules.map(rule => linesOf(req, room, rule))
  const lines = (columns[0] ?? []).map(([label], i) => ({ label, texts: columns.map(column => column[i]![1]) }))
  return { classes: rules.map(rule => rule.class), lines: lines.filter(({ texts }) => texts.some(Boolean)) }
}
