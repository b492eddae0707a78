import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { checkCharacter, codeProblem, normalCode } from '../../src/tenants/credit-code.ts'

const vectors: { input: string; valid: boolean; normalised?: string }[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/credit-codes.json'), 'utf8'),
)
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'

describe('unified social credit code', () => {
  for (const { input, valid, normalised } of vectors) {
    it(`${JSON.stringify(input)} is ${valid ? 'valid' : 'refused'}`, () => {
      const code = normalCode(input)
      expect(codeProblem(code) === null).to.equal(valid)
      if (normalised) expect(code).to.equal(normalised)
    })
  }

  it('knows the codes of FACTS', () => {
    expect(codeProblem('91350100M000100Y43')).to.equal(null)
    expect(codeProblem('91350200MA2YJ1XR9G')).to.equal(null)
    expect(codeProblem('91350100M000100Y4Z')).to.not.equal(null)
  })

  it('notices any single wrong character (property)', () => {
    const characters = fc.constantFrom(...ALPHABET)
    fc.assert(
      fc.property(fc.array(characters, { minLength: 17, maxLength: 17 }), fc.nat(16), characters, (body, at, other) => {
        fc.pre(body[at] !== other)
        const code = body.join('')
        const right = code + checkCharacter(code)
        const wrong = right.slice(0, at) + other + right.slice(at + 1)
        expect(codeProblem(right)).to.not.equal('check')
        expect(codeProblem(wrong)).to.not.equal(null)
      }),
      { numRuns: 500 },
    )
  })
})
