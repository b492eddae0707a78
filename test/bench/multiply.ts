import { type Db, type Document, ObjectId } from 'mongodb'
import { checkCharacter } from '../../src/tenants/credit-code.ts'

/**
 * From the demo to the ×100 database, by copying its documents with the driver: ten times the records in the measured park, ten
 * times the parks, and histories (audit entries, notices, ended leases) a hundred times as long. Everything a schema asks for is
 * there because the originals have it.
 */
export const MEASURED = 'dongxin'
const TIMES = 10
const OWNED = ['buildings', 'units', 'tenants', 'leases', 'audit', 'search', 'notifications']
const HEX = /[0-9a-f]{24}/g

type Change = (name: string, doc: Document) => Document

/** Copies documents with ids of their own, references among them kept; users and files stay the same. */
class Copier {
  readonly ids = new Map<string, ObjectId>()
  readonly shared: Set<string>
  readonly text: (value: string) => string

  constructor(shared: Set<string>, text: (value: string) => string) {
    this.shared = shared
    this.text = text
  }

  #id(hex: string): ObjectId {
    let id = this.ids.get(hex)
    if (!id) {
      id = new ObjectId()
      this.ids.set(hex, id)
    }
    return id
  }

  copy<T>(value: T): T {
    if (value instanceof ObjectId) {
      const hex = value.toHexString()
      return (this.shared.has(hex) ? value : this.#id(hex)) as T
    }
    if (typeof value === 'string') {
      return this.text(value).replace(HEX, hex => (this.shared.has(hex) ? hex : this.#id(hex).toHexString())) as T
    }
    if (Array.isArray(value)) return value.map(item => this.copy(item)) as T
    if (value === null || typeof value !== 'object' || value instanceof Date || '_bsontype' in value) return value
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.copy(item)])) as T
  }
}

async function insert(db: Db, name: string, docs: Document[]): Promise<void> {
  for (let i = 0; i < docs.length; i += 2000) await db.collection(name).insertMany(docs.slice(i, i + 2000), { ordered: false })
}

async function copyPark(db: Db, park: string, copier: Copier, change: Change): Promise<void> {
  for (const name of OWNED) {
    const docs = await db.collection(name).find({ park }).toArray()
    await insert(
      db,
      name,
      docs.map(doc => change(name, copier.copy(doc))),
    )
  }
}

/** Marks that keep unique keys unique: the building's code, the lease's number, the tenant's name and credit code. */
function markCopy(name: string, doc: Document, k: number): Document {
  if (name === 'buildings') doc['code'] += k
  if (name === 'units') doc['building'] += k
  // Users stay the same; ten times the people are found all the same.
  if (name === 'search' && doc['kind'] === 'person') doc['ref'] = new ObjectId()
  if (name === 'tenants') {
    doc['normal'] += k
    if (doc['creditCode']) {
      const body = `${doc['creditCode'].slice(0, 8)}${k}${doc['creditCode'].slice(9, 17)}`
      doc['creditCode'] = body + checkCharacter(body)
    }
  }
  return doc
}

async function sharedIds(db: Db): Promise<Set<string>> {
  const users = await db.collection('users').find({}).project({ _id: 1 }).toArray()
  const files = await db.collection('files.files').find({}).project({ _id: 1 }).toArray()
  return new Set([...users, ...files].map(doc => String(doc['_id'])))
}

const YEARS = 10

