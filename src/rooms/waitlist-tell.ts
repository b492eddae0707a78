import { peopleOf, User } from '../accounts/user.ts'
import { notify } from '../notifications/notification.ts'
import { clocksOf } from './slot.ts'
import { tenantContact } from './tenant-contact.ts'
import { type WaitEntry, waitPath } from './waitlist.ts'

/** What somebody who waits must know; each has its text below `notice.waitlist.`. */
export type WaitNews = 'offered' | 'lapsed' | 'closed' | 'retired'

/** Whose it is to answer: of a company, one who still belongs to it. */
async function ownOf({ park, holder, contact }: WaitEntry): Promise<User[]> {
  if (!contact) return []
  if (!holder.tenant) return User.find({ _id: contact, disabled: false }).lean()
  const found = await tenantContact(park, holder.tenant, contact)
  return found ? [found] : []
}

/**
 * Tells who waits, in the caller's transaction. A party without an account can't answer by itself: the desk is told, which joined
 * for it and calls it.
 */
export async function tellWaiting(entry: WaitEntry, what: WaitNews, { until = '', reason = '' } = {}): Promise<void> {
  const params = {
    room: entry.roomName.zh,
    when: `${entry.day} ${clocksOf(entry)}`,
    title: entry.title,
    who: entry.holder.name,
    until,
    reason,
  }
  const own = await ownOf(entry)
  const told = own.length ? own : await peopleOf(entry.park, ['manager', 'reception'])
  const key = own.length ? `waitlist.${what}` : `waitlist.desk.${what}`
  await notify(told, { park: entry.park, key, params, path: waitPath(entry.park) })
}
