import type { Request, Response } from 'express'
import type { Types } from 'mongoose'
import { z } from 'zod'
import { type Day, daysBetween, today as todayIn } from '../lib/days.ts'
import { maskPhone } from '../lib/mask.ts'
import { scopedCount, scopedFind, scopedStream } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { escapeRegExp } from '../lib/text.ts'
import { mapped, sendExport } from '../web/export.ts'
import { f } from '../web/fields.ts'
import { idParam, readQuery, seeOther } from '../web/forms.ts'
import { COUNT_LIMIT, linkWith, listOf, pageSchema, sortOf, type Tag } from '../web/list.ts'
import { routes } from '../web/router.ts'
import { Lead } from './lead.ts'
import { areaOf, OFFER_PHASES, Offer, type OfferPhase, offerPath, PHASE_FILTERS, phaseOf, TONES } from './offer.ts'
import { ownersOf } from './pool.ts'

/** All offers of a park: filters live in the address, and the export is exactly the filtered list. */
const SIZE = 20
const EXPORT_LIMIT = 50_000
/** Leads of one owner that a filter looks through. */
const MOST_LEADS = 5000

const query = z.object({
  q: z.string().trim().max(60).optional(),
  state: z.enum(OFFER_PHASES).optional(),
  owner: f.optionalId().optional(),
  sort: z.string().max(20).optional(),
  ...pageSchema,
})
type Asked = z.output<typeof query>

const SORTS = {
  at: { at: 1, _id: 1 },
  number: { number: 1 },
  company: { tenantName: 1, _id: 1 },
  valid: { validUntil: 1, _id: 1 },
  total: { total: 1, _id: 1 },
} as const

const FIELDS = {
  ...{ park: 1, number: 1, lead: 1, tenantName: 1, addressee: 1, lines: 1, total: 1, validUntil: 1, state: 1, sent: 1, at: 1 },
  ...{ 'terms.from': 1, 'terms.to': 1 },
}
type Stored = Pick<
  Offer,
  '_id' | 'park' | 'number' | 'lead' | 'tenantName' | 'addressee' | 'lines' | 'total' | 'validUntil' | 'state' | 'sent' | 'at' | 'terms'
>
export type OfferRow = Stored & { phase: OfferPhase; tone: string; area: number; path: string; daysLeft: number; owner: string | null }

/** Phones of a list are masked. */
function rowOf(offer: Stored, on: Day, owner: string | null = null): OfferRow {
  const { addressee, validUntil } = offer
  const phase = phaseOf(offer, on)
  return {
    ...offer,
    addressee: { ...addressee, phone: addressee.phone && maskPhone(addressee.phone), email: null },
    ...{ phase, tone: TONES[phase], area: areaOf(offer), path: offerPath(offer), daysLeft: daysBetween(on, validUntil), owner },
  }
}

/** The offers to one lead, newest first: for the lead's own page (views/leads/_offers.ejs). */
export async function offersOf(park: { _id: string; zone: string }, lead: Types.ObjectId): Promise<OfferRow[]> {
  const found = await scopedFind<Stored>(Offer, { park: park._id, lead }, { projection: FIELDS, sort: { at: -1, _id: -1 }, limit: 100 })
  return found.map(offer => rowOf(offer, todayIn(park.zone)))
}

async function filterOf(park: string, { q, state, owner }: Asked, on: Day) {
  const and: Record<string, unknown>[] = []
  if (state) and.push(PHASE_FILTERS[state](on))
  if (q) {
    const like = { $regex: escapeRegExp(q), $options: 'i' }
    and.push({ $or: ['number', 'tenantName', 'addressee.name', 'lines.code'].map(name => ({ [name]: like })) })
  }
  if (owner) {
    const leads = await scopedFind<{ _id: Types.ObjectId }>(Lead, { park, owner }, { projection: { _id: 1 }, limit: MOST_LEADS })
    and.push({ lead: { $in: leads.map(lead => lead._id) } })
  }
  return and.length ? { park, $and: and } : { park }
}

