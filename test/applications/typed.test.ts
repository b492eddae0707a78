import { expect } from 'chai'
import fc from 'fast-check'
import { founderRows, taskForm, typedAnswers } from '../../src/applications/answer-form.ts'
import { answerRows } from '../../src/applications/answer-words.ts'
import { type TASKS, tasksOf } from '../../src/applications/answers.ts'
import type { Paper } from '../../src/applications/application.ts'
import type { Answers, Founder } from '../../src/applications/founders.ts'
import { foundersProblem, shareText, WHOLE } from '../../src/applications/founders.ts'
import { formatter } from '../../src/locales/format.ts'
import { translator } from '../../src/locales/index.ts'
import { FIELD_KINDS, PLAIN_FIELDS, type ServiceContent, type ServiceField } from '../../src/services/content.ts'
import { wholeContent as content, idNumber, registrationAnswers, STUDYING, serviceField } from '../setup/applications.ts'
import { newId } from '../setup/factories.ts'

const OPTIONS = ['a', 'b', 'c'].map(key => ({ key, label: { zh: `Option ${key}`, en: null } }))
const everything = (required: boolean) =>
  content({
    fields: FIELD_KINDS.map(kind => serviceField(kind, { required, options: kind.startsWith('choice') ? OPTIONS : [] })),
    documents: [],
  })

describe('what is typed', () => {
  const choices = [
    {
      id: String(newId()),
      code: 'R1',
      floor: '1F',
      building: 'a',
      product: 'office' as const,
      area: 1,
      rate: '1',
      desks: null,
      free: true,
    },
  ]
  const base = registrationAnswers()
  const known = (asked: ServiceContent, answers: Answers = { founders: base['founders']! }) => ({
    ...{ content: asked, choices, application: { answers, papers: [] as Paper[] } },
  })
  const read = (asked: ServiceContent, task: (typeof TASKS)[number], answers: unknown) =>
    taskForm(task, known(asked)).safeParse({ version: '1', answers })
  const tasks = tasksOf(everything(true), 'tenant')

  it('may be nothing where nothing must be', () => {
    for (const answers of [{}, undefined, '', 'x', [], null])
      for (const task of tasks) {
        const { data, error } = read(everything(false), task, answers)
        expect(error?.issues ?? [], `${task} ${JSON.stringify(answers)}`).to.deep.equal([])
        expect(
          Object.values(data!.answers).every(one => one === null),
          task,
        ).to.equal(true)
      }
  })

  it('must be something where it must: each field says so', () => {
    for (const task of tasks) {
      const asked = everything(true).fields.filter(field =>
        read(everything(true), task, {}).error?.issues.some(one => one.path[1] === field.key),
      )
      const own = Object.keys(typedAnswers(everything(true), task, {}))
      expect(asked.map(field => field.key).sort(), task).to.deep.equal(own.sort())
    }
  })

  const typed = (field: ServiceField): fc.Arbitrary<unknown> => {
    const option = fc.constantFrom('a', 'b', 'c', 'd', '')
    const row = fc.record({
      key: fc.constantFrom('', 'founder-1', 'founder-2', 'founder-7'),
      name: fc.constantFrom('', 'Somebody', '张三'),
      idNumber: fc.constantFrom('', idNumber(1), idNumber(2), 'E1234567', '330782200304050010'),
      phone: fc.constantFrom('13800001234', '+86 138 0000 1234', 'x'),
      email: fc.constantFrom('', 'a@example.com', 'x'),
      share: fc.constantFrom('100', '50', '33.3333', '66.6667', '５０%', '0', 'x'),
    })
    const split = fc.integer({ min: 1, max: WHOLE - 1 }).map(share =>
      [share, WHOLE - share].map((part, i) => ({
        key: '',
        name: `F ${i}`,
        idNumber: idNumber(i),
        phone: '13800001234',
        share: shareText(part),
      })),
    )
    const word = fc.constantFrom('', 'Alpha', 'alpha ', 'Beta', 'Gamma', '<b>')
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('1', '1,234.5', '-7', '2026-11-29', '2026-02-30', '13800001234', 'a@b.cn', 'yes', 'no', choices[0]!.id, 'founder-1'),
    )
    const attack = fc.constantFrom<unknown>({ $ne: '1' }, ['x', 'y'], null, 7, true, { 0: 'x' })
    const shaped: Partial<Record<ServiceField['kind'], fc.Arbitrary<unknown>>> = {
      choice: option,
      choices: fc.oneof(option, fc.array(option, { maxLength: 4 })),
      founders: fc.oneof(fc.array(row, { maxLength: 3 }), split),
      names: fc.record({ first: word, second: word, third: word }),
    }
    return fc.oneof({ weight: 6, arbitrary: shaped[field.kind] ?? text }, { weight: 2, arbitrary: text }, { weight: 1, arbitrary: attack })
  }

  for (const required of [true, false])
    for (const field of everything(required).fields)
      it(`is refused, or read again from what is shown: ${field.kind}${required ? '' : ' (optional)'}`, () => {
        const asked = content({ fields: [...(field.kind === 'founders' ? [] : [serviceField('founders')]), field], documents: [] })
        const task = tasksOf(asked, 'tenant').find(one => Object.hasOwn(typedAnswers(asked, one, {}), field.key))!
        let accepted = 0
        fc.assert(
          fc.property(typed(field), given => {
            const first = read(asked, task, { [field.key]: given, other: 'x' })
            if (!first.success) {
              expect(first.error.issues.every(issue => issue.path[0] === 'answers')).to.equal(true)
              return
            }
            accepted += 1
            const answer = first.data.answers[field.key]!
            expect(Object.keys(first.data.answers)).to.deep.equal([field.key])
            if (answer === null) return
            const kept: Answers = { ...base, [field.key]: answer }
            const again = taskForm(task, known(asked, kept)).parse({ version: '1', answers: typedAnswers(asked, task, kept) })
            expect(again.answers[field.key]).to.deep.equal(answer)
            if (field.kind === 'founders') expect(foundersProblem(answer as Founder[])).to.equal(null)
          }),
          { numRuns: 300 },
        )
        expect(accepted, 'something is accepted').to.be.above(0)
      })

  it('has a kind of input for every kind of field', () => {
    expect(new Set(everything(true).fields.map(field => field.kind))).to.deep.equal(new Set(FIELD_KINDS))
    expect(PLAIN_FIELDS.every(kind => Object.hasOwn(typedAnswers(everything(true), 'form', {}), kind))).to.equal(true)
    expect(founderRows([{ key: 'founder-1', name: ' ', share: '' }, 'x', null])).to.deep.equal([])
  })
})

