import { type Action, foundersMay, isTenantRole, type Role, roleMay } from './roles.ts'

/**
 * Who asks, as the session document holds it: one read answers it. It is written at sign-in and rewritten by
 * refreshSessions() in the transaction that changes a role, a membership or a password; nothing else touches it.
 */
export interface Identity {
  id: string
  name: string
  email: string
  lang: 'zh-CN' | 'en'
  theme: 'auto' | 'light' | 'dark'
  version: number
  grants: Grant[]
}

/** One membership. An official's names the district: it reaches the parks whose home district that is. */
export interface Grant {
  role: Role
  park?: string
  district?: string
  tenant?: string
}

/** What of a park decides who reaches it. */
export interface Place {
  _id: string
  homeDistrict: string
}

/** Who did it: for audit entries and for “nobody approves what they submitted”. */
export interface Actor {
  id: string
  name: string
  ip?: string
  request?: string
  /** Of who is signed in: where a confirmation of what they do goes. */
  mail?: Pick<Identity, 'email' | 'lang'>
}

/** For jobs and scripts. */
export const SYSTEM: Actor = { id: 'system', name: 'system' }

const reaches = (grant: Grant, park: Place): boolean =>
  grant.role === 'admin' || grant.park === park._id || (grant.role === 'official' && grant.district === park.homeDistrict)

export const grantsIn = (who: Identity | null, park: Place): Grant[] => who?.grants.filter(grant => reaches(grant, park)) ?? []

/** The tenants of a park whose people somebody is of. */
export const tenantsIn = (who: Identity | null, park: Place): string[] =>
  grantsIn(who, park).flatMap(({ role, tenant }) => (isTenantRole(role) && tenant ? [tenant] : []))

/** What a person reaches with an action in a park: all of it (null), some tenants, or nothing. */
export type Reach = { tenants: null } | { tenants: string[] } | undefined

export function reachOf(who: Identity | null, action: Action, park: Place): Reach {
  const grants = grantsIn(who, park).filter(grant => roleMay(grant.role, action))
  // A founder of no park yet reaches what is theirs alone: handlers filter by the person.
  if (!grants.length)
    return foundersMay(action) && who?.grants.some(grant => grant.role === 'applicant' && !grant.park) ? { tenants: [] } : undefined
  if (grants.some(grant => !isTenantRole(grant.role))) return { tenants: null }
  return { tenants: grants.map(grant => grant.tenant!).filter(Boolean) }
}

/** An action outside of any park: administration, or a district's own pages. */
export function mayAnywhere(who: Identity | null, action: Action, district?: string): boolean {
  return who?.grants.some(grant => roleMay(grant.role, action) && (grant.role === 'admin' || grant.district === district)) ?? false
}

export const isAdmin = (who: Identity | null): boolean => who?.grants.some(grant => grant.role === 'admin') ?? false

/** Which parks a person can open from the menu, as a filter on the parks; null: all of them. */
export function parksFilter(who: Identity): Record<string, unknown> | null {
  if (isAdmin(who)) return null
  const slugs = who.grants.flatMap(grant => grant.park ?? [])
  const districts = who.grants.flatMap(grant => grant.district ?? [])
  return { $or: [{ _id: { $in: slugs } }, { homeDistrict: { $in: districts } }] }
}
