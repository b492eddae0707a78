import mongoose, { type Types } from 'mongoose'
import { invite, openInvitations } from '../../src/accounts/invitations.ts'
import { Membership } from '../../src/accounts/user.ts'
import { saveBuffer, type Upload } from '../../src/files/store.ts'
import { readSheet } from '../../src/imports/sheet.ts'
import { createImport } from '../../src/imports/steps.ts'
import { recordHandover } from '../../src/leases/handover.ts'
import { addMonths, today } from '../../src/lib/days.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { addEntry } from '../../src/parks/calendar-change.ts'
import { District } from '../../src/parks/district.ts'
import { Park } from '../../src/parks/park.ts'
import { makeBlackout } from '../../src/rooms/blackout-make.ts'
import { addPhotos, MAX_PHOTOS } from '../../src/rooms/room-photos.ts'
import { joinWaitlist } from '../../src/rooms/waitlist-steps.ts'
import { blockUnit, holdUnit } from '../../src/spaces/blocks.ts'
import { Building } from '../../src/spaces/building.ts'
import { changeDrawing, readDrawing, storeDrawing } from '../../src/spaces/drawings.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { addContact } from '../../src/tenants/contacts.ts'
import { attachDocuments } from '../../src/tenants/documents.ts'
import { addFigures } from '../../src/tenants/figures.ts'
import { addQualification } from '../../src/tenants/qualifications.ts'
import { FIGURES, Tenant } from '../../src/tenants/tenant.ts'
import { applicationWorld } from '../setup/applications.ts'
import { clubWorld } from '../setup/club.ts'
import { eventWorld } from '../setup/events.ts'
import { BY, buildBuilding, buildLease, buildPark, buildTenant, buildUnit, buildUser } from '../setup/factories.ts'
import { leadWorld } from '../setup/leads.ts'
import { mentoringWorld } from '../setup/mentoring.ts'
import { offerWorld } from '../setup/offers.ts'
import { PNG } from '../setup/pictures.ts'
import { buildBooking, buildRoom, holderOf } from '../setup/rooms.ts'
import { buildSeries } from '../setup/series.ts'
import { serviceWithExample } from '../setup/services.ts'
import { ago, buildAgreement, roundOf, walkTo } from '../setup/trusteeship.ts'

/** One record of every kind that an address can name, in a park: what the matrix asks for. */
export interface World {
  park: string
  district: string
  tenant: Types.ObjectId
  /** The parameters of a route's address: the i-th column's copies of the park's records, of its own tenant or of another one. */
  params(path: string, i?: number, who?: 'own' | 'neighbour'): Record<string, string>
}

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50"><rect width="100" height="50"/></svg>'

async function drawFloor(park: string): Promise<string> {
  const drawing = await storeDrawing(park, readDrawing(Buffer.from(SVG), 'image/svg+xml'), 'plan.svg', BY)
  const building = await Building.findOne({ park, code: 'a' }).lean().orFail()
  await changeDrawing({ park, building: 'a', floor: '1F' }, building.version, drawing, BY)
  return String(drawing.file)
}

/** Enough of each for every column to use one up, below /tenants and again below /company. */
const COPIES = 20
const copies = <T>(make: (i: number) => Promise<T>): Promise<T[]> =>
  Array.from({ length: COPIES }, (_, i) => i).reduce<Promise<T[]>>(async (done, i) => [...(await done), await make(i)], Promise.resolve([]))

async function paperOf(park: string, tenant: Types.ObjectId, i: number): Promise<string> {
  const file = await saveBuffer(Buffer.from('%PDF-1.4'), { park, name: `paper ${i}.pdf`, type: 'application/pdf', by: BY.id })
  await attachDocuments(park, tenant, 'other', [file], BY)
  return String(file.id)
}

/** A person of the place, and their membership. */
async function joined(role: 'member' | 'reception', where: { park: string; tenant?: Types.ObjectId }) {
  const user = await buildUser(role, where)
  return { user: String(user._id), membership: String((await Membership.findOne({ user: user._id }).lean().orFail())._id) }
}

