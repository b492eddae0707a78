import { expect } from 'chai'
import mongoose, { type Types } from 'mongoose'
import { Membership } from '../../src/accounts/user.ts'
import type { Application } from '../../src/applications/application.ts'
import { checks } from '../../src/applications/checks.ts'
import { addMonths, today } from '../../src/lib/days.ts'
import { filledDraft, registrationAnswers, submitted } from '../setup/applications.ts'
import { useDatabase } from '../setup/database.ts'
import { buildUnit, newId } from '../setup/factories.ts'
import { ask, buildScene, expectSound, findings, finish, refuseIt, reload, type Scene, walkTo } from './scene.ts'

/** Each rule broken on purpose, past all that keeps it: the doctor names the application, and nothing else is wrong with it. */
type Which = 'draft' | 'running' | 'asked' | 'prepared' | 'done' | 'refused'
type Break = [told: string, which: Which, set: Record<string, unknown> | ((one: Application) => Record<string, unknown>), found: RegExp]

const leg = (one: Application, i: number, more: object) => one.legs.map((row, at) => (at === i ? { ...row, ...more } : row))
const OTHER_DAY = '2001-01-01'

const BREAKS: Record<string, Break[]> = {
  'Applications keep a version of their service': [
    ['a version that isn’t there', 'running', { no: 9 }, /keeps version 9/],
    ['a service that isn’t there', 'running', { service: newId() }, /isn’t there/],
    ['another code', 'running', { code: 'other' }, /calls its service other/],
    ['another kind', 'running', { kind: 'repair' }, /calls its service .*repair/],
  ],
  'Applications go step by step': [
    ['a draft with a number', 'draft', { number: 'BL-1' }, /is draft with the number BL-1/],
    ['handed in without a number', 'running', { number: null }, /is running with the number null/],
    ['handed in on no day', 'running', { submittedOn: null }, /handed in on null/],
    ['a draft that was handed in', 'draft', { submittedOn: '2026-01-01', submittedAt: new Date() }, /is draft and handed in/],
    ['a step skipped', 'prepared', one => ({ step: 2, legs: leg(one, 1, { step: 2, key: 'licence' }) }), /went from step 0 to 2/],
    ['a step done again', 'done', one => ({ legs: [one.legs[0], one.legs[0], ...one.legs.slice(1)] }), /went from step 0 to 0/],
    ['no first step', 'prepared', one => ({ legs: one.legs.slice(1) }), /went from step -1 to 1/],
    ['a step of another name', 'prepared', one => ({ legs: leg(one, 1, { key: 'x' }) }), /has a step x at 1/],
    ['done before it began', 'prepared', one => ({ legs: leg(one, 0, { on: OTHER_DAY }) }), /did step check from/],
    ['due before it began', 'prepared', one => ({ legs: leg(one, 0, { due: OTHER_DAY }) }), /did step check from/],
    ['two steps at once', 'prepared', one => ({ legs: leg(one, 0, { endedAt: null, used: null }) }), /with step check/],
    [
      'no step going on',
      'running',
      one => ({ legs: leg(one, 0, { endedAt: new Date(), used: 1, on: today() }) }),
      /is running with step check/,
    ],
    [
      'a step going on after the end',
      'refused',
      one => ({ legs: leg(one, 0, { endedAt: null, used: null }) }),
      /is refused with step check/,
    ],
    ['what a step took, before it is done', 'running', one => ({ legs: leg(one, 0, { used: 3 }) }), /took 3 days/],
    ['another step than its last', 'running', { step: 1 }, /is at step 1; its last one is 0/],
    ['no steps', 'refused', { legs: [] }, /is refused without a step/],
    ['done half-way', 'done', one => ({ step: 2, legs: one.legs.slice(0, 3) }), /is done at step 2 of 4/],
  ],
  'Open applications have an owner who can do their step, and are due when it is': [
    ['nobody', 'running', { owner: null }, /is running with the owner null/],
    ['somebody after the end', 'refused', { owner: newId() }, /is refused with the owner/],
    ['somebody who can’t', 'running', { owner: newId(), ownerName: 'X' }, /is with X, who can’t/],
    ['due on another day', 'running', { dueOn: OTHER_DAY }, /is due on 2001-01-01/],
    ['due on no day', 'running', { dueOn: null }, /is due on null/],
    ['due while the applicant is waited for', 'asked', { dueOn: OTHER_DAY }, /is due on 2001-01-01; its step says null/],
  ],
  'Applications wait for one answer at a time': [
    ['nothing asked', 'asked', { asks: [] }, /waits for 0 answers/],
    ['asked twice', 'asked', one => ({ asks: [...one.asks, ...one.asks] }), /waits for 2 answers/],
    [
      'an open question while it is worked on',
      'running',
      { asks: [{ _id: newId(), answeredAt: null }] },
      /is running with something asked/,
    ],
    ['an open question when it is done', 'done', { asks: [{ _id: newId(), answeredAt: null }] }, /is done with something asked/],
  ],
  'Applications end once': [
    ['no end', 'done', { endedAt: null }, /is done and ended on/],
    ['no day of its end', 'done', { endedOn: null }, /is done and ended on null/],
    ['an end while it is open', 'running', { endedAt: new Date(), endedOn: today() }, /is running and ended on/],
    ['an end before its beginning', 'done', { endedOn: OTHER_DAY }, /before it began/],
    ['six stars', 'done', { rating: { stars: 6, words: null, at: new Date() } }, /is rated 6/],
  ],
  'Papers and results of applications are their own': [
    ['a paper that isn’t there', 'running', one => ({ papers: [{ ...one.papers[0], file: newId() }] }), /shows file/],
    [
      'a result that isn’t there',
      'prepared',
      one => ({ legs: leg(one, 0, { files: [{ file: newId(), name: 'x', size: 1 }] }) }),
      /shows file/,
    ],
    ['a step without its result', 'done', one => ({ legs: leg(one, 2, { files: [] }) }), /ended step licence without its file/],
  ],
  'Applications are charged their fee with its reduction, or nothing': [
    ['charged and nothing of it', 'running', { charged: true }, /is charged 0 and 0 fen; it should be 80000 and 0/],
    ['charges without it', 'prepared', { charged: false }, /is charged 80000 and 0 fen; it should be 0 and 0/],
    ['another fee', 'prepared', { fee: 100 }, /it should be 80000 and 100/],
    ['another full fee', 'prepared', { fullFee: 90_000 }, /it should be 90000 and 0/],
    ['more than the full fee', 'running', { fee: 90_000 }, /costs 90000 of 80000/],
    ['no class', 'running', { class: null }, /handed in by nobody knows whom/],
  ],
  'Companies are taken in and founded whole': [
    ['a tenant that isn’t there', 'prepared', { tenant: newId() }, /is of tenant/],
    ['another name', 'prepared', { name: 'X' }, /calls its company “X”/],
    ['nobody taken in', 'prepared', { tenant: null }, /took nobody in/],
    ['founded before its step', 'prepared', { foundedOn: today() }, /is at step 1 and founded its company on/],
    ['not founded after its step', 'done', { foundedOn: null }, /founded its company on null/],
    ['a lease that isn’t there', 'prepared', { lease: newId() }, /prepared lease/],
  ],
  'Identity papers go when they should': [
    ['papers left', 'done', { erasedAt: new Date(), eraseOn: null }, /was erased and keeps identity papers/],
    [
      'numbers left',
      'done',
      one => ({ erasedAt: new Date(), eraseOn: null, papers: one.papers.map(paper => ({ ...paper, file: null })) }),
      /keeps identity papers/,
    ],
    ['an end without a day', 'done', { eraseOn: null }, /is done and erased on null/],
    ['a day while it is open', 'running', { eraseOn: addMonths(today(), 1) }, /is running and erased on/],
    ['a draft without a day', 'draft', { eraseOn: null }, /is a draft that never goes/],
  ],
}

