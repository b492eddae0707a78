import { expect } from 'chai'
import { Types } from 'mongoose'
import { type Attendee, hasEarned, isNoShow, keysOf, minutesAttended, plainPhone } from '../../src/events/attendee.ts'
import { numberOf } from '../../src/events/certificate.ts'
import { grouped } from '../../src/events/certificate-paper.ts'
import { type Event, phaseOf, placesLeft, signUpOf } from '../../src/events/event.ts'
import { editForm, factsFrom, newForm, sessionRows, signUpForm } from '../../src/events/form.ts'
import { newPass, plainCode, tokenFor } from '../../src/events/secrets.ts'
import { eventWhen } from '../../src/events/times.ts'

const ZONE = 'Asia/Shanghai'
const at = (text: string): Date => new Date(`${text}+08:00`)
const session = (day: string, from = 840, to = 960) => ({
  _id: new Types.ObjectId(),
  day,
  from,
  to,
  topic: null,
  place: null,
  online: null,
})
const EVENT = {
  state: 'published' as const,
  startsAt: at('2026-12-01T14:00'),
  endsAt: at('2026-12-08T16:00'),
  signUpFrom: null as string | null,
  signUpUntil: null as string | null,
  sessions: [session('2026-12-01'), session('2026-12-08')],
  certificateFrom: 2,
  capacity: 10,
  taken: 4,
}

