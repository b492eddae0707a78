import { type Check, groupBy, type Report, type Subject } from '../lib/check.ts'
import { type Day, dayBefore, earlier } from '../lib/days.ts'
import { Park } from '../parks/park.ts'
import { unitSubject } from '../spaces/checks.ts'
import { type Claim, Unit } from '../spaces/unit.ts'
import { Lease, type LeaseVersion } from './lease.ts'

/** A lease and the claims of its units say the same, both ways. What a lease should hold follows from its versions alone. */
export const leaseSubject = ({ park, _id, number }: Pick<Lease, 'park' | '_id' | 'number'>): Subject => ({
  park,
  kind: 'lease',
  id: _id,
  label: number,
})

interface Expected {
  unit: string
  from: Day
  to: Day
  stage: Claim['stage']
}

const unitIds = (version: LeaseVersion | undefined): string[] => version?.lines.map(line => String(line.unit)) ?? []

/** The last day of a unit that version `at` added: a signed later version may give it back. */
function lastDay(lease: Lease, at: number, unit: string): Day {
  const gone = lease.versions.find((version, i) => i > at && version.stage === 'signed' && !unitIds(version).includes(unit))
  return gone ? earlier(dayBefore(gone.from), lease.end) : lease.end
}

/** The claims a lease has by its versions: each claims what it adds, from when it is submitted. */
export function expectedClaims(lease: Lease): Expected[] {
  if (lease.state === 'cancelled') return []
  return lease.versions.flatMap((version, at) => {
    const { stage, from } = version
    if (stage === 'draft') return []
    const before = unitIds(lease.versions[at - 1])
    const added = unitIds(version).filter(unit => !before.includes(unit))
    return added.map(unit => ({ unit, from, to: lastDay(lease, at, unit), stage })).filter(claim => claim.from <= claim.to)
  })
}

/** A claim with the unit it stands on. */
type Held = Claim & { unit: Unit }

const text = ({ from, to, stage }: { from: Day; to: Day; stage: Claim['stage'] }): string => `${from}…${to} ${stage}`

function compare(lease: Lease, held: Held[], report: Report): void {
  const left = [...held]
  for (const want of expectedClaims(lease)) {
    const found = left.findIndex(
      claim => String(claim.unit._id) === want.unit && claim.from === want.from && claim.to === want.to && claim.stage === want.stage,
    )
    if (found < 0) report(`doesn't hold its claim of unit ${want.unit}: ${text(want)}`, leaseSubject(lease))
    else left.splice(found, 1)
  }
  for (const claim of left) report(`holds a claim that isn't in it: unit ${claim.unit._id} ${text(claim)}`, leaseSubject(lease))
}

function compareNames(lease: Lease, held: Held[], report: Report): void {
  const { number, tenantName } = lease
  for (const claim of held)
    if (claim.number !== number || claim.tenantName !== tenantName || !claim.tenant?.equals(lease.tenant))
      report(`shows lease ${claim.number} of ${claim.tenantName}; it is ${number} of ${tenantName}`, unitSubject(claim.unit))
}

/** The units of a lease in which a signed renewal carries on. */
async function carriedOn(lease: Lease): Promise<{ units: string[]; from: Day | null }> {
  const renewal = lease.renewedBy && (await Lease.findOne({ park: lease.park, _id: lease.renewedBy }, { from: 1, versions: 1 }).lean())
  const out = lease.handovers.filter(handover => handover.kind === 'out').map(handover => String(handover.unit))
  const units = unitIds(renewal?.versions[0]).filter(unit => !out.includes(unit))
  return { units, from: renewal?.from ?? null }
}

async function movedInBefore(lease: Lease): Promise<(unit: string) => Day | null> {
  const old = lease.renewalOf && ((await Lease.findOne({ park: lease.park, _id: lease.renewalOf }).lean()) as Lease | null)
  if (!old?.renewedBy?.equals(lease._id)) return () => null
  const shared = (await carriedOn(old)).units.filter(unit => old.versions.some(version => unitIds(version).includes(unit)))
  return unit => (shared.includes(unit) ? lease.from : null)
}

