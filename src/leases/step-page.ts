import type { Request } from 'express'
import type { Types } from 'mongoose'
import { filesOf } from '../files/store.ts'
import { type Day, today as todayIn } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { type Claim, Unit } from '../spaces/unit.ts'
import { type Handover, Lease } from './lease.ts'
import type { HandoverKind } from './step-forms.ts'

/** What the pages of handover and termination show of the lease and of who has its units before and after. */
type Held = Pick<Unit, '_id' | 'code' | 'claims'>

const heldUnits = ({ park }: Lease, ids: Types.ObjectId[]): Promise<Held[]> =>
  scopedFind<Held>(Unit, { park, _id: { $in: ids } }, { projection: { code: 1, claims: 1 } })

/** Every unit the lease ever agreed on, as its newest line says. */
const linesOf = (lease: Lease) => [
  ...new Map(
    lease.versions.filter(version => version.stage === 'signed').flatMap(version => version.lines.map(line => [String(line.unit), line])),
  ).values(),
]

export interface HandoverUnit {
  id: string
  floor: string
  code: string
  area: number
  from: Day
  /** Who is still there: moving in waits for their move-out. */
  heldBy: { tenant: string; to: Day } | null
  movedIn: Handover | null
}

const staysBefore = (lease: Lease, claims: Claim[], today: Day): Claim | undefined =>
  claims.find(
    one =>
      one.kind === 'lease' && one.stage === 'signed' && !one.continued && !one.vacatedOn && one.to < today && !one.lease?.equals(lease._id),
  )

/** The units whose handover is still to be recorded. A unit that a renewal carries on in needs none. */
export async function unitsToHandOver(lease: Lease, kind: HandoverKind, today: Day): Promise<HandoverUnit[]> {
  const lines = linesOf(lease)
  const wanted = kind === 'out' ? lines.filter(line => lease.occupied.some(unit => unit.equals(line.unit))) : lines
  const units = await heldUnits(
    lease,
    wanted.map(line => line.unit),
  )
  const rows: HandoverUnit[] = []
  for (const { unit, floor, code, area } of wanted) {
    const claims = units.find(one => one._id.equals(unit))?.claims ?? []
    const own = claims.find(claim => claim.lease?.equals(lease._id) && claim.stage === 'signed' && !claim.of)
    if (kind === 'in' && (!own || own.movedInOn || own.vacatedOn || own.to < own.from)) continue
    const stays = kind === 'in' ? staysBefore(lease, claims, today) : undefined
    const movedIn = lease.handovers.find(one => one.kind === 'in' && one.unit.equals(unit)) ?? null
    const heldBy = stays ? { tenant: stays.tenantName ?? '', to: stays.to } : null
    rows.push({ id: String(unit), floor, code, area, from: own?.from ?? lease.from, heldBy, movedIn })
  }
  return rows
}

/** A handover record: what was handed over on one day, with the photographs taken. */
export async function handoverRecords(req: Request, lease: Lease, kind: HandoverKind) {
  const done = lease.handovers.filter(one => one.kind === kind).sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))
  const lines = linesOf(lease)
  return Promise.all(
    done.map(async handover => ({
      handover,
      line: lines.find(line => line.unit.equals(handover.unit)) ?? null,
      files: await filesOf(req.park._id, 'handover', handover._id),
    })),
  )
}

/** What is touched when the lease ends on a day: who comes next in its units, and the renewals that were to follow. */
export async function dependsOn(lease: Lease, on: Day) {
  const { park, _id, renewalOf } = lease
  const units = await heldUnits(lease, lease.occupied)
  const next = units.flatMap(({ code, claims }) =>
    claims
      .filter(claim => claim.from > on && !claim.of && !claim.lease?.equals(_id))
      .map(claim => ({ code, who: claim.tenantName ?? claim.label ?? '', kind: claim.kind, from: claim.from })),
  )
  const [renewals, renewed] = await Promise.all([
    scopedFind<Pick<Lease, '_id' | 'number'>>(
      Lease,
      { park, renewalOf: _id, state: { $in: ['draft', 'review', 'approved'] } },
      { projection: { number: 1 } },
    ),
    renewalOf && on < lease.from ? Lease.findOne({ park, _id: renewalOf }, { number: 1 }).lean() : null,
  ])
  return { units: units.map(unit => unit.code).sort(), next, renewals, renewed }
}

export const todayOf = (req: Request): Day => todayIn(req.park.zone)
