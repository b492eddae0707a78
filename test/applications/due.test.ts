import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import { legOf } from '../../src/applications/progress.ts'
import { dueAfter, workdaysBetween } from '../../src/applications/workdays.ts'
import { addDays, type Day, DEFAULT_ZONE, daysBetween } from '../../src/lib/days.ts'
import { dayKind } from '../../src/parks/calendar.ts'
import { CalendarDay, type OwnKind } from '../../src/parks/calendar-day.ts'
import { serviceStep, submitted } from '../setup/applications.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark, newId } from '../setup/factories.ts'
import { ask, buildScene, finish, reload, reply, type Scene, setDay } from './scene.ts'

const VECTORS: { from: Day; workingDays: number; due: Day }[] = JSON.parse(
  readFileSync(new URL('../fixtures/workdays-2026.json', import.meta.url), 'utf8'),
)

/** Days a park sets itself, straight into its calendar. */
const ownDay = (park: string, day: Day, kind: OwnKind) =>
  CalendarDay.create([{ park, day, kind, name: { zh: 'Own', en: 'Own' }, entry: newId() }])

/** A service of two steps that take so many days. */
const twoSteps = (first: number, second: number) => [
  serviceStep('one', { days: first, outcome: 'decision' }),
  serviceStep('two', { days: second }),
]
const sceneOf = (first: number, second = 1): Promise<Scene> => buildScene({ steps: twoSteps(first, second), documents: [], keep: 60 })
const LIGHT = { papers: false }

describe('when a step is due', function () {
  this.timeout(60_000)
  useDatabase()

  it('is the day of every vector of 2026', async () => {
    const park = await buildPark()
    expect(VECTORS).to.have.length.above(50)
    for (const { from, workingDays, due } of VECTORS) {
      expect(await dueAfter(park, from, workingDays), `${workingDays} after ${from}`).to.equal(due)
      expect(await workdaysBetween(park, from, due), `from ${from} to ${due}`).to.equal(workingDays)
    }
  })

  it('is the day of every vector for a step that begins with handing in, and for one that begins with the end of another', async () => {
    const scenes = new Map<number, Scene>()
    for (const { workingDays } of VECTORS) if (!scenes.has(workingDays)) scenes.set(workingDays, await sceneOf(workingDays, workingDays))
    for (const { from, workingDays, due } of VECTORS) {
      const scene = scenes.get(workingDays)!
      const told = `${workingDays} after ${from}`
      setDay(from)
      const one = await submitted(scene.park._id, scene.code, LIGHT)
      expect([one.application.dueOn, legOf(one.application)!.due, legOf(one.application)!.from], told).to.deep.equal([due, due, from])
      const second = await finish(one)
      expect([second.step, second.dueOn, legOf(second)!.due], told).to.deep.equal([1, due, due])
    }
  })

  it('is today for a step that takes no day, on a holiday too', async () => {
    const scene = await sceneOf(0)
    for (const day of ['2026-10-03', '2026-11-26']) {
      setDay(day)
      const { application } = await submitted(scene.park._id, scene.code, LIGHT)
      expect(application.dueOn).to.equal(day)
    }
  })

  it('goes by the park’s own days before the published ones, and by no other park’s', async () => {
    const [mine, other] = [await buildPark(), await buildPark()]
    // Thursday 2026-07-09: Friday off, Saturday worked; National Day worked where the park says so.
    await ownDay(mine._id, '2026-07-10', 'holiday')
    await ownDay(mine._id, '2026-07-11', 'workday')
    await ownDay(mine._id, '2026-10-01', 'workday')
    expect(await dueAfter(mine, '2026-07-09', 1)).to.equal('2026-07-11')
    expect(await dueAfter(mine, '2026-07-09', 2)).to.equal('2026-07-13')
    expect(await dueAfter(mine, '2026-09-30', 1)).to.equal('2026-10-01')
    expect(await dueAfter(other, '2026-07-09', 1)).to.equal('2026-07-10')
    expect(await dueAfter(other, '2026-09-30', 1)).to.equal('2026-10-08')
    expect(await workdaysBetween(mine, '2026-07-09', '2026-07-12')).to.equal(1)
    expect(await workdaysBetween(other, '2026-07-09', '2026-07-12')).to.equal(1)
    expect(await workdaysBetween(mine, '2026-07-09', '2026-07-10')).to.equal(0)
  })

  it('waits through holidays of its own that are longer than what is read at first', async () => {
    const park = await buildPark()
    for (let i = 0; i < 80; i++) await ownDay(park._id, addDays('2026-07-01', i), 'holiday')
    expect(await dueAfter(park, '2026-06-30', 1)).to.equal('2026-09-20')
    expect(await dueAfter(park, '2026-06-30', 2)).to.equal('2026-09-21')
  })

  it('undoes counting working days, whatever the park’s own days (property)', async () => {
    const parks = await Promise.all(
      [0, 1, 2].map(async seed => {
        const park = await buildPark()
        for (let i = 0; i < 60; i++)
          if ((i * 7 + seed) % 5 === 0) await ownDay(park._id, addDays('2026-09-01', i), i % 2 ? 'holiday' : 'workday')
        return park
      }),
    )
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.nat(400), fc.nat(40), async (which, offset, count) => {
        const park = parks[which]!
        const from = addDays('2026-01-01', offset)
        const due = await dueAfter(park, from, count)
        expect(await workdaysBetween(park, from, due)).to.equal(count)
        if (count) expect(await workdaysBetween(park, from, addDays(due, -1))).to.equal(count - 1)
        expect(daysBetween(from, due)).to.be.at.least(count)
        // In two goes as in one.
        const middle = await dueAfter(park, from, Math.floor(count / 3))
        expect(await dueAfter(park, middle, count - Math.floor(count / 3))).to.equal(due)
      }),
      { numRuns: 150 },
    )
  })

  it('counts nothing backwards', async () => {
    const park = await buildPark()
    expect(await workdaysBetween(park, '2026-11-26', '2026-11-26')).to.equal(0)
    expect(await workdaysBetween(park, '2026-11-26', '2026-11-20')).to.equal(0)
  })
})

