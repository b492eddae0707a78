import { expect } from 'chai'
import ICAL from 'ical.js'
import { Types } from 'mongoose'
import { disableUser } from '../../src/accounts/disabling.ts'
import { revokeRole } from '../../src/accounts/memberships.ts'
import { Membership } from '../../src/accounts/user.ts'
import { AuditEntry } from '../../src/audit/entry.ts'
import { addDays, today } from '../../src/lib/days.ts'
import { instantAt } from '../../src/lib/wall.ts'
import { FeedToken } from '../../src/rooms/feed-token.ts'
import type { Room } from '../../src/rooms/room.ts'
import { claimRoom, RoomDay } from '../../src/rooms/room-day.ts'
import { signedInAs, visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildTenant, inDays } from '../setup/factories.ts'
import { buildBooking, buildRoom, holderOf } from '../setup/rooms.ts'
import type { Visitor } from '../setup/visitor.ts'

/** Calendar addresses, read by an independent iCalendar parser. */
interface Read {
  uid: string
  start: number
  end: number
  summary: string
  location: string
  status: string
}

function parse(text: string): Read[] {
  const calendar = new ICAL.Component(ICAL.parse(text))
  expect(calendar.getFirstPropertyValue('version')).to.equal('2.0')
  return calendar.getAllSubcomponents('vevent').map(component => {
    const event = new ICAL.Event(component)
    return {
      uid: event.uid,
      start: event.startDate.toJSDate().getTime(),
      end: event.endDate.toJSDate().getTime(),
      summary: event.summary,
      location: event.location,
      status: String(component.getFirstPropertyValue('status')),
    }
  })
}

