import { type Db, type Document, MongoClient, ObjectId } from 'mongodb'
import { FOREVER } from '../../src/lib/days.ts'
import { MEASURED } from './multiply.ts'
import type { BenchVisitor } from './visitor.ts'

/** Submitting leases: the app's POST and the same writes done bare, one after the other in turn. */
interface Draft {
  lease: ObjectId
  unit: ObjectId
}

const TERM = { from: '2030-01-01', to: '2030-12-31' }

/** Drafts of one new unit each, so that every submission finds the same state. */
async function addDrafts(db: Db, count: number): Promise<Draft[]> {
  const model = (await db.collection('leases').findOne({ park: MEASURED, state: 'draft', renewalOf: null }))!
  const like = (await db.collection('units').findOne({ park: MEASURED, lineage: null, activeTo: FOREVER }))!
  const drafts = Array.from({ length: count }, () => ({ lease: new ObjectId(), unit: new ObjectId() }))
  const units: Document[] = drafts.map(({ unit }, i) => ({
    ...like,
    _id: unit,
    building: 'bench',
    code: `B${unit.toHexString()}`,
    claims: [],
    gaps: [{ from: like['activeFrom'], to: FOREVER }],
    gross: 1000 + i,
  }))
  const leases: Document[] = drafts.map(({ lease, unit }) => {
    const line = { ...model['versions'][0].lines[0], unit }
    const version = { ...model['versions'][0], ...TERM, rentFree: [], escalation: [], reductions: [], lines: [line] }
    return { ...model, _id: lease, number: `B-${lease}`, ...TERM, end: TERM.to, version: 0, units: [unit], versions: [version] }
  })
  await db.collection('units').insertMany(units)
  await db.collection('leases').insertMany(leases)
  return drafts
}

const managersOf = async (db: Db): Promise<string> =>
  (await db.collection('memberships').find({ park: MEASURED, role: 'manager' }).toArray()).map(row => String(row['user'])).join(',')

export interface SubmitTimes {
  app: number[]
  bare: number[]
}

export async function measureSubmit(uri: string, visitor: BenchVisitor, floor: string, rounds: number): Promise<SubmitTimes> {
  const client = await new MongoClient(uri).connect()
  const times: SubmitTimes = { app: [], bare: [] }
  const warm = Math.ceil(rounds / 4)
  try {
    const db = client.db()
    const drafts = await addDrafts(db, 2 * (rounds + warm))
    const users = await managersOf(db)
    for (let i = 0; i < rounds + warm; i++) {
      const [own, bare] = [drafts[2 * i]!, drafts[2 * i + 1]!]
      const started = performance.now()
      const { status, text } = await visitor.post(`/parks/${MEASURED}/leases/${own.lease}/submission`, { _key: `bench-${own.lease}` })
      const took = performance.now() - started
      if (status !== 303) throw new Error(`submission: ${status} ${text.slice(0, 300)}`)
      const query = new URLSearchParams({ park: MEASURED, lease: String(bare.lease), unit: String(bare.unit), users, ...TERM })
      const answer = (await (await fetch(`${floor}/submission?${query}`)).json()) as { ms: number }
      if (i < warm) continue
      times.app.push(took)
      times.bare.push(answer.ms)
    }
    const claimed = await db.collection('units').countDocuments({ park: MEASURED, building: 'bench', 'claims.stage': 'review' })
    if (claimed !== drafts.length) throw new Error(`${claimed} of ${drafts.length} submissions left a claim`)
  } finally {
    await client.close()
  }
  return times
}
