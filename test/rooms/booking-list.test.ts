import { expect } from 'chai'
import { Booking, bookingPath } from '../../src/rooms/booking.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark, buildTenant, inDays } from '../setup/factories.ts'
import { buildBooking, buildRoom, holderOf } from '../setup/rooms.ts'

const rowsOf = (csv: string): string[][] =>
  csv
    .replace(/^\ufeff/, '')
    .trim()
    .split('\r\n')
    .slice(1)
    .map(line => line.split(','))

describe('the list of bookings', function () {
  this.timeout(60_000)
  useDatabase()

  async function buildScene() {
    const park = (await buildPark())._id
    const [room, hall] = [await buildRoom({ park }), await buildRoom({ park, rule: { price: 10_000, approval: true } })]
    const [one, two] = [await buildTenant(park, '=cmd GmbH'), await buildTenant(park, 'Second GmbH')]
    const [mine, theirs] = [await holderOf(park, one._id), await holderOf(park, two._id)]
    const first = (await buildBooking({ room, holder: mine, title: 'Alpha', from: 600, to: 660 })).booking
    const early = (await buildBooking({ room, holder: theirs, title: 'Beta', from: 480, to: 540 })).booking
    const asked = (await buildBooking({ room: hall, holder: mine, title: 'Gamma', day: inDays(5) })).booking
    const past = (await buildBooking({ room, holder: mine, title: 'Delta', from: 720, to: 780 })).booking
    const before = new Date(Date.now() - 86_400_000)
    await Booking.updateOne({ park, _id: past._id }, { day: inDays(-1), startsAt: before, endsAt: before })
    return { park, room, hall, one, two, first, early, asked, past, path: `/parks/${park}/bookings` }
  }

  const csvOf = async (who: { get(path: string): PromiseLike<{ text: string }> }, path: string) => rowsOf((await who.get(path)).text)

  it('shows a company’s people their own, upcoming first, and the past in a tab', async () => {
    const { park, one, path, early } = await buildScene()
    const member = await signedInAs('member', { park, tenant: one._id })
    const codes = async (asks: string) => (await csvOf(member, `${path}?format=csv${asks}`)).map(row => row[8])
    expect(await codes('')).to.deep.equal(['Alpha', 'Gamma'])
    expect(await codes('&tab=past')).to.deep.equal(['Delta'])
    expect(await codes('&tab=all')).to.deep.equal(['Gamma', 'Alpha', 'Delta'])
    expect(await codes(`&tab=all&q=${early.code}`)).to.deep.equal([])
    expect(await codes(`&tab=all&tenant=${early.holder.tenant}`)).to.deep.equal([])
    const page = await member.get(path)
    expect(page.text).to.include('Alpha').and.not.include('Beta')
    expect((await member.get(bookingPath(early))).status).to.equal(404)
  })

  it('filters and sorts everything at the desk; the export is the filtered list', async () => {
    const { park, path, room, two, hall, early } = await buildScene()
    const desk = await signedInAs('reception', { park })
    const titles = async (asks: string) => (await csvOf(desk, `${path}?format=csv&${asks}`)).map(row => row[8])
    expect(await titles('')).to.deep.equal(['Beta', 'Alpha', 'Gamma'])
    expect(await titles('sort=-when')).to.deep.equal(['Gamma', 'Alpha', 'Beta'])
    expect(await titles(`room=${hall._id}`)).to.deep.equal(['Gamma'])
    expect(await titles('state=pending')).to.deep.equal(['Gamma'])
    expect(await titles(`tenant=${two._id}`)).to.deep.equal(['Beta'])
    expect(await titles(`from=${inDays(1)}&to=${inDays(1)}&room=${room._id}`)).to.deep.equal(['Alpha', 'Beta'])
    expect(await titles('q=second')).to.deep.equal(['Beta'])
    expect(await titles(`q=${early.code.toLowerCase()}`)).to.deep.equal(['Beta'])
    expect(await titles('q=alph')).to.deep.equal(['Alpha'])
    expect(await titles('class=outside')).to.deep.equal([])
    const page = await desk.get(`${path}?q=alph&state=confirmed`)
    expect(page.text).to.include(`href="${path}?state=confirmed"`).and.include('Alpha').and.not.include('Gamma')
    const [row] = (await csvOf(desk, `${path}?format=csv&q=Alpha`)) as [string[]]
    // A company that is called like a formula is text in a spreadsheet (CASES 29).
    expect(row[7]).to.equal("'=cmd GmbH")
    expect((await desk.get(`${path}?format=xlsx`)).headers['content-type']).to.include('spreadsheet')
  })

  it('puts requests and the bookings of today on the desk of whoever decides', async () => {
    const { park, asked, room, two } = await buildScene()
    const desk = await signedInAs('reception', { park })
    const holder = await holderOf(park, two._id)
    const now = (await buildBooking({ room, holder, title: 'Stand-up', day: inDays(0), from: 1380, to: 1440 })).booking
    const page = await desk.get(`/parks/${park}/desk`)
    expect(page.text).to.include('data-waiting="booking"').and.include(asked.code)
    expect(page.text).to.include('Stand-up').and.include(bookingPath(now))
    const promotion = await signedInAs('promotion', { park })
    expect((await promotion.get(`/parks/${park}/desk`)).text).to.not.match(/Stand-up|data-waiting="booking"/)
  })
})