const raw = (name = 'applications') => mongoose.connection.collection(name)

describe('the doctor on applications', function () {
  this.timeout(60_000)
  useDatabase()
  let scene: Scene
  let park: string
  const all = {} as Record<Which, Types.ObjectId>

  before(async () => {
    scene = await buildScene()
    park = scene.park._id
    const names = (first: string) => registrationAnswers({ names: { first, second: `${first} 2`, third: `${first} 3` } })
    const unit = await buildUnit({ park })
    const address = { unit: unit._id, code: unit.code }
    const apply = (first: string, more = {}) => submitted(park, scene.code, { answers: { ...names(first), ...more } })
    const [running, asked, prepared, done, refused] = [
      await apply('Running'),
      await apply('Asked'),
      await apply('Prepared', { address }),
      await apply('Done'),
      await apply('Refused'),
    ]
    await ask(asked)
    await finish(prepared)
    await walkTo(done, 4)
    await refuseIt(refused)
    const draft = await filledDraft(park, scene.code)
    for (const [which, one] of Object.entries({ draft, running, asked, prepared, done, refused }))
      all[which as Which] = (await reload(one))._id
  })

  /** Breaks a record, looks, and puts it back. */
  async function broken(name: string, _id: Types.ObjectId, set: Record<string, unknown>, check?: string): Promise<string[]> {
    const before = await raw(name).findOne({ _id })
    await raw(name).updateOne({ _id }, { $set: set })
    const found = await findings(park, check)
    await raw(name).replaceOne({ _id }, before!)
    return found
  }

  it('finds nothing in applications at every stage', async () => {
    await expectSound(park)
    expect(Object.keys(BREAKS)).to.deep.equal(checks.map(({ name }) => name))
  })

  for (const [check, breaks] of Object.entries(BREAKS))
    for (const [told, which, set, message] of breaks)
      it(`${check}: ${told}`, async () => {
        const one = (await raw().findOne({ _id: all[which] })) as unknown as Application
        const found = await broken('applications', all[which], typeof set === 'function' ? set(one) : set, check)
        expect(found.join('\n')).to.match(message)
      })

  it('names what others have broken: a paper of another, a company by half, a merged one, an owner whose role is gone', async () => {
    const done = (await raw().findOne({ _id: all.done })) as unknown as Application
    const paper = done.papers[0]!.file!
    const links = { 'metadata.link.ref': newId() }
    expect(String(await broken('files.files', paper, links))).to.contain(`shows file ${paper}, which isn’t its own`)
    const tenant = done.tenant!
    for (const set of [{ creditCode: null }, { incubation: null }, { foundedOn: null }])
      expect(String(await broken('tenants', tenant, set))).to.contain('founded its company by half')
    expect(String(await broken('tenants', tenant, { mergedInto: newId() }))).to.contain(`is of tenant ${tenant}, who isn’t there`)
    const row = await Membership.findOne({ user: scene.people.reception._id }).orFail().lean()
    const found = await broken('memberships', row._id, { role: 'finance' })
    expect(found.filter(line => line.includes('who can’t do its step'))).to.have.length(3)
    await expectSound(park, 'put back')
  })

  it('names a charge nobody ordered', async () => {
    const [charge] = await raw('charges').find({ 'source.ref': all.prepared }).toArray()
    const extra = { ...charge!, _id: newId(), key: 'extra' }
    await raw('charges').insertOne(extra)
    expect(String(await findings(park))).to.contain('is charged 160000 and 80000 fen; it should be 80000 and 0')
    await raw('charges').deleteOne({ _id: extra._id })
    await expectSound(park)
  })
})
