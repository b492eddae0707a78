import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { addDays, daysOfMonth, weekday } from '../../src/lib/days.ts'
import { RuleError } from '../../src/lib/rule-error.ts'
import { instantAt } from '../../src/lib/wall.ts'
import { MAX_OCCURRENCES, occurrences, parseByDay, type Recurrence, WEEKDAYS, wallText } from '../../src/rooms/recurrence.ts'
import { describeProblem, recurrenceForm, recurrenceFrom, recurrenceValues } from '../../src/rooms/recurrence-form.ts'
import { ruleText, toRRule } from '../../src/rooms/recurrence-text.ts'

interface Vector {
  zone: string
  start: string
  rule: Recurrence
  except: string[]
  utcStarts: string[]
}

const vectors: Vector[] = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/recurrence.json'), 'utf8'))
const walls = (start: string, rule: Recurrence, except: string[] = []): string[] => occurrences(start, rule, { except }).map(wallText)

describe('recurrence of the worked series', () => {
  it('has the vectors at all', () => expect(vectors).to.have.length.of.at.least(60))

  for (const [i, { zone, start, rule, except, utcStarts }] of vectors.entries())
    it(`${i}: ${rule.freq} every ${rule.interval} from ${start} in ${zone}`, () => {
      const instants = occurrences(start, rule, { except }).map(at => `${instantAt(at.day, at.minute, zone).toISOString().slice(0, 16)}Z`)
      expect(instants).to.deep.equal(utcStarts)
    })
})

/** The same question answered another way: every day there is is asked whether it belongs to the rule. */
function walked(start: string, rule: Recurrence, days: number): string[] {
  const first = start.slice(0, 10)
  const monday = (day: string) => addDays(day, 1 - weekday(day))
  const month = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7))
  const since = (a: string, b: string) => Math.round((Date.parse(b) - Date.parse(a)) / 86_400_000)
  const found: string[] = []
  for (let i = 0; i < days; i++) {
    const day = addDays(first, i)
    const periods = { DAILY: i, WEEKLY: since(monday(first), monday(day)) / 7, MONTHLY: month(day) - month(first) }[rule.freq]
    if (periods % rule.interval) continue
    const date = Number(day.slice(8))
    const dates = [rule.byMonthDay ?? []].flat()
    const named = (rule.byDay ?? []).some(text => {
      const { nth, weekday: wanted } = parseByDay(text)!
      if (wanted !== weekday(day)) return false
      const same = Array.from({ length: daysOfMonth(day) }, (_, k) => addDays(`${day.slice(0, 8)}01`, k)).filter(x => weekday(x) === wanted)
      return !nth || same.at(nth > 0 ? nth - 1 : nth) === day
    })
    const dated = dates.some(wanted => wanted === date || date === daysOfMonth(day) + 1 + wanted)
    const asStart = { DAILY: true, WEEKLY: weekday(day) === weekday(first), MONTHLY: date === Number(first.slice(8)) }[rule.freq]
    const open = !rule.byDay?.length && !dates.length
    if (open ? asStart : (!rule.byDay?.length || named) && (!dates.length || dated)) found.push(`${day}${start.slice(10)}`)
  }
  const before = found.filter(wall => !rule.until || wall <= rule.until)
  return rule.count ? before.slice(0, rule.count) : before
}

const days = fc.integer({ min: 0, max: 3000 }).map(n => addDays('2024-01-01', n))
const plain = fc.subarray([...WEEKDAYS], { minLength: 1 })
const nth = fc.tuple(fc.constantFrom(1, 2, 3, 4, 5, -1, -2), fc.constantFrom(...WEEKDAYS)).map(([n, day]) => `${n}${day}`)
const which = fc.oneof(
  fc.record({ freq: fc.constant('DAILY' as const) }),
  fc.record({ freq: fc.constant('WEEKLY' as const) }, { requiredKeys: ['freq'] }),
  fc.record({ freq: fc.constant('WEEKLY' as const), byDay: plain }),
  fc.record({ freq: fc.constant('MONTHLY' as const) }),
  fc.record({ freq: fc.constant('MONTHLY' as const), byDay: fc.oneof(plain, fc.array(nth, { minLength: 1, maxLength: 3 })) }),
  fc.record({ freq: fc.constant('MONTHLY' as const), byMonthDay: fc.array(fc.constantFrom(1, 15, 29, 30, 31, -1, -31), { minLength: 1 }) }),
)
const WALK = 1500

