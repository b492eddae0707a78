import { expect } from 'chai'
import fc from 'fast-check'
import type { Types } from 'mongoose'
import { AUDIENCE_INCUBATION, AUDIENCE_KINDS, AUDIENCE_PLACES, type Audience, audienceFilter, reaches } from '../../src/club/audience.ts'
import { Notice, type NoticeState, PHASE_FILTERS, type Phase, phaseOf } from '../../src/club/notice.ts'
import { readingBy, sumsOf } from '../../src/club/reading.ts'
import { hasLeft, type Standing } from '../../src/club/standing.ts'
import { addDays, type Day } from '../../src/lib/days.ts'
import { INDUSTRIES } from '../../src/parks/park.ts'
import { INCUBATION_STATES } from '../../src/tenants/incubation.ts'
import { PLACES } from '../../src/tenants/places.ts'
import { useDatabase } from '../setup/database.ts'
import { newId } from '../setup/factories.ts'

/** Whom a notice is for, by the rule and by the filter of the list, and who counts as having read it. */
const TENANTS = Array.from({ length: 4 }, newId)
const some = <T>(values: readonly T[]) => fc.subarray([...values], { maxLength: 3 })

const audience: fc.Arbitrary<Audience> = fc.record({
  kind: fc.constantFrom(...AUDIENCE_KINDS),
  places: some(AUDIENCE_PLACES),
  incubation: some(AUDIENCE_INCUBATION),
  industries: some(INDUSTRIES.slice(0, 4)),
  tenants: some(TENANTS),
})
const standing: fc.Arbitrary<Standing> = fc.record({
  tenant: fc.constantFrom(...TENANTS),
  name: fc.constant('A company'),
  industry: fc.constantFrom(...INDUSTRIES.slice(0, 5)),
  place: fc.constantFrom(...PLACES),
  incubation: fc.constantFrom(...INCUBATION_STATES),
})

const one = (more: Partial<Standing> = {}): Standing => ({
  ...{ tenant: TENANTS[0]!, name: 'A company', industry: 'iot', place: 'here', incubation: 'incubating' },
  ...more,
})
const whom = (more: Partial<Audience>): Audience => ({ kind: 'rule', places: [], incubation: [], industries: [], tenants: [], ...more })

describe('whom a notice is for', () => {
  useDatabase()

  it('is everybody, whoever fits, or those that were chosen; never who has left', () => {
    expect(reaches(whom({ kind: 'all' }), one())).to.equal(true)
    expect(reaches(whom({ kind: 'all' }), one({ place: 'gone' }))).to.equal(false)
    expect(reaches(whom({ kind: 'all' }), one({ place: 'never', incubation: 'left' }))).to.equal(false)
    expect(reaches(whom({ kind: 'all' }), one({ place: 'here', incubation: 'left' })), 'stays as a tenant').to.equal(true)
    expect(reaches(whom({ industries: ['iot', 'energy'] }), one())).to.equal(true)
    expect(reaches(whom({ industries: ['energy'] }), one())).to.equal(false)
    expect(reaches(whom({ industries: ['iot'], incubation: ['over'] }), one()), 'each group counts').to.equal(false)
    expect(reaches(whom({ kind: 'chosen', tenants: [TENANTS[1]!] }), one())).to.equal(false)
    expect(reaches(whom({ kind: 'chosen', tenants: [TENANTS[1]!, TENANTS[0]!] }), one())).to.equal(true)
  })

  it('is the same to the list as to the page: the filter finds what the rule reaches', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(audience, { minLength: 1, maxLength: 12 }), fc.array(standing, { maxLength: 3 }), async (all, own) => {
        const park = `park-${newId()}`
        const text = { zh: 'x', en: null }
        const docs = all.map(whom => ({ _id: newId(), park, title: text, text, audience: whom }))
        await Notice.insertMany(docs)
        const found = await Notice.find({ park, $and: [audienceFilter(own)] }, { _id: 1 }).lean()
        const wanted = docs.filter(doc => own.some(each => reaches(doc.audience, each)))
        expect(found.map(doc => String(doc._id)).sort()).to.deep.equal(wanted.map(doc => String(doc._id)).sort())
      }),
      { numRuns: 60 },
    )
  })

  it('is a draft, current, past or withdrawn on any day: one of them, and the filter agrees', async () => {
    const ON = '2026-06-15'
    const day = fc.option(fc.integer({ min: -3, max: 3 }).map(n => addDays(ON, n)))
    const state = fc.constantFrom<NoticeState>('draft', 'published', 'withdrawn')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ state, until: day }), { minLength: 1, maxLength: 8 }), async all => {
        const park = `park-${newId()}`
        const text = { zh: 'x', en: null }
        const docs = all.map((each: { state: NoticeState; until: Day | null }) => ({
          _id: newId(),
          park,
          title: text,
          text,
          audience: whom({ kind: 'all' }),
          ...each,
        }))
        await Notice.insertMany(docs)
        for (const phase of Object.keys(PHASE_FILTERS) as Phase[]) {
          const found = await Notice.find({ park, ...PHASE_FILTERS[phase](ON) }, { _id: 1 }).lean()
          const wanted = docs.filter(doc => phaseOf(doc, ON) === phase)
          expect(found.map(doc => String(doc._id)).sort(), phase).to.deep.equal(wanted.map(doc => String(doc._id)).sort())
        }
      }),
      { numRuns: 25 },
    )
  })
})

