import type { Types } from 'mongoose'
import { dropEntry, putEntry } from '../search/entry.ts'
import { Membership, User } from './user.ts'

/** The people of a park as the search box finds them: by name, pinyin and role; never by address or telephone. */
export async function indexPerson(park: string, user: Types.ObjectId): Promise<void> {
  const found = await User.findById(user, { name: 1 }).lean()
  const posts = await Membership.find({ park, user }).lean()
  if (!found || !posts.length) return dropEntry(park, user)
  const tenant = posts.every(post => post.tenant) ? posts[0]!.tenant : null
  await putEntry({
    park,
    kind: 'person',
    ref: user,
    title: found.name,
    detail: [...new Set(posts.map(post => post.role))].join(' '),
    path: tenant ? `/tenants/${tenant}` : '/people',
    tenant,
    texts: [found.name],
  })
}

/** Entries of everybody with a role in a park. */
export async function indexPeople(): Promise<void> {
  for (const { park, user } of await Membership.find({ park: { $ne: null } }, { park: 1, user: 1 }).lean()) await indexPerson(park!, user)
}
