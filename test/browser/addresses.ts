import type { MongoClient, ObjectId } from 'mongodb'
import { moreStates } from './states.ts'

/** Downloads and fragments: no pages of their own. */
const NO_PAGE =
  /\.(docx|pdf|xlsx|csv|svg)$|\/files\/:file$|\/drawing\/:file$|\/notifications\/count$|:token|\/suggest$|\/progress$|\/rooms\/changes$|\/examples?(\/:document)?$|\/start$|\/photo$|\/reports\/:year$|\/papers\/:paper\/(file|original)$|\/pages\/:page$|\/results\/:file$|\/applications\/new$|\.ics$|\/board\/cards$|\/leads\/bulk$/

const personFor = (path: string): string => {
  if (path.startsWith('/admin')) return 'admin'
  if (path.startsWith('/districts')) return 'official.wucheng'
  if (path.startsWith('/parks/:park/company')) return 'owner.dongxin'
  if (
    /^\/(sign-in|sign-up|password|$)/.test(path) ||
    /^\/parks\/:park(\/services|\/mentors|\/events|\/certificates|\/inquiries|$)/.test(path)
  )
    return 'anonymous'
  if (/\/applications\/:application\/(tasks|check)/.test(path)) return 'applicant.dongxin'
  if (/\/applications\/:application($|\/(numbers|papers))/.test(path)) return 'reception.dongxin'
  if (path.endsWith('/mentoring/own')) return 'mentor.dongxin'
  return 'manager.dongxin'
}

interface Row {
  _id: ObjectId
  [field: string]: unknown
}

