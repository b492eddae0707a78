import { type Day, dayBefore } from '../lib/days.ts'
import type { Lineage, Unit } from './unit.ts'

/** What a unit was made of and what became of it: dated steps from older units to newer ones, earliest first. Pure. */
export type Kin = Pick<Unit, '_id' | 'code' | 'gross' | 'activeFrom' | 'activeTo' | 'lineage'>

export interface Step<T extends Kin = Kin> {
  kind: Lineage['kind']
  on: Day
  from: T[]
  into: T[]
}

const keyOf = ({ kind, on, from }: Lineage): string => `${kind} ${on} ${from.map(String).sort().join(' ')}`

/** All steps among units of one floor. */
function stepsOf<T extends Kin>(units: T[]): Step<T>[] {
  const steps = new Map<string, Step<T>>()
  for (const unit of units) {
    if (!unit.lineage) continue
    const { kind, on, from } = unit.lineage
    const key = keyOf(unit.lineage)
    const step = steps.get(key) ?? { kind, on, from: units.filter(one => from.some(id => id.equals(one._id))), into: [] }
    step.into.push(unit)
    steps.set(key, step)
  }
  return [...steps.values()].sort((a, b) => (a.on < b.on ? -1 : 1))
}

/** The steps that lead to the unit and on from it: its forebears and what came of it, without their other descendants. */
export function lineageOf<T extends Kin>(unit: Kin, floor: T[]): Step<T>[] {
  const steps = stepsOf(floor)
  const found = new Set<Step<T>>()
  const climb = (one: Kin): void => {
    const step = steps.find(({ into }) => into.some(other => other._id.equals(one._id)))
    if (!step || found.has(step)) return
    found.add(step)
    step.from.forEach(climb)
  }
  const descend = (one: Kin): void => {
    const step = steps.find(({ from }) => from.some(other => other._id.equals(one._id)))
    if (!step || found.has(step)) return
    found.add(step)
    step.into.forEach(descend)
  }
  climb(unit)
  descend(unit)
  return steps.filter(step => found.has(step))
}

/** The step that ended the unit, if it was one. */
export const endOf = <T extends Kin>(unit: Kin, steps: Step<T>[]): Step<T> | null =>
  steps.find(step => dayBefore(step.on) === unit.activeTo && step.from.some(one => one._id.equals(unit._id))) ?? null
