import type { Types } from 'mongoose'
import type { User } from '../../src/accounts/user.ts'
import { createLead, type Intake } from '../../src/leads/create.ts'
import { type Lead, type LeadFacts, NO_WISH } from '../../src/leads/lead.ts'
import { loadLead } from '../../src/leads/steps.ts'
import { Park, type WholePark } from '../../src/parks/park.ts'
import { BY, buildUser } from './factories.ts'
import { visitWorld } from './visits.ts'

/** Leads for tests, made through the product's own functions. */
let serial = 0

export const leadFacts = (more: Partial<LeadFacts> = {}): LeadFacts => {
  serial += 1
  return {
    name: `Lead ${serial} \u793a\u4f8b`,
    creditCode: null,
    contacts: [{ name: `Contact ${serial}`, title: null, phone: `139${String(serial).padStart(8, '0')}`, email: null }],
    source: 'hotline',
    sourceNote: null,
    industry: null,
    origin: null,
    wish: { ...NO_WISH },
    ...more,
  }
}

export const parkNow = async (park: string): Promise<WholePark> => (await Park.findById(park).orFail().lean()) as WholePark

/** An open lead of a promotion person of its own, unless something else is said; `owner: null` puts it into the pool. */
export async function buildLead(
  park: string,
  more: Partial<LeadFacts> = {},
  intake: Partial<Intake> = {},
): Promise<{ lead: Lead; owner: User | null }> {
  const owner = intake.owner === undefined ? await buildUser('promotion', { park }) : null
  const lead = await createLead(await parkNow(park), leadFacts(more), { ...intake, owner: intake.owner ?? owner }, BY)
  return { lead, owner }
}

export const leadNow = ({ park, _id }: { park: string; _id: Types.ObjectId }): Promise<Lead> => loadLead(park, _id)

/** For the matrix: a lead for each column, so that a step of one leaves the others as they are. */
export async function leadWorld(park: string, count: number): Promise<(path: string, i: number) => Record<string, string>> {
  const leads: Lead[] = []
  for (let i = 0; i < count; i++) leads.push((await buildLead(park)).lead)
  const visits = await visitWorld(park, leads)
  return (_path, i) => ({ lead: String(leads[i]!._id), ...visits(i) })
}
