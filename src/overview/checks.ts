import mongoose, { type Model, type Types } from 'mongoose'
import { Membership } from '../accounts/user.ts'
import { Application } from '../applications/application.ts'
import { Notice } from '../club/notice.ts'
import type { StoredFile } from '../files/store.ts'
import { Lead } from '../leads/lead.ts'
import { Offer } from '../leads/offer.ts'
import { Lease } from '../leases/lease.ts'
import type { Check, Report } from '../lib/check.ts'
import { District } from '../parks/district.ts'
import { Park } from '../parks/park.ts'
import { Room } from '../rooms/room.ts'
import { foldTerm, SearchEntry } from '../search/entry.ts'
import { Building } from '../spaces/building.ts'
import { Unit } from '../spaces/unit.ts'
import { Tenant } from '../tenants/tenant.ts'
import { Agreement } from '../trusteeship/agreement.ts'
import { Round } from '../trusteeship/round.ts'

/** What must hold between modules: nothing points at a record that isn't there, and whatever can be found is found. */
const slugs = async (): Promise<string[]> => (await Park.find({}, { _id: 1 }).lean()).map(park => park._id)

/** Park-owned records of a park that doesn't exist: no page reaches them. */
async function checkParks(report: Report): Promise<void> {
  const parks = await slugs()
  for (const name of mongoose.modelNames()) {
    const model = mongoose.model(name) as Model<{ park: string }>
    if (!model.schema.path('park')?.options['immutable']) continue
    const lost = model
      .find({ park: { $nin: parks } }, { park: 1 })
      .setOptions({ acrossParks: 'job:doctor' })
      .lean()
      .cursor()
    for await (const { _id, park } of lost) report('is of a park that isn’t there', { park, kind: name.toLowerCase(), id: _id })
  }
}

async function checkPlaces(report: Report): Promise<void> {
  const parks = await slugs()
  const districts = (await District.find({}, { _id: 1 }).lean()).map(district => district._id)
  for (const { _id, homeDistrict, hostDistrict } of await Park.find({}, { homeDistrict: 1, hostDistrict: 1 }).lean())
    for (const district of [homeDistrict, hostDistrict])
      if (district && !districts.includes(district))
        report(`names district ${district}, which isn't there`, { park: _id, kind: 'park', id: _id })
  for await (const { _id, park, district } of Membership.find().lean().cursor()) {
    const subject = { park, kind: 'membership', id: _id }
    if (park && !parks.includes(park)) report(`names park ${park}, which isn't there`, subject)
    if (district && !districts.includes(district)) report(`names district ${district}, which isn't there`, subject)
  }
}

type Exists = (park: string, ref: Types.ObjectId) => Promise<unknown>

/** The record behind each kind of link. */
const LINKED: Record<string, Exists> = {
  tenant: (park, _id) => Tenant.exists({ park, _id }),
  lease: (park, _id) => Lease.exists({ park, _id }),
  handover: (park, ref) => Lease.exists({ park, 'handovers._id': ref }),
  drawing: (park, _id) => Building.exists({ park, _id }),
  applicationpaper: (park, _id) => Application.exists({ park, _id }),
  applicationresult: (park, _id) => Application.exists({ park, _id }),
  room: (park, _id) => Room.exists({ park, _id }),
  trusteeship: (park, _id) => Agreement.exists({ park, _id }),
  trusteepaper: (park, _id) => Round.exists({ park, _id }),
  trusteereport: (park, _id) => Round.exists({ park, _id }),
  notice: (park, _id) => Notice.exists({ park, _id }),
  offer: (park, _id) => Offer.exists({ park, _id }),
  lead: (park, _id) => Lead.exists({ park, _id }),
}

async function checkLinks(report: Report): Promise<void> {
  const files = mongoose.connection.collection<StoredFile>('files.files')
  for await (const { _id, metadata } of files.find({ 'metadata.link': { $ne: null } } as never)) {
    const { park, link } = metadata as { park: string; link: { kind: string; ref: Types.ObjectId } }
    const exists = LINKED[link.kind]
    if (exists && !(await exists(park, link.ref)))
      report(`belongs to ${link.kind} ${link.ref}, which isn't there`, { park, kind: 'file', id: _id })
  }
}