/** A tenant with records of each kind, and a signed lease on a unit of its own. */
async function fillTenant(park: string, name: string) {
  const tenant = await buildTenant(park, name)
  const _id = tenant._id
  const unit = await buildUnit({ park })
  const { lease } = await buildLease({ unit, tenant, from: addMonths(today(), -2) })
  const handed = { unit: unit._id, checklist: [], electricity: null, water: null, keys: null, note: null }
  await recordHandover(park, lease._id, { ...handed, kind: 'in', on: lease.from }, BY)
  await recordHandover(park, lease._id, { ...handed, kind: 'out', on: today() }, BY)
  await addFigures(park, _id, 2024, Object.fromEntries(FIGURES.map(field => [field, null])) as never, BY)
  await copies(i => addContact(park, _id, { name: `Somebody ${i}`, title: null, phone: '13900000000', email: null, primary: !i }, BY))
  await copies(() => addQualification(park, _id, { kind: 'hightech', number: null, grantedOn: '2024-01-01', validTo: null }, BY))
  const files = await copies(i => paperOf(park, _id, i))
  const members = await copies(() => joined('member', { park, tenant: _id }))
  await invite({ email: `guest-${_id}@example.com`, role: 'member', park, tenant: _id }, 'Park', 'zh-CN', BY)
  const [invitation] = await openInvitations({ park, tenant: _id })
  const { contacts, qualifications } = await Tenant.findOne({ park, _id }).lean().orFail()
  return (i: number) => ({
    tenant: String(_id),
    unit: String(unit._id),
    lease: String(lease._id),
    contact: String(contacts[i]!._id),
    qualification: String(qualifications[i]!._id),
    year: '2024',
    file: files[i]!,
    membership: members[i]!.membership,
    invitation: String(invitation!._id),
  })
}

async function claimsOf(park: string) {
  const [held, blocked] = [await buildUnit({ park }), await buildUnit({ park })]
  const period = { from: today(), to: addMonths(today(), 1), label: 'Somebody' }
  await holdUnit(park, held._id, { ...period, expiresAt: new Date(Date.now() + 86_400_000) }, BY)
  await blockUnit(park, blocked._id, { ...period, kind: 'works' }, BY)
  const claim = async (unit: { _id: Types.ObjectId }) =>
    String((await Unit.findOne({ park, _id: unit._id }).lean().orFail()).claims[0]!._id)
  return {
    hold: { unit: String(held._id), claim: await claim(held) },
    block: { unit: String(blocked._id), claim: await claim(blocked) },
  }
}

async function importOf(park: string): Promise<string> {
  const file = await saveBuffer(Buffer.from('name\nSomebody\n'), { park, name: 'tenants.csv', type: 'text/csv', by: BY.id })
  return String(await createImport(park, 'tenants', { file, format: 'csv', sheet: await readSheet(file.id, 'csv') }, BY))
}

/** A room with photos: not one for each column, but each that may remove one finds another. */
async function roomOf(park: string) {
  const room = await buildRoom({ park })
  const files: Upload[] = []
  for (let i = 0; i < MAX_PHOTOS; i++) files.push(await saveBuffer(PNG, { park, name: `photo ${i}.png`, type: 'image/png', by: BY.id }))
  await addPhotos(park, room._id, files, BY)
  return (i: number) => ({ room: String(room._id), photo: String(files[i % MAX_PHOTOS]!.id) })
}

/** Bookings of a tenant, one for each column: a step of one leaves the others as they are. */
async function bookingsOf(park: string, tenant: string) {
  const room = await buildRoom({ park })
  const holder = await holderOf(park, new mongoose.Types.ObjectId(tenant))
  const made = await copies(async i => (await buildBooking({ room, holder, from: i * 30, to: i * 30 + 30 })).booking)
  const series = String((await buildSeries(room, holder))._id)
  return (i: number) => ({ booking: String(made[i]!._id), series })
}

/** An agreement of a tenant, one of its months closed: what was handed in and reported in it stays. */
async function booksOf(park: string, tenant: string) {
  const agreement = await buildAgreement({ park, tenant: new mongoose.Types.ObjectId(tenant) })
  await walkTo(agreement, ago(3), 'reported')
  const { papers, reports } = await roundOf(agreement, ago(3))
  const [item, report] = [String(papers[0]!._id), String(reports[0]!._id)]
  return { agreement: String(agreement._id), month: ago(3), paper: 'bank', item, report }
}

/** A closed room, and somebody of a tenant who waits for another one. */
async function closedAndWaiting(park: string, tenant: string) {
  const where = (await Park.findById(park).lean().orFail()) as Park
  const { room, booking } = await buildBooking({ room: await buildRoom({ park }) })
  const closed = await buildRoom({ park })
  const slot = { day: booking.day, from: booking.from, to: booking.to }
  const reason = { zh: 'Cleaning', en: null }
  const blackout = await makeBlackout(where, { rooms: [closed._id], slot, rule: null, reason }, null, BY)
  const holder = await holderOf(park, new mongoose.Types.ObjectId(tenant))
  const rest = { contact: null, title: 'Meeting', private: false, people: null, note: null, attendees: [], extras: [] }
  const entry = await joinWaitlist(where, { room: room._id, slot, holder, ...rest }, BY, { desk: false })
  return { blackout: String(blackout._id), wait: String(entry._id) }
}

