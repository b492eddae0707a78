import { expect } from 'chai'
import fc from 'fast-check'
import { Types } from 'mongoose'
import { Lead, NO_WISH } from '../../src/leads/lead.ts'
import { type Asked, filterOf, listQuery, orderOf, TABS, tabOf } from '../../src/leads/list.ts'
import { agesOf } from '../../src/leads/words.ts'
import { addDays, dayAt, daysBetween } from '../../src/lib/days.ts'
import { instantAt } from '../../src/lib/wall.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark } from '../setup/factories.ts'
import { buildLead, leadFacts } from '../setup/leads.ts'

/** What the filters find, against reading each lead one by one. */
const ZONE = 'Asia/Shanghai'
const TODAY = '2026-03-10'
const ME = new Types.ObjectId()
const OTHER = new Types.ObjectId()
const EVENT = new Types.ObjectId()

type Kept = Pick<
  Lead,
  'stage' | 'state' | 'source' | 'owner' | 'industry' | 'origin' | 'event' | 'wish' | 'at' | 'touchedAt' | 'next' | 'pool'
> & {
  _id: Types.ObjectId
  lost: Lead['lost']
}

const one = <T>(...values: T[]) => fc.constantFrom(...values)
const instant = fc.integer({ min: -60, max: 0 }).chain(days =>
  // Around midnight of the park: the edges are what filters get wrong.
  one(-1, 0, 1, 720).map(minute => instantAt(addDays(TODAY, days), minute, ZONE)),
)
const area = one(null, 5_000, 10_000, 20_000, 50_000)
const lead = fc.record({
  stage: one('new', 'viewing'),
  state: one('open', 'open', 'converted', 'lost', 'merged'),
  source: one('hotline', 'event'),
  owned: one(ME, OTHER, null),
  industry: one('software', null),
  origin: one('Jinhua', null),
  event: one(EVENT, null),
  areaFrom: area,
  areaTo: area,
  at: instant,
  touchedAt: instant,
  on: fc.integer({ min: -3, max: 3 }).map(days => addDays(TODAY, days)),
})

const maybe = <T>(...values: T[]) => one(undefined, undefined, ...values)
const asked = fc.record({
  tab: maybe(...TABS),
  stage: maybe('new'),
  state: maybe('open', 'lost', 'merged'),
  source: maybe('event'),
  owner: maybe('me', 'all', String(OTHER)),
  industry: maybe('software'),
  origin: maybe('Jinhua'),
  event: maybe(String(EVENT)),
  areaFrom: maybe('50', '150'),
  areaTo: maybe('100', '300'),
  from: maybe(addDays(TODAY, -30), TODAY),
  to: maybe(addDays(TODAY, -1), TODAY),
  idle: maybe('1', '7', '30'),
})

function isIn(row: Kept, given: Asked): boolean {
  const tab = tabOf(given)
  const day = (at: Date) => dayAt(at, ZONE)
  const tabs: Record<(typeof TABS)[number], boolean> = {
    mine: row.state === 'open' && String(row.owner) === String(ME),
    overdue: row.state === 'open' && row.next !== null && row.next.on < TODAY,
    today: row.state === 'open' && row.next?.on === TODAY,
    pool: row.state === 'open' && row.owner === null,
    open: row.state === 'open',
    converted: row.state === 'converted',
    lost: row.state === 'lost',
  }
  const owner = given.owner === 'me' ? String(ME) : given.owner
  const { areaFrom: from, areaTo: to } = row.wish
  const meets =
    (!given.areaFrom && !given.areaTo) ||
    ((from || to) && (from ?? 0) <= (given.areaTo ?? Infinity) && (to ?? Infinity) >= (given.areaFrom ?? 0))
  return [
    tab ? tabs[tab] : given.state ? true : row.state !== 'merged',
    !given.state || row.state === given.state,
    !given.stage || row.stage === given.stage,
    !given.source || row.source === given.source,
    !owner || owner === 'all' || String(row.owner) === owner,
    !given.industry || row.industry === given.industry,
    !given.origin || row.origin === given.origin,
    !given.event || String(row.event) === given.event,
    Boolean(meets),
    !given.from || day(row.at) >= given.from,
    !given.to || day(row.at) <= given.to,
    !given.idle || daysBetween(day(row.touchedAt), TODAY) >= given.idle,
  ].every(Boolean)
}

const reader = (park: string) => ({ park: { _id: park, zone: ZONE }, me: String(ME), today: TODAY })

