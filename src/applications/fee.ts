import type { Actor } from '../accounts/identity.ts'
import { chargeFor, reverseCharge, standingCharges } from '../billing/charging.ts'
import { today } from '../lib/days.ts'
import { addToMonth, lastDay, monthOf } from '../lib/months.ts'
import type { Park } from '../parks/park.ts'
import type { ServiceContent } from '../services/content.ts'
import { type Application, sourceOf } from './application.ts'

/**
 * What an application makes payable: the whole fee, and beside it the reduction of who has it cheaper or free of charge, so that the
 * value given is counted. It is charged once, when the step ends in which founders are taken in, or else the first.
 */
export const chargedAt = ({ steps }: Pick<ServiceContent, 'steps'>): number =>
  Math.max(
    0,
    steps.findIndex(one => one.effect === 'prepare'),
  )

/** Charges the fee in the caller's transaction; nothing where the service is free for everybody. Due by the end of the month after. */
export async function charge(park: Park, application: Application, by: Actor): Promise<void> {
  const { _id, number, title, tenant, fee, fullFee, submittedOn } = application
  if (!fullFee) return
  const on = today(park.zone)
  const common = {
    ...{ source: sourceOf(_id), tenant, label: `${number} ${title.zh}` },
    ...{ from: submittedOn ?? on, to: on, dueOn: lastDay(addToMonth(monthOf(on), 1)) },
  }
  await chargeFor(park._id, { ...common, kind: 'fee', fen: fullFee }, by)
  if (fee < fullFee) await chargeFor(park._id, { ...common, kind: 'reduction', item: application.class ?? '', fen: fee - fullFee }, by)
}

/** Takes the charges of an application that ends without its service back. */
export async function uncharge(park: string, { _id }: Pick<Application, '_id'>, reason: string, by: Actor): Promise<void> {
  for (const one of await standingCharges(park, sourceOf(_id))) await reverseCharge(park, one._id, reason, by)
}
