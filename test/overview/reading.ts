import { expect } from 'chai'
import type { Types } from 'mongoose'
import { recordHandover } from '../../src/leases/handover.ts'
import { setClock } from '../../src/lib/clock.ts'
import type { Day } from '../../src/lib/days.ts'
import type { Unit } from '../../src/spaces/unit.ts'
import { BY, buildLease, buildUnit } from '../setup/factories.ts'
import type { Visitor } from '../setup/visitor.ts'

/** Reads a desk as a person would: figures, and what waits by kind. */
export const plain = (html: string): string =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
export const deskOf = async (who: Visitor, park: string): Promise<string> => {
  const { text, status } = await who.get(`/parks/${park}/desk`)
  expect(status).to.equal(200)
  return text
}
export const figure = (html: string, name: string) => {
  const found = new RegExp(`<a class="figure" href="([^"]+)" data-figure="${name}">([\\s\\S]*?)</a>`).exec(html)!
  return { path: found[1]!, text: plain(found[2]!) }
}
/** What waits, as kind → the records named. */
export const waiting = (html: string): Record<string, string> =>
  Object.fromEntries([...html.matchAll(/<tbody data-waiting="(\w+)">([\s\S]*?)<\/tbody>/g)].map(match => [match[1]!, plain(match[2]!)]))
export const atNoon = (day: Day): void => setClock(new Date(`${day}T04:00:00Z`))
export const handover = (unit: Types.ObjectId, kind: 'in' | 'out', on: Day) => ({
  kind,
  unit,
  on,
  checklist: [],
  electricity: '1',
  water: '1',
  keys: 1,
  note: null,
})

/** A lease of the past or the present, moved into on its first day. */
export async function buildLet(park: string, options: { from: Day; to: Day; gross?: number; unit?: Unit }) {
  const unit = options.unit ?? (await buildUnit({ park, gross: options.gross ?? 10_000 }))
  atNoon(options.from)
  const built = await buildLease({ unit, from: options.from, to: options.to })
  await recordHandover(park, built.lease._id, handover(unit._id, 'in', options.from), BY)
  setClock(null)
  return built
}