describe('the clock of a step', function () {
  this.timeout(60_000)
  useDatabase()

  it('stands still while the applicant is waited for, over holidays and make-up days', async () => {
    const scene = await sceneOf(5, 3)
    // Monday 2026-09-28, due over the National Day: 29, 30, then 8, 9 and the made-up Saturday 10 October.
    setDay('2026-09-28')
    const one = await submitted(scene.park._id, scene.code, LIGHT)
    expect(one.application.dueOn).to.equal('2026-10-10')
    setDay('2026-09-30')
    const asked = await ask(one)
    expect([asked.dueOn, asked.asks[0]!.left, asked.asks[0]!.on]).to.deep.equal([null, 3, '2026-09-30'])
    // Answered on the Sunday after the made-up Saturday: 8, 9 and 10 were waited, three are left.
    setDay('2026-10-11')
    const answered = await reply(one)
    expect([answered.dueOn, legOf(answered)!.due, legOf(answered)!.paused]).to.deep.equal(['2026-10-14', '2026-10-14', 3])
    setDay('2026-10-14')
    const done = await finish(one)
    expect([done.legs[0]!.used, done.legs[0]!.on, done.legs[0]!.days, done.legs[0]!.due]).to.deep.equal([5, '2026-10-14', 5, '2026-10-14'])
    expect([done.dueOn, legOf(done)!.from]).to.deep.equal(['2026-10-19', '2026-10-14'])
  })

  it('stands still from a Friday before the Spring Festival to its end', async () => {
    const scene = await sceneOf(3)
    // Thursday 2026-02-12; Saturday 14 is made up, 15…23 are off, Saturday 28 is made up.
    setDay('2026-02-12')
    const one = await submitted(scene.park._id, scene.code, LIGHT)
    expect(one.application.dueOn).to.equal('2026-02-24')
    setDay('2026-02-13')
    expect((await ask(one)).asks[0]!.left).to.equal(2)
    setDay('2026-02-24')
    const answered = await reply(one)
    expect([answered.dueOn, legOf(answered)!.paused]).to.deep.equal(['2026-02-26', 2])
    setDay('2026-02-26')
    await ask(one)
    setDay('2026-03-01')
    const twice = await reply(one)
    // Nothing was left: due when it was answered. Friday 27 and the made-up Saturday were waited for.
    expect([twice.dueOn, legOf(twice)!.paused]).to.deep.equal(['2026-03-01', 4])
    setDay('2026-03-03')
    const done = await finish(one)
    expect([done.legs[0]!.used, done.legs[0]!.due]).to.deep.equal([5, '2026-03-01'])
  })

  it('loses nothing when it is asked and answered on one day', async () => {
    const scene = await sceneOf(4)
    setDay('2026-11-26')
    const one = await submitted(scene.park._id, scene.code, LIGHT)
    const { dueOn } = one.application
    for (let i = 0; i < 3; i++) {
      await ask(one)
      expect((await reply(one)).dueOn).to.equal(dueOn)
    }
    expect(legOf(await reload(one))!.paused).to.equal(0)
    expect((await reload(one)).asks.map(({ left }) => left)).to.deep.equal([4, 4, 4])
  })

  it('gives a late step no day more, and says what it took', async () => {
    const scene = await sceneOf(1)
    setDay('2026-11-23')
    const one = await submitted(scene.park._id, scene.code, LIGHT)
    setDay('2026-11-26')
    expect((await ask(one)).asks[0]!.left).to.equal(0)
    setDay('2026-11-30')
    expect((await reply(one)).dueOn).to.equal('2026-11-30')
    setDay('2026-12-01')
    expect((await finish(one)).legs[0]!.used).to.equal(4)
  })

  it('keeps days and what they took in step: used + paused are the working days there were (property)', async () => {
    const scene = await sceneOf(6)
    const gaps = fc.array(fc.tuple(fc.nat(9), fc.nat(12)), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(fc.nat(300), gaps, fc.nat(9), async (offset, pauses, last) => {
        let day = addDays('2026-01-05', offset)
        const begun = day
        const to = (count: number) => {
          day = addDays(day, count)
          setDay(day)
        }
        to(0)
        const one = await submitted(scene.park._id, scene.code, LIGHT)
        let expected = one.application.dueOn!
        let waited = 0
        for (const [worked, waiting] of pauses) {
          to(worked)
          const { left } = (await ask(one)).asks.at(-1)!
          expect(left).to.equal(await workdaysBetween(scene.park, day, expected))
          const from = day
          to(waiting)
          expected = (await reply(one)).dueOn!
          waited += countWorkdays(from, day)
          expect(countWorkdays(day, expected)).to.equal(left)
        }
        to(last)
        const [leg] = (await finish(one)).legs
        expect([leg!.paused, leg!.used]).to.deep.equal([waited, countWorkdays(begun, day) - waited])
      }),
      { numRuns: 12 },
    )
  })
})

/** Counted day by day: a way of its own. */
function countWorkdays(from: Day, to: Day): number {
  let count = 0
  for (let i = 1; i <= daysBetween(from, to); i++) if (dayKind(addDays(from, i), undefined, DEFAULT_ZONE) === 'workday') count += 1
  return count
}
