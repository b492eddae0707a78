import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import mongoose from 'mongoose'
import type { Actor } from '../../accounts/identity.ts'
import { indexPeople } from '../../accounts/index-people.ts'
import { Membership, User } from '../../accounts/user.ts'
import { Lease } from '../../leases/lease.ts'
import { setClock } from '../../lib/clock.ts'
import { Notification } from '../../notifications/notification.ts'
import { Mail } from '../../notifications/outbox.ts'
import { District } from '../../parks/district.ts'
import { Park } from '../../parks/park.ts'
import { migrate } from '../migrate.ts'
import { keptValue } from '../secret.ts'
import { seedApplications } from './applications.ts'
import { seedBookings } from './bookings.ts'
import { seedClub } from './club.ts'
import { seedEvents } from './events.ts'
import { DISTRICTS, PARKS } from './facts.ts'
import { seedHolds } from './holds.ts'
import { seedLeadWork } from './lead-work.ts'
import { seedLeads } from './leads.ts'
import type { Staff } from './leases.ts'
import { seedMentoring } from './mentoring.ts'
import { seedPeople, type TenantAccount } from './people.ts'
import { seedRooms } from './rooms.ts'
import { seedDongxin, seedEnclave } from './scenes.ts'
import { seedSeries } from './series.ts'
import { seedServices } from './services.ts'
import { seedSpaces } from './spaces.ts'
import { seedTenants } from './tenants.ts'
import { seedTrusteeships } from './trusteeship.ts'

/**
 * Fills an empty embedded database with demo data and answers the password of its accounts. The password is made once for a data
 * folder. A start that was killed half-way begins again: the mark of completion is written last.
 */
const MARKS = 'seeds'
const marks = () => mongoose.connection.db!.collection<{ _id: string; at: Date; done: boolean }>(MARKS)

async function staffOf(park: string): Promise<Staff> {
  const find = async (email: string): Promise<Actor> => {
    const user = await User.findOne({ email }).lean().orFail()
    return { id: String(user._id), name: user.name }
  }
  const second = park === 'dongxin' ? 'manager2' : 'manager'
  return { promotion: await find(`promotion.${park}@example.com`), manager: await find(`${second}.${park}@example.com`) }
}

/** The demo's owners and members belong to the tenant with the most to see: several leases, one of them ending soon. */
async function joinTenants(waiting: TenantAccount[]): Promise<void> {
  for (const { user, role, park } of waiting) {
    const leases = await Lease.find({ park: park!, state: 'signed', 'occupied.0': { $exists: true } })
      .sort({ end: 1, number: 1 })
      .lean()
    const best = leases.find(lease => leases.filter(other => other.tenant.equals(lease.tenant)).length > 1) ?? leases[0]
    if (best) await Membership.create([{ user, role, park, tenant: best.tenant }])
  }
}

/** What was told while the past was made is old news: no mail goes out, and only the newest notices are unread. */
async function settleNotices(): Promise<void> {
  const at = new Date()
  await Mail.updateMany({ sentAt: null }, { sentAt: at })
  await Notification.updateMany({ at: { $lt: new Date(at.getTime() - 14 * 86_400_000) } }, { readAt: at })
}

/** Everything the demo has, into the connected database, which must be empty. */
export async function fillDemo(password: string, say: (line: string) => void): Promise<void> {
  await District.insertMany(DISTRICTS)
  await Park.insertMany(PARKS.map(park => ({ ...park, illustrative: true })))
  const waiting = await seedPeople(password)
  say('  buildings, floors and units')
  await seedSpaces()
  say('  rooms')
  await seedRooms()
  say('  tenants and leases of Dongxin')
  const dongxin = await staffOf('dongxin')
  await seedDongxin(await seedTenants('dongxin', 64, 0, dongxin.manager), dongxin)
  say('  the enclaves')
  for (const [i, park] of ['wucheng-hangzhou', 'jindong-hangzhou'].entries()) {
    const staff = await staffOf(park)
    await seedEnclave(park, await seedTenants(park, i ? 6 : 4, 200 + i * 50, staff.manager), staff)
  }
  await joinTenants(waiting)
  say('  services')
  for (const { _id: park } of PARKS) await seedServices(park, (await staffOf(park)).manager)
  say('  mentoring')
  await seedMentoring('dongxin')
  say('  events')
  for (const park of ['dongxin', 'jindong-hangzhou'] as const) await seedEvents(park)
  say('  notices and the directory')
  await seedClub('dongxin')
  say('  trusteeship')
  await seedTrusteeships('dongxin')
  say('  applications')
  await seedApplications('dongxin')
  say('  bookings')
  await seedSeries('dongxin')
  await seedBookings('dongxin', 11, 7)
  for (const [i, park] of ['wucheng-hangzhou', 'jindong-hangzhou'].entries()) await seedBookings(park, 21 + i, 2)
  say('  leads')
  for (const { _id: park } of PARKS) await seedLeads(park)
  for (const { _id: park } of PARKS) await seedHolds(park)
  for (const park of ['dongxin', 'jindong-hangzhou']) await seedLeadWork(park)
  await indexPeople()
  await settleNotices()
}

export async function seedDemo({ dataDir, say }: { dataDir: string; say: (line: string) => void }): Promise<string | null> {
  const password = await keptValue(join(dataDir, 'demo-password'), () => randomBytes(6).toString('base64url'))
  const mark = await marks().findOne({ _id: 'demo' })
  if (mark?.done) return password
  if (mark) {
    say('The demo data of an earlier start is not complete: beginning again.')
    await mongoose.connection.dropDatabase()
    await migrate()
  } else if (await User.exists({})) return null
  say('Filling the database with demo data …')
  await marks().updateOne({ _id: 'demo' }, { $set: { at: new Date(), done: false } }, { upsert: true })
  try {
    await fillDemo(password, say)
  } finally {
    setClock(null)
  }
  await marks().updateOne({ _id: 'demo' }, { $set: { done: true } })
  return password
}
