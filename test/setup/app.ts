import type { Types } from 'mongoose'
import type { Role } from '../../src/accounts/roles.ts'
import { createApp } from '../../src/app.ts'
import { buildUser, PASSWORD } from './factories.ts'
import { Visitor } from './visitor.ts'

export const SECRET = 'a secret for tests, long enough for the check'

/** The real app on the test's database. Call within a test or hook: it needs the connection. */
export const visitor = (): Visitor => new Visitor(createApp({ secret: SECRET }))

/** A user of buildUser(), signed in over HTTP. */
export const signedIn = (user: { email: string }): Promise<Visitor> => visitor().signIn(user.email, PASSWORD)

/** Somebody of a park (or district) with a role, signed in over HTTP. */
export async function signedInAs(
  role: Role,
  where: { park?: string; district?: string; tenant?: Types.ObjectId } = {},
  target: Visitor = visitor(),
): Promise<Visitor & { userId: string }> {
  const user = await buildUser(role, where)
  await target.signIn(user.email, PASSWORD)
  return Object.assign(target, { userId: String(user._id) })
}