describe('answers in words', () => {
  const reader = (lang: 'zh-CN' | 'en') => ({ lang, t: translator(lang), fmt: formatter(lang) })
  const asked = content({
    fields: [...content().fields, serviceField('phone'), serviceField('email'), serviceField('choices', { options: OPTIONS })],
  })
  const answers = registrationAnswers({ phone: '13812345678', email: 'somebody@example.com', choices: ['a', 'c'] })
  const application = { answers, class: 'student' as const, studies: STUDYING }

  it('hide what belongs to people unless it is asked for in full', () => {
    const all = (full: boolean) =>
      answerRows(reader('en'), application, asked, { full })
        .map(row => row.value)
        .join('\n')
    for (const secret of [idNumber(1), idNumber(2), '13800001234', '13812345678', 'somebody@example.com']) {
      expect(all(false), secret).not.to.contain(secret)
      expect(all(true), secret).to.contain(secret)
    }
    expect(all(false)).to.contain('60 %').and.contain('40 %').and.contain('¥100,000.00').and.contain('Option a\nOption c')
  })

  it('are there for every field, in the order of the tasks', () => {
    const rows = answerRows(reader('zh-CN'), application, asked, { full: false })
    expect(rows).to.have.length(asked.fields.length + 1)
    expect([...new Set(rows.map(row => row.task))]).to.deep.equal(tasksOf(asked, 'student').filter(task => task !== 'documents'))
    expect(rows.filter(row => row.value === null).map(row => row.label)).to.deep.equal(['address', 'text'])
  })
})
