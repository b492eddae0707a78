import { expect } from 'chai'
import fc from 'fast-check'
import { Types } from 'mongoose'
import { type Cell, countKinds, type Frame, frameOf, hoursOf, type LineInput, lineOf } from '../../src/rooms/grid.ts'
import type { RoomClaim } from '../../src/rooms/room-day.ts'
import { piecesOf } from '../../src/rooms/slot.ts'
import type { Viewer } from '../../src/rooms/viewer.ts'

const id = () => new Types.ObjectId()
const [hall, left, right, tenant, other] = [id(), id(), id(), id(), id()]
const HALL = { _id: hall, whole: null }
const LEFT = { _id: left, whole: hall }
const AT = new Date('2026-11-25T04:00:00Z')
const NAMES = new Map([
  [String(hall), 'Hall'],
  [String(left), 'Left'],
  [String(right), 'Right'],
])

const nobody: Viewer = { id: String(id()), desk: false, staff: false, tenants: [], applicant: false, mayBook: true }
const mine: Viewer = { ...nobody, tenants: [String(tenant)] }
const desk: Viewer = { ...nobody, desk: true, staff: true }

const claim = (from: number, to: number, more: Partial<RoomClaim> = {}): RoomClaim => ({
  ref: id(),
  kind: 'booking',
  room: hall,
  ...{ from, to, start: from, end: to },
  expiresAt: null,
  title: 'Talk',
  private: false,
  who: 'Others GmbH',
  tenant: other,
  user: null,
  checkedIn: false,
  ...more,
})

const line = (claims: RoomClaim[], more: Partial<LineInput> = {}): LineInput => ({
  room: HALL,
  day: '2026-11-25',
  claims,
  requests: [],
  open: { from: 480, to: 720 },
  now: 0,
  nameOf: room => NAMES.get(String(room)) ?? '',
  at: AT,
  ...more,
})

const draw = (input: LineInput, viewer = nobody, frame = frameOf([input])): Cell[] => lineOf(input, frame, viewer)
/** “other 540–600”, free pieces left out. */
const told = (cells: Cell[], ...without: string[]): string =>
  cells
    .filter(({ kind }) => kind !== 'free' && !without.includes(kind))
    .map(({ kind, from, to }) => `${kind} ${from}–${to}`)
    .join(', ')

function expectWhole(cells: Cell[], { from, to, step }: Frame): void {
  expect(cells.reduce((sum, cell) => sum + cell.span, 0)).to.equal((to - from) / step)
  let at = from
  for (const cell of cells) {
    expect(cell.from).to.equal(at)
    expect(cell.to - cell.from).to.equal(cell.span * step)
    expect(cell.span).to.be.at.least(1)
    at = cell.to
  }
  expect(at).to.equal(to)
}

describe('the frame of a grid of rooms', () => {
  it('shows whole hours around what is open or taken, in half hours', () => {
    expect(frameOf([line([], { open: { from: 510, to: 690 } })])).to.deep.equal({ from: 480, to: 720, step: 30 })
    expect(frameOf([line([claim(420, 450)])])).to.deep.equal({ from: 420, to: 720, step: 30 })
    expect(frameOf([line([], { open: null })])).to.deep.equal({ from: 480, to: 1200, step: 30 })
    expect(hoursOf({ from: 540, to: 660, step: 15 })).to.deep.equal([
      { label: '09:00', span: 4 },
      { label: '10:00', span: 4 },
    ])
  })

  it('has columns as fine as the edges, yet none below five minutes', () => {
    expect(frameOf([line([claim(540, 585)])]).step).to.equal(15)
    expect(frameOf([line([claim(540, 575)])]).step).to.equal(5)
    // Ended within its first minute.
    expect(frameOf([line([claim(540, 541)])]).step).to.equal(5)
    expect(frameOf([line([], { requests: [claim(540, 550)] })]).step).to.equal(10)
  })

  it('isn’t widened by a buffer that alone reaches into a day', () => {
    expect(frameOf([line([claim(0, 30, { start: 0, end: 0 })])])).to.deep.equal({ from: 480, to: 720, step: 30 })
  })
})

