import { expect } from 'chai'
import fc from 'fast-check'
import { addDays, type Day, DEFAULT_ZONE } from '../../src/lib/days.ts'
import { addToMonth, isMonth, lastDay, monthsFrom } from '../../src/lib/months.ts'
import { dayKind } from '../../src/parks/calendar.ts'
import { type DueRules, duesOf, lateOn, PLAIN, statutoryDay, workdaysBefore } from '../../src/trusteeship/due.ts'
import { remindersOn } from '../../src/trusteeship/reminders.ts'
import { marksOf, nextStep, rank, STATES, STEPS, type State, stateOn } from '../../src/trusteeship/state.ts'

const RULES: DueRules = { papers: 5, booked: 10, reported: 3, filing: [] }

/**
 * The 15th-rule for every due date of 2026, computed by hand. 2026-01-01 is a Thursday, so the 15ths fall on: Jan Thu, Feb Sun, Mar Sun,
 * Apr Wed, May Fri, Jun Mon, Jul Wed, Aug Sat, Sep Tue, Oct Thu, Nov Sun, Dec Tue. The State Council's arrangement for 2026: New Year
 * 01-01…03 (work on Sun 01-04), Spring Festival 02-15…23 (work on Sat 02-14 and Sat 02-28), Qingming 04-04…06, Labour Day 05-01…05 (work on
 * Sat 05-09), Dragon Boat 06-19…21, Mid-Autumn 09-25…27, National Day 10-01…07 (work on Sun 09-20 and Sat 10-10). So 02-15 moves behind the
 * Spring Festival to Tue 02-24, and the weekends move to their Mondays: 03-16, 08-17, 11-16. The month is the one that is filed.
 */
const FILED: [month: string, day: Day][] = [
  ['2025-12', '2026-01-15'],
  ['2026-01', '2026-02-24'],
  ['2026-02', '2026-03-16'],
  ['2026-03', '2026-04-15'],
  ['2026-04', '2026-05-15'],
  ['2026-05', '2026-06-15'],
  ['2026-06', '2026-07-15'],
  ['2026-07', '2026-08-17'],
  ['2026-08', '2026-09-15'],
  ['2026-09', '2026-10-15'],
  ['2026-10', '2026-11-16'],
  ['2026-11', '2026-12-15'],
  // A Friday of a year whose arrangement comes later.
  ['2026-12', '2027-01-15'],
]

/**
 * Papers by the 5th and books by the 10th working day, by hand, where holidays and make-up days lie in between. January: 4 (Sun, made up), 5,
 * 6, 7, 8. May: 6, 7, 8, 9 (Sat, made up), 11. October: 8, 9, 10 (Sat, made up), 12, 13. The report: three working days after filing, and in
 * February a fourth would be Sat 02-28, which is worked.
 */
const OTHERS: [month: string, papers: Day, booked: Day, reported: Day][] = [
  ['2025-12', '2026-01-08', '2026-01-15', '2026-01-20'],
  ['2026-01', '2026-02-06', '2026-02-13', '2026-02-27'],
  ['2026-04', '2026-05-11', '2026-05-18', '2026-05-20'],
  ['2026-09', '2026-10-13', '2026-10-20', '2026-10-20'],
]

