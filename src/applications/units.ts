import { type Choice, obstaclesTo, unitChoices } from '../leases/availability.ts'
import { addMonths, type Day, dayBefore, today } from '../lib/days.ts'
import type { Park } from '../parks/park.ts'
import type { AddressAnswer } from './founders.ts'

export function firstYear(park: Pick<Park, 'zone'>): { from: Day; to: Day } {
  const from = today(park.zone)
  return { from, to: dayBefore(addMonths(from, 12)) }
}

/** The premises founders may have their company registered at: units and desks of the park that are free for a year and have a rate. */
export async function addressChoices(park: Park): Promise<Choice[]> {
  const all = await unitChoices(park._id, firstYear(park), {})
  return all.filter(unit => unit.free && unit.rate)
}

/** Whether the chosen premises can't be had any more. */
export async function isTaken(park: Park, { unit }: AddressAnswer): Promise<boolean> {
  return (await obstaclesTo(park._id, [unit], firstYear(park))).length > 0
}
