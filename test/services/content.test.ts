import { expect } from 'chai'
import fc from 'fast-check'
import { keysFor } from '../../src/lib/row-keys.ts'
import {
  APPLICANT_CLASSES,
  EFFECTS,
  type Effect,
  feeFor,
  inOrder,
  isAskedOf,
  plainContent,
  problemsOf,
  type ServiceContent,
  type ServiceField,
  sameContent,
} from '../../src/services/content.ts'
import { CONTENT } from '../setup/services.ts'

const text = (zh: string) => ({ zh, en: null })
const content = (more: Partial<ServiceContent> = {}): ServiceContent => ({
  name: text('Name'),
  summary: null,
  text: null,
  ...CONTENT,
  ...more,
})
const field = (kind: ServiceField['kind'], key: string, more: Partial<ServiceField> = {}): ServiceField => ({
  ...{ key, kind, label: text(key), help: null, required: true, options: [] },
  ...more,
})
const keys = (more: Partial<ServiceContent>) => problemsOf(content(more)).map(problem => problem.key)

describe('what a service says', () => {
  it('can be published when nothing is missing', () => {
    expect(keys({})).to.deep.equal([])
    expect(keys({ fields: [], documents: [] }), 'nothing to fill in or bring').to.deep.equal([])
  })

  it('names each reason why it can’t be', () => {
    expect(keys({ fees: [] })).to.deep.equal(['service.nobody'])
    const twice = { class: 'student' as const, fen: 0 }
    expect(keys({ fees: [twice, twice] })).to.deep.equal(['service.feeTwice'])
    expect(keys({ steps: [] })).to.deep.equal(['service.noSteps'])
    expect(keys({ fields: [field('choice', 'a', { options: [{ key: 'one', label: text('One') }] })] })).to.deep.equal(['service.options'])
    expect(keys({ fields: [field('founders', 'a'), field('founders', 'b')] })).to.deep.equal(['service.twice'])
    expect(keys({ fields: [field('text', 'a'), field('text', 'a')] })).to.deep.equal(['service.keyTwice'])
    expect(keys({ fields: [field('legalRep', 'a')] })).to.deep.equal(['service.legalRep'])
    expect(keys({ fields: [field('legalRep', 'a'), field('founders', 'b')] })).to.deep.equal([])
    const [document] = CONTENT.documents
    expect(keys({ documents: [{ ...document!, per: 'founder' }] })).to.deep.equal(['service.perFounder'])
    const [step] = CONTENT.steps
    expect(keys({ steps: [{ ...step!, days: 6 }], promise: 5 })).to.deep.equal(['service.promise'])
    expect(keys({ steps: [{ ...step!, days: 5 }], promise: 5 }), 'just so').to.deep.equal([])
    expect(keys({ steps: [{ ...step!, role: 'owner' }] })).to.deep.equal(['service.stepRole'])
  })

  it('asks for a document only those who may apply', () => {
    const [document] = CONTENT.documents
    const asked = (classes: ServiceContent['documents'][number]['classes']) => keys({ documents: [{ ...document!, classes }] })
    expect(asked(['founder'])).to.deep.equal(['service.askedOfNobody'])
    expect(asked(['founder', 'student'])).to.deep.equal([])
    expect(asked([]), 'everybody').to.deep.equal([])
    expect(APPLICANT_CLASSES.map(klass => isAskedOf({ classes: ['founder'] }, klass))).to.deep.equal([false, true, false])
    expect(APPLICANT_CLASSES.every(klass => isAskedOf({ classes: [] }, klass))).to.equal(true)
  })

  it('takes founders in once, before their company is founded by its licence', () => {
    const [step] = CONTENT.steps
    const steps = (...effects: Effect[]): ServiceContent['steps'] =>
      effects.map((effect, i) => ({ ...step!, key: `s${i}`, effect, result: effect === 'found' ? 'required' : 'none' }))
    const fields = [field('founders', 'a'), field('names', 'b')]
    const founding = (...effects: Effect[]) => keys({ fields, steps: steps(...effects) })
    expect(founding('prepare', 'none', 'found')).to.deep.equal([])
    expect(founding('prepare'), 'taken in, and no more').to.deep.equal([])
    expect(founding('found')).to.deep.equal(['service.foundFirst'])
    expect(founding('found', 'prepare')).to.deep.equal(['service.foundFirst'])
    expect(founding('prepare', 'prepare', 'found')).to.deep.equal(['service.effectTwice'])
    expect(founding('prepare', 'found', 'found')).to.deep.equal(['service.effectTwice'])
    const plain = steps('prepare', 'found').map(one => ({ ...one, result: 'optional' as const }))
    expect(keys({ fields, steps: plain })).to.deep.equal(['service.foundResult'])
    expect(keys({ fields: [field('founders', 'a')], steps: steps('prepare') })).to.deep.equal(['service.effectNeeds'])
    const asked = [field('founders', 'a'), field('names', 'b', { required: false })]
    expect(keys({ fields: asked, steps: steps('prepare') })).to.deep.equal(['service.effectNeeds'])
    const fees = [{ class: 'tenant' as const, fen: 0 }]
    expect(keys({ fields, fees, steps: steps('prepare') })).to.deep.equal(['service.effectTenant'])
  })

  it('whatever order steps take effect in, can be published exactly when one taking in comes before at most one founding', () => {
    const [step] = CONTENT.steps
    const fields = [field('founders', 'a'), field('names', 'b')]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EFFECTS), { minLength: 1, maxLength: 6 }), effects => {
        const steps = effects.map((effect, i) => ({ ...step!, key: `s${i}`, effect, result: 'required' as const }))
        const order = effects.filter(effect => effect !== 'none').join(' ')
        expect(keys({ fields, steps }).length === 0).to.equal(['', 'prepare', 'prepare found'].includes(order))
      }),
    )
  })

  it('knows the fee of each class, and nobody’s who may not apply', () => {
    const fees = [{ class: 'student' as const, fen: 0 }]
    expect(APPLICANT_CLASSES.map(klass => feeFor({ fees }, klass))).to.deep.equal([0, null, null])
  })

  it('is the same however it was stored', () => {
    const typed = content({
      summary: { zh: '', en: 'alone' },
      fees: [
        { class: 'tenant', fen: 5 },
        { class: 'student', fen: 0 },
      ],
    })
    const plain = plainContent(typed)
    expect(plain.summary).to.equal(null)
    expect(plain.fees.map(fee => fee.class)).to.deep.equal(['student', 'tenant'])
    expect(plainContent(plain)).to.deep.equal(plain)
    expect(sameContent(JSON.parse(JSON.stringify(plain)), typed)).to.equal(true)
    expect(sameContent(content({ promise: 3 }), typed)).to.equal(false)
    const [document] = typed.documents
    const asking = (...classes: ServiceContent['documents'][number]['classes']) => content({ documents: [{ ...document!, classes }] })
    expect(sameContent(asking('student', 'founder', 'tenant'), asking()), 'all is as good as none named').to.equal(true)
    expect(sameContent(asking('tenant', 'student'), asking('student', 'tenant'))).to.equal(true)
  })

  it('gives distinct keys, and leaves known ones where they are, whatever is typed', () => {
    const key = fc.constantFrom(null, 'step-1', 'step-2', 'step-3', 'made-up', '')
    fc.assert(
      fc.property(
        fc.array(key, { maxLength: 8 }),
        fc.uniqueArray(fc.constantFrom('step-1', 'step-2', 'step-7'), { maxLength: 3 }),
        (given, known) => {
          const made = keysFor(given, known, 'step')
          expect(new Set(made).size).to.equal(given.length)
          for (const [i, one] of given.entries()) {
            const first = given.indexOf(one) === i
            if (one && (known as string[]).includes(one) && first) expect(made[i]).to.equal(one)
            // Nobody gets a name that was another row’s.
            else expect(known).to.not.include(made[i])
          }
        },
      ),
    )
  })

  it('puts rows where their numbers say, equal ones as they came', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ at: fc.integer({ min: 0, max: 3 }), n: fc.nat() })), rows => {
        const sorted = inOrder(rows)
        expect(sorted).to.have.length(rows.length)
        const wanted = [0, 1, 2, 3].flatMap(at => rows.filter(row => row.at === at).map(({ n }) => ({ n })))
        expect(sorted).to.deep.equal(wanted)
      }),
    )
  })
})
