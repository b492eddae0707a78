import { type Db, type Document, ObjectId } from 'mongodb'
import { courseOf } from '../../../src/leads/course.ts'
import { LOST_REASONS, type PathStep, SOURCES } from '../../../src/leads/lead.ts'
import { MOVED, SIGNING, USUAL } from '../../../src/leads/setup.ts'
import { addDays, today } from '../../../src/lib/days.ts'
import { INDUSTRIES } from '../../../src/parks/park.ts'
import { PRODUCTS } from '../../../src/spaces/unit.ts'

/** A park with many leads, most of them over, and many units. Everything is the same from run to run. */
export const MEASURED = 'dongxin'
const AT_A_TIME = 5000
const DAY = 86_400_000
const HOUR = DAY / 24
const STAGES = USUAL.stages.map(stage => stage.code)
const ORIGINS = ['Wucheng', 'Jindong', 'Lanxi', 'Dongyang', 'Yiwu', 'Yongkang', 'Pujiang', 'Wuyi', 'Panan', 'Hangzhou', 'Shanghai', null]

/** The same numbers every time (a linear congruence): figures of two runs are of the same park. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** The lead whose units are matched, and what it looks for: half an office floor, from today on. */
export const MATCHED = '5eed000000000000000000aa'
export const WISH = { areaFrom: 8000, areaTo: 16_000, months: 24 }

export interface Sizes {
  leads: number
  /** Of them, open. */
  open: number
  units: number
}

/** A history that ends before now: some stages, then open, lost, signed or moved in. */
function pathOf(below: (n: number) => number, begin: number, end: number, isOpen: boolean): PathStep[] {
  const path: PathStep[] = [{ stage: STAGES[0]!, at: new Date(begin) }]
  let at = begin
  const go = (stage: string) => {
    at = Math.min(end, at + HOUR + below(20 * 24) * HOUR + below(HOUR))
    path.push({ stage, at: new Date(at) })
  }
  const reached = 1 + Math.min(below(STAGES.length), below(STAGES.length + 1))
  for (let i = 1; i < reached; i++) if (below(10)) go(STAGES[i]!)
  if (isOpen) return path
  if (below(100) < 85) go('lost')
  else {
    go(SIGNING)
    if (below(10) < 8) go(MOVED)
  }
  return path
}

function leadOf(i: number, { leads, open }: Sizes, owners: Document[], events: ObjectId[], below: (n: number) => number): Document {
  const end = Date.now() - HOUR
  const isOpen = i >= leads - open
  // Spread over the year the funnel shows; the open ones over its last three months.
  const back = isOpen ? below(90 * 24) : 24 + Math.floor(((leads - i) / leads) * 330 * 24)
  const path = pathOf(below, end - back * HOUR, end, isOpen)
  const last = path.at(-1)!
  const state = last.stage === 'lost' ? 'lost' : last.stage === SIGNING || last.stage === MOVED ? 'converted' : 'open'
  const owner = isOpen && !below(10) ? null : owners[below(owners.length)]!
  const source = SOURCES[below(SOURCES.length)]!
  const phone = `139${String(i).padStart(8, '0')}`
  const area = 5000 + below(60) * 1000
  const converted = state === 'converted'
  return {
    ...{
      _id: new ObjectId(),
      park: MEASURED,
      number: `XB-${String(i).padStart(7, '0')}`,
      name: `Bench company ${i}`,
      normal: `benchcompany${i}`,
    },
    ...{
      creditCode: null,
      phones: [phone],
      contacts: [{ name: `Contact ${i}`, title: 'CEO', phone, email: null }],
      source,
      sourceNote: null,
    },
    ...{ industry: INDUSTRIES[below(INDUSTRIES.length)], origin: ORIGINS[below(ORIGINS.length)] },
    ...{ event: source === 'event' ? events[below(events.length)] : null },
    wish: {
      ...{ areaFrom: area, areaTo: area + 5000, budget: area * 60, product: PRODUCTS[below(PRODUCTS.length)], desks: null },
      ...{ from: addDays(today(), below(300)), months: 12 * (1 + below(3)), note: 'A bright office near the lift' },
    },
    ...{ state, stage: path.findLast(({ stage }) => stage !== 'lost')!.stage, path, course: courseOf(path), at: path[0]!.at },
    ...{ owner: owner?.['_id'] ?? null, ownerName: owner?.['name'] ?? null, pool: owner || !isOpen ? null : { at: last.at, why: 'given' } },
    next: isOpen && owner ? { what: 'Call again', on: addDays(today(), below(40) - 10) } : null,
    ...{ touchedAt: last.at, warnedAt: null, lost: state === 'lost' ? { reason: LOST_REASONS[below(9)], note: null, by: 'Bench' } : null },
    ...{ tenant: converted ? new ObjectId() : null, lease: converted ? new ObjectId() : null, mergedInto: null, consentAt: null },
    ...{ version: path.length, createdAt: path[0]!.at, updatedAt: last.at },
  }
}

async function insertMany(db: Db, name: string, count: number, make: (i: number) => Document): Promise<void> {
  for (let first = 0; first < count; first += AT_A_TIME) {
    const some = Array.from({ length: Math.min(AT_A_TIME, count - first) }, (_, i) => make(first + i))
    await db.collection(name).insertMany(some, { ordered: false })
  }
}

/** Copies of the park's own units, with their claims: as many of them let as there are in the demo. */
async function seedUnits(db: Db, count: number): Promise<void> {
  const models = await db.collection('units').find({ park: MEASURED, lineage: null }).toArray()
  const known = await db.collection('units').countDocuments({ park: MEASURED })
  await insertMany(db, 'units', Math.max(0, count - known), i => {
    const model = models[i % models.length]!
    const claims = model['claims'].map((claim: Document) => ({ ...claim, _id: new ObjectId(), lease: claim['lease'] && new ObjectId() }))
    return { ...model, _id: new ObjectId(), code: `${model['code']}-${Math.floor(i / models.length)}`, claims }
  })
}

export async function seedLeads(db: Db, sizes: Sizes): Promise<void> {
  const roles = { $in: ['promotion', 'manager'] }
  const staff = await db.collection('memberships').find({ park: MEASURED, role: roles }).toArray()
  const ids = staff.map(one => one['user'])
  const owners = await db
    .collection('users')
    .find({ _id: { $in: ids } })
    .toArray()
  const events = Array.from({ length: 30 }, () => new ObjectId())
  const below = numbers(7)
  await insertMany(db, 'leads', sizes.leads, i => leadOf(i, sizes, owners, events, below))
  const wish = { ...WISH, budget: 3_000_000, product: 'office', desks: null, from: null, note: null }
  await db.collection('leads').updateOne({ park: MEASURED, state: 'open', number: /^XB-/ }, { $set: { number: 'XB-MATCHED', wish } })
  const known = await db.collection('leads').findOne({ park: MEASURED, number: 'XB-MATCHED' })
  // Under an id that is the same in every run: addresses name it.
  await db.collection('leads').deleteOne({ _id: known!._id })
  await db.collection('leads').insertOne({ ...known, _id: new ObjectId(MATCHED) })
  await seedUnits(db, sizes.units)
}