async function compareHandovers(lease: Lease, held: Held[], report: Report): Promise<void> {
  const carried = await carriedOn(lease)
  const before = await movedInBefore(lease)
  const dayOf = (kind: 'in' | 'out', unit: string) =>
    lease.handovers.find(handover => handover.kind === kind && String(handover.unit) === unit)?.on ?? null
  for (const claim of held.filter(one => one.stage === 'signed')) {
    const unit = String(claim.unit._id)
    const wanted = {
      movedInOn: dayOf('in', unit) ?? before(unit),
      vacatedOn: dayOf('out', unit),
      continued: carried.units.includes(unit),
    }
    for (const [field, value] of Object.entries(wanted))
      if (claim[field as keyof typeof wanted] !== value)
        report(
          `says ${field} ${claim[field as keyof typeof wanted]} for lease ${lease.number}; the lease says ${value}`,
          unitSubject(claim.unit),
        )
  }
}

/** Units still to be handed back: signed and neither handed over, nor carried on by a renewal, nor called off before the start. */
async function compareOccupied(lease: Lease, report: Report): Promise<void> {
  const signed = lease.state === 'signed' && lease.end >= lease.from
  const out = lease.handovers.filter(handover => handover.kind === 'out').map(handover => String(handover.unit))
  const gone = new Set([...out, ...(await carriedOn(lease)).units])
  const all = signed ? lease.versions.filter(version => version.stage === 'signed').flatMap(unitIds) : []
  const wanted = [...new Set(all)].filter(unit => !gone.has(unit)).sort()
  const kept = lease.occupied.map(String).sort()
  if (kept.join() !== wanted.join())
    report(`has units [${kept}] still to be handed back; its handovers leave [${wanted}]`, leaseSubject(lease))
}

/** A claim that units made by a split, merge or re-measurement took over says what its original says. */
function compareCopies(unit: Unit, units: Map<string, Unit>, report: Report): void {
  for (const copy of unit.claims.filter(claim => claim.of)) {
    const original = units
      .get(String(copy.of))
      ?.claims.find(claim => !claim.of && claim.lease?.equals(copy.lease!) && claim.from === copy.from)
    if (!original) {
      report(`has a copy of a claim of ${copy.number} that isn't there`, unitSubject(unit))
      continue
    }
    for (const field of ['number', 'tenantName', 'to', 'stage', 'vacatedOn', 'continued'] as const)
      if (copy[field] !== original[field])
        report(`its copy of the claim of ${copy.number} says ${field} ${copy[field]}, the original ${original[field]}`, unitSubject(unit))
  }
}

/** Two can't be in one office: nobody has moved in while the one before hasn't left. */
function refuseTwoTenants(unit: Unit, report: Report): void {
  for (const claim of unit.claims) {
    if (claim.of || !claim.movedInOn) continue
    const before = unit.claims.find(
      one =>
        one.kind === 'lease' &&
        one.stage === 'signed' &&
        !one.continued &&
        !one.vacatedOn &&
        one.to < claim.from &&
        !one.lease?.equals(claim.lease!),
    )
    if (before) report(`${claim.number} has moved in, ${before.number} hasn't handed it back`, unitSubject(unit))
  }
}

async function checkPark(park: string, report: Report): Promise<void> {
  const list = (await Unit.find({ park, 'claims.0': { $exists: true } }, { gaps: 0, outline: 0 }).lean()) as unknown as Unit[]
  const units = new Map(list.map(unit => [String(unit._id), unit]))
  const held = groupBy(
    list.flatMap(unit => unit.claims.filter(claim => claim.kind === 'lease' && !claim.of).map(claim => ({ ...claim, unit }))),
    claim => String(claim.lease),
  )
  for await (const doc of Lease.find({ park }).lean().cursor()) {
    const lease = doc as Lease
    const own = held.get(String(lease._id)) ?? []
    held.delete(String(lease._id))
    compare(lease, own, report)
    compareNames(lease, own, report)
    await compareHandovers(lease, own, report)
    await compareOccupied(lease, report)
  }
  for (const claims of held.values())
    for (const claim of claims) report(`is claimed by lease ${claim.number}, which isn't there`, unitSubject(claim.unit))
  for (const unit of list) {
    compareCopies(unit, units, report)
    refuseTwoTenants(unit, report)
  }
}

export const claimChecks: Check[] = [
  {
    name: 'Leases and the claims of their units say the same',
    async run(report) {
      for (const { _id } of await Park.find({}, { _id: 1 }).lean()) await checkPark(_id, report)
    },
  },
]
