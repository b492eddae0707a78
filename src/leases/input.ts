import type { Types } from 'mongoose'
import type { Day } from '../lib/days.ts'

import type { Fen } from '../lib/money.ts'
import { RuleError } from '../lib/rule-error.ts'
import { Unit } from '../spaces/unit.ts'
import type { LeaseLine, Reduction, Step } from './lease.ts'
import type { Anchor, Basis, Broken, Cycle } from './terms.ts'

/** What a person agrees on, before it is a lease: the form's content, checked field by field. */
export interface LineInput {
  unit: Types.ObjectId
  rate: string
  desks?: number | null
}

export interface VersionInput {
  lines: LineInput[]
  rentFree: { from: Day; to: Day }[]
  escalation: Step[]
  reductions: Reduction[]
  deposit: Fen
  note?: string | null
}

export interface LeaseInput extends VersionInput {
  tenant: Types.ObjectId
  from: Day
  to: Day
  basis: Basis
  anchor: Anchor
  broken: Broken
  cycle: Cycle
  purpose: string | null
}

const MAX_YEARS = 20

function checkRanges(field: string, ranges: { from: Day; to: Day }[], from: Day, to: Day): void {
  const sorted = ranges.map((range, i) => ({ ...range, i })).sort((a, b) => (a.from < b.from ? -1 : 1))
  sorted.forEach((range, k) => {
    if (range.from > range.to) throw new RuleError('period.order', {}, { field: `${field}[${range.i}][to]` })
    if (range.from < from || range.to > to) throw new RuleError('period.outside', { from, to }, { field: `${field}[${range.i}][from]` })
    const next = sorted[k + 1]
    if (next && next.from <= range.to) throw new RuleError('period.overlap', {}, { field: `${field}[${next.i}][from]` })
  })
}

/** What must hold of any version, whoever enters it: form, import, renewal or amendment. */
export function checkVersion(input: VersionInput, term: { from: Day; to: Day }): void {
  const { from, to } = term
  if (from > to) throw new RuleError('period.order', {}, { field: 'to' })
  if (Number(to.slice(0, 4)) - Number(from.slice(0, 4)) > MAX_YEARS)
    throw new RuleError('lease.tooLong', { years: MAX_YEARS }, { field: 'to' })
  if (!input.lines.length) throw new RuleError('lease.noUnits', {}, { field: 'lines' })
  const units = new Set(input.lines.map(line => String(line.unit)))
  if (units.size < input.lines.length) throw new RuleError('lease.unitTwice', {}, { field: 'lines' })
  checkRanges('rentFree', input.rentFree, from, to)
  input.reductions.forEach((reduction, i) => {
    if (reduction.from > reduction.to) throw new RuleError('period.order', {}, { field: `reductions[${i}][to]` })
    if (reduction.kind === 'percent' && Number(reduction.value) > 100)
      throw new RuleError('percent', {}, { field: `reductions[${i}][value]` })
  })
  const steps = input.escalation.map(step => step.from)
  steps.forEach((step, i) => {
    if (step <= from || step > to) throw new RuleError('period.outside', { from, to }, { field: `escalation[${i}][from]` })
    if (steps.indexOf(step) !== i) throw new RuleError('period.overlap', {}, { field: `escalation[${i}][from]` })
  })
}

/**
 * The lines as they are stored: area and desks are read from the unit as it is on the first day, never from the form. `kept` are
 * lines of the version before: unchanged ones keep the day their rate was agreed from.
 */
export async function buildLines(
  park: string,
  input: Pick<LeaseInput, 'lines' | 'basis'>,
  from: Day,
  kept: LeaseLine[] = [],
): Promise<LeaseLine[]> {
  const units = await Unit.find({ park, _id: { $in: input.lines.map(line => line.unit) } }).lean()
  return input.lines.map((line, i) => {
    const unit = units.find(one => one._id.equals(line.unit))
    if (!unit) throw new RuleError('unit.gone', {}, { field: `lines[${i}][unit]` })
    const desks = line.desks ?? unit.desks
    if (input.basis === 'desk-month' && !desks) throw new RuleError('lease.noDesks', { unit: unit.code }, { field: `lines[${i}][desks]` })
    const before = kept.find(one => one.unit.equals(unit._id) && one.rate === line.rate && one.desks === desks)
    return {
      unit: unit._id,
      floor: unit.floor,
      code: unit.code,
      area: before?.area ?? unit.chargeable,
      desks,
      rate: line.rate,
      since: before?.since ?? from,
    }
  })
}

/** What lists and filters read of the newest version. */
export function summary(lines: LeaseLine[]) {
  return {
    units: lines.map(line => line.unit),
    unitCodes: lines.map(line => line.code),
    area: lines.reduce((sum, line) => sum + line.area, 0),
  }
}