describe('recurrence', () => {
  it('agrees with asking every day one by one', () => {
    const end = fc.oneof(fc.record({ count: fc.integer({ min: 1, max: 60 }) }), fc.record({ length: fc.integer({ min: 0, max: 300 }) }))
    const property = fc.property(days, fc.integer({ min: 1, max: 4 }), which, end, (day, interval, freq, by) => {
      const start = `${day}T00:30`
      const rule: Recurrence = { ...freq, interval, ...('count' in by ? by : { until: `${addDays(day, by.length)}T00:30` }) }
      const wanted = walked(start, rule, WALK)
      // A rare date may come less often in the days walked than it counts: then only what was walked can be compared.
      const got = walls(start, rule).filter(wall => wall < addDays(day, WALK))
      expect(got).to.deep.equal(wanted)
    })
    fc.assert(property, { numRuns: 200 })
  })

  it('takes exceptions out after counting, so that a skipped date can come back', () => {
    const rule: Recurrence = { freq: 'WEEKLY', interval: 1, count: 4 }
    const all = walls('2026-12-07T00:30', rule)
    expect(all).to.deep.equal(['2026-12-07T00:30', '2026-12-14T00:30', '2026-12-21T00:30', '2026-12-28T00:30'])
    expect(walls('2026-12-07T00:30', rule, [all[1]!])).to.deep.equal([all[0], all[2], all[3]])
    expect(walls('2026-12-07T00:30', rule, ['2026-12-14T09:00'])).to.deep.equal(all)
  })

  it('passes over months without the day, and leap days', () => {
    expect(walls('2026-01-31T09:00', { freq: 'MONTHLY', interval: 1, count: 4 }).map(wall => wall.slice(5, 10))).to.deep.equal([
      '01-31',
      '03-31',
      '05-31',
      '07-31',
    ])
    expect(walls('2024-02-29T09:00', { freq: 'MONTHLY', interval: 12, count: 3 }).map(wall => wall.slice(0, 10))).to.deep.equal([
      '2024-02-29',
      '2028-02-29',
      '2032-02-29',
    ])
  })

  it('refuses what never ends and what has too many dates, and ends where no date ever comes', () => {
    expect(() => occurrences('2026-01-01T09:00', { freq: 'DAILY', interval: 1 })).to.throw(RuleError)
    expect(() => occurrences('2026-01-01T09:00', { freq: 'DAILY', interval: 1, count: MAX_OCCURRENCES + 1 })).to.throw(RuleError)
    expect(walls('2026-01-01T09:00', { freq: 'DAILY', interval: 1, count: MAX_OCCURRENCES })).to.have.length(MAX_OCCURRENCES)
    expect(walls('2026-02-01T09:00', { freq: 'MONTHLY', interval: 12, byMonthDay: [30], count: 5 })).to.deep.equal([])
  })

  it('says what is wrong with a rule, and at which field', () => {
    const problem = (rule: Partial<Recurrence>) =>
      describeProblem('2026-12-01T09:00', { freq: 'WEEKLY', interval: 1, count: 3, ...rule } as Recurrence)
    expect(problem({})).to.equal(null)
    expect(problem({ interval: 0 })).to.include({ key: 'error.recurrence.interval', field: 'interval' })
    expect(problem({ byDay: ['2TU'] })?.key).to.equal('error.recurrence.weekdays')
    expect(problem({ byDay: ['XX'] })?.key).to.equal('error.recurrence.weekdays')
    expect(problem({ freq: 'MONTHLY', byMonthDay: [32] })?.key).to.equal('error.recurrence.monthDays')
    expect(problem({ until: '2026-12-31T09:00' })?.key).to.equal('error.recurrence.end')
    expect(problem({ count: null })?.key).to.equal('error.recurrence.end')
    expect(problem({ count: null, until: '2026-11-30T09:00' })).to.include({ key: 'error.recurrence.order', field: 'until' })
    expect(problem({ count: 401 })?.key).to.equal('error.recurrence.count')
    expect(problem({ freq: 'DAILY', count: null, until: '2030-01-01T09:00' })).to.include({
      key: 'error.recurrence.tooMany',
      field: 'until',
    })
    expect(problem({ byDay: ['MO'], count: null, until: '2026-12-02T09:00' })?.key).to.equal('error.recurrence.never')
  })

  it('reads the form and fills it again', () => {
    const read = (fields: object) => recurrenceFrom(recurrenceForm.parse(fields), '2026-12-08T09:00')
    expect(read({})).to.equal(null)
    const weekly = read({ repeat: 'weekly', interval: '2', weekdays: ['WE', 'MO'], ends: 'count', count: '10', until: '2027-01-01' })
    expect(weekly).to.deep.equal({ freq: 'WEEKLY', interval: 2, byDay: ['MO', 'WE'], count: 10 })
    const monthly = read({ repeat: 'monthly', monthlyBy: 'weekday', ends: 'until', until: '2027-06-30' })
    expect(monthly).to.deep.equal({ freq: 'MONTHLY', interval: 1, byDay: ['2TU'], until: '2027-06-30T09:00' })
    for (const rule of [weekly, monthly]) expect(read(recurrenceValues(rule))).to.deep.equal(rule)
    for (const monthlyBy of ['date', 'weekday', 'lastWeekday', 'lastDay']) {
      const rule = read({ repeat: 'monthly', monthlyBy, count: '3' })
      expect(recurrenceValues(rule)).to.include({ monthlyBy })
    }
    const missing = recurrenceForm.safeParse({ repeat: 'daily', ends: 'until', until: '' })
    expect(missing.error?.issues.map(issue => issue.path)).to.deep.equal([['until']])
  })

  it('is a sentence in both languages, and an RRULE', () => {
    const start = '2026-12-01T09:00'
    const text = (rule: Partial<Recurrence>, lang: 'zh-CN' | 'en') => ruleText(start, { freq: 'WEEKLY', interval: 1, ...rule }, lang)
    expect(text({ interval: 2, byDay: ['MO', 'WE'], count: 10 }, 'zh-CN')).to.equal('每 2 周的周一、周三，共 10 次')
    expect(text({ interval: 2, byDay: ['MO', 'WE'], count: 10 }, 'en')).to.equal('Every 2 weeks on Monday and Wednesday, 10 times')
    expect(text({ until: '2027-01-31T09:00' }, 'en')).to.equal('Every week on Tuesday, until 2027-01-31')
    expect(text({ freq: 'MONTHLY', byDay: ['2TU', '-1FR'], count: 1 }, 'zh-CN')).to.equal('每月第二个周二、最后一个周五，共 1 次')
    expect(text({ freq: 'MONTHLY', byMonthDay: -1, count: 1 }, 'en')).to.equal('Every month on the last day, once')
    const rule: Recurrence = { freq: 'MONTHLY', interval: 2, byMonthDay: [-1], until: '2027-07-31T09:00' }
    expect(toRRule(rule, 'Europe/London')).to.equal('FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1;UNTIL=20270731T080000Z')
    expect(toRRule({ freq: 'WEEKLY', interval: 1, byDay: ['TU', 'SA'], count: 9 }, 'Asia/Shanghai')).to.equal(
      'FREQ=WEEKLY;BYDAY=TU,SA;COUNT=9',
    )
  })
})
