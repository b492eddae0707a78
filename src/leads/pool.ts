import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { peopleOf, type User } from '../accounts/user.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { today } from '../lib/days.ts'
import { scopedCount } from '../lib/park-scope.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { notify } from '../notifications/notification.ts'
import { addLine } from './entry.ts'
import { guardPerson } from './guards.ts'
import { Lead, leadPath, leadSubject } from './lead.ts'
import { setupOf } from './setup.ts'
import { loadLead, loadOpen, type Next, refuseStranger, writeLead } from './steps.ts'

/**
 * *An open lead has exactly one owner or is in the pool.* Taking one out of the pool, giving it back and handing it over are one write on
 * the lead each; how many somebody has is counted one after the other for each person.
 */
export interface Owner {
  _id: Types.ObjectId
  name: string
}

const OWNERS = ['promotion', 'manager'] as const
/** Who may own leads in a park. */
export const ownersOf = (park: string): Promise<User[]> => peopleOf(park, [...OWNERS])

/** Who looks after a lead, as long as they may: whom to tell. */
export const ownerNamed = async (park: string, owner: Types.ObjectId): Promise<User[]> =>
  (await ownersOf(park)).filter(one => one._id.equals(owner))

export async function findOwner(park: string, _id: Types.ObjectId): Promise<Owner & User> {
  const [found] = await ownerNamed(park, _id)
  if (!found) throw new RuleError('lead.noOwner', {}, { field: 'owner' })
  return found
}

export const openCount = (park: string, owner: Types.ObjectId): Promise<number> => scopedCount(Lead, { park, owner, state: 'open' }, 10_000)

/** Throws lead.tooMany (409) where somebody has as many as the park allows. */
async function refuseFull(park: string, owner: Types.ObjectId): Promise<void> {
  await guardPerson(park, owner)
  const { ownLimit } = await setupOf(park)
  if ((await openCount(park, owner)) >= ownLimit) throw conflict('lead.tooMany', { limit: ownLimit })
}

/** Takes a lead out of the pool, with what comes next. Throws lead.taken (409), lead.tooMany (409), lead.not.open (409). */
export async function claimLead(park: string, _id: Types.ObjectId, owner: Owner, next: Next, by: Actor): Promise<Lead> {
  return transact(async () => {
    const lead = await loadOpen(park, _id)
    if (lead.owner) throw conflict('lead.taken', { owner: lead.ownerName ?? '–' })
    await refuseFull(park, owner._id)
    const after = await writeLead(lead, { owner: owner._id, ownerName: owner.name, pool: null, next })
    await addLine(lead, 'owner', { params: { what: 'claimed', to: owner.name } }, by)
    await audit(by, 'lead.claim', leadSubject(lead), { before: { owner: null }, after: { owner: owner.name } })
    return after
  })
}

/** Puts an owned lead into the pool. `touched`: only as long as nothing has happened since (the recycling job). */
export async function giveUp(
  park: string,
  _id: Types.ObjectId,
  { why, note, touched }: { why: 'idle' | 'given' | 'left'; note: string | null; touched?: Date },
  by: Actor,
): Promise<Lead> {
  return transact(async () => {
    const lead = await loadOpen(park, _id)
    if (!lead.owner) throw conflict('lead.inPool')
    if (touched && lead.touchedAt > touched) throw conflict('stale')
    const [owner, at] = [lead.owner, now()]
    const after = await writeLead(lead, { owner: null, ownerName: null, next: null, pool: { at, why }, touchedAt: lead.touchedAt })
    await addLine(lead, 'owner', { text: note, params: { what: why, from: lead.ownerName ?? '–' } }, by)
    await audit(by, 'lead.giveUp', leadSubject(lead), { before: { owner: lead.ownerName }, after: { owner: null }, note })
    if (String(owner) !== by.id) {
      await notify(
        await ownerNamed(park, owner),
        { park, key: 'lead.recycled', params: { name: lead.name, number: lead.number }, path: leadPath(lead) },
        by.id,
      )
    }
    return after
  })
}

/**
 * Gives a lead to somebody, with a word to them; out of the pool too. Throws lead.notYours (403), and lead.tooMany (409) unless who
 * `leads` gives it.
 */
export async function handOver(
  park: string,
  _id: Types.ObjectId,
  { to, note, leads }: { to: Types.ObjectId; note: string | null; leads: boolean },
  by: Actor,
): Promise<Lead> {
  return transact(async () => {
    const lead = await loadLead(park, _id)
    refuseStranger(lead, by, leads)
    if (lead.state !== 'open' && lead.state !== 'converted') throw conflict('lead.not.open', { number: lead.number })
    const owner = await findOwner(park, to)
    if (lead.owner?.equals(to)) throw new RuleError('lead.sameOwner', {}, { field: 'owner' })
    if (leads) await guardPerson(park, to)
    else await refuseFull(park, to)
    const plan = lead.state === 'open' ? { next: lead.next ?? { what: '', on: today() } } : {}
    const after = await writeLead(lead, { owner: owner._id, ownerName: owner.name, pool: null, ...plan })
    await addLine(lead, 'owner', { text: note, params: { what: 'handed', from: lead.ownerName ?? '–', to: owner.name } }, by)
    await audit(by, 'lead.handOver', leadSubject(lead), { before: { owner: lead.ownerName }, after: { owner: owner.name }, note })
    const params = { name: lead.name, number: lead.number, by: by.name, note: note ?? '' }
    await notify([owner], { park, key: 'lead.handedOver', params, path: leadPath(lead) }, by.id)
    return after
  })
}

const MOST = 200

/** All open leads of a colleague: to somebody, or to the pool. Answers how many; at most 200 at a time. */
export async function handOverAll(
  park: string,
  { from, to, note }: { from: Types.ObjectId; to: Types.ObjectId | null; note: string | null },
  by: Actor,
): Promise<number> {
  if (to?.equals(from)) throw new RuleError('lead.sameOwner', {}, { field: 'to' })
  return transact(async () => {
    const rows = await Lead.find({ park, owner: from, state: 'open' }, { _id: 1 }).sort({ _id: 1 }).limit(MOST).lean()
    if (!rows.length) throw new RuleError('lead.allMoved', {}, { field: 'from' })
    for (const { _id } of rows) {
      if (to) await handOver(park, _id, { to, note, leads: true }, by)
      else await giveUp(park, _id, { why: 'left', note }, by)
    }
    return rows.length
  })
}
