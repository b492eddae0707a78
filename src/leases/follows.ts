import { dayAfter } from '../lib/days.ts'
import { RuleError } from '../lib/rule-error.ts'
import { Lease } from './lease.ts'

/**
 * A renewal follows on the lease it renews: same tenant, from the day after its end. Asked when it is submitted and again when it
 * is signed: a draft can be edited, and the old lease ended early in between.
 */
export async function checkFollows({
  park,
  renewalOf,
  tenant,
  from,
}: Pick<Lease, 'park' | 'renewalOf' | 'tenant' | 'from'>): Promise<void> {
  if (!renewalOf) return
  const old = (await Lease.findOne({ park, _id: renewalOf }).lean()) as Lease | null
  if (old?.state !== 'signed' || old.terminated) throw new RuleError('renewal.notSigned')
  const { number, end } = old
  if (!old.tenant.equals(tenant)) throw new RuleError('renewal.tenant', { number }, { field: 'tenant' })
  if (from !== dayAfter(end)) throw new RuleError('renewal.follows', { number, to: end, from: dayAfter(end) }, { field: 'from' })
}
