import type { LeadState, PathStep } from './lead.ts'
import { MOVED, SIGNING } from './setup.ts'

/**
 * What reports ask of a lead's path, short enough for an index to carry: a funnel over 200,000 leads reads index keys and no lead. The
 * path is the truth; this is a pure function of it, written by the same step, and the doctor compares the two.
 */
export interface Course {
  /** The stages it was in, in the order in which it first came to them; the one it is in or was in last; how it stands. */
  trail: string
  /** For each stage of the trail, how long it was there in all: a length of three characters each, read by lengthAt(). */
  stays: string
  /** When it was lost; null unless it is. */
  lostAt: Date | null
}

/** The ways in which a path ends that are no stages. */
const ENDS: readonly string[] = ['lost', 'merged']
/** Lengths are counted in tenths of a day. */
const UNIT = 8_640_000
export const UNITS_A_DAY = 10
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-'
const RUNNING = '...'
const MOST = 64 ** 3 - 1

const VALUES = new Int16Array(128).fill(-1)
for (const [i, digit] of [...DIGITS].entries()) VALUES[digit.charCodeAt(0)] = i

function lengthOf(ms: number): string {
  const n = Math.min(MOST, Math.max(0, Math.round(ms / UNIT)))
  return DIGITS[n >> 12]! + DIGITS[(n >> 6) & 63]! + DIGITS[n & 63]!
}

const stateOf = (last: string): LeadState =>
  last === 'lost' || last === 'merged' ? last : last === SIGNING || last === MOVED ? 'converted' : 'open'

/** Where the lost are, no time counts; where a lead still is, its time isn't over, whatever it was there before. */
export function courseOf(path: PathStep[]): Course {
  const times = new Map<string, number>()
  let stage = ''
  for (const [i, { stage: code, at }] of path.entries()) {
    if (ENDS.includes(code)) continue
    stage = code
    const until = path[i + 1]?.at
    times.set(code, (times.get(code) ?? 0) + (until ? until.getTime() - at.getTime() : 0))
  }
  const last = path.at(-1)
  const state = stateOf(last?.stage ?? '')
  const isIn = last && !ENDS.includes(last.stage) ? last.stage : null
  return {
    trail: `${[...times.keys()].join(' ')}|${stage}|${state}`,
    stays: [...times].map(([code, ms]) => (code === isIn ? RUNNING : lengthOf(ms))).join(''),
    lostAt: last?.stage === 'lost' ? last.at : null,
  }
}

export interface Trail {
  seen: string[]
  stage: string
  state: LeadState
}

export function trailIn(trail: string): Trail {
  const [seen = '', stage = '', state = 'open'] = trail.split('|')
  return { seen: seen.split(' '), stage, state: state as LeadState }
}

/** The length of a trail's i-th stage, in tenths of a day; negative while the lead is still in it. */
export function lengthAt(stays: string, i: number): number {
  const at = i * 3
  const [a, b, c] = [VALUES[stays.charCodeAt(at)] ?? -1, VALUES[stays.charCodeAt(at + 1)] ?? -1, VALUES[stays.charCodeAt(at + 2)] ?? -1]
  return a < 0 || b < 0 || c < 0 ? -1 : (a << 12) | (b << 6) | c
}
