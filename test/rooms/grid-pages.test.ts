import { brotliCompressSync, constants } from 'node:zlib'
import { expect } from 'chai'
import { setClock } from '../../src/lib/clock.ts'
import { addDays } from '../../src/lib/days.ts'
import { Park } from '../../src/parks/park.ts'
import { cancelBooking } from '../../src/rooms/cancel.ts'
import { type Room, roomPath } from '../../src/rooms/room.ts'
import { RoomDay } from '../../src/rooms/room-day.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildTenant, inDays, newId } from '../setup/factories.ts'
import { buildBooking, buildRoom, holderOf } from '../setup/rooms.ts'
import type { Visitor } from '../setup/visitor.ts'

const day = inDays(3)
const hours = { from: 480, to: 1320 }
const DAYTIME = { hours: { workday: hours, weekend: hours, holiday: hours } }

async function buildScene() {
  const park = (await buildPark())._id
  const [one, two] = [await buildTenant(park, 'Verborgen GmbH'), await buildTenant(park, 'Zweite GmbH')]
  const hall = await buildRoom({ park, capacity: 80, kind: 'hall', equipment: ['stage'], rule: DAYTIME })
  const part = await buildRoom({ park, capacity: 30, kind: 'hall', whole: hall._id, rule: DAYTIME })
  const small = await buildRoom({ park, capacity: 4, rule: { ...DAYTIME, approval: true } })
  const as = async (role: 'member' | 'owner', tenant = one._id) => signedInAs(role, { park, tenant })
  const [first, second] = [await holderOf(park, one._id), await holderOf(park, two._id)]
  return { park, one, two, hall, part, small, first, second, as, grid: `/parks/${park}/rooms` }
}