describe('who has read a notice', () => {
  const USERS = Array.from({ length: 5 }, newId)
  const pair = fc.record({ user: fc.constantFrom(...USERS), tenant: fc.constantFrom(...TENANTS) })
  const reading = fc.record({
    user: fc.constantFrom(...USERS),
    tenants: fc.subarray(TENANTS),
    at: fc.date({ min: new Date('2026-01-01'), max: new Date('2026-02-01'), noInvalidDate: true }),
  })
  const id = (text: Types.ObjectId) => String(text)

  it('is each of a company’s people once, read or waiting, and whoever read for it and has left', () => {
    fc.assert(
      fc.property(fc.array(pair), fc.uniqueArray(reading, { selector: each => id(each.user) }), (posts, reads) => {
        const people = USERS.map(_id => ({ _id, name: id(_id) }))
        const rows = readingBy(
          TENANTS.map(tenant => ({ tenant, name: id(tenant) })),
          posts,
          people,
          reads,
        )
        expect(rows).to.have.length(TENANTS.length)
        for (const row of rows) {
          const members = new Set(posts.filter(post => post.tenant.equals(row.tenant)).map(post => id(post.user)))
          const names = [...row.readers, ...row.waiting].map(each => each.name)
          expect(new Set(names).size, 'once').to.equal(names.length)
          expect([...row.readers, ...row.waiting].filter(each => !each.left).map(each => each.name)).to.have.members([...members])
          for (const each of row.waiting) expect([each.at, reads.some(read => id(read.user) === each.name)]).to.deep.equal([null, false])
          for (const each of row.readers) {
            const read = reads.find(mark => id(mark.user) === each.name)!
            expect(each.at).to.equal(read.at)
            if (each.left)
              expect([members.has(each.name), read.tenants.some(tenant => tenant.equals(row.tenant))]).to.deep.equal([false, true])
          }
        }
        const sums = sumsOf(rows)
        expect(sums.people - sums.peopleRead).to.equal(rows.reduce((sum, row) => sum + row.waiting.length, 0))
        expect(sums.companiesRead).to.be.at.most(sums.companies)
      }),
    )
  })

  it('knows who has left the park by place and incubation alone', () => {
    fc.assert(
      fc.property(standing, each => {
        if (each.place === 'here' || each.place === 'next') expect(hasLeft(each)).to.equal(false)
        if (each.place === 'gone') expect(hasLeft(each)).to.equal(true)
      }),
    )
  })
})
