import type { Request } from 'express'
import { now } from '../lib/clock.ts'
import { addDays } from '../lib/days.ts'
import { clockOf, DAY_MINUTES } from '../lib/wall.ts'
import type { Booking, Terms } from './booking.ts'
import { durationText } from './room-words.ts'
import type { Slot } from './slot.ts'

/** What is said of a booking: its state now, when it is, what cancelling costs. */
export const STATUSES = ['pending', 'upcoming', 'running', 'over', 'cancelled', 'rejected', 'released', 'lapsed'] as const
export type Status = (typeof STATUSES)[number]

/** Stored states are events; whether it runs or is over, the clock says. A request nobody decided lapses with its time. */
export function statusOf(booking: Pick<Booking, 'state' | 'startsAt' | 'endsAt'>, at: Date = now()): Status {
  const { state, startsAt, endsAt } = booking
  if (state === 'pending') return startsAt > at ? 'pending' : 'lapsed'
  if (state !== 'confirmed') return state
  return startsAt > at ? 'upcoming' : endsAt > at ? 'running' : 'over'
}

export const TONES: Record<Status, string> = {
  pending: 'badge-warn',
  upcoming: 'badge-info',
  running: 'badge-good',
  over: '',
  cancelled: '',
  rejected: 'badge-bad',
  released: 'badge-bad',
  lapsed: '',
}

type Words = Pick<Request, 't' | 'fmt' | 'lang'>

/** “10:30”, past midnight with the day it is. */
export function endText(req: Pick<Request, 't'>, { day, to }: Pick<Slot, 'day' | 'to'>): string {
  const days = Math.floor((to - 1) / DAY_MINUTES)
  const clock = clockOf(to - days * DAY_MINUTES)
  if (days <= 0) return clock
  return days === 1 ? req.t('booking.nextDay', { clock }) : `${addDays(day, days)} ${clock}`
}

/** “09:00–10:30”. */
export const spanText = (req: Pick<Request, 't'>, slot: Slot): string => `${clockOf(slot.from)}–${endText(req, slot)}`

/** “2026-11-26 Thursday 09:00–10:30”. */
export const whenText = (req: Words, slot: Slot): string => `${slot.day} ${req.fmt.weekday(slot.day)} ${spanText(req, slot)}`

/** Until when cancelling is free, and what it costs then. `start` is the instant it begins. */
export function cancelText(
  req: Request,
  { cancelBefore, cancelPercent }: Pick<Terms, 'cancelBefore' | 'cancelPercent'>,
  start: Date,
): string {
  if (!cancelPercent) return req.t('room.words.cancelFree')
  const until = new Date(start.getTime() - cancelBefore * 60_000)
  if (until <= now()) return req.t('booking.cancelNow', { percent: cancelPercent })
  return req.t('booking.cancelUntil', { until: req.fmt.moment(until, req.park.zone), percent: cancelPercent })
}

/** Free minutes by month as a sentence; empty where there are none. */
export const freeText = (req: Request, free: Booking['cost']['free']): string =>
  free.map(({ month, minutes }) => req.t('booking.freeOf', { month, duration: durationText(req, minutes) })).join(' · ')