async function checkDrawings(report: Report): Promise<void> {
  const files = mongoose.connection.collection<StoredFile>('files.files')
  for (const park of await slugs())
    for (const { _id, code, floors } of await Building.find({ park }).lean())
      for (const floor of floors) {
        if (!floor.drawing) continue
        const link = { 'metadata.park': park, 'metadata.link.kind': 'drawing', 'metadata.link.ref': _id }
        const found = await files.findOne({ _id: floor.drawing.file, ...link } as never, { projection: { _id: 1 } })
        const subject = { park, kind: 'floor', id: `${code}/${floor.code}` }
        if (!found) report(`shows the drawing ${floor.drawing.file}, which isn't there or isn't its own`, subject)
      }
}

interface Findable {
  _id: Types.ObjectId
  title: string
  texts: string[]
}

/** What the search box must find in a park: each record, by name, code or number. */
async function findable(park: string): Promise<[kind: SearchEntry['kind'], records: Findable[]][]> {
  const units = await Unit.find({ park }, { floor: 1, code: 1 }).lean()
  const tenants = await Tenant.find({ park, mergedInto: null }, { name: 1, creditCode: 1, contacts: 1 }).lean()
  const leases = await Lease.find({ park }, { number: 1, tenantName: 1 }).lean()
  const rooms = await Room.find({ park }, { name: 1, code: 1 }).lean()
  const leads = await Lead.find({ park, state: { $ne: 'merged' } }, { number: 1, name: 1, contacts: 1 }).lean()
  const applications = await Application.find({ park, number: { $ne: null } }, { number: 1, name: 1 }).lean()
  return [
    ['unit', units.map(({ _id, floor, code }) => ({ _id, title: `${floor} ${code}`, texts: [code] }))],
    [
      'tenant',
      tenants.map(({ _id, name, creditCode, contacts }) => {
        const texts = [name, ...(creditCode ? [creditCode] : []), ...contacts.map(contact => contact.name)]
        return { _id, title: name, texts }
      }),
    ],
    ['lease', leases.map(({ _id, number, tenantName }) => ({ _id, title: number, texts: [number, tenantName] }))],
    ['room', rooms.map(({ _id, name, code }) => ({ _id, title: name.zh, texts: [name.zh, code] }))],
    [
      'lead',
      leads.map(({ _id, number, name, contacts }) => ({ _id, title: name, texts: [number, name, ...contacts.map(one => one.name)] })),
    ],
    ['application', applications.map(({ _id, number, name }) => ({ _id, title: number!, texts: [number!, name] }))],
  ]
}

const MAX_TERM = 24

async function checkSearch(report: Report): Promise<void> {
  for (const park of await slugs()) {
    for (const [kind, records] of await findable(park)) {
      const entries = await SearchEntry.find({ park, kind }).lean()
      const byRef = new Map(entries.map(entry => [String(entry.ref), entry]))
      for (const { _id, title, texts } of records) {
        const entry = byRef.get(String(_id))
        byRef.delete(String(_id))
        const subject = { park, kind, id: _id, label: title }
        const lost = texts.map(text => foldTerm(text).slice(0, MAX_TERM)).filter(term => !entry?.terms.some(one => one.startsWith(term)))
        if (!entry) report('isn’t found by the search', subject)
        else if (entry.title !== title) report(`is found as “${entry.title}”`, subject)
        else if (lost.length) report(`isn’t found by ${lost.join(', ')}`, subject)
      }
      for (const entry of byRef.values()) report(`is found by the search and isn't there: ${entry.title}`, { park, kind, id: entry.ref })
    }
  }
}

async function checkPeopleFound(report: Report): Promise<void> {
  for (const park of await slugs()) {
    const people = new Set((await Membership.distinct('user', { park })).map(String))
    const entries = await SearchEntry.find({ park, kind: 'person' }, { ref: 1 }).lean()
    const found = new Set(entries.map(entry => String(entry.ref)))
    for (const id of people) if (!found.has(id)) report('isn’t found by the search', { park, kind: 'user', id })
    for (const id of found) if (!people.has(id)) report('is found by the search and has no role in the park', { park, kind: 'user', id })
  }
}

export const checks: Check[] = [
  { name: 'Every record is of a park that exists', run: checkParks },
  { name: 'Parks and roles name places that exist', run: checkPlaces },
  { name: 'Files belong to records that exist', run: checkLinks },
  { name: 'Drawings of floors are there', run: checkDrawings },
  { name: 'Every unit, tenant, lease, room and lead is found', run: checkSearch },
  { name: 'Everybody with a role is found', run: checkPeopleFound },
]
