import { expect } from 'chai'
import fc from 'fast-check'
import { studiesForm, studiesFrom } from '../../src/applications/answer-form.ts'
import { isBegun, isComplete, openTasks, TASKS, tasksOf } from '../../src/applications/answers.ts'
import type { Application, Paper } from '../../src/applications/application.ts'
import { classOf, countsUntil, feeOf, isStudent } from '../../src/applications/eligibility.ts'
import type { Answers } from '../../src/applications/founders.ts'
import { foundersProblem, parseShare, plainIdNumber, shareText, WHOLE } from '../../src/applications/founders.ts'
import { missingPapers, refusedSlots, slotsOf } from '../../src/applications/papers.ts'
import { addDays } from '../../src/lib/days.ts'
import { wholeContent as content, founder, NO_STUDENT, registrationAnswers, STUDYING, serviceField } from '../setup/applications.ts'
import { newId } from '../setup/factories.ts'

const filled = (more: Partial<Application> = {}) => ({ answers: {} as Answers, papers: [] as Paper[], class: null, studies: null, ...more })
const paper = (document: string, more: Partial<Paper> = {}): Paper => ({
  ...{ _id: newId(), document, founder: null, file: newId(), name: 'x.png', size: 1, type: 'image/png', at: new Date() },
  ...{ by: { id: 'x', name: 'X' }, state: 'given', reason: null },
  ...more,
})

describe('shares of founders', () => {
  it('stand if and only if they add up to the whole, exactly', () => {
    const shares = fc.array(fc.integer({ min: 1, max: WHOLE }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(shares, given => {
        const founders = given.map((share, i) => founder(`founder-${i + 1}`, { share }))
        const sum = given.reduce((total, share) => total + share, 0)
        expect(foundersProblem(founders) === null).to.equal(sum === WHOLE)
      }),
    )
    const split = fc.array(fc.integer({ min: 1, max: WHOLE - 1 }), { maxLength: 19 })
    fc.assert(
      fc.property(split, cuts => {
        const ends = [...new Set(cuts), WHOLE].sort((a, b) => a - b)
        const founders = ends.map((end, i) => founder(`founder-${i + 1}`, { share: end - (ends[i - 1] ?? 0) }))
        expect(foundersProblem(founders)).to.equal(null)
      }),
    )
  })

  it('are read as they are written, to the last decimal', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: WHOLE }), share => parseShare(shareText(share)) === share))
    for (const text of ['0', '0.0000', '100.0001', '1e1', '-1', '1.23456', '', '.5', '1,5', '0x10'])
      expect(parseShare(text), text).to.equal(null)
  })

  it('are nobody’s twice, and somebody’s', () => {
    const [a, b] = [founder('founder-1', { share: 500_000 }), founder('founder-2', { share: 500_000 })]
    expect(foundersProblem([])!.key).to.equal('application.noFounders')
    expect(foundersProblem([a, { ...b, idNumber: a.idNumber }])).to.deep.equal({
      key: 'application.founderTwice',
      params: { name: b.name },
    })
    expect(
      foundersProblem([
        { ...a, idNumber: null },
        { ...b, idNumber: null },
      ]),
    ).to.equal(null)
  })
})

describe('identity numbers', () => {
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 17, maxLength: 17 })

  it('of residents stand with one check character out of eleven', () => {
    fc.assert(
      fc.property(digits, given => {
        const body = given.join('')
        const right = [...'0123456789X'].filter(check => plainIdNumber(body + check) !== null)
        expect(right).to.have.length(1)
        // ISO 7064 MOD 11-2, computed as the standard words it: Horner's rule.
        const rest = given.reduce((carry, digit) => ((carry + digit) * 2) % 11, 0)
        const check = (12 - rest) % 11
        expect(right[0]).to.equal(check === 10 ? 'X' : String(check))
      }),
    )
  })

  it('are kept in one spelling, and others’ without a check', () => {
    expect(plainIdNumber('11010519491231002x')).to.equal('11010519491231002X')
    expect(plainIdNumber(' 110105 19491231 002X ')).to.equal('11010519491231002X')
    expect(plainIdNumber('110105194912310021')).to.equal(null)
    expect(plainIdNumber('e-12345678')).to.equal('E12345678')
    for (const text of ['', '12345', 'A'.repeat(21), '<script>', '1101051949123100２X']) expect(plainIdNumber(text), text).to.equal(null)
  })
})

