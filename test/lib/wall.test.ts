import { expect } from 'chai'
import fc from 'fast-check'
import { addDays } from '../../src/lib/days.ts'
import { clockOf, elapsed, instantAt, minutesOf, parseClock, wallAt } from '../../src/lib/wall.ts'

const at = (day: string, clock: string, zone: string): string => instantAt(day, parseClock(clock)!, zone).toISOString().slice(0, 16)

describe('wall time', () => {
  it('is the instant the clocks there name', () => {
    expect(at('2026-11-25', '09:00', 'Asia/Shanghai')).to.equal('2026-11-25T01:00')
    expect(at('2026-11-25', '00:30', 'Asia/Shanghai')).to.equal('2026-11-24T16:30')
    expect(at('2026-11-25', '24:00', 'Asia/Shanghai')).to.equal('2026-11-25T16:00')
    expect(at('1988-07-01', '09:00', 'Asia/Shanghai')).to.equal('1988-07-01T00:00')
    expect(at('2026-07-01', '09:00', 'Europe/London')).to.equal('2026-07-01T08:00')
    expect(at('2026-01-01', '09:00', 'Asia/Kathmandu')).to.equal('2026-01-01T03:15')
    expect(instantAt('2026-11-25', -30, 'Asia/Shanghai').toISOString()).to.equal('2026-11-24T15:30:00.000Z')
    expect(instantAt('2026-11-25', 1500, 'Asia/Shanghai').toISOString()).to.equal('2026-11-25T17:00:00.000Z')
  })

  it('takes a skipped hour by the offset before it, and of an hour shown twice the first', () => {
    expect(at('2026-03-29', '00:59', 'Europe/London')).to.equal('2026-03-29T00:59')
    expect(at('2026-03-29', '01:30', 'Europe/London')).to.equal('2026-03-29T01:30')
    expect(at('2026-03-29', '02:00', 'Europe/London')).to.equal('2026-03-29T01:00')
    expect(at('2026-10-25', '01:30', 'Europe/London')).to.equal('2026-10-25T00:30')
    expect(at('2026-10-25', '02:00', 'Europe/London')).to.equal('2026-10-25T02:00')
    expect(at('2026-03-08', '02:30', 'America/New_York')).to.equal('2026-03-08T07:30')
    expect(at('2026-11-01', '01:30', 'America/New_York')).to.equal('2026-11-01T05:30')
    expect(at('2026-10-04', '02:15', 'Australia/Lord_Howe')).to.equal('2026-10-03T15:45')
    expect(at('2026-04-05', '01:45', 'Australia/Lord_Howe')).to.equal('2026-04-04T14:45')
  })

  it('goes from an instant to what the clocks show, and back', () => {
    const zones = ['Asia/Shanghai', 'Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Kiritimati', 'Pacific/Pago_Pago']
    const property = fc.property(fc.integer({ min: 0, max: 20_000_000 }), fc.constantFrom(...zones), (n, zone) => {
      const instant = new Date(Date.UTC(2000, 0, 1) + n * 60_000)
      const { day, minute } = wallAt(instant, zone)
      const back = instantAt(day, minute, zone)
      // An hour shown twice comes back as its first: the clocks show the same.
      expect(wallAt(back, zone)).to.deep.equal({ day, minute })
      expect(instant.getTime() - back.getTime()).to.be.oneOf([0, 30 * 60_000, 60 * 60_000])
    })
    fc.assert(property, { numRuns: 1000 })
  })

  it('knows how long a day really is, and days follow each other without a gap', () => {
    expect(minutesOf('2026-11-25', 'Asia/Shanghai')).to.equal(1440)
    expect(minutesOf('2026-03-29', 'Europe/London')).to.equal(1380)
    expect(minutesOf('2026-10-25', 'Europe/London')).to.equal(1500)
    expect(elapsed('2026-10-25', 180, 'Europe/London')).to.equal(240)
    for (let day = '2026-01-01'; day < '2027-01-01'; day = addDays(day, 1))
      expect(instantAt(day, 1440, 'Europe/London').getTime()).to.equal(instantAt(addDays(day, 1), 0, 'Europe/London').getTime())
  })

  it('reads and writes clock times', () => {
    for (const [text, minute] of [
      ['9:30', 570],
      ['09:30', 570],
      [' 00:00 ', 0],
      ['24:00', 1440],
      ['9\uff1a05', 545],
    ] as const)
      expect(parseClock(text), text).to.equal(minute)
    for (const text of ['', '24:01', '9:60', '9', '9:5', '-1:00', '09:30:00', 'nine']) expect(parseClock(text), text).to.equal(null)
    expect([0, 570, 1439, 1440, 1500, -30].map(clockOf)).to.deep.equal(['00:00', '09:30', '23:59', '24:00', '01:00', '23:30'])
    fc.assert(fc.property(fc.integer({ min: 0, max: 1440 }), minute => parseClock(clockOf(minute)) === minute))
  })
})
