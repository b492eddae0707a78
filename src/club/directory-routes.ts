import type { Request, Response } from 'express'
import { z } from 'zod'
import { reachOf, tenantsIn } from '../accounts/identity.ts'
import { historyOf } from '../audit/history.ts'
import { today } from '../lib/days.ts'
import { notFound } from '../lib/rule-error.ts'
import { INDUSTRIES } from '../parks/park.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm, readQuery } from '../web/forms.ts'
import { linkWith, listOf, pageSchema } from '../web/list.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { type Card, cardFor, directoryOf, SORTS } from './directory.ts'
import { listingPath, ownListingPath } from './listing.ts'
import { hideListing, showListing } from './listings.ts'

/** The directory for whoever is signed in and of the park. There is no export: addresses are shown to be used one by one. */
const SIZE = 24

const query = z.object({
  q: z.string().trim().max(60).optional(),
  industry: z.enum(INDUSTRIES).optional(),
  sort: z.enum(SORTS).default('name'),
  hidden: z.literal('1').optional(),
  page: pageSchema.page,
})

const mayHide = (req: Request): boolean => reachOf(req.me, 'directory.hide', req.park) !== undefined

/** The listings somebody keeps: of the companies they own. */
function ownPaths(req: Request): string[] {
  const reach = reachOf(req.me, 'directory.own', req.park)
  return tenantsIn(req.me, req.park)
    .filter(id => reach?.tenants?.includes(id))
    .map(id => ownListingPath({ park: req.park._id, tenant: id as never }))
}

async function index(req: Request, res: Response): Promise<void> {
  const { hidden, page, ...asked } = readQuery(req, query)
  const only = hidden === '1' && mayHide(req)
  const { total, cards } = await directoryOf(req.park._id, today(req.park.zone), { ...asked, hidden: only }, { page, size: SIZE })
  const tags = [
    ...(asked.q ? [{ names: ['q'], text: asked.q }] : []),
    ...(asked.industry ? [{ names: ['industry'], text: req.t(`record.profile.industries.${asked.industry}`) }] : []),
    ...(only ? [{ names: ['hidden'], text: req.t('club.directory.hidden') }] : []),
  ]
  res.page('club/directory', {
    list: listOf(req, { items: cards, total, page, size: SIZE, tags }),
    ...{ asked, hidden: only, mayHide: mayHide(req), own: ownPaths(req), industries: INDUSTRIES, sorts: SORTS },
    link: (change: Record<string, string | null>) => linkWith(req, change),
  })
}

async function load(req: Request): Promise<Card> {
  const card = await cardFor(req.park._id, today(req.park.zone), idParam(req, 'listing'), mayHide(req))
  if (!card) throw notFound()
  return card
}

async function show(req: Request, res: Response): Promise<void> {
  const card = await load(req)
  const may = mayHide(req)
  res.page('club/listing', {
    ...{ card, mayHide: may, form: formState(req) },
    history: may ? await historyOf(req, 'listing', card.tenant) : null,
    own: ownPaths(req).find(path => path.includes(String(card.tenant))) ?? null,
  })
}

const reasonForm = z.object({ reason: f.text(300) })

async function hide(req: Request, res: Response): Promise<void> {
  const card = await load(req)
  const { reason } = readForm(req, reasonForm)
  await commit(req, res, async () => {
    await hideListing(req.park._id, card._id, reason, actor(req))
    flash(res, 'club.directory.done.hidden')
    return listingPath(card)
  })
}

async function unhide(req: Request, res: Response): Promise<void> {
  const card = await load(req)
  await commit(req, res, async () => {
    await showListing(req.park._id, card._id, actor(req))
    flash(res, 'club.directory.done.shown')
    return listingPath(card)
  })
}

export const directoryRoutes = routes(({ get, post }) => {
  get('/', 'directory.read', index)
  get('/:listing', 'directory.read', show)
  post('/:listing/hiding', 'directory.hide', hide, { again: show })
  post('/:listing/showing', 'directory.hide', unhide, { again: show })
})
