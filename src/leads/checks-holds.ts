import { isObjectIdOrHexString, type Types } from 'mongoose'
import { roleMay } from '../accounts/roles.ts'
import { Membership, User } from '../accounts/user.ts'
import { Lease } from '../leases/lease.ts'
import type { Check, Report } from '../lib/check.ts'
import { overlaps } from '../lib/days.ts'
import { Park } from '../parks/park.ts'
import { unitSubject } from '../spaces/checks.ts'
import { type Holding, liveHolds } from '../spaces/holds.ts'
import { type Claim, Unit } from '../spaces/unit.ts'
import { Lead } from './lead.ts'
import { setupOf } from './setup.ts'

/** What must hold of holds: for whom, by whom, and of those a lease took the place of. That nobody else has the unit is asked with all claims. */
const HELD_STATES = ['open', 'converted']
const slugs = async (): Promise<string[]> => (await Park.find({}, { _id: 1 }).lean()).map(park => park._id)
const subject = ({ unit }: Holding) => unitSubject(unit)
const named = ({ hold }: Holding): string => `hold ${hold._id} for ${hold.label}`

async function checkHolds(report: Report): Promise<void> {
  for (const park of await slugs()) {
    const all = await liveHolds(park)
    const leads = await Lead.find({ park, _id: { $in: all.flatMap(({ hold }) => hold.lead ?? []) } }, { state: 1, name: 1 }).lean()
    const byId = new Map(leads.map(lead => [String(lead._id), lead]))
    const holders = all.flatMap(({ hold }) => (hold.holder && isObjectIdOrHexString(hold.holder) ? hold.holder : []))
    const people = new Set((await User.find({ _id: { $in: holders } }, { _id: 1 }).lean()).map(user => String(user._id)))
    for (const one of all) checkHold(one, byId, people, report)
  }
}

type Known = Map<string, Pick<Lead, 'state' | 'name'>>

function checkHold(one: Holding, leads: Known, people: Set<string>, report: Report): void {
  const { hold } = one
  const tell = (message: string) => report(`${named(one)} ${message}`, subject(one))
  const lead = hold.lead && leads.get(String(hold.lead))
  if (hold.lead && !lead) tell(`is for lead ${hold.lead}, which isn\u2019t there`)
  if (lead && !HELD_STATES.includes(lead.state)) tell(`is for a lead that is ${lead.state}`)
  if (lead && lead.name !== hold.label) tell(`is named differently from its lead ${lead.name}`)
  if (hold.holder && isObjectIdOrHexString(hold.holder) && !people.has(hold.holder)) tell(`is held by ${hold.holder}, who isn\u2019t there`)
  if (hold.askedUntil && hold.expiresAt && hold.askedUntil <= hold.expiresAt) tell('asks for no more than it has')
  if (Boolean(hold.askedUntil) !== Boolean(hold.askedBy)) tell('is asked for by nobody, or asks for nothing')
}

async function checkReplaced(report: Report): Promise<void> {
  for (const park of await slugs()) {
    const units = (await Unit.find({ park, 'claims.replaced.0': { $exists: true } }).lean()) as unknown as Unit[]
    const claims = units.flatMap(unit => unit.claims.filter(claim => claim.replaced?.length).map(claim => ({ unit, claim })))
    const leases = await Lease.find({ park, _id: { $in: claims.flatMap(({ claim }) => claim.lease ?? []) } }, { lead: 1 }).lean()
    for (const { unit, claim } of claims) {
      const lease = leases.find(one => one._id.equals(claim.lease!))
      checkPlace(unit, claim, lease?.lead ?? null, report)
    }
  }
}

function checkPlace(unit: Unit, claim: Claim, lead: Types.ObjectId | null, report: Report): void {
  const tell = (message: string) => report(`the claim of ${claim.number ?? claim.kind} ${message}`, unitSubject(unit))
  if (claim.kind !== 'lease' || claim.of || claim.stage === 'signed') return tell('remembers holds it can\u2019t give back')
  for (const hold of claim.replaced!) {
    if (!lead || !hold.lead || !lead.equals(hold.lead)) tell(`took the place of a hold for ${hold.label}, who isn\u2019t its lead`)
    if (!overlaps(hold, claim)) tell('took the place of a hold of other days')
    if (unit.claims.some(one => one._id.equals(hold._id))) tell('took the place of a hold that is still there')
  }
}

/** Managers may hold as many as they like, and so may administrators. */
async function unlimitedIn(park: string): Promise<(user: string) => boolean> {
  const rows = await Membership.find({ $or: [{ park }, { role: 'admin' }] }, { user: 1, role: 1 }).lean()
  const users = new Set(rows.filter(row => roleMay(row.role, 'hold.approve')).map(row => String(row.user)))
  return user => users.has(user)
}

/** A limit may have been lowered since, and a hold that comes back from a lease asks for no place. */
async function noteLimits(report: Report): Promise<void> {
  for (const park of await slugs()) {
    const { holdLimit } = await setupOf(park)
    const counts = new Map<string, number>()
    for (const { hold } of await liveHolds(park)) if (hold.holder) counts.set(hold.holder, (counts.get(hold.holder) ?? 0) + 1)
    const mayMore = await unlimitedIn(park)
    for (const [holder, count] of counts)
      if (count > holdLimit && isObjectIdOrHexString(holder) && !mayMore(holder))
        report(`holds ${count} units of ${park}, which allows ${holdLimit}`, { park, kind: 'user', id: holder })
  }
}

export const holdChecks: Check[] = [
  { name: 'Holds are for leads that are open, by people who are there', run: checkHolds },
  { name: 'Holds that leases took the place of can come back', run: checkReplaced },
  { name: 'Nobody holds more units than the park allows', level: 'note', run: noteLimits },
]