/** Ten leases of a year each in every unit, before the demo's own: signed, handed back, over. */
async function lengthenLeases(db: Db): Promise<void> {
  const model = (await db.collection('leases').findOne({ park: MEASURED, state: 'signed', 'versions.1': { $exists: false } }))!
  const tenants = await db.collection('tenants').find({ park: MEASURED }).project({ name: 1 }).toArray()
  const terms = new Map(
    (await db.collection('search').find({ park: MEASURED, kind: 'tenant' }).toArray()).map(doc => [String(doc['ref']), doc]),
  )
  const units = await db.collection('units').find({ park: MEASURED, lineage: null }).toArray()
  const leases: Document[] = []
  const entries: Document[] = []
  const updates = units.map((unit, i) => {
    const first = Number(unit['activeFrom'].slice(0, 4))
    const claims = Array.from({ length: YEARS }, (_, back) => {
      const year = first - 1 - back
      const tenant = tenants[(i * 7 + back) % tenants.length]!
      const lease = new ObjectId()
      const term = { from: `${year}-01-01`, to: `${year}-12-31` }
      const number = `HT-${year}-${String(i + 1).padStart(5, '0')}`
      const line = {
        ...model['versions'][0].lines[0],
        unit: unit['_id'],
        floor: unit['floor'],
        code: unit['code'],
        area: unit['chargeable'],
      }
      const version = { ...model['versions'][0], from: term.from, lines: [{ ...line, since: term.from }], signedOn: term.from }
      leases.push({
        ...model,
        _id: lease,
        number,
        tenant: tenant['_id'],
        tenantName: tenant['name'],
        ...term,
        end: term.to,
        versions: [{ ...version, rentFree: [], escalation: [], reductions: [] }],
        units: [unit['_id']],
        unitCodes: [unit['code']],
        area: unit['chargeable'],
        occupied: [],
        signedOn: term.from,
        handovers: [],
      })
      const known = terms.get(String(tenant['_id']))
      entries.push({
        ...known,
        _id: new ObjectId(),
        kind: 'lease',
        ref: lease,
        title: number,
        path: `/leases/${lease}`,
        tenant: tenant['_id'],
      })
      return {
        ...CLAIM,
        ...term,
        _id: new ObjectId(),
        lease,
        number,
        tenant: tenant['_id'],
        tenantName: tenant['name'],
        vacatedOn: term.to,
        movedInOn: term.from,
      }
    })
    const activeFrom = `${first - YEARS}-01-01`
    const set = { activeFrom, claims: [...claims.reverse(), ...unit['claims']] }
    return { updateOne: { filter: { _id: unit['_id'] }, update: { $set: set } } }
  })
  for (let i = 0; i < updates.length; i += 500) await db.collection('units').bulkWrite(updates.slice(i, i + 500))
  await insert(db, 'leases', leases)
  await insert(db, 'search', entries)
}

const CLAIM = { kind: 'lease', stage: 'signed', continued: false, of: null, lead: null, label: null, expiresAt: null, by: null }

/** The audit trail and the notices ten times over again: each copy a year further back. */
async function lengthenTrails(db: Db): Promise<void> {
  for (const name of ['audit', 'notifications']) {
    const docs = await db.collection(name).find({ park: MEASURED }).toArray()
    for (let k = 1; k < TIMES; k++) {
      const back = k * 365 * 86_400_000
      await insert(
        db,
        name,
        docs.map(doc => ({ ...doc, _id: new ObjectId(), at: new Date(doc['at'].getTime() - back), readAt: doc['readAt'] ?? new Date() })),
      )
    }
  }
}

/** The sign-ins of ten times ten parks. */
async function addSessions(db: Db): Promise<void> {
  const user = (await db.collection('users').findOne({}))!
  const expires = new Date(Date.now() + 14 * 86_400_000)
  const identity = { id: '0'.repeat(24), name: user['name'], email: user['email'], lang: 'zh-CN', theme: 'auto', version: 1, grants: [] }
  const session = (i: number) => ({ _id: `bench-${i}` as never, expires, session: { cookie: {}, passport: { user: identity } } })
  await insert(
    db,
    'sessions',
    Array.from({ length: 5000 }, (_, i) => session(i)),
  )
}

export async function multiply(db: Db): Promise<void> {
  const parks = await db.collection('parks').find({}).toArray()
  const shared = await sharedIds(db)
  for (let k = 1; k < TIMES; k++) {
    for (const park of parks) {
      const slug = `${park['_id']}-${k}`
      const rename = (value: string) => (value === String(park['_id']) ? slug : value.replace(`/parks/${park['_id']}/`, `/parks/${slug}/`))
      await db.collection('parks').insertOne({ ...park, _id: slug as never })
      await copyPark(db, String(park['_id']), new Copier(shared, rename), (_name, doc) => doc)
    }
  }
  const originals = new Map<string, Document[]>()
  for (const name of OWNED) originals.set(name, await db.collection(name).find({ park: MEASURED }).toArray())
  for (let k = 1; k < TIMES; k++) {
    const copier = new Copier(shared, value => value.replace(/^HT-\d{4}-\d{4}$/, number => `${number}-${k}`))
    for (const [name, docs] of originals)
      await insert(
        db,
        name,
        docs.map(doc => markCopy(name, copier.copy(doc), k)),
      )
  }
  await lengthenLeases(db)
  await lengthenTrails(db)
  await addSessions(db)
}
