import { expect } from 'chai'
import mongoose from 'mongoose'
import { AuditEntry } from '../../src/audit/entry.ts'
import { MAX_HORIZON, Room, roomPath, ruleFor } from '../../src/rooms/room.ts'
import { rulesValues } from '../../src/rooms/room-rules-form.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark, buildTenant, inDays } from '../setup/factories.ts'
import { buildBooking, buildRoom } from '../setup/rooms.ts'
import type { Visitor } from '../setup/visitor.ts'

const FACTS = { nameZh: 'Meeting', nameEn: 'Meeting', kind: 'meeting', capacity: '8', code: 'M1', placeZh: '1F', order: '10' }
type Fields = Record<string, string>

const read = (room: Pick<Room, '_id' | 'park'>) => Room.findOne({ park: room.park, _id: room._id }).lean().orFail() as Promise<Room>

/** The form of a room's rules as the page sends it back: ticks only where they are set. */
function asSent(room: Room, change: Fields = {}): Fields {
  const shown = Object.entries(rulesValues(room)).filter(([, value]) => value !== false)
  return { ...Object.fromEntries(shown.map(([name, value]) => [name, value === true ? 'on' : String(value)])), ...change }
}

const without = (fields: Fields, ...names: string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))

describe('rooms', () => {
  useDatabase()
  let park: string
  let manager: Visitor

  beforeEach(async () => {
    park = (await buildPark())._id
    manager = await signedInAs('manager', { park })
  })

  const create = (fields: object) => manager.post(`/parks/${park}/rooms`, { ...FACTS, ...fields })

  it('adds a room, found by name, code and pinyin, and leads to its rules: nobody may book it before', async () => {
    const answer = await create({
      nameZh: '\u6d3d\u8c08\u533a',
      equipment: ['wifi', 'screen'],
      'extras[0][zh]': 'Tea',
      'extras[0][price]': '5',
      'extras[0][per]': 'person',
    })
    expect(answer.status).to.equal(303)
    const room = (await Room.findOne({ park }).lean().orFail()) as Room
    expect(answer.headers['location']).to.equal(`${roomPath(room)}/rules`)
    expect(room).to.deep.include({ code: 'M1', capacity: 8, equipment: ['screen', 'wifi'], rules: [], whole: null, release: null })
    expect(room.extras).to.deep.equal([{ code: 'extra-1', name: { zh: 'Tea', en: null }, per: 'person', fen: 500 }])
    for (const q of ['qtq', 'm1', 'tanqu']) expect((await manager.get(`/parks/${park}/search?q=${q}`)).text).to.include(roomPath(room))
    const [entry] = await AuditEntry.find({ park, kind: 'room' }).lean()
    expect(entry).to.deep.include({ action: 'room.create', ref: room._id })
    const tenant = await buildTenant(park)
    const owner = await signedInAs('owner', { park, tenant: tenant._id })
    expect((await owner.get(roomPath(room))).text).not.to.include('/bookings/new')
  })

  it('has one room of a code, however often and from how many tabs it is sent', async () => {
    const key = { _key: 'one-time-key-1' }
    const [one, two] = await Promise.all([create(key), create(key)])
    expect([one.status, two.status]).to.deep.equal([303, 303])
    expect(one.headers['location']).to.equal(two.headers['location'])
    const again = await create({ nameZh: 'Another' })
    expect(again.status).to.equal(409)
    expect(again.text).to.include('Another')
    expect(await Room.countDocuments({ park })).to.equal(1)
  })

  it('refuses what no room can be, and keeps what was typed', async () => {
    const wrong: [object, string][] = [
      [{ capacity: '0' }, 'capacity'],
      [{ code: 'M 1/2' }, 'code'],
      [{ nameZh: '' }, 'nameZh'],
      [{ kind: 'cellar' }, 'kind'],
      [{ equipment: ['gold'] }, 'equipment'],
      [{ placeZh: '', placeEn: 'Somewhere' }, 'placeZh'],
      [{ release: '1' }, 'release'],
      [{ 'extras[0][zh]': 'Tea', 'extras[0][price]': '-1', 'extras[0][per]': 'each' }, 'extras'],
      [{ park: 'other', capacity: { $gt: 1 } }, 'capacity'],
    ]
    for (const [fields, field] of wrong) {
      const answer = await create({ textZh: 'kept as it was', ...fields })
      expect(answer.status, JSON.stringify(fields)).to.equal(422)
      expect(answer.text).to.include('kept as it was').and.include(`href="#${field}`)
    }
    expect(await Room.countDocuments({ park })).to.equal(0)
  })

  it('lets a room be a part of a hall of the park for good, and of nothing else', async () => {
    const hall = await buildRoom({ park })
    expect((await create({ whole: String(hall._id), like: String(hall._id) })).status).to.equal(303)
    const part = (await Room.findOne({ park, code: 'M1' }).lean().orFail()) as Room
    expect(part.whole).to.deep.equal(hall._id)
    expect(part.rules.map(rule => rule.class)).to.deep.equal(hall.rules.map(rule => rule.class))
    const [foreign, retired] = [await buildRoom(), await buildRoom({ park, activeTo: inDays(30) })]
    for (const [i, whole] of [part, foreign, retired].entries())
      expect((await create({ code: `X${i}`, whole: String(whole._id) })).status).to.equal(422)
    expect((await create({ code: 'X9', like: String(foreign._id) })).status).to.equal(422)
    await manager.post(`${roomPath(part)}/edit`, { ...FACTS, version: '0', whole: '', nameZh: 'Half' })
    expect(await read(part)).to.deep.include({ whole: hall._id, name: { zh: 'Half', en: 'Meeting' } })
  })

  it('shows the second editor both values, of facts and of rules', async () => {
    const room = await buildRoom({ park })
    const second = await signedInAs('manager', { park })
    const facts = { ...FACTS, version: '0' }
    expect((await manager.post(`${roomPath(room)}/edit`, { ...facts, placeZh: 'Ground floor' })).status).to.equal(303)
    const stale = await second.post(`${roomPath(room)}/edit`, { ...facts, placeZh: 'Top floor' })
    expect(stale.status).to.equal(409)
    expect(stale.text).to.include('Ground floor').and.include('Top floor')
    const now = await read(room)
    expect((await manager.post(`${roomPath(room)}/rules`, asSent(now, { tenant_price: '123.45' }))).status).to.equal(303)
    const late = await second.post(`${roomPath(room)}/rules`, asSent(now, { tenant_price: '67.89' }))
    expect(late.status).to.equal(409)
    expect(late.text).to.include('123.45').and.include('67.89')
    expect(ruleFor(await read(room), 'tenant')!.price).to.equal(12_345)
  })

  it('sets the rules of each class, a copy of another class’s among them, and never changes a booking made', async () => {
    const { booking, room } = await buildBooking({ room: await buildRoom({ park, rule: { price: 1_000, after: 30 } }) })
    const change = {
      ...{ tenant_workdayFrom: '8:30', tenant_workdayTo: '24:00', tenant_weekendFrom: '', tenant_weekendTo: '' },
      ...{
        tenant_price: '60',
        tenant_max: '1.5',
        tenant_notice: '24',
        tenant_cancelBefore: '48',
        tenant_cancelPercent: '50',
        tenant_after: '0',
      },
      ...{ tenant_freeHours: 'on', student_same: 'tenant', park_same: 'student' },
    }
    const fields = without(asSent(room, change), 'outside_open')
    expect((await manager.post(`${roomPath(room)}/rules`, fields)).status).to.equal(303)
    const { rules } = await read(room)
    expect(rules.map(rule => rule.class)).to.deep.equal(['tenant', 'student', 'park'])
    const [tenant, ...copies] = rules
    expect(tenant!.hours).to.deep.equal({ workday: { from: 510, to: 1440 }, weekend: null, holiday: { from: 0, to: 1440 } })
    expect(tenant).to.deep.include({
      price: 6_000,
      max: 90,
      notice: 1440,
      cancelBefore: 2880,
      cancelPercent: 50,
      freeHours: true,
      after: 0,
    })
    for (const copy of copies) expect({ ...copy, class: 'tenant' }).to.deep.equal(tenant)
    const kept = await mongoose.connection.collection('bookings').findOne({ _id: booking._id })
    expect(kept!['terms']).to.deep.equal(booking.terms)
    expect(booking.terms).to.include({ price: 1_000, after: 30 })
    const entries = await AuditEntry.find({ park, ref: room._id, action: /^room\.rules/ }).lean()
    expect(entries.map(entry => entry.action).sort()).to.deep.equal(
      ['outside', 'park', 'student', 'tenant'].map(name => `room.rules.${name}`),
    )
    const price = entries.find(entry => entry.action === 'room.rules.tenant')!.changes.find(one => one.field === 'price')
    expect(price).to.deep.include({ before: 1_000, after: 6_000 })
  })

  it('refuses rules by which nobody could ever book', async () => {
    const room = await buildRoom({ park })
    const never = Object.fromEntries(
      ['workday', 'weekend', 'holiday'].flatMap(day => ['From', 'To'].map(end => [`tenant_${day}${end}`, ''])),
    )
    const wrong: [Fields, string][] = [
      [{ tenant_workdayFrom: '18:00', tenant_workdayTo: '09:00' }, 'tenant_workdayTo'],
      [{ tenant_workdayFrom: '09:00', tenant_workdayTo: '09:00' }, 'tenant_workdayTo'],
      [{ tenant_workdayFrom: '', tenant_workdayTo: '09:00' }, 'tenant_workdayFrom'],
      [{ tenant_workdayTo: '24:30' }, 'tenant_workdayTo'],
      [{ tenant_workdayFrom: '08:15' }, 'tenant_workdayFrom'],
      [{ tenant_step: '7' }, 'tenant_step'],
      [{ tenant_min: '45' }, 'tenant_min'],
      [{ tenant_max: '0.75' }, 'tenant_max'],
      [{ tenant_min: '120', tenant_max: '1' }, 'tenant_max'],
      [{ tenant_horizon: String(MAX_HORIZON + 1) }, 'tenant_horizon'],
      [{ tenant_horizon: '1', tenant_notice: '48' }, 'tenant_notice'],
      [{ tenant_price: '-5' }, 'tenant_price'],
      [{ tenant_cancelPercent: '101' }, 'tenant_cancelPercent'],
      [{ tenant_before: '' }, 'tenant_before'],
      [never, 'tenant_workdayFrom'],
      [{ tenant_same: 'student', student_same: 'tenant' }, 'tenant_same'],
      [{ tenant_same: 'nobody' }, 'tenant_same'],
      [without(asSent(room, { tenant_same: 'outside' }), 'outside_open'), 'tenant_same'],
    ]
    for (const [fields, field] of wrong) {
      const whole = 'version' in fields ? fields : asSent(room, fields)
      const answer = await manager.post(`${roomPath(room)}/rules`, whole)
      expect(answer.status, JSON.stringify(fields)).to.equal(422)
      expect(answer.text, JSON.stringify(fields)).to.include(`href="#${field}"`)
    }
    expect(await read(room)).to.deep.include({ version: 0, rules: room.rules })
    const largest = asSent(room, { tenant_horizon: String(MAX_HORIZON), tenant_step: '15', tenant_workdayFrom: '08:15', tenant_max: '168' })
    expect((await manager.post(`${roomPath(room)}/rules`, largest)).status).to.equal(303)
  })
})