describe('rules of events', () => {
  it('derives what an event is from the time, to the minute', () => {
    const phase = (when: string, state: Event['state'] = 'published') => phaseOf({ ...EVENT, state }, at(when))
    expect([phase('2026-12-01T13:59'), phase('2026-12-01T14:00'), phase('2026-12-08T15:59'), phase('2026-12-08T16:00')]).to.deep.equal([
      'upcoming',
      'running',
      'running',
      'over',
    ])
    expect([phase('2027-01-01T00:00', 'draft'), phase('2020-01-01T00:00', 'cancelled')]).to.deep.equal(['draft', 'cancelled'])
  })

  it('opens and closes sign-up by the park’s days, both inclusive', () => {
    const days = { ...EVENT, signUpFrom: '2026-11-10', signUpUntil: '2026-11-20' }
    const open = (when: string, event: typeof EVENT = days) => signUpOf(event, ZONE, at(when))
    expect(['2026-11-09T23:59', '2026-11-10T00:00', '2026-11-20T23:59', '2026-11-21T00:00'].map(when => open(when))).to.deep.equal([
      'early',
      'open',
      'open',
      'closed',
    ])
    expect([open('2026-12-01T13:59', EVENT), open('2026-12-01T14:00', EVENT), open('2026-12-08T16:00', EVENT)]).to.deep.equal([
      'open',
      'closed',
      'over',
    ])
    // With a last day of its own, people may still join a course that has begun.
    expect(open('2026-12-02T10:00', { ...EVENT, signUpUntil: '2026-12-03' })).to.equal('open')
  })

  it('counts places left, never below none', () => {
    expect([placesLeft(EVENT), placesLeft({ capacity: 4, taken: 4 }), placesLeft({ capacity: null, taken: 4 })]).to.deep.equal([6, 0, null])
  })

  it('gives a certificate for enough sessions of an event that gives one', () => {
    const checkIn = (one: { _id: Types.ObjectId }) => ({ session: one._id, at: new Date(), by: { id: 'x', name: 'x' } })
    const [first, second] = EVENT.sessions.map(checkIn)
    const came = (list: Attendee['checkIns'], state: Attendee['state'] = 'going') => hasEarned({ state, checkIns: list }, EVENT)
    expect([came([first!]), came([first!, second!]), came([first!, second!], 'cancelled')]).to.deep.equal([false, true, false])
    expect(hasEarned({ state: 'going', checkIns: [first!, second!] }, { ...EVENT, certificateFrom: null })).to.equal(false)
    expect(minutesAttended({ checkIns: [first!] }, EVENT)).to.equal(120)
    expect(isNoShow({ state: 'going', checkIns: [] }, EVENT, at('2026-12-08T15:00'))).to.equal(false)
    expect(isNoShow({ state: 'going', checkIns: [] }, EVENT, at('2026-12-08T16:00'))).to.equal(true)
    expect(isNoShow({ state: 'waiting', checkIns: [] }, EVENT, at('2026-12-08T16:00'))).to.equal(false)
  })

  it('knows one phone in its spellings', () => {
    for (const text of ['13900000000', '139 0000 0000', '+86 139-0000-0000', '008613900000000', '13900000000'])
      expect(plainPhone(text), text).to.equal('13900000000')
    expect(plainPhone('+49 30 1234567')).to.equal('0049301234567')
    expect(plainPhone('0571-8888 8888')).to.equal('057188888888')
    expect(keysOf({ phone: null, email: 'a@example.com' })).to.deep.equal(['a@example.com'])
  })

  it('writes numbers, codes and times as people read them', () => {
    expect(numberOf('dongxin', 2026, 7)).to.equal('DONGXIN-2026-0007')
    expect(numberOf('a-b', 2026, 12345)).to.equal('A-B-2026-12345')
    expect(grouped('ABCDEFGHJKMN')).to.equal('ABCD EFGH JKMN')
    expect(plainCode(' abcd-efgh ')).to.equal('ABCDEFGH')
    expect(newPass()).to.match(/^[2-9A-HJKMNP-Z]{10}$/)
    expect(eventWhen(EVENT)).to.equal('2026-12-01 14:00–16:00 … 2026-12-08')
    expect(tokenFor('key-of-a-form', 's')).to.equal(tokenFor('key-of-a-form', 's')).and.not.equal(tokenFor('key-of-a-form', 't'))
    expect(tokenFor(null, 's')).to.not.equal(tokenFor(null, 's'))
  })

  it('reads the form: rows that say nothing vanish, sessions keep their ids once', () => {
    const [known] = EVENT.sessions
    const row = { id: String(known!._id), day: '2026-12-01', from: '14:00', to: '16:00' }
    const typed = { kind: 'training', titleZh: 'T', audience: 'public', version: '1', sessions: [row, row, { id: '', day: '' }] }
    const form = editForm.parse(typed)
    const { sessions } = factsFrom(form, EVENT.sessions)
    expect(sessions).to.have.length(2)
    expect(sessions[0]!._id.equals(known!._id)).to.equal(true)
    expect(sessions[1]!._id.equals(known!._id)).to.equal(false)
    expect(sessionRows([{ id: 'x' }, { topicZh: 'Topic' }])).to.have.length(1)
  })

  it('refuses faulty forms with a reason at the field', () => {
    const problems = (schema: typeof newForm | typeof signUpForm, typed: object) => {
      const found = schema.safeParse(typed)
      return found.success ? [] : found.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`)
    }
    const base = {
      kind: 'training',
      titleZh: 'T',
      audience: 'public',
      code: 'pass',
      sessions: [{ day: '2026-12-01', from: '25:00', to: '16:00' }],
    }
    const row = { day: '2026-12-01', from: '9:00', to: '16:00', online: 'javascript:alert(1)', topicEn: 'Only English' }
    expect(problems(newForm, base)).to.include('code: error.slug').and.include('sessions.0.from: error.event.clock')
    expect(problems(newForm, { ...base, code: 'new-course', sessions: [row], textEn: 'Only English' }))
      .to.include('sessions.0.online: error.webAddress')
      .and.include('sessions.0.topicZh: error.required')
    const person = { name: 'N', phone: '13900000000', email: 'a@example.com' }
    expect(problems(signUpForm, person)).to.deep.equal(['consent: error.event.consent'])
    expect(problems(signUpForm, { ...person, email: '', consent: 'on' })).to.deep.equal(['email: error.required'])
  })
})
