import type { Request, Response } from 'express'
import { z } from 'zod'
import { reachOf } from '../accounts/identity.ts'
import type { Action } from '../accounts/roles.ts'
import { within } from '../parks/scope.ts'
import { type Group, searchPark, type Wanted } from '../search/find.ts'
import { readQuery } from '../web/forms.ts'
import { routes } from '../web/router.ts'

/** The one search box: units, tenants, leases and people by any part of the name, pinyin or initials. */
const EACH = 10
const SUGGESTED = 5

const query = z.object({ q: z.string().trim().max(60).optional() })

/** Only what the person may open is found: a result that answers 403 tells too much and helps nobody. */
function wantedBy(req: Request): Wanted[] {
  const may = (action: Action) => reachOf(req.me, action, req.park) !== undefined
  const wanted: Wanted[] = []
  if (may('space.read')) wanted.push({ kind: 'unit' })
  if (may('tenant.read')) wanted.push({ kind: 'tenant' })
  if (may('lease.read')) wanted.push({ kind: 'lease' })
  if (may('room.read')) wanted.push({ kind: 'room' })
  if (may('application.read')) wanted.push({ kind: 'application' })
  if (may('lead.read')) wanted.push({ kind: 'lead' })
  // The park's own people stand on a page for managers; a tenant's lead to the tenant.
  wanted.push(may('park.staff') ? { kind: 'person' } : { kind: 'person', only: { tenant: { $ne: null } } })
  return wanted
}

/** The page, and for htmx the few lines under the box. */
async function search(req: Request, res: Response): Promise<void> {
  const { q = '' } = readQuery(req, query)
  const fragment = req.get('hx-request') === 'true'
  const groups: Group[] = await searchPark(within(req), q, wantedBy(req), fragment ? SUGGESTED : EACH)
  const count = groups.reduce((sum, group) => sum + group.hits.length, 0)
  res.page('overview/search', { q, groups, count, searchText: q })
}

export const searchRoutes = routes(({ get }) => {
  get('/', 'search', search)
})
