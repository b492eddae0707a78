import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { AuditEntry } from '../../src/audit/entry.ts'
import { dayAfter, weekday } from '../../src/lib/days.ts'
import { examine } from '../../src/overview/examine.ts'
import { addWorkdays, dayKind, kindsOf, ownDays } from '../../src/parks/calendar.ts'
import { isPublished } from '../../src/parks/calendar-base.ts'
import { addEntry, changeEntry } from '../../src/parks/calendar-change.ts'
import { CalendarDay } from '../../src/parks/calendar-day.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, newId } from '../setup/factories.ts'

interface Vector {
  from: string
  workingDays: number
  due: string
}

const vectors: Vector[] = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/workdays-2026.json'), 'utf8'))
const name = (zh: string) => ({ zh, en: null })
const pathOf = (park: string) => `/parks/${park}/settings/calendar`
const daysOf = async (park: string) => [...(await ownDays(park, '2000-01-01', '2100-12-31')).keys()]

describe('calendar', () => {
  useDatabase()

  it('counts working days as the worked examples do', () => {
    expect(vectors.length).to.be.greaterThan(50)
    for (const { from, workingDays, due } of vectors) expect(addWorkdays(from, workingDays), `${from} + ${workingDays}`).to.equal(due)
    expect(addWorkdays('2026-10-03', 0)).to.equal('2026-10-03')
  })

  it('knows holidays, make-up days and weekends of China; of an unknown year only weekends', () => {
    expect(['2026-10-01', '2026-10-03', '2026-10-10', '2026-10-11', '2026-10-12'].map(day => dayKind(day))).to.deep.equal([
      'holiday',
      'holiday',
      'workday',
      'weekend',
      'workday',
    ])
    expect(isPublished(2026)).to.equal(true)
    expect(isPublished(2099)).to.equal(false)
    for (let day = '2099-01-01'; day < '2099-12-31'; day = dayAfter(day))
      expect(dayKind(day)).to.equal(weekday(day) > 5 ? 'weekend' : 'workday')
    expect(dayKind('2026-10-01', new Map(), 'Europe/London')).to.equal('workday')
    expect(dayKind('2026-10-10', new Map(), 'Europe/London')).to.equal('weekend')
  })

  it('lets a park’s own days go first, in that park alone', async () => {
    const [park, other] = [await buildPark(), await buildPark()]
    await addEntry(park._id, { from: '2026-09-30', to: '2026-10-02', kind: 'workday', name: name('Fair') }, BY)
    await addEntry(park._id, { from: '2026-10-10', to: '2026-10-10', kind: 'holiday', name: name('Repairs') }, BY)
    const kinds = await kindsOf(park, '2026-10-01', '2026-10-10')
    expect([...kinds.keys()]).to.have.length(10)
    expect(kinds.get('2026-10-02')).to.deep.include({ kind: 'workday', own: true })
    expect(kinds.get('2026-10-03')).to.deep.include({ kind: 'holiday', own: false })
    expect(kinds.get('2026-10-10')).to.deep.include({ kind: 'holiday', own: true })
    expect((await kindsOf(other, '2026-10-02', '2026-10-02')).get('2026-10-02')!.kind).to.equal('holiday')
    const own = await ownDays(park._id, '2026-09-01', '2026-12-31')
    expect(addWorkdays('2026-09-30', 2, own)).to.equal('2026-10-02')
    expect(addWorkdays('2026-10-09', 1, own)).to.equal('2026-10-12')
  })

  it('is seen, added to, changed and removed on its page, each with an entry in the trail', async () => {
    const { _id: park } = await buildPark()
    const manager = await signedInAs('manager', { park })
    const page = await manager.get(`${pathOf(park)}?year=2026`).expect(200)
    expect(page.text).to.include('国庆节').and.include('title="2026-10-10，调休上班，国庆节"')
    expect((await manager.get(`${pathOf(park)}?year=2099`)).text).to.include('2099 年放假安排尚未公布')

    const added = await manager.post(pathOf(park), { from: '2026-12-30', to: '2027-01-02', kind: 'holiday', nameZh: '年终休整' })
    expect(added.headers['location']).to.equal(`${pathOf(park)}?year=2026`)
    expect(await daysOf(park)).to.deep.equal(['2026-12-30', '2026-12-31', '2027-01-01', '2027-01-02'])
    expect((await manager.get(`${pathOf(park)}?year=2027`)).text).to.include('年终休整')

    const { entry } = await CalendarDay.findOne({ park }).lean().orFail()
    const at = `${pathOf(park)}/${entry}`
    await manager.get(at).expect(200)
    const input = { from: '2026-12-31', kind: 'holiday', nameZh: '年终休整', nameEn: 'Break' }
    expect((await manager.post(at, { ...input, version: '0' })).status).to.equal(303)
    expect(await daysOf(park)).to.deep.equal(['2026-12-31'])

    // A second editor who saw the first version loses nothing and overwrites nothing.
    const second = await manager.post(at, { ...input, nameZh: 'Mine', version: '0' })
    expect(second.status).to.equal(409)
    expect(second.text).to.include('value="Mine"').and.include('年终休整')
    expect((await manager.post(`${at}/removal`, { version: '0' })).status).to.equal(409)
    expect(await daysOf(park)).to.deep.equal(['2026-12-31'])

    expect((await manager.post(`${at}/removal`, { version: '1' })).status).to.equal(303)
    expect(await daysOf(park)).to.deep.equal([])
    expect((await manager.get(at)).status).to.equal(404)
    const actions = (await AuditEntry.find({ park, kind: 'calendar' }).sort({ at: 1 }).lean()).map(row => row.action)
    expect(actions).to.deep.equal(['calendar.add', 'calendar.change', 'calendar.remove'])
  })

  it('says where it knows no holidays, and takes the park’s own there too', async () => {
    const park = await buildPark(undefined, { zone: 'Europe/London' })
    const manager = await signedInAs('manager', { park: park._id })
    const page = await manager.get(`${pathOf(park._id)}?year=2026`).expect(200)
    expect(page.text).to.include('Europe/London').and.not.include('国庆节')
    await manager.post(pathOf(park._id), { from: '2026-12-25', kind: 'holiday', nameZh: '圣诞节', nameEn: 'Christmas' })
    expect((await kindsOf(park, '2026-12-25', '2026-12-25')).get('2026-12-25')).to.deep.include({ kind: 'holiday', own: true })
  })

  it('refuses days that are set already, ranges the wrong way round and too long ones, and keeps what was typed', async () => {
    const { _id: park } = await buildPark()
    const manager = await signedInAs('manager', { park })
    const send = (fields: object) => manager.post(pathOf(park), { kind: 'holiday', nameZh: '<b>x</b>', ...fields })
    expect((await send({ from: '2027-05-01', to: '2027-05-03' })).status).to.equal(303)
    expect((await send({ from: '2027-05-03', to: '2027-05-04' })).status).to.equal(409)
    expect((await send({ from: '2027-06-03', to: '2027-06-01' })).status).to.equal(422)
    expect((await send({ from: '2027-06-01', to: '2027-12-01' })).status).to.equal(422)
    expect((await send({ from: '9999-12-31' })).status).to.equal(422)
    expect((await send({ from: '2027-06-01', kind: 'weekend' })).status).to.equal(422)
    const missing = await send({ from: '', nameZh: 'Kept' })
    expect(missing.status).to.equal(422)
    expect(missing.text).to.include('value="Kept"')
    expect(await daysOf(park)).to.deep.equal(['2027-05-01', '2027-05-02', '2027-05-03'])
    expect((await manager.get(`${pathOf(park)}?year=2027`)).text).not.to.include('<b>x')
  })

  it('makes one entry of a double submit, and of two who set the same day at once', async () => {
    const { _id: park } = await buildPark()
    const manager = await signedInAs('manager', { park })
    const fields = { from: '2027-05-01', kind: 'holiday', nameZh: 'Once' }
    const twice = await Promise.all([1, 2].map(() => manager.post(pathOf(park), { ...fields, _key: 'calendar-key-1' })))
    expect(twice.map(answer => answer.status)).to.deep.equal([303, 303])
    const race = await Promise.all(
      Array.from({ length: 6 }, (_, i) => manager.post(pathOf(park), { ...fields, from: '2027-06-01', to: `2027-06-0${i + 1}` })),
    )
    expect(race.map(answer => answer.status).sort()).to.deep.equal([303, 409, 409, 409, 409, 409])
    const entries = await CalendarDay.distinct('entry', { park })
    expect(entries).to.have.length(2)
  })

  it('is nobody else’s: another park’s entry is a 404, and only who may edit the park comes here', async () => {
    const [{ _id: park }, { _id: other }] = [await buildPark(), await buildPark()]
    const entry = await addEntry(other, { from: '2027-05-01', to: '2027-05-01', kind: 'holiday', name: name('Theirs') }, BY)
    const manager = await signedInAs('manager', { park })
    expect((await manager.get(`${pathOf(park)}/${entry}`)).status).to.equal(404)
    expect((await manager.post(`${pathOf(park)}/${entry}/removal`, { version: '0' })).status).to.equal(404)
    expect(await daysOf(other)).to.deep.equal(['2027-05-01'])
    const reception = await signedInAs('reception', { park })
    expect((await reception.get(pathOf(park))).status).to.equal(403)
  })

  it('is examined by the doctor', async () => {
    const { _id: park } = await buildPark()
    const entry = await addEntry(park, { from: '2027-07-01', to: '2027-07-03', kind: 'holiday', name: name('Whole') }, BY)
    await changeEntry(park, entry, 0, { from: '2027-07-02', to: '2027-07-04', kind: 'holiday', name: name('Whole') }, BY)
    const findings = async () => (await examine()).findings.filter(one => one.module === 'parks')
    expect(await findings()).to.deep.equal([])
    await CalendarDay.deleteOne({ park, day: '2027-07-03' })
    await CalendarDay.create([{ park: 'no-such-park', day: '2027-02-30', kind: 'holiday', name: name('x'), entry: newId() }])
    expect((await findings()).map(one => one.message)).to.have.length(3)
  })
})