describe('filters of leads', function () {
  this.timeout(120_000)
  useDatabase()

  it('find exactly what reading one by one finds, whatever is asked', async () => {
    const run = async (
      rows: (typeof lead extends fc.Arbitrary<infer T> ? T : never)[],
      questions: (typeof asked extends fc.Arbitrary<infer T> ? T : never)[],
    ) => {
      const park = `p${new Types.ObjectId()}`
      const kept: Kept[] = rows.map(({ owned, areaFrom, areaTo, on, ...rest }, i) => {
        const owner = rest.state === 'open' || rest.state === 'converted' ? owned : ME
        const open = rest.state === 'open'
        return {
          ...rest,
          _id: new Types.ObjectId(),
          owner,
          wish: { ...NO_WISH, areaFrom, areaTo },
          next: open && owner ? { what: 'x', on } : null,
          pool: open && !owner ? { at: rest.at, why: 'new' as const } : null,
          lost: null,
          ...{ park, number: `N${i}`, name: `Name ${i}`, normal: `name${i}`, path: [{ stage: rest.stage, at: rest.at }] },
        } as unknown as Kept
      })
      await Lead.collection.insertMany(kept as never)
      for (const question of questions) {
        const given = listQuery.parse(Object.fromEntries(Object.entries(question).filter(([, value]) => value !== undefined)))
        const found = await Lead.collection.find(await filterOf(given, reader(park))).toArray()
        const wanted = kept.filter(row => isIn(row, given)).map(row => String(row._id))
        expect(found.map(row => String(row._id)).sort(), JSON.stringify(question)).to.deep.equal(wanted.sort())
      }
    }
    await fc.assert(
      fc.asyncProperty(fc.array(lead, { minLength: 10, maxLength: 25 }), fc.array(asked, { minLength: 10, maxLength: 20 }), run),
      { numRuns: 25 },
    )
  })

  it('pages through all of them, each once, whatever they are sorted by', async () => {
    const park = (await buildPark())._id
    const same = new Date('2026-03-01T00:00:00Z')
    const rows = Array.from({ length: 40 }, (_, i) => ({
      ...{ _id: new Types.ObjectId(), park, number: `S${i}`, state: 'open', owner: ME, at: same, touchedAt: same },
      ...{ next: { what: 'x', on: TODAY }, wish: { ...NO_WISH, areaFrom: 10_000 }, pool: null },
    }))
    await Lead.collection.insertMany(rows as never)
    for (const sort of ['next', '-next', 'age', '-age', 'touched', '-touched', 'area', '-area']) {
      const given = listQuery.parse({ tab: 'mine', sort })
      const order = orderOf(given)
      expect(order.name).to.equal(sort)
      const seen: string[] = []
      for (let page = 0; page < 8; page++) {
        const filter = await filterOf(given, reader(park))
        const found = await Lead.collection
          .find(filter)
          .sort(order.sort)
          .skip(page * 5)
          .limit(5)
          .toArray()
        seen.push(...found.map(row => String(row._id)))
      }
      expect(new Set(seen).size, sort).to.equal(40)
    }
  })

  it('turns overdue at the park’s midnight, and counts days by its calendar', async () => {
    const park = (await buildPark())._id
    const { lead: made } = await buildLead(park)
    const next = { what: 'Call', on: TODAY }
    // 23:59 of the park's 10 March is still that day; a minute later the step is overdue, though in UTC it is one day all along.
    const at = (minute: number) => dayAt(instantAt(TODAY, minute, ZONE), ZONE)
    const ages = (minute: number) => agesOf({ ...made, state: 'open', next, touchedAt: instantAt(TODAY, 1439, ZONE) }, at(minute), ZONE)
    expect(ages(0)).to.include({ urgency: 'today', late: 0 })
    expect(ages(1439)).to.include({ urgency: 'today', late: 0, idle: 0 })
    expect(ages(1440)).to.include({ urgency: 'late', late: 1, idle: 1 })
    expect(ages(1440 * 3)).to.include({ urgency: 'late', late: 3, idle: 3 })
  })

  it('finds by a part of a name, a contact, a number and a phone', async () => {
    const park = (await buildPark())._id
    const contacts = [{ name: 'Zhang San', title: null, phone: '13912345678', email: null }]
    const { lead: made } = await buildLead(park, leadFacts({ name: '云帆科技', contacts }))
    await buildLead(park)
    for (const q of ['云帆', 'yunfan', 'yfkj', 'zhang', made.number, '12345678']) {
      const found = await Lead.collection.find(await filterOf(listQuery.parse({ q }), reader(park))).toArray()
      expect(
        found.map(row => String(row._id)),
        q,
      ).to.deep.equal([String(made._id)])
    }
  })
})
