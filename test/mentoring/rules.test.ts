import { expect } from 'chai'
import fc from 'fast-check'
import { addDays, weekday } from '../../src/lib/days.ts'
import { monthsFrom } from '../../src/lib/months.ts'
import { isOverdue } from '../../src/mentoring/actions.ts'
import { cancelUntil } from '../../src/mentoring/cancel.ts'
import { mayReadNote, readableNotes } from '../../src/mentoring/notes-rule.ts'
import { sumBy } from '../../src/mentoring/report.ts'
import { statusOf } from '../../src/mentoring/session.ts'
import { type Sides, sidesOf, type Viewer } from '../../src/mentoring/sides.ts'
import { datesOf } from '../../src/mentoring/slots.ts'
import { newId } from '../setup/factories.ts'

const sides = (more: Partial<Sides>): Sides => ({ team: false, mentor: false, staff: false, ...more })
const given = (yes: boolean) => ({ given: yes })

describe('who may read a mentor’s note', () => {
  const cases: [who: string, Sides, pair: boolean, park: boolean, parkAgreed: boolean, parkWithdrawn: boolean][] = [
    ['the mentor', sides({ mentor: true }), true, true, true, true],
    ['the team', sides({ team: true }), true, true, true, true],
    ['the park’s staff', sides({ staff: true }), false, false, true, false],
    ['staff who are the mentor', sides({ staff: true, mentor: true }), true, true, true, true],
    ['staff who are of the team', sides({ staff: true, team: true }), true, true, true, true],
    ['anybody else', sides({}), false, false, false, false],
  ]
  for (const [who, view, pair, park, agreed, withdrawn] of cases)
    it(who, () => {
      for (const consent of [null, given(true), given(false)]) expect(mayReadNote({ audience: 'pair' }, consent, view)).to.equal(pair)
      expect(mayReadNote({ audience: 'park' }, null, view)).to.equal(park)
      expect(mayReadNote({ audience: 'park' }, given(true), view)).to.equal(agreed)
      expect(mayReadNote({ audience: 'park' }, given(false), view)).to.equal(withdrawn)
    })

  it('never shows staff more than they were given, and never less than all to mentor and team', () => {
    const note = fc.record({ _id: fc.constant(newId()), text: fc.string(), audience: fc.constantFrom('pair' as const, 'park' as const) })
    const view = fc.record({ team: fc.boolean(), mentor: fc.boolean(), staff: fc.boolean() })
    const consent = fc.option(fc.record({ given: fc.boolean() }))
    fc.assert(
      fc.property(fc.array(note), consent, view, (notes, agreed, who) => {
        const read = readableNotes({ notes, consent: agreed } as never, who)
        if (who.team || who.mentor) expect(read).to.have.length(notes.length)
        else if (!who.staff || !agreed?.given) expect(read).to.deep.equal([])
        else expect(read.every(one => one.audience === 'park')).to.equal(true)
      }),
    )
  })
})

describe('the sides of a session', () => {
  const me = newId()
  const viewer = (more: Partial<Viewer>): Viewer => ({ id: String(me), staff: false, tenants: [], founder: false, mentors: [], ...more })
  const [tenant, mentor] = [newId(), newId()]
  it('are the team’s company, the founder alone, the linked mentor, the staff', () => {
    const company = { team: { tenant, user: null, name: 'A' }, mentor }
    const alone = { team: { tenant: null, user: me, name: 'A' }, mentor }
    expect(sidesOf(viewer({}), company)).to.deep.equal(sides({}))
    expect(sidesOf(viewer({ tenants: [String(tenant)] }), company)).to.deep.equal(sides({ team: true }))
    expect(sidesOf(viewer({ tenants: [String(tenant)] }), { ...alone, team: { ...alone.team, user: newId() } })).to.deep.equal(sides({}))
    expect(sidesOf(viewer({ founder: true }), alone)).to.deep.equal(sides({ team: true }))
    expect(sidesOf(viewer({ mentors: [mentor], staff: true }), company)).to.deep.equal(sides({ mentor: true, staff: true }))
  })
})