describe('when the steps of a month are due', () => {
  it('files on the 15th or the next working day: all of 2026', () => {
    for (const [month, day] of FILED) expect(statutoryDay(month), month).to.equal(day)
  })

  it('counts working days of the following month, over holidays and make-up days', () => {
    for (const [month, received, booked, reported] of OTHERS) {
      const { filed: _filed, ...others } = duesOf(month, RULES)
      expect(others, month).to.deep.equal({ received, booked, reported })
    }
    expect(duesOf('2026-01', { ...RULES, reported: 4 }).reported).to.equal('2026-02-28')
  })

  it('takes the tax bureau’s day where the park has entered one, and counts the report from it', () => {
    const filing = [{ month: '2026-09', day: '2026-10-26' }]
    expect(duesOf('2026-09', { ...RULES, filing })).to.include({ filed: '2026-10-26', reported: '2026-10-29' })
    expect(duesOf('2026-10', { ...RULES, filing }).filed).to.equal('2026-11-16')
  })

  it('keeps the park’s own days off', () => {
    const own = new Map([['2026-07-15', { kind: 'holiday' as const, name: { zh: 'Closed' } }]])
    expect(statutoryDay('2026-06', { own, zone: DEFAULT_ZONE })).to.equal('2026-07-16')
  })

  it('is late from the day after, with what was due first', () => {
    const dues = duesOf('2026-09', RULES)
    expect(lateOn('collecting', dues, '2026-10-13')).to.equal(null)
    expect(lateOn('collecting', dues, '2026-10-14')).to.deep.equal({ step: 'received', due: '2026-10-13', days: 1 })
    expect(lateOn('received', dues, '2026-10-20')).to.deep.equal({ step: 'filed', due: '2026-10-15', days: 5 })
    expect(lateOn('filed', dues, '2026-10-20')).to.equal(null)
    expect(lateOn('filed', dues, '2026-10-21')?.step).to.equal('reported')
    expect(lateOn('reported', dues, '2030-01-01')).to.equal(null)
  })

  it('never lets a due day be a day off, nor before the month is over (property)', () => {
    const month = fc.integer({ min: 0, max: 12 * 21 }).map(n => addToMonth('2005-01', n))
    const days = fc.integer({ min: 1, max: 20 })
    fc.assert(
      fc.property(month, days, days, days, (one, papers, booked, reported) => {
        const dues = duesOf(one, { papers, booked, reported, filing: [] })
        for (const step of STEPS) {
          expect(dayKind(dues[step]), `${one} ${step}`).to.equal('workday')
          expect(dues[step] > lastDay(one)).to.equal(true)
        }
        expect(dues.filed >= `${addToMonth(one, 1)}-15`).to.equal(true)
        expect(dues.reported > dues.filed).to.equal(true)
        // Late on one day, late on the next: nothing becomes less late by waiting.
        for (const state of STATES) {
          const [first, second] = [lateOn(state, dues, dues.reported), lateOn(state, dues, addDays(dues.reported, 1))]
          if (first) expect(second?.step).to.equal(first.step)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('reminds some working days before, on the day after, and never of what is done', () => {
    const dues = duesOf('2026-09', RULES)
    expect(workdaysBefore('2026-10-13', 2)).to.equal('2026-10-10')
    expect(workdaysBefore('2026-10-08', 1)).to.equal('2026-09-30')
    const on = (day: Day, state: State = 'collecting') => remindersOn(state, dues, { remind: 2 }, day, PLAIN).join()
    expect(['2026-10-09', '2026-10-10', '2026-10-13', '2026-10-14'].map(day => on(day))).to.deep.equal(['', 'before', 'before', 'late'])
    expect(on('2026-10-14', 'received')).to.equal('')
    expect(on('2026-10-16', 'booked')).to.equal('filing')
    expect(on('2026-10-16', 'filed')).to.equal('')
    expect(on('2026-10-16')).to.equal('late,filing')
    expect(on('2026-12-31'), 'long ago').to.equal('')
  })
})

describe('the states of a month', () => {
  it('are one behind the other', () => {
    expect(STATES.map(nextStep)).to.deep.equal([...STEPS, null])
  })

  it('are what the log says, on any day', () => {
    const log = [
      { to: 'received' as const, on: '2026-10-08' },
      { to: 'collecting' as const, on: '2026-10-09' },
      { to: 'received' as const, on: '2026-10-12' },
      { to: 'booked' as const, on: '2026-10-12' },
    ]
    expect(['2026-10-07', '2026-10-08', '2026-10-10', '2026-10-12'].map(day => stateOn(log, day))).to.deep.equal([
      'collecting',
      'received',
      'collecting',
      'booked',
    ])
    expect(marksOf(log)).to.deep.equal({ received: log[2], booked: log[3] })
  })

  it('keep a mark for each step that stands, whatever was walked (property)', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 30 }), moves => {
        let at = 0
        const log = moves.map(forward => {
          at = Math.min(4, Math.max(0, at + (forward ? 1 : -1)))
          return { to: STATES[at]!, on: '2026-10-08' }
        })
        const marks = marksOf(log)
        expect(STEPS.filter(step => marks[step])).to.deep.equal(STEPS.filter(step => rank(step) <= at))
      }),
    )
  })

  it('are of months without a gap', () => {
    expect(monthsFrom('2025-11', '2026-02')).to.deep.equal(['2025-11', '2025-12', '2026-01', '2026-02'])
    expect(monthsFrom('2026-02', '2026-01')).to.deep.equal([])
    expect(['2026-00', '2026-13', '26-01', '2026-1', '', 'terms', '9999-12'].filter(isMonth)).to.deep.equal([])
  })
})