/** A record of each kind in the demo data for the addresses that name one. */
async function records(client: MongoClient): Promise<(path: string) => Record<string, string>> {
  const park = 'dongxin'
  const find = async (name: string, filter: object, sort: Record<string, 1 | -1> = { _id: 1 }): Promise<Row | null> =>
    client
      .db()
      .collection<Row>(name)
      .findOne({ park, ...filter }, { sort })
  const id = (row: Row | null): string => String(row?._id ?? 'none')
  const owner = await client.db().collection('users').findOne({ email: 'owner.dongxin@example.com' })
  const own = await client.db().collection('memberships').findOne({ user: owner?._id, park })
  const tenant = await find('tenants', { _id: own?.['tenant'] })
  const full = await find('tenants', {
    'contacts.0': { $exists: true },
    'qualifications.0': { $exists: true },
    'figures.0': { $exists: true },
  })
  const part = (row: Row | null, list: string): Record<string, unknown> => ((row?.[list] as Record<string, unknown>[]) ?? [])[0] ?? {}
  const today = new Date().toISOString().slice(0, 10)
  const lease = await find('leases', {
    state: 'signed',
    amending: null,
    renewedBy: null,
    terminated: null,
    from: { $lte: today },
    end: { $gt: today },
  })
  const draft = await find('leases', { state: 'draft' })
  const unit = await find('units', { 'claims.kind': 'lease', activeTo: '9999-12-31' })
  const free = await find('units', { claims: { $size: 0 }, activeTo: '9999-12-31' })
  const works = await find('units', { 'claims.kind': { $in: ['works', 'own'] } })
  const claim = (works?.['claims'] as { _id: ObjectId; kind: string }[] | undefined)?.find(one => one.kind !== 'lease')
  const left = await find('leases', { 'handovers.kind': 'out' })
  const waiting = await find('imports', { state: 'uploaded' })
  const building = await find('buildings', {})
  const room = await find('rooms', {}, { order: 1 })
  const booking = await find('bookings', { state: 'confirmed' }, { day: -1 })
  const series = await find('bookingseries', {})
  const service = await find('services', { state: 'published' }, { order: 1 })
  const mentor = await find('mentors', { user: { $ne: null } })
  const open = await find('mentordays', { day: { $gt: today }, 'slots.session': null }, { day: 1 })
  const session = await find('mentoringsessions', { state: 'held' })
  const course = await find('events', { state: 'published', certificateFrom: 2 }, { startsAt: 1 })
  const certified = await find('attendees', { event: course?._id, certificate: { $ne: null } })
  const applicant = await client.db().collection('users').findOne({ email: 'applicant.dongxin@example.com' })
  const application = await find('applications', { user: applicant?._id, state: { $in: ['draft', 'asked'] } })
  const reception = await client.db().collection('users').findOne({ email: 'reception.dongxin@example.com' })
  const worked = await find('applications', { owner: reception?._id, state: 'running', 'papers.0': { $exists: true } })
  const notice = await find('notices', { edition: 2 })
  const listing = await find('listings', { tenant: own?.['tenant'] })
  const books = await find('trusteeships', { tenant: own?.['tenant'] })
  const months = (books?.['months'] as { month: string }[] | undefined) ?? []
  const lead = await find('leads', { state: 'open', owner: { $ne: null } }, { number: 1 })
  const offer = await find('offers', { state: 'sent' })
  const drafted = await find('offers', { state: 'draft' })
  const visit = await find('visits', { state: 'planned' })
  const held = await find('units', { claims: { $elemMatch: { kind: 'hold', lead: { $ne: null } } } })
  const kept = (held?.['claims'] as { _id: ObjectId; kind: string }[] | undefined)?.find(one => one.kind === 'hold')
  const base = { park, district: 'wucheng', slug: 'wucheng', building: String(building?.['code']), floor: '3F', kind: 'units' }
  return path => {
    const shown = path.includes('/company/') ? tenant : full
    const rows = {
      contact: part(shown, 'contacts')['_id'],
      qualification: part(shown, 'qualifications')['_id'],
      year: part(shown, 'figures')['year'],
    }
    const texts = Object.fromEntries(Object.entries(rows).map(([name, value]) => [name, String(value ?? 'none')]))
    const values = {
      ...base,
      ...texts,
      tenant: id(shown),
      lease: id(lease),
      unit: id(unit),
      import: id(waiting),
      room: id(room),
      booking: id(booking),
      series: id(series),
      service: String(service?.['code']),
      mentor: id(mentor),
      slot: String((open?.['slots'] as { _id: ObjectId; session: unknown }[] | undefined)?.find(one => !one.session)?._id ?? 'none'),
      session: id(session),
      no: '1',
      event: String(course?.['code']),
      attendee: id(certified),
      pass: String(certified?.['pass']),
      agreement: id(books),
      notice: id(notice),
      listing: id(listing),
      lead: id(lead),
      offer: id(offer),
      visit: id(visit),
      month: String(months.at(-1)?.month ?? 'none'),
      application: id(application),
      task: 'class',
    }
    if (/\/applications\/:application($|\/(numbers|papers))/.test(path))
      return { ...values, application: id(worked), paper: String(part(worked, 'papers')['_id']) }
    if (path.endsWith('/handover/out/record')) return { ...values, lease: id(left) }
    if (path.endsWith('/:lease/edit')) return { ...values, lease: id(draft) }
    if (path.endsWith('/offers/:offer/edit')) return { ...values, lead: String(drafted?.['lead'] ?? 'none'), offer: id(drafted) }
    if (path.includes('/offers/:offer')) return { ...values, lead: String(offer?.['lead'] ?? 'none') }
    if (path.includes('/holds/:claim')) return { ...values, unit: id(held), claim: String(kept?._id ?? 'none') }
    if (path.includes('/blocks/:claim')) return { ...values, unit: id(works), claim: String(claim?._id) }
    if (/\/(split|remeasure|retirement|holds|blocks)$/.test(path)) return { ...values, unit: id(free) }
    return values
  }
}

/** Who opens which page: one address for each route that is a page. */
export async function addressesOf(client: MongoClient, routes: string[]): Promise<Record<string, [route: string, path: string][]>> {
  const valuesFor = await records(client)
  const list: Record<string, [string, string][]> = {}
  for (const route of routes.filter(path => !NO_PAGE.test(path))) {
    const values = valuesFor(route)
    const path = route.replace(/:(\w+)/g, (_all, name: string) => values[name] ?? `no-${name}`)
    if (/\/(none|no-\w+)(\/|$)/.test(path)) continue
    ;(list[personFor(route)] ??= []).push([route, path])
  }
  for (const [who, paths] of Object.entries(await moreStates(client))) for (const path of paths) (list[who] ??= []).push([path, path])
  return list
}
