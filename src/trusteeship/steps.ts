import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { chargeFor, reverseCharge, standingCharges } from '../billing/charging.ts'
import { again, transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { type Day, today } from '../lib/days.ts'
import { addToMonth, firstDay, lastDay, type Month, monthOf } from '../lib/months.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import { holdAgreement, isOpen } from './agree.ts'
import { Agreement, stateOf, termsFor } from './agreement.ts'
import { missingOf, Round, roundSubject } from './round.ts'
import { before, rank, type State, type Step } from './state.ts'
import { tellTenant, tellTrustee } from './tell.ts'

/**
 * The steps of a month. Whatever is done in a month first writes its agreement (holdAgreement): two who press the same step, hand in,
 * refuse, end or change terms at once come one after the other, and the second sees what the first did.
 */
export interface Ref {
  agreement: Types.ObjectId
  month: Month
}

export interface Held {
  agreement: Agreement
  round: Round
  on: Day
}

/** A month is of an agreement from its first to its last, and not before it has begun. */
export const isExpected = ({ from, end }: Pick<Agreement, 'from' | 'end'>, month: Month, on: Day): boolean =>
  from <= month && month <= end && month <= monthOf(on)

/** The month something is done in, in the caller's transaction: its agreement held, its round made if it wasn't yet. 404 outside of it. */
export async function holdRound(park: Park, { agreement: _id, month }: Ref): Promise<Held> {
  const agreement = await holdAgreement(park._id, _id)
  const on = today(park.zone)
  if (!isExpected(agreement, month, on)) throw notFound()
  const key = { park: park._id, agreement: _id, month }
  const fresh = { tenant: agreement.tenant, state: 'collecting' as const, papers: [], reports: [], log: [] }
  const round = await Round.findOneAndUpdate(key, { $setOnInsert: fresh }, { upsert: true, returnDocument: 'after' })
    .lean()
    .catch(error => {
      throw again(error)
    })
  return { agreement, round: round as Round, on }
}

export const wrongState = (state: State) => conflict('trustee.state', { state: `key:trustee.state.${state}` })

/** Whether books may be made: month by month, and of a month that is over. */
function checkOrder({ agreement, on }: Held, month: Month): void {
  if (on <= lastDay(month)) throw new RuleError('trustee.notOver', { day: lastDay(month) })
  const previous = addToMonth(month, -1)
  if (previous >= agreement.from && rank(stateOf(agreement, previous)) < rank('booked'))
    throw new RuleError('trustee.monthBefore', { month: previous })
}

/** Whose charges a month's fee is among. */
export const sourceOf = (ref: Types.ObjectId) => ({ kind: 'trusteeship' as const, ref })

/** A closed month makes its fee payable, once: the charge's key is of the agreement and the month. Due by the end of the month after. */
async function chargeFee({ agreement, on }: Held, month: Month, by: Actor): Promise<void> {
  const { park, _id, tenant, number } = agreement
  const { fee: fen } = termsFor(agreement, month)
  if (!fen) return
  const due = lastDay(addToMonth(monthOf(on), 1))
  const source = sourceOf(_id)
  const period = { from: firstDay(month), to: lastDay(month) }
  await chargeFor(park, { source, tenant, kind: 'fee', item: month, label: `${number} ${month}`, ...period, fen, dueOn: due }, by)
}

async function write({ agreement, round, on }: Held, to: State, reason: string | null, by: Actor): Promise<void> {
  const { park, _id } = agreement
  const { month } = round
  const entry = { to, on, at: now(), by: { id: by.id, name: by.name }, reason }
  const { matchedCount } = await Round.updateOne(
    { park, _id: round._id, state: round.state },
    { $set: { state: to }, $push: { log: entry } },
  )
  if (!matchedCount) throw wrongState(round.state)
  const others = agreement.months.filter(one => one.month !== month)
  const months = to === 'collecting' ? others : [...others, { month, state: to }].sort((a, b) => (a.month < b.month ? -1 : 1))
  await Agreement.updateOne({ park, _id }, { $set: { months, open: isOpen({ ...agreement, months }) } })
  const action = reason === null ? `trusteeship.step.${to}` : 'trusteeship.back'
  await audit(by, action, roundSubject(round, agreement), { before: { state: round.state }, after: { state: to }, note: reason })
}

/**
 * Takes the next step of a month. Throws trustee.state (409) when it isn't the next, trustee.missing while required papers are,
 * trustee.notOver and trustee.monthBefore for books, trustee.noReport when nothing is to be reported back.
 */
export async function takeStep(park: Park, ref: Ref, to: Step, by: Actor): Promise<void> {
  await transact(async () => {
    const held = await holdRound(park, ref)
    const { agreement, round } = held
    const { month } = ref
    if (round.state !== before(to)) throw wrongState(round.state)
    const missing = missingOf(termsFor(agreement, month).papers, round.papers).length
    if (to === 'received' && missing) throw new RuleError('trustee.missing', { count: missing })
    if (to === 'booked') checkOrder(held, month)
    if (to === 'reported' && !round.reports.length) throw new RuleError('trustee.noReport', {}, { field: 'reports' })
    await write(held, to, null, by)
    if (to === 'reported') await chargeFee(held, month, by)
    if (to === 'received') await tellTrustee(agreement, 'received', month, undefined, by.id)
    if (to === 'reported') await tellTenant(agreement, 'reported', month)
  })
}

/** Back to the state before, in the caller's transaction: a closed month's charge is reversed. Throws trustee.monthAfter. */
export async function goBack(held: Held, reason: string, by: Actor): Promise<void> {
  const { agreement, round } = held
  const { month, state } = round
  if (state === 'collecting') throw wrongState(state)
  const later = agreement.months.find(one => one.month > month && rank(one.state) >= rank('booked'))
  if (state === 'booked' && later) throw new RuleError('trustee.monthAfter', { month: later.month })
  await write(held, before(state), reason, by)
  if (state !== 'reported') return
  const charges = await standingCharges(agreement.park, sourceOf(agreement._id))
  const charge = charges.find(one => one.from === firstDay(month))
  if (charge) await reverseCharge(agreement.park, charge._id, reason, by)
}

/** Takes a month back by one step, with a reason. The tenant is told when papers are collected again. */
export async function takeBack(park: Park, ref: Ref, from: State, reason: string, by: Actor): Promise<void> {
  await transact(async () => {
    const held = await holdRound(park, ref)
    // The page said which state it showed: two who press at once take it back once.
    if (held.round.state !== from) throw wrongState(held.round.state)
    await goBack(held, reason, by)
    if (from === 'received') await tellTenant(held.agreement, 'back', ref.month, () => ({ reason }))
  })
}
