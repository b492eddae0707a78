import { peopleOf, User } from '../accounts/user.ts'
import { notify } from '../notifications/notification.ts'
import { clocksOf } from './slot.ts'
import { type WaitEntry, waitPath } from './waitlist.ts'

/** What somebody who waits must know; each has its text below `notice.waitlist.`. */
export type WaitNews = 'offered' | 'lapsed' | 'closed' | 'retired'

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
  const own = entry.contact ? await User.find({ _id: entry.contact, disabled: false }).lean() : []
  const told = own.length ? own : await peopleOf(entry.park, ['manager', 'reception'])
  const key = own.length ? `waitlist.${what}` : `waitlist.desk.${what}`
  await notify(told, { park: entry.park, key, params, path: waitPath(entry.park) })
}
