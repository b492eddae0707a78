import { User } from '../accounts/user.ts'
import { Lease } from '../leases/lease.ts'
import type { Check, Report, Subject } from '../lib/check.ts'
import { now } from '../lib/clock.ts'
import { eachRecord } from '../parks/each.ts'
import { Tenant } from '../tenants/tenant.ts'
import { eventChecks } from './checks-events.ts'
import { holdChecks } from './checks-holds.ts'
import { offerChecks } from './checks-offers.ts'
import { reportChecks } from './checks-report.ts'
import { visitChecks } from './checks-visits.ts'
import { LeadEntry } from './entry.ts'
import { Lead, stageTimes } from './lead.ts'
import { isOpenStage, LeadSetup, MOVED, RESERVED_STAGES, SIGNING, setupOf } from './setup.ts'
import { identityOf } from './twins.ts'

/** What must hold of leads, whatever wrote them (DESIGN §3). */
const subjectOf = ({ park, _id, number }: Pick<Lead, 'park' | '_id' | 'number'>): Subject => ({
  park,
  kind: 'lead',
  id: _id,
  label: number,
})

/** An open lead has exactly one owner or is in the pool; what has an owner has a next step. */
function checkOwner(lead: Lead, tell: (message: string) => void): void {
  const { state, owner, ownerName, pool, next, lost, lease, tenant, mergedInto } = lead
  if (state === 'open' && (owner === null) === (pool === null))
    tell(owner ? 'has an owner and is in the pool' : 'has no owner and isn’t in the pool')
  if (state !== 'open' && pool) tell(`is ${state} and in the pool`)
  if (state === 'converted' && !owner) tell('is converted and nobody looks after it')
  if ((owner === null) !== (ownerName === null)) tell(`has owner ${owner} named ${ownerName}`)
  if ((state === 'open' && owner !== null) !== (next !== null))
    tell(next ? 'has a next step nobody is to do' : 'has an owner and no next step')
  if ((state === 'lost') !== (lost !== null)) tell(`is ${state} and ${lost ? 'has' : 'has no'} reason to be lost`)
  if ((state === 'converted') !== (lease !== null) || (lease !== null) !== (tenant !== null))
    tell(`is ${state} with lease ${lease} of tenant ${tenant}`)
  if ((state === 'merged') !== (mergedInto !== null)) tell(`is ${state}, merged into ${mergedInto}`)
}

/** Its path begins when it came on, goes forward in time and ends where it is: so the times in its stages sum to its age. */
async function checkPath(lead: Lead, tell: (message: string) => void): Promise<void> {
  const { park, path, at, state, stage } = lead
  const setup = await setupOf(park)
  if (!path.length || path[0]!.at.getTime() !== at.getTime()) tell('doesn’t begin its path on the day it came on')
  if (path.some((step, i) => i > 0 && step.at < path[i - 1]!.at)) tell('goes back in time')
  const last = path.at(-1)?.stage
  const ends = state === 'lost' || state === 'merged' ? state : stage
  if (last !== ends) tell(`is ${ends} and its path ends in ${last}`)
  if (state === 'open' && !isOpenStage(setup, stage)) tell(`stands in stage ${stage}, which the park hasn’t`)
  if (state === 'converted' && stage !== SIGNING && stage !== MOVED) tell(`is converted and stands in stage ${stage}`)
  const until = now()
  const sum = stageTimes(lead, until).reduce((total, { ms }) => total + ms, 0)
  if (sum !== until.getTime() - at.getTime()) tell('spent another time in its stages than it is old')
}

async function checkLinks(lead: Lead, tell: (message: string) => void): Promise<void> {
  const { park, _id, lease, tenant, owner, mergedInto } = lead
  if (owner && !(await User.exists({ _id: owner }))) tell(`is looked after by ${owner}, who isn’t there`)
  if (mergedInto && !(await Lead.exists({ park, _id: mergedInto, state: { $ne: 'merged' } })))
    tell(`was merged into ${mergedInto}, which isn’t there`)
  if (!lease) return
  const found = await Lease.findOne({ park, _id: lease }, { lead: 1, state: 1, tenant: 1, terminated: 1, end: 1, from: 1 }).lean()
  if (!found) return tell(`has lease ${lease}, which isn’t there`)
  if (!found.lead?.equals(_id)) tell(`has lease ${lease}, which is of lead ${found.lead}`)
  if (found.state === 'cancelled') tell(`has lease ${lease}, which was cancelled`)
  if (!tenant?.equals(found.tenant)) tell(`has tenant ${tenant}; its lease is of ${found.tenant}`)
  if (!(await Tenant.exists({ park, _id: tenant!, mergedInto: null }))) tell(`has tenant ${tenant}, which isn’t there or was merged`)
}

async function checkLead(lead: Lead, report: Report): Promise<void> {
  const tell = (message: string) => report(message, subjectOf(lead))
  checkOwner(lead, tell)
  await checkPath(lead, tell)
  await checkLinks(lead, tell)
  const { normal, phones } = identityOf(lead)
  if (normal !== lead.normal) tell(`is found as “${lead.normal}”; its name gives “${normal}”`)
  if (phones.some(phone => !lead.phones.includes(phone))) tell('has a contact whose phone doesn’t find it')
}

async function checkEntry({ park, _id, lead }: LeadEntry, report: Report): Promise<void> {
  if (!(await Lead.exists({ park, _id: lead, state: { $ne: 'merged' } })))
    report(`is of lead ${lead}, which isn’t there or was merged`, { park, kind: 'leadentry', id: _id })
}

/** A lease that names a lead is that lead's, unless it came to nothing. */
async function checkLease({ park, _id, number, lead, state, end, from }: Lease, report: Report): Promise<void> {
  if (!lead || state === 'cancelled' || end < from) return
  if (!(await Lead.exists({ park, _id: lead, lease: _id })))
    report(`was made of lead ${lead}, which doesn’t know it`, { park, kind: 'lease', id: _id, label: number })
}

function checkSetup({ park, stages }: LeadSetup, report: Report): void {
  const codes = stages.map(one => one.code)
  const tell = (message: string) => report(message, { park, kind: 'leadsetup', id: park })
  if (!stages.length) tell('has no stage')
  if (new Set(codes).size < codes.length) tell('has a stage twice')
  for (const { code, weight } of stages) {
    if (RESERVED_STAGES.includes(code)) tell(`calls a stage of its own ${code}`)
    if (!Number.isInteger(weight) || weight < 0 || weight > 100) tell(`counts stage ${code} with ${weight} %`)
  }
}

export const checks: Check[] = [
  ...holdChecks,
  ...offerChecks,
  ...visitChecks,
  ...eventChecks,
  {
    name: 'Leads have one owner or are in the pool, and their path tells their age',
    run: report => eachRecord<Lead>(Lead, one => checkLead(one, report)),
  },
  { name: 'Lines of a timeline are of a lead', run: report => eachRecord<LeadEntry>(LeadEntry, one => checkEntry(one, report)) },
  { name: 'Leases made of a lead are that lead’s', run: report => eachRecord<Lease>(Lease, one => checkLease(one, report)) },
  { name: 'A park’s stages are sound', run: report => eachRecord<LeadSetup>(LeadSetup, one => checkSetup(one, report)) },
  ...reportChecks,
]
