import { model, Schema } from 'mongoose'
import { peopleOf } from '../accounts/user.ts'
import { isDuplicateKey, transact } from '../db/transact.ts'
import { addDays, daysBetween, today } from '../lib/days.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import { notify } from '../notifications/notification.ts'
import { Park } from '../parks/park.ts'
import { Lease, leasePath } from './lease.ts'

/** That a reminder went out: its unique key makes it go out once, whoever runs the job and however often. */
interface Reminder extends ParkOwned {
  lease: unknown
  days: number
  end: string
}

const schema = parkOwned<Reminder>(
  { lease: { type: Schema.Types.ObjectId, required: true }, days: { type: Number, required: true }, end: { type: String, required: true } },
  { versionKey: false },
)
schema.index({ park: 1, lease: 1, end: 1, days: 1 }, { unique: true })
export const Reminder = model('Reminder', schema, 'reminders')

async function remind(park: Park, lease: Lease, left: number): Promise<boolean> {
  // The tightest threshold that has been passed: a lease signed 50 days before its end is reminded of at 60 and 30, not at 90.
  const days = [...park.settings.reminderDays].sort((a, b) => a - b).find(step => left <= step)
  if (days === undefined) return false
  try {
    await transact(async () => {
      await Reminder.create([{ park: park._id, lease: lease._id, days, end: lease.end }])
      const notice = {
        park: park._id,
        key: 'leaseExpiring',
        params: { number: lease.number, tenant: lease.tenantName, end: lease.end, days: left },
        path: leasePath(lease),
      }
      await notify(await peopleOf(park._id, ['manager', 'promotion']), notice)
      await notify(await peopleOf(park._id, ['owner'], lease.tenant), { ...notice, key: 'ownLeaseExpiring' })
    })
    return true
  } catch (error) {
    if (isDuplicateKey(error)) return false
    throw error
  }
}

/** Tells managers, promotion staff and the tenant's owner of leases about to end: once per threshold (90/60/30 days by default). */
export async function sendReminders(): Promise<number> {
  let sent = 0
  for (const park of await Park.find().lean()) {
    const on = today(park.zone)
    const until = addDays(on, Math.max(0, ...park.settings.reminderDays))
    const leases = await Lease.find({ park: park._id, state: 'signed', end: { $gte: on, $lte: until }, renewedBy: null }).lean()
    for (const lease of leases) if (await remind(park, lease as Lease, daysBetween(on, lease.end))) sent += 1
  }
  return sent
}