async function staffOf(park: string) {
  const clerks = await copies(() => joined('reception', { park }))
  await invite({ email: `clerk-${park}@example.com`, role: 'reception', park }, 'Park', 'zh-CN', BY)
  const [invitation] = await openInvitations({ park, tenant: null })
  return (i: number) => ({ ...clerks[i]!, invitation: String(invitation!._id) })
}

async function districtOf(slug: string) {
  const text = (zh: string) => ({ zh, en: zh })
  await District.create([{ _id: slug, name: text(slug), bureau: text(`Bureau of ${slug}`), city: text('City') }])
  const official = await buildUser('official', { district: slug })
  return String((await Membership.findOne({ user: official._id }).lean().orFail())._id)
}

export async function buildWorld(park: string, district: string): Promise<World> {
  const officialMembership = await districtOf(district)
  await buildPark(park, { homeDistrict: district })
  await buildBuilding(park, { code: 'a', floors: ['1F'] })
  const own = await fillTenant(park, `Own of ${park}`)
  const neighbour = await fillTenant(park, `Neighbour of ${park}`)
  const [claims, staff, drawing] = [await claimsOf(park), await staffOf(park), await drawFloor(park)]
  const imported = await importOf(park)
  const closing = { from: today(), to: today(), kind: 'holiday' as const, name: { zh: 'Closed' } }
  const entry = String(await addEntry(park, closing, BY))
  const room = await roomOf(park)
  const bookings = { own: await bookingsOf(park, own(0).tenant), neighbour: await bookingsOf(park, neighbour(0).tenant) }
  const books = { own: await booksOf(park, own(0).tenant), neighbour: await booksOf(park, neighbour(0).tenant) }
  const waits = { own: await closedAndWaiting(park, own(0).tenant), neighbour: await closedAndWaiting(park, neighbour(0).tenant) }
  const asId = (text: string) => new mongoose.Types.ObjectId(text)
  const mentoring = await mentoringWorld(park, { own: asId(own(0).tenant), neighbour: asId(neighbour(0).tenant) }, COPIES)
  const events = await eventWorld(park, COPIES)
  const applications = await applicationWorld(park, { own: asId(own(0).tenant), neighbour: asId(neighbour(0).tenant) }, COPIES)
  const club = await clubWorld(park, { own: asId(own(0).tenant), neighbour: asId(neighbour(0).tenant) })
  const leads = await leadWorld(park, COPIES)
  const offers = await offerWorld(park, i => leads('', i)['lead']!, COPIES)
  const service = await serviceWithExample(park, `service-of-${park}`, 'registration')
  const mail = String((await Mail.findOneAndUpdate({}, { failed: true }).orFail())._id)
  const fixed = {
    park,
    district,
    slug: district,
    building: 'a',
    floor: '1F',
    kind: 'units',
    user: staff(0).user,
    mail,
    entry,
    token: 'no-such-token',
    service: service.code,
    document: 'document-1',
    no: '1',
  }
  const params = (path: string, i = 0, who: 'own' | 'neighbour' = 'own'): Record<string, string> => {
    const copy = path.includes('/company/') ? i + COPIES / 2 : i
    const records = (who === 'own' ? own : neighbour)(copy)
    const all = {
      ...fixed,
      ...records,
      ...room(copy),
      ...bookings[who](copy),
      ...waits[who],
      ...mentoring(i, who),
      ...books[who],
      ...events(i),
      ...club(who),
      ...leads(path, i),
      ...(path.includes('/offers') ? offers(i) : {}),
      notification: records.lease,
      import: imported,
    }
    if (path.includes('/applications')) return { ...all, ...applications(path, i, who) }
    if (path.includes('/:agreement/reports/:year')) return { ...all, year: books.own.month.slice(0, 4) }
    if (path.includes('/holds/:claim')) return { ...all, ...claims.hold }
    if (path.includes('/blocks/:claim')) return { ...all, ...claims.block }
    if (path.includes('/drawing/:file')) return { ...all, file: drawing }
    if (path.includes('/parks/:park/people')) return { ...all, ...staff(i) }
    if (path.includes('/officials/:membership')) return { ...all, membership: officialMembership }
    return all
  }
  const id = (text: string) => text as unknown as Types.ObjectId
  return { park, district, tenant: id(own(0).tenant), params }
}
