import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { isDuplicateKey, transact } from '../db/transact.ts'
import { Lease } from '../leases/lease.ts'
import { now } from '../lib/clock.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { Tenant } from '../tenants/tenant.ts'
import { Charge } from './charge.ts'

/** What is to be charged; `item` and `unit` may be left out where there is only one of them. */
export type NewCharge = Pick<Charge, 'source' | 'tenant' | 'kind' | 'label' | 'from' | 'to' | 'fen' | 'dueOn'> &
  Partial<Pick<Charge, 'unit' | 'item' | 'reason'>>

type Keyed = Pick<Charge, 'source' | 'kind' | 'unit' | 'item' | 'from' | 'to'>

/** One charge per source, kind, unit, item and period. What was reversed may be charged anew: that is its next `turn`. */
export const chargeKey = ({ source, kind, unit, item, from, to }: Keyed, turn: number): string =>
  [source.kind, source.ref, kind, unit ?? '', item, from, to, turn].join(':')
export const reversalKey = (charge: Types.ObjectId): string => `reverses:${charge}`

/** The charges of a lease, booking or other source that stand, oldest first: neither reversed nor reversals. */
export async function standingCharges(park: string, source: Charge['source']): Promise<Charge[]> {
  const filter = { park, 'source.kind': source.kind, 'source.ref': source.ref }
  const all = (await Charge.find(filter).sort({ at: 1 }).lean()) as Charge[]
  const reversed = new Set(all.map(charge => String(charge.reverses)))
  return all.filter(charge => !charge.reverses && !reversed.has(String(charge._id)))
}

/** Only reductions lower what is payable; an adjustment may go either way. */
const signFits = ({ kind, fen }: Pick<Charge, 'kind' | 'fen'>): boolean =>
  Number.isSafeInteger(fen) && fen !== 0 && (kind === 'adjustment' || fen < 0 === (kind === 'reduction'))

async function check(park: string, { source, tenant, from, to, ...charge }: NewCharge): Promise<void> {
  if (from > to) throw new RuleError('period.order', {}, { field: 'to' })
  if (!signFits(charge)) throw new RuleError('charge.amount', {}, { field: 'fen' })
  // Bookings and services stand above billing: they name what is theirs.
  if (source.kind === 'lease' && !(await Lease.exists({ park, _id: source.ref }))) throw notFound()
  if (tenant && !(await Tenant.exists({ park, _id: tenant }))) throw new RuleError('tenant.gone', {}, { field: 'tenant' })
}

const subject = ({ park, _id, label }: Pick<Charge, 'park' | '_id' | 'label'>) => ({ park, kind: 'charge', ref: _id, label })

async function append(charge: Charge, by: Actor, action: 'charge.add' | 'charge.reverse', before: object | null = null): Promise<Charge> {
  await Charge.create([charge])
  const { kind, from, to, fen, dueOn, reason } = charge
  await audit(by, action, subject(charge), { before, after: { charge: kind, from, to, fen, dueOn }, note: reason })
  return charge
}

const stamp = (by: Actor) => ({ _id: new Types.ObjectId(), by: { id: by.id, name: by.name }, at: now() })

/**
 * Makes something payable, in the caller's transaction. Asked again for the same it answers the charge there is, so that a retry
 * makes one; with another amount it refuses (charge.differs): reverse the old one first. Amounts in fen, not zero.
 */
export async function chargeFor(park: string, input: NewCharge, by: Actor): Promise<Charge> {
  return transact(async () => {
    await check(park, input)
    const { unit = null, item = '', reason = null, ...rest } = input
    const wanted = { ...rest, unit, item, reason }
    for (let turn = 0; ; turn++) {
      const key = chargeKey(wanted, turn)
      const there = (await Charge.findOne({ park, key }).lean()) as Charge | null
      if (!there) return append({ park, key, ...wanted, reverses: null, ...stamp(by) }, by, 'charge.add')
      if (await Charge.exists({ park, reverses: there._id })) continue
      if (there.fen === wanted.fen) return there
      throw conflict('charge.differs', { label: there.label })
    }
  })
}

/**
 * Takes a charge back by its exact opposite, in the caller's transaction. Refused when it has been reversed (charge.reversed), or
 * is a reversal itself: that would be a charge again.
 */
export async function reverseCharge(park: string, _id: Types.ObjectId, reason: string, by: Actor): Promise<Charge> {
  return transact(async () => {
    const charge = (await Charge.findOne({ park, _id }).orFail(notFound).lean()) as Charge
    const { label, fen, reverses } = charge
    if (reverses) throw new RuleError('charge.isReversal', { label })
    if (await Charge.exists({ park, reverses: _id })) throw conflict('charge.reversed', { label })
    const reversal: Charge = { ...charge, key: reversalKey(_id), fen: -fen, reverses: _id, reason, ...stamp(by) }
    try {
      return await append(reversal, by, 'charge.reverse', { fen })
    } catch (error) {
      throw isDuplicateKey(error) ? conflict('charge.reversed', { label }) : error
    }
  })
}
