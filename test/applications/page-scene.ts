import { visitor } from '../setup/app.ts'
import { loadApplication, submitted } from '../setup/applications.ts'
import { PASSWORD } from '../setup/factories.ts'
import type { Visitor } from '../setup/visitor.ts'

/** Somebody signed in, by whom a test tells who they are. */
export type Person = Visitor & { userId: string }

/** An application handed in to the park's service “registration”, its applicant signed in, and ways to its pages. */
export async function pageScene(park: string) {
  const made = await submitted(park, 'registration')
  const applicant = await visitor().signIn(made.user.email, PASSWORD)
  const { _id } = made.application
  const at = (path = '') => `/parks/${park}/applications/${_id}${path}`
  const now = () => loadApplication(park, _id)
  const post = async (who: Visitor, path: string, fields: Record<string, string> = {}) =>
    who.post(at(path), { version: String((await now()).version), ...fields })
  return { ...made, applicant, at, now, post }
}