describe('dates of weekly slots', () => {
  const workdays = () => 'workday' as const
  it('are counted from the first, and leave out days off', () => {
    const closed = (day: string) => (day === '2026-12-09' ? ('holiday' as const) : ('workday' as const))
    expect(datesOf('2026-12-02', 3, closed)).to.deep.equal({ open: ['2026-12-02', '2026-12-16'], skipped: ['2026-12-09'] })
    expect(datesOf('2026-12-09', 1, closed).open, 'the first is their own choice').to.deep.equal(['2026-12-09'])
  })
  it('on a weekend mean weekends, but no holidays', () => {
    const kinds = (day: string) =>
      day === '2026-12-12' ? ('holiday' as const) : weekday(day) > 5 ? ('weekend' as const) : ('workday' as const)
    expect(datesOf('2026-12-05', 3, kinds)).to.deep.equal({ open: ['2026-12-05', '2026-12-19'], skipped: ['2026-12-12'] })
  })
  it('are whole weeks apart, and none is lost', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 800 }), fc.integer({ min: 1, max: 26 }), fc.func(fc.boolean()), (offset, weeks, off) => {
        const first = addDays('2026-01-01', offset)
        const { open, skipped } = datesOf(first, weeks, day => (off(day) ? 'holiday' : 'workday'))
        expect(open[0]).to.equal(first)
        const all = Array.from({ length: weeks }, (_, i) => addDays(first, 7 * i))
        expect([...open, ...skipped].sort()).to.deep.equal(all)
      }),
    )
    expect(datesOf('2026-12-01', 26, workdays).open).to.have.length(26)
  })
})

describe('what the clock says of mentoring', () => {
  const at = (text: string) => new Date(text)
  const times = { startsAt: at('2026-12-01T06:00:00Z'), endsAt: at('2026-12-01T07:00:00Z'), missedBy: null }
  it('tells ahead, running and unmarked apart at their edges', () => {
    const on = (text: string) => statusOf({ ...times, state: 'booked' }, at(text))
    expect(on('2026-12-01T05:59:59Z')).to.equal('upcoming')
    expect(on('2026-12-01T06:00:00Z')).to.equal('running')
    expect(on('2026-12-01T07:00:00Z')).to.equal('unmarked')
    expect(statusOf({ ...times, state: 'missed', missedBy: 'mentor' }, at('2030-01-01T00:00:00Z'))).to.equal('missedMentor')
  })
  it('keeps the team’s deadline as it was when it booked', () => {
    expect(cancelUntil({ ...times, terms: { cap: 2, cancelHours: 24 } })).to.deep.equal(at('2026-11-30T06:00:00Z'))
    expect(cancelUntil({ ...times, terms: { cap: 2, cancelHours: 0 } })).to.deep.equal(times.startsAt)
  })
  it('an action is overdue after its day, unless it is done', () => {
    expect(isOverdue({ done: null, due: '2026-12-01' }, '2026-12-01')).to.equal(false)
    expect(isOverdue({ done: null, due: '2026-12-01' }, '2026-12-02')).to.equal(true)
    expect(isOverdue({ done: {} as never, due: '2026-12-01' }, '2026-12-02')).to.equal(false)
  })
  it('adds hours up by whatever is asked', () => {
    const line = { month: '2026-11', mentor: newId(), mentorName: 'M', tenant: null, team: 'T', sessions: 1, minutes: 60, missed: 0 }
    const lines = [line, { ...line, month: '2026-12', minutes: 90 }, { ...line, team: 'U', missed: 1, sessions: 0, minutes: 0 }]
    const byTeam = sumBy(lines, ({ team }) => ({ key: team, name: team, tenant: null }))
    expect(byTeam.map(({ name, minutes, sessions, missed }) => [name, minutes, sessions, missed])).to.deep.equal([
      ['T', 150, 2, 0],
      ['U', 0, 0, 1],
    ])
    expect(monthsFrom('2026-11', '2027-02')).to.deep.equal(['2026-11', '2026-12', '2027-01', '2027-02'])
  })
})