/** Who looks after the leads of some offers. */
async function namesFor(park: string, offers: Pick<Offer, 'lead'>[]): Promise<Map<string, string | null>> {
  const ids = [...new Map(offers.map(offer => [String(offer.lead), offer.lead])).values()]
  const rows = await scopedFind<Pick<Lead, '_id' | 'ownerName'>>(Lead, { park, _id: { $in: ids } }, { projection: { ownerName: 1 } })
  return new Map(rows.map(row => [String(row._id), row.ownerName]))
}

function sendRows(req: Request, res: Response, format: 'xlsx' | 'csv', rows: AsyncIterable<OfferRow>): Promise<void> {
  const F = (name: 'number' | 'company' | 'units' | 'total' | 'validUntil' | 'state' | 'sentAt') => req.t(`offer.field.${name}`)
  type Value = (row: OfferRow) => string | number | null
  const column = (label: string, value: Value, kind?: 'money' | 'area') => ({ label, value, kind })
  return sendExport<OfferRow>(req, res, {
    format,
    name: `${req.t('offer.title')} ${todayIn(req.park.zone)}`,
    columns: [
      column(F('number'), row => row.number),
      column(F('company'), row => row.tenantName),
      column(F('units'), row => row.lines.map(line => line.code).join(', ')),
      column(req.t('lease.field.area'), row => row.area, 'area'),
      column(req.t('leaseStep.firstDay'), row => row.terms.from),
      column(req.t('leaseStep.lastDay'), row => row.terms.to),
      column(F('total'), row => row.total, 'money'),
      column(F('validUntil'), row => row.validUntil),
      column(F('state'), row => req.t(`offer.phase.${row.phase}`)),
      column(F('sentAt'), row => (row.sent ? req.fmt.moment(row.sent.at, req.park.zone) : null)),
    ],
    rows,
  })
}

async function index(req: Request, res: Response): Promise<void> {
  const asked = readQuery(req, query)
  const park = req.park._id
  const on = todayIn(req.park.zone)
  const { name, sort } = sortOf(asked.sort, SORTS, asked.state === 'valid' ? 'valid' : '-at')
  const filter = await filterOf(park, asked, on)
  const read = { projection: FIELDS, sort }
  if (asked.format) {
    const found = scopedStream<Stored>(Offer, filter, { ...read, limit: EXPORT_LIMIT })
    return sendRows(
      req,
      res,
      asked.format,
      mapped(found, offer => rowOf(offer, on)),
    )
  }
  const [found, total, owners] = await Promise.all([
    scopedFind<Stored>(Offer, filter, { ...read, skip: (asked.page - 1) * SIZE, limit: SIZE }),
    scopedCount(Offer, filter, COUNT_LIMIT),
    ownersOf(park),
  ])
  const names = await namesFor(park, found)
  const who = owners.find(one => asked.owner?.equals(one._id))
  const tags: Tag[] = [
    ...(asked.q ? [{ names: ['q'], text: asked.q }] : []),
    ...(asked.state ? [{ names: ['state'], text: req.t(`offer.phase.${asked.state}`) }] : []),
    ...(asked.owner ? [{ names: ['owner'], text: who?.name ?? req.t('lead.field.owner') }] : []),
  ]
  const items = found.map(offer => rowOf(offer, on, names.get(String(offer.lead)) ?? null))
  res.page('leads/offers', {
    list: listOf(req, { items, total, page: asked.page, size: SIZE, tags }),
    ...{ asked, sort: name, owners, phases: OFFER_PHASES },
    link: (change: Record<string, string | null>) => linkWith(req, change),
  })
}

/** The address without the lead: leads are merged, and old links stay good. */
async function open(req: Request, res: Response): Promise<void> {
  const offer = await Offer.findOne({ park: req.park._id, _id: idParam(req, 'offer') }, { park: 1, lead: 1 }).lean()
  if (!offer) throw notFound()
  seeOther(res, offerPath(offer))
}

export const offerListRoutes = routes(({ get }) => {
  get('/offers', 'lead.read', index)
  get('/offers/:offer', 'lead.read', open)
})
