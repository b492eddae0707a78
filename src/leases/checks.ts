import { AuditEntry } from '../audit/entry.ts'
import { filesOf } from '../files/store.ts'
import { type Check, groupBy, type Report } from '../lib/check.ts'
import { dayAfter, daysIn, overlaps } from '../lib/days.ts'
import { Park } from '../parks/park.ts'
import { Tenant } from '../tenants/tenant.ts'
import { claimChecks, leaseSubject } from './claim-checks.ts'
import { summary } from './input.ts'
import { Lease } from './lease.ts'
import { payables, rentTerms } from './rent.ts'
import { periodsOf, rentSchedule } from './schedule.ts'

/** What must hold of leases, whatever wrote them (DESIGN §3). */
async function eachLease(work: (lease: Lease, park: Park) => unknown): Promise<void> {
  for (const park of (await Park.find({}, { settings: 1 }).lean()) as Park[])
    for await (const lease of Lease.find({ park: park._id }).lean().cursor()) await work(lease as Lease, park)
}

function checkVersions(lease: Lease, report: Report): void {
  const tell = (message: string) => report(message, leaseSubject(lease))
  const { versions, state, amending, from, to, end } = lease
  if (!versions.length) return tell('has no version')
  if (from > to || end > to) tell(`runs ${from}…${to}, ending on ${end}`)
  if (versions[0]!.from !== from) tell(`begins on ${from}, its first version on ${versions[0]!.from}`)
  versions.forEach((version, i) => {
    const before = versions[i - 1]
    if (version.no !== i + 1) tell(`its version ${i + 1} has the number ${version.no}`)
    if (before && before.from >= version.from) tell(`its version ${i + 1} doesn't begin after the one before`)
    if (before && before.stage !== 'signed') tell(`its version ${i + 1} amends what isn't signed`)
    if ((version.stage === 'signed') !== Boolean(version.signedOn))
      tell(`its version ${i + 1} is ${version.stage}, signed on ${version.signedOn}`)
  })
  const [first, last] = [versions[0]!, versions.at(-1)!]
  if (state !== 'cancelled' && state !== first.stage) tell(`is ${state}, its first version ${first.stage}`)
  if (state === 'cancelled' && first.stage !== 'draft') tell(`was cancelled when it was ${first.stage}`)
  const pending = versions.length > 1 && last.stage !== 'signed' ? last.stage : null
  if (amending !== pending) tell(`says its amendment is ${amending}, its versions say ${pending}`)
  const sums = summary(last.lines)
  if (String(sums.units) !== String(lease.units) || String(sums.unitCodes) !== String(lease.unitCodes) || sums.area !== lease.area)
    tell('its list of units differs from its newest version')
}

/** Billing periods follow one another; every day of every unit is charged once or rent-free; the parts sum to the whole. */
function checkSchedule(lease: Lease, report: Report): void {
  if (lease.state === 'cancelled' || lease.end < lease.from) return
  const tell = (message: string) => report(message, leaseSubject(lease))
  const terms = rentTerms(lease)
  const periods = periodsOf(terms)
  const gap = periods.some((period, i) => period.from !== (i ? dayAfter(periods[i - 1]!.to) : lease.from))
  if (gap || periods.at(-1)?.to !== lease.end) tell('its billing periods don’t cover its term')
  const charges = groupBy(rentSchedule(terms), charge => String(charge.unit))
  for (const [unit, lines] of groupBy(terms.lines, line => String(line.unit))) {
    const own = charges.get(unit) ?? []
    if (own.some((charge, i) => own.slice(0, i).some(other => overlaps(other, charge)))) tell(`charges a day of unit ${unit} twice`)
    const free = lines.flatMap(line => terms.rentFree.map(range => sharedDays(range, line)))
    const paid = own.reduce((sum, charge) => sum + daysIn(charge.from, charge.to), 0)
    const all = lines.reduce((sum, line) => sum + daysIn(line.from, line.to), 0)
    const rentFree = free.reduce((sum, days) => sum + days, 0)
    if (paid + rentFree !== all) tell(`charges ${paid} days of unit ${unit} and leaves ${rentFree} free, of ${all}`)
  }
  if (payables(lease).some(item => !Number.isSafeInteger(item.fen))) tell('has a charge that isn’t whole fen')
}

function sharedDays(a: { from: string; to: string }, b: { from: string; to: string }): number {
  if (!overlaps(a, b)) return 0
  return daysIn(a.from > b.from ? a.from : b.from, a.to < b.to ? a.to : b.to)
}

function checkHandovers(lease: Lease, report: Report): void {
  const tell = (message: string) => report(message, leaseSubject(lease))
  const seen = new Set<string>()
  for (const { kind, unit, code, on } of lease.handovers) {
    if (seen.has(`${kind} ${unit}`)) tell(`hands unit ${code} ${kind} twice`)
    seen.add(`${kind} ${unit}`)
    if (!lease.versions.some(version => version.lines.some(line => line.unit.equals(unit))))
      tell(`hands over unit ${code}, which isn't in it`)
    if (on < lease.from) tell(`hands unit ${code} ${kind} on ${on}, before it begins`)
    const movedIn = lease.handovers.find(one => one.kind === 'in' && one.unit.equals(unit))
    if (kind === 'out' && movedIn && on < movedIn.on) tell(`hands unit ${code} back on ${on}, before it was moved into`)
  }
}

