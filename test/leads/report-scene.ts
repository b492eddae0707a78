import fc from 'fast-check'
import { Types } from 'mongoose'
import { courseOf } from '../../src/leads/course.ts'
import { Lead, LOST_REASONS, type LostReason, NO_WISH, type PathStep, SOURCES, type Source, type Wish } from '../../src/leads/lead.ts'
import { MOVED, SIGNING, USUAL } from '../../src/leads/setup.ts'
import { startOfDay } from '../../src/lib/days.ts'
import { INDUSTRIES, type Industry } from '../../src/parks/park.ts'

/** Leads with random histories, written as they are: what the steps would have left. */
export const FIRST = '2026-01-01'
export const DAYS = 200
const DAY = 86_400_000
const OPEN = USUAL.stages.map(stage => stage.code)
export const OWNERS = [new Types.ObjectId(), new Types.ObjectId()]
export const EVENTS = [new Types.ObjectId(), new Types.ObjectId()]

export interface Made {
  source: Source
  owner: Types.ObjectId | null
  industry: Industry | null
  event: Types.ObjectId | null
  origin: string | null
  path: PathStep[]
  reason: LostReason
}

/** Between two steps up to forty days; among them lost ones that were taken up again. */
const step = fc.record({ to: fc.constantFrom(...OPEN, 'lost', 'gone'), ms: fc.nat(40 * DAY) })
const ending = fc.constantFrom('open', 'open', 'lost', 'lost', 'merged', SIGNING, MOVED)

export const made: fc.Arbitrary<Made> = fc
  .record({
    source: fc.constantFrom(...SOURCES.slice(0, 3)),
    owner: fc.constantFrom(null, ...OWNERS),
    industry: fc.constantFrom(null, ...INDUSTRIES.slice(0, 2)),
    event: fc.constantFrom(null, ...EVENTS),
    origin: fc.constantFrom(null, 'Wucheng', 'Jindong'),
    at: fc.integer({ min: -40 * DAY, max: (DAYS + 40) * DAY }),
    steps: fc.array(step, { maxLength: 6 }),
    end: ending,
    gap: fc.nat(30 * DAY),
    reason: fc.constantFrom(...LOST_REASONS.slice(0, 3)),
  })
  .map(({ at, steps, end, gap, ...rest }) => {
    const begin = startOfDay(FIRST, 'Asia/Shanghai').getTime() + at
    const path: PathStep[] = [{ stage: 'new', at: new Date(begin) }]
    const go = (stage: string, ms: number) => {
      const last = path.at(-1)!
      if (last.stage !== stage) path.push({ stage, at: new Date(last.at.getTime() + ms) })
    }
    for (const { to, ms } of steps) go(to, ms)
    // A lost one is taken up again before anything else happens to it.
    if (end !== 'lost' && path.at(-1)!.stage === 'lost') go('contact', gap)
    if (end === MOVED) go(SIGNING, gap)
    if (end !== 'open') go(end, gap)
    return { ...rest, path }
  })

export const ended = ({ path }: Pick<Made, 'path'>): string => path.at(-1)!.stage
export const stateOf = (one: Pick<Made, 'path'>) => {
  const last = ended(one)
  return last === 'lost' || last === 'merged' ? last : last === SIGNING || last === MOVED ? 'converted' : 'open'
}
export const stageOf = ({ path }: Pick<Made, 'path'>): string => path.findLast(({ stage }) => stage !== 'lost' && stage !== 'merged')!.stage

let serial = 0

export function leadDoc(park: string, { reason, ...one }: Made, wish: Partial<Wish> = {}): Record<string, unknown> {
  const state = stateOf(one)
  serial += 1
  const { owner } = one
  return {
    ...{ _id: new Types.ObjectId(), park, number: `XS-R-${serial}`, name: `Secret company ${serial}`, normal: `secret${serial}` },
    ...{ creditCode: null, phones: ['13911112222'], sourceNote: null, wish: { ...NO_WISH, ...wish } },
    contacts: [{ name: 'Secret person', title: null, phone: '13911112222', email: null }],
    ...one,
    ...{ state, stage: stageOf(one), course: courseOf(one.path), at: one.path[0]!.at, touchedAt: one.path.at(-1)!.at },
    ...{ ownerName: owner && 'Owner', pool: owner || state !== 'open' ? null : { at: one.path[0]!.at, why: 'new' } },
    next: state === 'open' && owner ? { what: 'Call', on: '2026-06-01' } : null,
    lost: state === 'lost' ? { reason, note: null, by: 'Owner' } : null,
    ...{ tenant: null, lease: null, mergedInto: null, consentAt: null, warnedAt: null, version: 0 },
  }
}

export async function writeLeads(park: string, list: Made[]): Promise<void> {
  await Lead.deleteMany({ park })
  if (list.length) await Lead.collection.insertMany(list.map(one => leadDoc(park, one)) as never)
}