describe('calendar addresses', () => {
  useDatabase()
  let park: string
  let room: Room
  let tenant: Types.ObjectId
  let member: Visitor & { userId: string }
  const anybody = () => visitor()

  beforeEach(async () => {
    park = (await buildPark())._id
    room = await buildRoom({ park })
    tenant = (await buildTenant(park, 'Own Company 示例'))._id
    member = await signedInAs('member', { park, tenant })
  })

  const page = () => `/parks/${park}/bookings/feeds`
  /** Makes an address as a person does: by the form, then from the page it leads to. */
  async function make(kind: string, ref: unknown, who: Visitor = member): Promise<string> {
    const answer = await who.post(page(), { kind, ref: String(ref) })
    expect(answer.status).to.equal(303)
    const { text } = await who.get(page())
    const address = /value="http[^"]*(\/feeds\/[^"]+\.ics)"/.exec(text)?.[1]
    expect(address, 'the address on the page').to.be.a('string')
    return address!
  }
  async function read(address: string): Promise<Read[]> {
    const answer = await anybody().get(address).expect(200)
    expect(answer.headers['content-type']).to.match(/^text\/calendar/)
    return parse(answer.text)
  }
  const status = async (address: string): Promise<number> => (await anybody().get(address)).status

  it('shows the address once, and stores only its hash', async () => {
    const address = await make('person', member.userId)
    const secret = /\/feeds\/(.+)\.ics/.exec(address)![1]!
    expect(secret.split('~')[1]).to.have.length(32)
    expect((await member.get(page())).text).not.to.contain(secret)
    expect(JSON.stringify(await FeedToken.find({ park }).lean())).not.to.contain(secret.split('~')[1])
    expect(JSON.stringify(await AuditEntry.find({ park }).lean())).not.to.contain(secret.split('~')[1])
    expect(await AuditEntry.countDocuments({ park, action: 'feed.make' })).to.equal(1)
  })

  it('has one address of a thing: a new one kills the old, revoking kills it', async () => {
    const first = await make('room', room._id)
    const second = await make('room', room._id)
    expect([await status(first), await status(second)]).to.deep.equal([404, 200])
    const feed = await FeedToken.findOne({ park }).lean().orFail()
    const stranger = await signedInAs('manager', { park })
    expect((await stranger.post(`${page()}/${feed._id}/revocation`)).status).to.equal(404)
    expect((await member.post(`${page()}/${feed._id}/revocation`)).status).to.equal(303)
    expect(await status(second)).to.equal(404)
    expect(await AuditEntry.find({ park, kind: 'feed' }).sort({ _id: 1 }).distinct('action')).to.have.members([
      'feed.make',
      'feed.renew',
      'feed.revoke',
    ])
  })

  it('makes one address of a double submit', async () => {
    const body = { kind: 'room', ref: String(room._id), _key: 'one-time-key-1' }
    const answers = await Promise.all([member.post(page(), body), member.post(page(), body)])
    expect(answers.map(answer => answer.status)).to.deep.equal([303, 303])
    expect(await AuditEntry.countDocuments({ park, kind: 'feed' })).to.equal(1)
  })

  it('refuses what isn’t the person’s to have', async () => {
    const other = await buildTenant(park)
    const elsewhere = await buildRoom()
    for (const [kind, ref] of [
      ['tenant', other._id],
      ['person', new Types.ObjectId()],
      ['room', elsewhere._id],
    ] as const)
      expect((await member.post(page(), { kind, ref: String(ref) })).status, kind).to.equal(404)
    expect(await FeedToken.countDocuments({ park })).to.equal(0)
  })

  it('of a room: the same times as the grid’s, with title and company of what is public', async () => {
    const open = await buildBooking({ room, from: 540, to: 600, title: 'Open house' })
    await buildBooking({ room, day: inDays(2), from: 1380, to: 1530, title: 'Night' })
    await buildBooking({ room, day: inDays(2), from: 600, to: 630, private: true, title: 'Secret merger' })
    const events = await read(await make('room', room._id))
    expect(events.map(event => event.summary)).to.deep.equal([`Open house · ${open.booking.holder.name}`, '已占用', events[2]!.summary])
    const days = await RoomDay.find({ park }).lean()
    const minutes = (list: { start: number; end: number }[]) => list.reduce((sum, one) => sum + one.end - one.start, 0)
    const drawn = minutes(days.flatMap(one => one.claims))
    expect(events.reduce((sum, one) => sum + (one.end - one.start) / 60_000, 0)).to.equal(drawn)
    for (const { day, claims } of days)
      for (const claim of claims) {
        const [from, to] = [instantAt(day, claim.start, 'Asia/Shanghai').getTime(), instantAt(day, claim.end, 'Asia/Shanghai').getTime()]
        expect(
          events.filter(event => event.start <= from && event.end >= to),
          `${day} ${claim.start}`,
        ).to.have.length(1)
      }
    expect(events[2]!.end - events[2]!.start).to.equal(150 * 60_000)
  })

  it('leaks nothing of a private booking: no title, name, code or id', async () => {
    const guests = [{ name: 'Guest Nobody', email: 'guest@example.org' }]
    const { booking } = await buildBooking({ room, private: true, title: 'Secret merger', note: 'hush', attendees: guests })
    const address = await make('room', room._id)
    const answer = await anybody().get(address)
    for (const word of ['Secret', 'hush', 'Guest', booking.holder.name, booking.code, String(booking._id), String(booking.holder.tenant)])
      expect(answer.text, word).not.to.contain(word)
    const [first] = parse(answer.text)
    const again = parse((await anybody().get(address)).text)
    expect(again[0]!.uid, 'stays itself').to.equal(first!.uid)
    const other = await read(await make('room', room._id, await signedInAs('reception', { park })))
    expect(other[0]!.uid, 'can’t be compared').not.to.equal(first!.uid)
    expect(other[0]!.summary).to.equal('已占用')
  })

  it('of a part: what is booked in the hall too; of the hall: all its parts; never an offer', async () => {
    const [a, b] = [await buildRoom({ park, whole: room._id }), await buildRoom({ park, whole: room._id })]
    await buildBooking({ room: a, from: 540, to: 600, title: 'In A' })
    await buildBooking({ room: b, from: 540, to: 600, title: 'In B' })
    await buildBooking({ room, from: 660, to: 720, title: 'In the hall' })
    const body = { ref: new Types.ObjectId(), title: '', private: false, who: '', tenant: null, user: null, checkedIn: false }
    const piece = { day: inDays(1), from: 800, to: 860, start: 800, end: 860 }
    await claimRoom({ room, pieces: [piece] }, { ...body, kind: 'offer', expiresAt: new Date(Date.now() + 600_000) })
    const titles = async (of: Room) => (await read(await make('room', of._id))).map(event => event.summary.split(' · ')[0])
    expect(await titles(a)).to.deep.equal(['In A', 'In the hall'])
    expect(await titles(room)).to.have.members(['In A', 'In B', 'In the hall'])
  })

  it('of a person and of a company: their own, private and pending ones too', async () => {
    const user = new Types.ObjectId(member.userId)
    const holder = await holderOf(park, tenant)
    const own = await buildBooking({ room, holder, contact: user, private: true, title: 'Mine' })
    await buildBooking({ room, from: 660, to: 720, holder, title: 'Of a colleague' })
    await buildBooking({ room, from: 780, to: 840, title: 'Of somebody else' })
    const asked = await buildRoom({ park, rule: { approval: true } })
    await buildBooking({ room: asked, from: 900, to: 960, holder, contact: user, title: 'Asked for' })
    const mine = await read(await make('person', member.userId))
    expect(mine.map(({ summary, status: state }) => [summary, state])).to.deep.equal([
      ['Mine', 'CONFIRMED'],
      ['待审批：Asked for', 'TENTATIVE'],
    ])
    expect(mine[0]!.uid).to.equal(`booking-${own.booking._id}@zhigu`)
    const company = await read(await make('tenant', tenant))
    expect(company.map(event => event.summary)).to.deep.equal(['Mine', 'Of a colleague', '待审批：Asked for'])
  })

  it('goes back thirty days', async () => {
    const { booking } = await buildBooking({ room, title: 'Lately' })
    const shift = async (days: number) => {
      await RoomDay.updateMany({ park }, { day: addDays(today(), days) })
    }
    const address = await make('room', room._id)
    await shift(-30)
    expect(await read(address)).to.have.length(1)
    await shift(-31)
    expect(await read(address), booking.code).to.have.length(0)
  })

  it('answers 304 until something changes', async () => {
    const address = await make('room', room._id)
    await buildBooking({ room })
    const first = await anybody().get(address)
    const same = await anybody().get(address).set('if-none-match', first.headers['etag']!)
    expect(same.status).to.equal(304)
    expect(same.text).to.equal('')
    await buildBooking({ room, from: 660, to: 720 })
    expect((await anybody().get(address).set('if-none-match', first.headers['etag']!)).status).to.equal(200)
  })

  it('is gone at once for who left the company or was disabled', async () => {
    const addresses = [await make('person', member.userId), await make('tenant', tenant), await make('room', room._id)]
    const statuses = () => Promise.all(addresses.map(status))
    expect(await statuses()).to.deep.equal([200, 200, 200])
    const membership = await Membership.findOne({ user: member.userId }).lean().orFail()
    await revokeRole(park, membership._id, BY)
    expect(await statuses()).to.deep.equal([404, 404, 404])
    const clerk = await signedInAs('reception', { park })
    const address = await make('room', room._id, clerk)
    await disableUser(new Types.ObjectId(clerk.userId), BY)
    expect(await status(address)).to.equal(404)
  })

  it('answers 404 to what was never an address', async () => {
    for (const secret of ['x', `${park}~${'a'.repeat(32)}`, `nowhere~${'a'.repeat(32)}`, '..%2f', `${park}~$where`])
      expect(await status(`/feeds/${secret}.ics`), secret).to.equal(404)
  })
})
