import mongoose, { Types } from 'mongoose'
import type { Check, Report } from '../lib/check.ts'
import { now } from '../lib/clock.ts'
import type { Identity } from './identity.ts'
import { isStaff, isTenantRole } from './roles.ts'
import { readIdentity, SESSIONS } from './sessions.ts'
import { Membership, User } from './user.ts'

/** What must hold of people, their roles and their sessions (DESIGN §2). Addresses and names stay out of what is reported. */
async function checkMemberships(report: Report): Promise<void> {
  for await (const row of Membership.find().lean().cursor()) {
    const { _id, user, role, park, district, tenant } = row
    const tell = (message: string) => report(message, { park, kind: 'membership', id: _id })
    if (!(await User.exists({ _id: user }))) tell(`is of user ${user}, who isn't there`)
    if (isTenantRole(role) && !(park && tenant)) tell(`is of role ${role} and names no park or no tenant`)
    if (!isTenantRole(role) && tenant) tell(`is of role ${role} and names a tenant`)
    if (isStaff(role) && (!park || district)) tell(`is of role ${role} and must name a park and nothing else`)
    if (role === 'official' && (!district || park)) tell('is of role official and must name a district and nothing else')
    if (role === 'admin' && (park || district)) tell('is of role admin and must name no place')
  }
}

/** An identity in one shape, whatever order its fields were written in. */
function plain({ id, name, email, lang, theme, version, grants }: Identity): string {
  const places = grants.map(({ role, park, district, tenant }) => [role, park, district, tenant].map(part => part ?? '').join('/'))
  return JSON.stringify({ id, name, email, lang, theme, version, places: places.sort() })
}

interface Stored {
  _id: string
  session?: { passport?: { user?: Identity } }
}

/** A session holds who its user is now: it is what every request goes by. */
async function checkSessions(report: Report): Promise<void> {
  const open = mongoose.connection
    .collection<Stored>(SESSIONS)
    .find({ expires: { $gt: now() }, 'session.passport.user.id': { $exists: true } })
  const known = new Map<string, string | null>()
  for await (const { session } of open) {
    const held = session!.passport!.user!
    if (!known.has(held.id)) {
      const user = Types.ObjectId.isValid(held.id) ? await readIdentity(new Types.ObjectId(held.id)) : null
      known.set(held.id, user && plain(user))
    }
    const right = known.get(held.id)
    // A session's key opens it: the user's id must do.
    const tell = (message: string) => report(message, { park: null, kind: 'user', id: held.id })
    if (!right) tell('has a session, and is gone or disabled')
    else if (right !== plain(held)) tell('has a session that holds another identity or other roles')
  }
}

async function checkAddresses(report: Report): Promise<void> {
  for await (const { _id, email } of User.find({}, { email: 1 }).lean().cursor())
    if (email !== email.trim().toLowerCase()) report('has an address that isn’t in lower case', { park: null, kind: 'user', id: _id })
}

async function noteAdmin(report: Report): Promise<void> {
  const admins = await Membership.find({ role: 'admin' }, { user: 1 }).lean()
  const active = await User.exists({ _id: { $in: admins.map(row => row.user) }, disabled: false })
  if (!active) report('nobody is administrator: `npm run create-admin` makes one')
}

export const checks: Check[] = [
  { name: 'Roles are of people who exist, in a place of their kind', run: checkMemberships },
  { name: 'Sessions hold who their user is now', run: checkSessions },
  { name: 'Addresses are in lower case', run: checkAddresses },
  { name: 'Somebody is administrator', level: 'note', run: noteAdmin },
]