async function checkTenant(lease: Lease, report: Report): Promise<void> {
  const tenant = await Tenant.findOne({ park: lease.park, _id: lease.tenant }, { name: 1, mergedInto: 1 }).lean()
  if (!tenant) report(`names tenant ${lease.tenant}, who isn't there`, leaseSubject(lease))
  else if (tenant.mergedInto) report(`names tenant ${lease.tenant}, who was merged into ${tenant.mergedInto}`, leaseSubject(lease))
  else if (tenant.name !== lease.tenantName) report(`names its tenant ${lease.tenantName}, who is ${tenant.name}`, leaseSubject(lease))
}

const began = (lease: Lease): boolean => lease.state === 'signed' && lease.end >= lease.from

/** Old and new name each other, follow on each other, and the deposit goes along once. */
async function checkRenewal(lease: Lease, report: Report): Promise<void> {
  const tell = (message: string) => report(message, leaseSubject(lease))
  const load = (_id: Lease['renewalOf']) => _id && (Lease.findOne({ park: lease.park, _id }).lean() as unknown as Promise<Lease | null>)
  const [old, next] = [await load(lease.renewalOf), await load(lease.renewedBy)]
  if (lease.renewedBy && !next?.renewalOf?.equals(lease._id)) tell(`is renewed by ${lease.renewedBy}, which doesn't renew it`)
  else if (next && !began(next)) tell(`is renewed by ${next.number}, which isn't signed or was called off`)
  if (!lease.renewalOf) {
    if (lease.depositCarried) tell('carries a deposit and renews nothing')
    return
  }
  if (!old) return tell(`renews ${lease.renewalOf}, which isn't there`)
  if (began(lease) && !old.renewedBy?.equals(lease._id))
    tell(`renews ${old.number}, which is renewed by ${old.renewedBy}: its deposit is carried twice`)
  if (!old.tenant.equals(lease.tenant)) tell(`renews ${old.number} of another tenant`)
  if (began(lease) && lease.from !== dayAfter(old.end)) tell(`begins on ${lease.from}; what it renews ends on ${old.end}`)
  if (!old.versions.some(version => version.deposit === lease.depositCarried))
    tell(`carries a deposit of ${lease.depositCarried} fen, which ${old.number} never had`)
}

async function checkScan(lease: Lease, report: Report): Promise<void> {
  if (!lease.hasScan) return
  const files = await filesOf(lease.park, 'lease', lease._id)
  if (!files.some(file => file.metadata.link?.slot === 'scan')) report('says it has a scan; there is none', leaseSubject(lease))
}

/** Each step left its entry in the trail. */
async function checkTrail(lease: Lease, report: Report): Promise<void> {
  const reached = lease.versions[0]!.stage
  const steps = reached === 'draft' ? [] : ['lease.submit']
  if (reached === 'approved' || reached === 'signed') steps.push('lease.approve')
  if (reached === 'signed') steps.push('lease.sign')
  if (lease.terminated) steps.push('lease.terminate')
  const found = await AuditEntry.find({ park: lease.park, kind: 'lease', ref: lease._id }, { action: 1 }).lean()
  const missing = steps.filter(step => !found.some(entry => entry.action === step))
  if (missing.length) report(`has no entry in the trail for ${missing.join(', ')}`, leaseSubject(lease))
}

/** A park with one manager may allow it, so it is only pointed out. */
function noteOwnApproval(lease: Lease, park: Park, report: Report): void {
  if (park.settings.selfApproval) return
  for (const { no, stage, submittedBy, decidedBy } of lease.versions)
    if ((stage === 'approved' || stage === 'signed') && submittedBy && submittedBy === decidedBy)
      report(`version ${no} was approved by who submitted it, which the park no longer allows`, leaseSubject(lease))
}

const ofLeases = (name: string, check: (lease: Lease, report: Report) => unknown): Check => ({
  name,
  run: report => eachLease(lease => check(lease, report)),
})

export const checks: Check[] = [
  ...claimChecks,
  ofLeases('Versions of leases are in order', checkVersions),
  ofLeases('Rent covers the term exactly', checkSchedule),
  ofLeases('Handovers fit their lease', checkHandovers),
  ofLeases('Leases name a tenant of their park', checkTenant),
  ofLeases('Renewals and deposits follow on', checkRenewal),
  ofLeases('Scans of leases are there', checkScan),
  ofLeases('Every step of a lease left a trail', checkTrail),
  {
    name: 'Nobody approves what they submitted',
    level: 'note',
    run: report => eachLease((lease, park) => noteOwnApproval(lease, park, report)),
  },
]
