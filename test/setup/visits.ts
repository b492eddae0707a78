import type { Types } from 'mongoose'
import { saveBuffer } from '../../src/files/store.ts'
import { attachToLead } from '../../src/leads/files.ts'
import type { Lead } from '../../src/leads/lead.ts'
import type { Visit } from '../../src/leads/visit.ts'
import { loadVisit, planVisit, type VisitFacts } from '../../src/leads/visits.ts'
import type { Unit } from '../../src/spaces/unit.ts'
import { BY, buildUnit, inDays } from './factories.ts'
import { parkNow } from './leads.ts'
import { PNG } from './pictures.ts'

/** Visits for tests, made through the product's own functions. */
export const visitFacts = (host: Types.ObjectId, more: Partial<VisitFacts> = {}): VisitFacts => ({
  ...{ day: inDays(1), from: 600, to: 660, units: [], place: 'Lobby', host, companions: [], guests: [], people: null, note: null },
  ...more,
})

export const buildVisit = async (lead: Lead, more: Partial<VisitFacts> = {}): Promise<Visit> =>
  planVisit(await parkNow(lead.park), lead._id, visitFacts(lead.owner!, more), BY)

export const visitNow = ({ park, _id }: Pick<Visit, 'park' | '_id'>): Promise<Visit> => loadVisit(park, _id)

/** For the matrix: a visit of today and a file for each column's lead. */
export async function visitWorld(park: string, leads: Lead[]) {
  const unit: Unit = await buildUnit({ park })
  const made: { visit: string; attachment: string }[] = []
  for (const lead of leads) {
    const visit = await buildVisit(lead, { day: inDays(0), units: [unit._id] })
    const file = await saveBuffer(PNG, { park, name: 'paper.png', type: 'image/png', by: BY.id })
    await attachToLead(park, lead._id, [file], BY)
    made.push({ visit: String(visit._id), attachment: String(file.id) })
  }
  return (i: number) => ({ ...made[i]!, seen: String(unit._id) })
}