describe('a line of the grid of rooms', () => {
  it('cuts free time at every half hour, and closes the rest', () => {
    const cells = draw(line([claim(540, 555)], { open: { from: 510, to: 660 } }))
    expect(cells.map(({ kind, from }) => `${kind} ${from}`)).to.deep.equal([
      ...['shut 480', 'free 510', 'other 540', 'free 555', 'free 570', 'free 600', 'free 630'],
    ])
  })

  it('takes past half hours away, in fine columns too, and leaves the one that runs', () => {
    const past = (now: number, claims: RoomClaim[] = []) => told(draw(line(claims, { now })), 'other')
    expect(past(480)).to.equal('')
    expect(past(509)).to.equal('')
    expect(past(510)).to.equal('past 480–510')
    expect(past(539)).to.equal('past 480–510')
    expect(past(540, [claim(600, 605)])).to.equal('past 480–540')
    expect(past(1440)).to.equal('past 480–720')
  })

  it('lets be moved what is still to come, and nothing that has begun', () => {
    const movable = (now: number) => draw(line([claim(540, 600, { tenant })], { now }), mine).find(({ kind }) => kind === 'own')!.movable
    expect([movable(0), movable(539), movable(540), movable(1440)]).to.deep.equal([true, true, false, false])
  })

  it('draws buffers as such, weaker than what is booked', () => {
    const buffered = claim(510, 630, { start: 540, end: 600 })
    expect(told(draw(line([buffered])))).to.equal('gap 510–540, other 540–600, gap 600–630')
    expect(told(draw(line([buffered, claim(600, 660)])))).to.equal('gap 510–540, other 540–600, other 600–660')
  })

  it('draws a night as its pieces by day; a piece that is buffer alone has no words', () => {
    const [first, second] = piecesOf({ day: '2026-11-25', from: 1380, to: 1440 }, 0, 30, 'Asia/Shanghai')
    const open = { from: 0, to: 1440 }
    const on = (piece: object) => draw(line([claim(0, 0, piece)], { open }), desk)
    expect(told(on(first!))).to.equal('other 1380–1440')
    expect(told(on(second!))).to.equal('gap 0–30')
    const [own] = draw(line([claim(0, 90, { tenant })], { open }), mine)
    expect([own!.kind, own!.movable]).to.deep.equal(['own', false])
  })

  it('shows a hall what takes its parts, a part what takes its hall, and not the other part', () => {
    const claims = [claim(480, 510, { room: left }), claim(540, 570), claim(600, 630, { room: right })]
    expect(told(draw(line(claims)))).to.equal('taken 480–510, other 540–570, taken 600–630')
    expect(draw(line(claims))[0]).to.include({ who: 'Others GmbH · Left', elsewhere: true })
    const part = draw(line(claims, { room: LEFT }))
    expect(told(part)).to.equal('other 480–510, taken 540–570')
    const own = draw(line([claim(480, 510, { room: left, tenant })]), mine)[0]!
    expect([own.kind, own.movable]).to.deep.equal(['own', false])
  })

  it('forgets an offer the moment it expires', () => {
    const offer = (expiresAt: Date) => told(draw(line([claim(540, 570, { kind: 'offer', expiresAt })])))
    expect(offer(new Date(AT.getTime() + 1))).to.equal('offer 540–570')
    expect(offer(AT)).to.equal('')
  })

  it('says of a private booking that it is taken, of a public one what it is, and links one’s own (CASES 20)', () => {
    const secret = claim(540, 600, { private: true, title: 'Secret', who: 'Secret GmbH' })
    const cell = (viewer: Viewer, one = secret) => draw(line([one]), viewer).find(({ kind }) => kind !== 'free')!
    expect(cell(nobody)).to.include({ kind: 'private', title: '', who: '', ref: null, own: false, movable: false })
    expect(cell(desk)).to.include({ kind: 'other', title: 'Secret', who: 'Secret GmbH', ref: String(secret.ref) })
    expect(cell(mine, { ...secret, tenant })).to.include({ kind: 'own', title: 'Secret', ref: String(secret.ref), movable: true })
    expect(cell(nobody, { ...secret, private: false })).to.include({ kind: 'other', title: 'Secret', who: 'Secret GmbH', ref: null })
    const above = draw(line([secret], { room: LEFT })).find(({ kind }) => kind === 'taken')!
    expect(above).to.include({ title: '', who: 'Hall', ref: null })
    expect(cell(desk).movable, 'the desk moves anybody’s').to.equal(true)
    const closed = cell(nobody, claim(540, 600, { kind: 'blackout', title: 'Cleaning', tenant: null, who: '' }))
    expect(closed).to.include({ kind: 'block', title: 'Cleaning', ref: null })
  })

  it('shows requests to the desk and those who ask, below what is booked', () => {
    const requests = [claim(540, 630, { tenant })]
    const seen = (viewer: Viewer, claims: RoomClaim[] = []) => told(draw(line(claims, { requests }), viewer))
    expect(seen(nobody)).to.equal('')
    expect(seen(mine)).to.equal('asked 540–630')
    expect(seen(desk)).to.equal('asked 540–630')
    expect(seen(desk, [claim(570, 600)])).to.equal('asked 540–570, other 570–600, asked 600–630')
    // Its words say when it was asked for, whatever lies over it.
    expect(draw(line([claim(570, 600)], { requests }), desk).find(({ kind }) => kind === 'asked')).to.include({ start: 540, end: 630 })
  })

  it('lets the desk move anybody’s, others their own, and nobody what has begun', () => {
    const movable = (viewer: Viewer, now = 0) => draw(line([claim(540, 600, { tenant })], { now }), viewer).some(cell => cell.movable)
    expect([movable(mine), movable(desk), movable(nobody)]).to.deep.equal([true, true, false])
    expect([movable(mine, 539), movable(mine, 540), movable(desk, 570)]).to.deep.equal([true, false, false])
  })

  it('says the true times where columns are coarser', () => {
    const cells = draw(line([claim(540, 541)]))
    expect(cells.find(({ kind }) => kind === 'other')).to.include({ from: 540, to: 545, start: 540, end: 541 })
  })

  it('is all closed where nothing is open, and counts what it shows', () => {
    const input = line([], { open: null })
    const cells = draw(input)
    expect(told(cells)).to.equal('shut 480–1200')
    expect(countKinds([cells, draw(line([claim(540, 600)]))])).to.deep.equal({ shut: 1, free: 6, other: 1 })
  })

  it('fills its frame without a gap, whatever lies on it', () => {
    const minute = fc.integer({ min: 0, max: 1440 })
    const pieces = fc
      .record({
        at: fc.tuple(minute, minute, minute, minute),
        room: fc.constantFrom(hall, left, right),
        kind: fc.constantFrom('booking' as const, 'blackout' as const, 'offer' as const),
        hidden: fc.boolean(),
        own: fc.boolean(),
      })
      .map(({ at, room, kind, hidden, own }) => {
        const [from, start, end, to] = [...at].sort((a, b) => a - b) as [number, number, number, number]
        return claim(from, to, { start, end, room, kind, private: hidden, tenant: own ? tenant : other })
      })
    const span = fc.tuple(minute, minute).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))
    const rooms = fc.constantFrom(HALL, LEFT)
    const lists = fc.array(pieces, { maxLength: 8 })
    fc.assert(
      fc.property(
        lists,
        lists,
        rooms,
        fc.option(span),
        minute,
        fc.constantFrom(nobody, mine, desk),
        (claims, requests, room, open, now, who) => {
          const input = line(claims, { requests, room, open, now })
          const frame = frameOf([input, line([])])
          const cells = lineOf(input, frame, who)
          expectWhole(cells, frame)
          const secret = new Set(claims.filter(one => one.private && one.tenant !== tenant).map(one => String(one.ref)))
          if (!who.desk) for (const cell of cells) expect(secret.has(cell.ref ?? '')).to.equal(false)
        },
      ),
      { numRuns: 300 },
    )
  })
})
