import type { Request, Response } from 'express'
import { z } from 'zod'
import { grantsIn, type Identity, isAdmin, reachOf } from '../accounts/identity.ts'
import { isTenantRole } from '../accounts/roles.ts'
import { config } from '../config.ts'
import { textIn } from '../lib/text.ts'
import { District } from '../parks/district.ts'
import { Park } from '../parks/park.ts'
import { vacancies } from '../spaces/offers.ts'
import { readQuery } from '../web/forms.ts'
import { listOf, pageSchema } from '../web/list.ts'
import { routes } from '../web/router.ts'

/** All parks: one's own first, with the way to the desk. */
const PAGE = 24
const FIELDS = {
  kind: 1,
  name: 1,
  shortName: 1,
  city: 1,
  address: 1,
  tagline: 1,
  bureau: 1,
  area: 1,
  hotline: 1,
  zone: 1,
  homeDistrict: 1,
  provisional: 1,
  illustrative: 1,
  settings: 1,
}

type Card = Pick<Park, '_id' | (keyof typeof FIELDS & keyof Park)>

const query = z.object({ page: pageSchema.page })

async function districtsOf(who: Identity | null) {
  const slugs = who?.grants.flatMap(grant => grant.district ?? []) ?? []
  return slugs.length ? await District.find({ _id: { $in: slugs } }, { name: 1 }).lean() : []
}

async function index(req: Request, res: Response): Promise<void> {
  const [all, districts] = await Promise.all([Park.find({}, FIELDS).lean() as unknown as Promise<Card[]>, districtsOf(req.me)])
  const isOwn = (park: Card): boolean => grantsIn(req.me, park).length > 0
  const name = (park: Card): string => textIn(park.name, req.lang).text
  // An industrial park before the enclaves, then by name.
  const order = (park: Card): number => (isOwn(park) ? 0 : 2) + (park.kind === 'park' ? 0 : 1)
  const sorted = all.sort((a, b) => order(a) - order(b) || name(a).localeCompare(name(b), req.lang))
  const { page } = readQuery(req, query)
  const items = sorted.slice((page - 1) * PAGE, page * PAGE)
  const free = await vacancies(items)
  const cards = items.map(park => ({
    park,
    free: free.get(park._id)!,
    own: isOwn(park),
    // A mentor or an applicant of a park has no desk there.
    desk: reachOf(req.me, 'desk.read', park) !== undefined,
    asTenant: grantsIn(req.me, park).every(grant => isTenantRole(grant.role)),
  }))
  // An administrator reaches every park: nothing to tell apart.
  const mixed = !isAdmin(req.me) && cards.some(card => card.own)
  const groups = mixed ? [cards.filter(card => card.own), cards.filter(card => !card.own)] : [cards]
  res.page('overview/home', {
    groups: groups.filter(group => group.length),
    mixed,
    districts,
    list: listOf(req, { items: cards, total: sorted.length, page, size: PAGE }),
    base: config.BASE_URL ?? null,
  })
}

export const homeRoutes = routes(({ get }) => {
  get('/', 'public', index)
})