describe('the pages of the grid of rooms', function () {
  this.timeout(60_000)
  useDatabase()

  it('tell nobody else anything of a private booking (CASES 20)', async () => {
    const { park, one, two, hall, part, small, first, as, grid } = await buildScene()
    const secret = { holder: first, title: 'Geheimtreffen', private: true, day }
    const made = [
      (await buildBooking({ ...secret, room: part })).booking,
      (await buildBooking({ ...secret, room: small, from: 660, to: 720 })).booking,
    ]
    await buildBooking({ room: hall, holder: first, title: 'Open talk', day, from: 720, to: 780 })
    expect(made.map(({ state }) => state)).to.deep.equal(['confirmed', 'pending'])
    const rooms = [hall, part, small].map(room => `${roomPath(room)}?on=${day}`)
    const pages = [...['', '/week', '/month'].map(view => `${grid}${view}?on=${day}`), `${grid}/find?on=${day}&from=09:00`, ...rooms]
    const words = ['Geheimtreffen', ...made.flatMap(({ _id, code }) => [String(_id), code])]
    const told = async (who: Visitor): Promise<string[]> => {
      const found: string[] = []
      for (const path of [...pages, `${grid}/changes?from=${day}`]) {
        const { status, text } = await who.get(path)
        expect(status, path).to.equal(200)
        found.push(...words.filter(word => text.includes(word)).map(word => `${word} in ${path}`))
      }
      return found
    }
    const strangers = [await as('member', two._id), await signedInAs('applicant', { park })]
    for (const role of ['finance', 'promotion', 'official'] as const) {
      strangers.push(await signedInAs(role, role === 'official' ? { district: 'xiacheng' } : { park }))
    }
    for (const who of strangers) expect(await told(who)).to.deep.equal([])
    const seen = (await strangers[0]!.get(`${grid}?on=${day}`)).text
    expect(seen).to.include('Open talk').and.include('已占用')
    expect(seen.match(/Verborgen GmbH/g), 'only with the open one, in the hall and in its part').to.have.length(2)
    expect(await told(await as('owner', one._id))).not.to.be.empty
    expect(await told(await signedInAs('reception', { park }))).not.to.be.empty
  })

  it('show a request to the desk and to those who asked', async () => {
    const { park, two, small, first, as, grid } = await buildScene()
    const { booking } = await buildBooking({ room: small, holder: first, title: 'Asked for', day })
    expect(booking.state).to.equal('pending')
    const sees = async (who: Visitor) => (await who.get(`${grid}?on=${day}`)).text.includes(`bookings/${booking._id}`)
    expect(await sees(await as('member'))).to.equal(true)
    expect(await sees(await signedInAs('manager', { park }))).to.equal(true)
    expect(await sees(await as('member', two._id))).to.equal(false)
    expect((await (await as('member', two._id)).get(`${grid}?on=${day}`)).text).not.to.include('Asked for')
  })

  it('show the rooms that fit, and take nonsense for no filter', async () => {
    const { park, hall, part, small, grid } = await buildScene()
    await buildRoom({ park, activeTo: inDays(-1) })
    await buildRoom()
    const who = await signedInAs('reception', { park })
    const shown = async (path: string) => {
      const { status, text } = await who.get(path)
      expect(status, path).to.equal(200)
      return [hall, part, small].filter(room => text.includes(`rooms/${room._id}`)).map(room => room.code)
    }
    for (const view of [grid, `${grid}/week`]) {
      expect(await shown(view)).to.deep.equal([hall.code, part.code, small.code])
      expect(await shown(`${view}?people=10`)).to.deep.equal([hall.code, part.code])
      expect(await shown(`${view}?equipment=stage`)).to.deep.equal([hall.code])
      expect(await shown(`${view}?kind=meeting&on=${day}`)).to.deep.equal([small.code])
      expect(await shown(`${view}?kind[$ne]=meeting&people=x&on=2026-02-31&equipment=none`)).to.have.length(3)
      expect(await shown(`${view}?people=500`)).to.deep.equal([])
    }
    const { text } = await who.get(`${grid}?on=${day}`)
    expect(text.match(/<tr data-room=/g)).to.have.length(3)
    expect(text.match(/<td[ >]/g), 'half hours of fourteen hours').to.have.length(3 * 28)
  })

  it('count a month’s bookings, and one’s own', async () => {
    const { two, hall, first, second, as, grid } = await buildScene()
    await buildBooking({ room: hall, holder: first, day })
    await buildBooking({ room: hall, holder: second, day, from: 600, to: 660 })
    const own = async (who: Visitor) => {
      const { text } = await who.get(`${grid}/month?on=${day}`)
      return [text.includes('2 个预订'), text.includes('我的 1 个')]
    }
    expect(await own(await as('member'))).to.deep.equal([true, true])
    expect(await own(await as('member', two._id))).to.deep.equal([true, true])
    expect(await own(await signedInAs('applicant', { park: hall.park }))).to.deep.equal([true, false])
  })

  it('find what is free, else other times, else nothing', async () => {
    const { park, hall, part, small, second, as, grid } = await buildScene()
    const who = await as('member')
    const find = async (asks: string) => (await who.get(`${grid}/find?on=${day}&from=09:00${asks}`)).text
    const link = (room: Room, from: number, to: number, more = '') =>
      `bookings/new?room=${room._id}&amp;on=${day}&amp;from=${from}&amp;to=${to}${more}`
    const all = await find('')
    for (const room of [hall, part, small]) expect(all).to.include(link(room, 540, 600))
    expect(await find('&people=20&minutes=120'))
      .to.include(link(part, 540, 660, '&amp;people=20'))
      .and.not.include(String(small._id))
    await buildBooking({ room: part, holder: second, day })
    const left = await find('&people=20')
    expect(left)
      .to.include(link(hall, 480, 540, '&amp;people=20'))
      .and.include(link(part, 600, 660, '&amp;people=20'))
    expect(left).not.to.include(link(hall, 540, 600))
    const none = await find('&people=500')
    expect(none).not.to.include('bookings/new?room=')
    expect((await who.get(`${grid}/find?on=x&from=99:99&minutes=-1&people=a`)).status).to.equal(200)
    const watcher = await signedInAs('official', { district: 'xiacheng' })
    expect((await watcher.get(`/parks/${park}/rooms/find?on=${day}&from=12:00`)).text).not.to.include('bookings/new?')
  })

  it('say that something changed, and only where it did', async () => {
    const { park, hall, part, small, second, as, grid } = await buildScene()
    const who = await as('member')
    const stamp = async (asks: string) => (await who.get(`${grid}/changes?${asks}`)).body.stamp as string
    const [today, week, other] = [`from=${day}`, `from=${addDays(day, -2)}&to=${addDays(day, 2)}`, `from=${addDays(day, 1)}`]
    const read = async () => [await stamp(today), await stamp(week), await stamp(other), await stamp(`${today}&room=${small._id}`)]
    const differs = async (work: () => Promise<unknown>): Promise<boolean[]> => {
      const before = await read()
      await work()
      return (await read()).map((now, i) => now !== before[i])
    }
    expect(await differs(async () => {})).to.deep.equal([false, false, false, false])
    const { booking } = await buildBooking({ room: part, holder: second, day })
    const mark = (field: string, value: unknown) => RoomDay.updateOne({ park, day }, { [`claims.0.${field}`]: value })
    expect(await differs(() => mark('title', 'Another'))).to.deep.equal([true, true, false, false])
    expect(await differs(() => mark('checkedIn', true))).to.deep.equal([true, true, false, false])
    const found = (await Park.findById(park).lean().orFail()) as Park
    expect(await differs(() => cancelBooking(found, booking._id, { reason: null, shown: null }, BY))).to.deep.equal([
      true,
      true,
      false,
      false,
    ])
    expect(await differs(() => buildBooking({ room: small, holder: second, day }))).to.deep.equal([true, true, false, true])
    // What a page says of itself is what it will be told as long as nothing happens.
    const told = async (path: string) => / data-stamp="([^"]+)"/.exec((await who.get(path)).text)![1]
    expect(await told(`${grid}?on=${day}`)).to.equal(await stamp(today))
    expect(await told(`${roomPath(part)}?on=${day}`)).to.equal(await stamp(await rangeOf(who, `${roomPath(part)}?on=${day}`, hall)))
  })

  it('say so too when an offer to somebody waiting runs out by itself', async () => {
    const { park, small, second, as, grid } = await buildScene()
    const who = await as('member')
    await buildBooking({ room: small, holder: second, day })
    const until = new Date(Date.now() + 60_000)
    const offer = { ref: newId(), kind: 'offer', room: small._id, from: 780, to: 840, start: 780, end: 840, expiresAt: until }
    await RoomDay.updateOne({ park, day, room: small._id }, { $push: { claims: offer } })
    const stamp = async () => (await who.get(`${grid}/changes?from=${day}`)).body.stamp as string
    const before = await stamp()
    expect(await stamp()).to.equal(before)
    setClock(until)
    expect(await stamp()).not.to.equal(before)
  })

  it('name the first step where a park has no rooms', async () => {
    const park = (await buildPark())._id
    const [manager, reception] = [await signedInAs('manager', { park }), await signedInAs('reception', { park })]
    for (const view of ['', '/week', '/month', '/find'])
      expect((await manager.get(`/parks/${park}/rooms${view}`)).status, view).to.equal(200)
    const first = async (who: Visitor) => (await who.get(`/parks/${park}/rooms`)).text.includes(`/parks/${park}/rooms/new`)
    expect([await first(manager), await first(reception)]).to.deep.equal([true, false])
  })

  it('answer at any address and on any day', async () => {
    const { hall, as, grid } = await buildScene()
    const who = await as('member')
    for (const path of ['', '/week', '/month', '/find', '/changes'])
      for (const on of ['0001-01-01', '9999-12-31'])
        expect((await who.get(`${grid}${path}?on=${on}&from=${on}`)).status, path).to.equal(200)
    const slash = await who.get(`${grid}/?on=${day}`)
    expect([slash.status, slash.headers['location']]).to.deep.equal([301, `${grid}?on=${day}`])
    const night = await buildRoom({ park: hall.park })
    const { text } = await who.get(`${grid}/find?on=${day}&from=00:00`)
    expect(text).to.include(`bookings/new?room=${night._id}&amp;on=${day}&amp;from=0&amp;to=60`)
  })

  /** What the page of a room asks for: its week, of the hall its days are kept with. */
  async function rangeOf(who: Visitor, path: string, root: Room): Promise<string> {
    const { text } = await who.get(path)
    const at = (name: string) => new RegExp(`<div id="grid"[^>]* data-${name}="([^"]+)"`).exec(text)![1]!
    expect(at('room')).to.equal(String(root._id))
    return `from=${at('on')}&to=${at('until')}&room=${at('room')}`
  }

  it('are small: ten rooms with sixty bookings in at most 8 kB', async () => {
    const park = (await buildPark())._id
    for (let i = 0; i < 10; i++) {
      const room = await buildRoom({ park, rule: DAYTIME })
      for (let j = 0; j < 6; j++) {
        const holder = await holderOf(park, (await buildTenant(park))._id)
        const from = 480 + 120 * j + 30 * (i % 3)
        await buildBooking({ room, holder, day, from, to: from + 60 + 30 * (j % 2), title: `Talk ${i * 7 + j * 13}` })
      }
    }
    const who = await signedInAs('reception', { park })
    const { text, headers } = await who.get(`/parks/${park}/rooms?on=${day}`).set('accept-encoding', 'br')
    expect(headers['content-encoding']).to.equal('br')
    expect(text.match(/<td[^>]* class="k-other"/g)).to.have.length(60)
    const size = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }).length
    expect(size).to.be.at.most(8000)
  })
})
