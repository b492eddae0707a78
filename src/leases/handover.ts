import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { linkFiles } from '../files/store.ts'
import { type Day, today } from '../lib/days.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { markClaims, moveIn, refreshGaps } from '../spaces/claims.ts'
import { subject } from './draft.ts'
import { happened } from './hooks.ts'
import { type Handover, Lease } from './lease.ts'
import { loadLease } from './review.ts'

export type HandoverInput = Pick<Handover, 'kind' | 'unit' | 'on' | 'checklist' | 'electricity' | 'water' | 'keys' | 'note'> & {
  photos?: Types.ObjectId[]
}

/**
 * Handing a unit over, in or out, with its checklist and meters. Moving in is refused while the tenant before is still there;
 * moving out frees the unit from that day on, but ends no claim: termination does.
 */
export async function recordHandover(park: string, _id: Types.ObjectId, input: HandoverInput, by: Actor): Promise<void> {
  const { photos = [], ...fields } = input
  if (fields.on > today()) throw new RuleError('dayFuture', {}, { field: 'on' })
  await transact(async () => {
    const lease = await loadLease(park, _id)
    if (lease.state !== 'signed') throw new RuleError('lease.notSigned')
    const line = lease.versions.flatMap(version => version.lines).find(one => one.unit.equals(fields.unit))
    if (!line) throw new RuleError('unit.gone', {}, { field: 'unit' })
    const since = firstDayOf(lease, fields.unit)
    if (fields.on < since) throw new RuleError('handover.beforeStart', { from: since }, { field: 'on' })
    const done = (kind: 'in' | 'out') => lease.handovers.find(one => one.kind === kind && one.unit.equals(fields.unit))
    if (done(fields.kind)) throw conflict(`handover.${fields.kind}Done`, { unit: line.code, on: done(fields.kind)!.on })
    if (done('out')) throw conflict('handover.outDone', { unit: line.code, on: done('out')!.on })
    if (fields.kind === 'in') await recordIn(lease, fields)
    else await recordOut(lease, fields, done('in'))
    const handover: Handover = { ...fields, _id: new Types.ObjectId(), code: line.code, by: { id: by.id, name: by.name } }
    const { matchedCount } = await Lease.updateOne(
      { park, _id, version: lease.version },
      { $push: { handovers: handover }, $inc: { version: 1 } },
    )
    if (!matchedCount) throw conflict('stale')
    await linkFiles(park, photos, { kind: 'handover', ref: handover._id })
    const { electricity, water, keys, on } = fields
    await audit(by, `lease.handover.${fields.kind}`, subject(lease), { after: { unit: line.code, on, electricity, water, keys } })
    if (fields.kind === 'in') await happened('movedIn', lease, by)
  })
}

/** Several units at once, all of them or none. The photographs go with the first. */
export async function recordHandovers(park: string, _id: Types.ObjectId, inputs: HandoverInput[], by: Actor): Promise<void> {
  await transact(async () => {
    for (const input of inputs) await recordHandover(park, _id, input, by)
  })
}

/** The day the lease took a unit: an amendment may have added it later. */
const firstDayOf = (lease: Lease, unit: Types.ObjectId): Day =>
  lease.versions.find(version => version.lines.some(line => line.unit.equals(unit)))?.from ?? lease.from

async function recordIn(lease: Lease, { unit, on }: HandoverInput): Promise<void> {
  if (on > lease.end) throw new RuleError('handover.afterEnd', { to: lease.end }, { field: 'on' })
  await moveIn(lease.park, lease._id, unit, on)
}

async function recordOut(lease: Lease, { unit, on }: HandoverInput, movedIn: Handover | undefined): Promise<void> {
  if (movedIn && on < movedIn.on) throw new RuleError('handover.beforeIn', { on: movedIn.on }, { field: 'on' })
  if (!lease.occupied.some(one => one.equals(unit))) throw conflict('handover.notOccupied')
  await markClaims(lease.park, lease._id, [unit], { vacatedOn: on })
  await Lease.updateOne({ park: lease.park, _id: lease._id }, { $pull: { occupied: unit } })
  await refreshGaps(lease.park, [unit])
}
