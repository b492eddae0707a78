import { expect } from 'chai'
import fc from 'fast-check'
import { addDays } from '../../src/lib/days.ts'
import { elapsed, instantAt } from '../../src/lib/wall.ts'
import { monthsOf } from '../../src/rooms/allowance.ts'
import { cancellationOf, costOf } from '../../src/rooms/cost.ts'
import { daysOf, lengthOf, piecesOf, startsAt } from '../../src/rooms/slot.ts'

/** The arithmetic below bookings: how a slot lies over days, what it costs, which month an hour falls in. */
const CHINA = 'Asia/Shanghai'
const LONDON = 'Europe/London'

describe('slots', () => {
  it('lie in one day with their buffers', () => {
    expect(piecesOf({ day: '2026-12-01', from: 540, to: 600 }, 10, 15, CHINA)).to.deep.equal([
      { day: '2026-12-01', from: 530, to: 615, start: 540, end: 600 },
    ])
  })

  it('reach over midnight, and so do buffers alone', () => {
    expect(piecesOf({ day: '2026-12-31', from: 1380, to: 1500 }, 0, 0, CHINA)).to.deep.equal([
      { day: '2026-12-31', from: 1380, to: 1440, start: 1380, end: 1440 },
      { day: '2027-01-01', from: 0, to: 60, start: 0, end: 60 },
    ])
    expect(piecesOf({ day: '2026-12-01', from: 1380, to: 1440 }, 0, 30, CHINA)[1]).to.deep.equal({
      day: '2026-12-02',
      from: 0,
      to: 30,
      start: 0,
      end: 0,
    })
    expect(piecesOf({ day: '2026-12-01', from: 10, to: 60 }, 30, 0, CHINA)[0]).to.deep.equal({
      day: '2026-11-30',
      from: 1420,
      to: 1440,
      start: 1440,
      end: 1440,
    })
  })

  it('count the hour the clocks skip or show twice', () => {
    // In London 2027-03-28 has 23 hours, 2026-10-25 has 25.
    expect(lengthOf({ day: '2027-03-28', from: 0, to: 240 }, LONDON)).to.equal(180)
    expect(lengthOf({ day: '2026-10-25', from: 0, to: 240 }, LONDON)).to.equal(300)
    const [piece] = piecesOf({ day: '2026-10-25', from: 540, to: 600 }, 0, 0, LONDON)
    expect(piece).to.deep.equal({ day: '2026-10-25', from: 600, to: 660, start: 540, end: 600 })
  })

  it('cover exactly the instants they name, whatever the clocks do', () => {
    const day = fc.integer({ min: 0, max: 800 }).map(count => addDays('2026-01-01', count))
    const arbitrary = fc.record({
      day,
      from: fc.integer({ min: 0, max: 1439 }),
      length: fc.integer({ min: 1, max: 1440 }),
      before: fc.integer({ min: 0, max: 180 }),
      after: fc.integer({ min: 0, max: 180 }),
      zone: fc.constantFrom(CHINA, LONDON, 'America/New_York'),
    })
    fc.assert(
      fc.property(arbitrary, ({ day, from, length, before, after, zone }) => {
        const slot = { day, from, to: from + length }
        fc.pre(lengthOf(slot, zone) > 0)
        const pieces = piecesOf(slot, before, after, zone)
        const first = instantAt(pieces[0]!.day, 0, zone).getTime() + pieces[0]!.from * 60_000
        expect(first).to.equal(startsAt(slot, zone).getTime() - before * 60_000)
        const total = pieces.reduce((sum, piece) => sum + piece.to - piece.from, 0)
        expect(total).to.equal(before + lengthOf(slot, zone) + after)
        pieces.slice(1).forEach((piece, i) => {
          expect(piece.day).to.equal(addDays(pieces[i]!.day, 1))
          expect(piece.from).to.equal(0)
          expect(pieces[i]!.to).to.equal(elapsed(pieces[i]!.day, 1440, zone))
        })
        expect(pieces.reduce((sum, piece) => sum + piece.end - piece.start, 0)).to.equal(length)
      }),
      { numRuns: 400 },
    )
  })

  it('know which month each of their minutes falls in', () => {
    expect(monthsOf({ day: '2026-11-30', from: 1380, to: 1530 }, 'Asia/Shanghai')).to.deep.equal([
      { month: '2026-11', minutes: 60 },
      { month: '2026-12', minutes: 90 },
    ])
    expect(daysOf({ day: '2026-11-30', from: 600, to: 660 })).to.deep.equal([{ day: '2026-11-30', from: 600, to: 660 }])
  })
})

describe('what a booking costs', () => {
  it('rounds each part once, half up, and is free in part', () => {
    expect(costOf({ price: 10_000 }, 90, [], []).total).to.equal(15_000)
    expect(costOf({ price: 9_999 }, 50, [], []).total).to.equal(8_333)
    expect(costOf({ price: 1 }, 30, [], []).total).to.equal(1)
    const free = [{ month: '2026-12', minutes: 60 }]
    const extras = [{ code: 'tea', name: { zh: 'tea' }, count: 2, per: 'each' as const, unit: 1_500, fen: 3_000 }]
    expect(costOf({ price: 10_000 }, 90, free, extras)).to.deep.equal({ minutes: 90, free, room: 5_000, extras: 3_000, total: 8_000 })
  })

  it('keeps a share when it is cancelled late, by the terms frozen in it', () => {
    const cost = costOf({ price: 10_000 }, 120, [{ month: '2026-12', minutes: 60 }], [])
    const terms = { cancelBefore: 1440, cancelPercent: 50 }
    expect(cancellationOf(terms, cost, 1440)).to.deep.equal({ fee: 0, kept: [] })
    expect(cancellationOf(terms, cost, 1439)).to.deep.equal({ fee: 5_000, kept: [{ month: '2026-12', minutes: 30 }] })
  })
})
