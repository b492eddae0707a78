import type { Actor } from '../../src/accounts/identity.ts'
import type { User } from '../../src/accounts/user.ts'
import { checks } from '../../src/leads/checks.ts'

/** What the doctor finds in a park's leads. */
export async function findings(park: string): Promise<string[]> {
  const found: string[] = []
  for (const check of checks)
    await check.run((message, subject) => {
      if (subject?.park === park) found.push(`${subject.label ?? subject.id} ${message}`)
    })
  return found
}

export const actorFor = ({ _id, name }: Pick<User, '_id' | 'name'>): Actor => ({ id: String(_id), name })