describe('who somebody is to a service', () => {
  const graduated = (graduatedOn: string) => ({ status: 'graduated' as const, school: 'A school', graduatedOn })
  const offer = { years: 5, fees: content().fees }

  it('counts graduates up to the anniversary, to the day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 1, max: 10 }), (offset, years) => {
        const on = addDays('2005-01-01', offset)
        const last = countsUntil(on, years)
        const at = (day: string) => isStudent(graduated(on), years, day)
        expect([at(addDays(on, -1)), at(on), at(last), at(addDays(last, 1))]).to.deep.equal([false, true, true, false])
      }),
    )
    expect(countsUntil('2024-02-29', 1)).to.equal('2025-02-28')
    expect(classOf(graduated('2021-06-30'), offer, '2026-06-30')).to.equal('student')
    expect(classOf(graduated('2021-06-30'), offer, '2026-07-01')).to.equal('founder')
    expect(isStudent(graduated('2026-01-01'), 0, '2026-01-01')).to.equal(false)
    expect(isStudent({ ...graduated('2026-01-01'), graduatedOn: null }, 5, '2026-01-01')).to.equal(false)
  })

  it('is what it is offered to', () => {
    const only = (...classes: ('student' | 'founder' | 'tenant')[]) => ({
      years: 5,
      fees: classes.map(klass => ({ class: klass, fen: 100 })),
    })
    expect(classOf(STUDYING, only('founder'), '2026-01-01')).to.equal('founder')
    expect(classOf(NO_STUDENT, only('student'), '2026-01-01')).to.equal(null)
    expect(classOf(STUDYING, only('tenant'), '2026-01-01')).to.equal(null)
    expect(feeOf(offer, 'student')).to.deep.equal({ fee: 0, fullFee: 80_000 })
    expect(feeOf(offer, 'founder')).to.deep.equal({ fee: 80_000, fullFee: 80_000 })
    expect(
      feeOf(
        {
          years: 5,
          fees: [
            { class: 'student', fen: 900 },
            { class: 'founder', fen: 100 },
          ],
        },
        'student',
      ).fullFee,
    ).to.equal(900)
  })

  it('is asked in full: a school, a day that has come', () => {
    const read = (typed: object) => studiesForm('2026-11-29').safeParse({ version: '0', ...typed })
    const fields = (typed: object) => read(typed).error?.issues.map(issue => issue.path.join('.')) ?? []
    expect(fields({ status: 'graduated' })).to.deep.equal(['school', 'graduatedOn'])
    expect(fields({ status: 'graduated', school: 'A', graduatedOn: '2026-11-30' })).to.deep.equal(['graduatedOn'])
    expect(fields({ status: 'graduated', school: 'A', graduatedOn: '2026-11-29' })).to.deep.equal([])
    expect(fields({ status: 'other' })).to.deep.equal(['status'])
    expect(studiesFrom(read({ status: 'no', school: 'A', graduatedOn: '2020-01-01' }).data!)).to.deep.equal(NO_STUDENT)
  })
})

describe('papers that are asked for', () => {
  const answers = registrationAnswers()

  it('are one for each founder, and those of one’s class', () => {
    const keys = (klass: 'student' | 'founder') =>
      slotsOf({ answers, class: klass }, content()).map(slot => `${slot.document.key} ${slot.founder?.key ?? ''}`.trim())
    expect(keys('founder')).to.deep.equal(['identity founder-1', 'identity founder-2', 'plan'])
    expect(keys('student')).to.include('student-proof')
    expect(slotsOf({ answers: {}, class: 'founder' }, content()).map(slot => slot.document.key)).to.deep.equal(['plan'])
  })

  it('are missing until one stands: refused and taken back don’t', () => {
    const papers = [paper('identity', { founder: 'founder-1' }), paper('identity', { founder: 'founder-2', state: 'refused' })]
    const application = filled({ answers, class: 'founder', papers })
    expect(missingPapers(application, content()).map(slot => slot.founder?.key)).to.deep.equal(['founder-2'])
    expect(refusedSlots(application, content()).map(slot => slot.founder?.key)).to.deep.equal(['founder-2'])
    const again = { ...application, papers: [...papers, paper('identity', { founder: 'founder-2' })] }
    expect([missingPapers(again, content()), refusedSlots(again, content())]).to.deep.equal([[], []])
    const optional = { ...again, papers: [...again.papers, paper('plan', { state: 'refused' })] }
    expect(refusedSlots(optional, content()).map(slot => slot.document.key)).to.deep.equal(['plan'])
  })
})

describe('tasks of an application', () => {
  it('are the pages a service has something to ask on', () => {
    expect(tasksOf(content(), null)).to.deep.equal(TASKS)
    const bare = content({ fields: [], documents: [], fees: [{ class: 'tenant', fen: 0 }] })
    expect(tasksOf(bare, 'tenant')).to.deep.equal([])
    expect(openTasks(filled({ class: 'tenant' }), bare)).to.deep.equal([])
  })

  it('are complete when all that must be answered is, and is true to the rest', () => {
    const application = filled({ answers: registrationAnswers(), class: 'founder', studies: NO_STUDENT })
    expect(openTasks(application, content())).to.deep.equal(['documents'])
    const lost = { ...application, answers: registrationAnswers({ 'legal-rep': 'founder-9' }) }
    expect(openTasks(lost, content())).to.deep.equal(['company', 'documents'])
    const short = { ...application, answers: registrationAnswers({ founders: [founder('founder-1', { share: 999_999 })] }) }
    expect(isComplete('founders', short, content())).to.equal(false)
    expect([isBegun('founders', filled(), content()), isBegun('founders', short, content())]).to.deep.equal([false, true])
  })

  it('take no for an answer', () => {
    const asks = content({ fields: [serviceField('yes')] })
    const at = (answers: Answers) => isComplete('form', filled({ answers }), asks)
    expect([at({}), at({ yes: false }), at({ yes: true })]).to.deep.equal([false, true, true])
  })
})
