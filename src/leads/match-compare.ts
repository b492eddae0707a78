import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { type Day, earlier, FOREVER, later } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { Building } from '../spaces/building.ts'
import { freeUntil, isHoldFor } from '../spaces/state.ts'
import { Unit } from '../spaces/unit.ts'
import { firstFree } from '../spaces/unit-life.ts'
import { neighboursOf, thumbnailOf } from '../spaces/unit-page.ts'
import { idParam, readMany, readQuery } from '../web/forms.ts'
import { leadPath } from './lead.ts'
import { yearlyListRent } from './list-rent.ts'
import { type Match, matchUnit } from './match.ts'
import { keptOf, matchQuery, wishOf } from './match-form.ts'
import { mayDo } from './match-head.ts'
import { askingOf } from './match-read.ts'
import type { Asking } from './match-reasons.ts'
import { shownOf } from './match-words.ts'
import { loadLead } from './steps.ts'

/** A few units side by side. */
export const MOST = 4

/** Those asked for, in that order. Throws notFound where one isn't a unit of the park. */
async function unitsOf(park: string, ids: string[], today: Day): Promise<Unit[]> {
  if (!ids.every(id => /^[0-9a-f]{24}$/.test(id))) throw notFound()
  const projection = { gaps: 0, note: 0, lineage: 0 }
  const found = await scopedFind<Unit>(Unit, { park, _id: { $in: ids.map(id => new Types.ObjectId(id)) } }, { projection })
  const units = ids.map(id => found.find(unit => String(unit._id) === id))
  if (units.includes(undefined)) throw notFound()
  return (units as Unit[]).map(unit => ({ ...unit, claims: unit.claims.filter(claim => claim.to >= today || !claim.vacatedOn) }))
}

/** The free stretch at the wanted day or the next one after it; the lead's own hold doesn't end it. */
function stretchOf(unit: Unit, { period, now, lead }: Asking): { from: Day; to: Day } | null {
  const others = { ...unit, claims: unit.claims.filter(claim => !isHoldFor(claim, lead)) }
  const from = firstFree(others, period.from, now)
  return from === null ? null : { from, to: freeUntil(others, { on: from, now }) }
}

/** Which column is the best in a line; none where they are all the same. */
function bestOf(values: (number | null)[], way: 'least' | 'most'): number | null {
  const known = values.filter(value => value !== null)
  if (known.length < 2 || new Set(known).size < 2) return null
  return way === 'least' ? Math.min(...known) : Math.max(...known)
}

export async function comparePage(req: Request, res: Response): Promise<void> {
  const park = req.park._id
  const asked = readQuery(req, matchQuery)
  const lead = await loadLead(park, idParam(req, 'lead'))
  const wish = wishOf(asked, lead)
  const asking = askingOf(req.park, wish, lead._id)
  const given = [...new Set(readMany(req, 'unit'))]
  const units = await unitsOf(park, given.slice(0, MOST), asking.today)
  const buildings = units.length ? await scopedFind<Building>(Building, { park, code: { $in: units.map(unit => unit.building) } }) : []
  const floors = await Promise.all(units.map(neighboursOf))
  const columns = units.map((unit, i) => {
    const match: Match<Unit> = matchUnit(wish, asking, unit)
    const building = buildings.find(one => one.code === unit.building) ?? null
    const day = earlier(later(asking.period.from, unit.activeFrom), unit.activeTo)
    return {
      ...shownOf(req, match),
      unit,
      building,
      monthly: match.reasons.budget.monthly,
      yearly: yearlyListRent(unit),
      free: stretchOf(unit, asking),
      thumbnail: thumbnailOf(unit, building, floors[i]!, day),
    }
  })
  const kept = keptOf(req)
  const without = (id: string) => {
    const rest = new URLSearchParams([...kept.pairs, ...given.filter(one => one !== id).map(one => ['unit', one])])
    return `${leadPath(lead)}/compare?${rest}`
  }
  res.page('leads/compare', {
    ...{ lead, columns, kept, without, asked, most: MOST, on: asking.period.from, period: asking.period, forever: FOREVER },
    ...mayDo(req, lead),
    here: leadPath(lead),
    tooMany: given.length > MOST,
    best: {
      monthly: bestOf(
        columns.map(one => one.monthly),
        'least',
      ),
      area: bestOf(
        columns.map(one => one.unit.gross),
        'most',
      ),
      score: bestOf(
        columns.map(one => one.score),
        'most',
      ),
    },
    keep: asking.period.from === asking.today ? '' : `?on=${asking.period.from}`,
  })
}
