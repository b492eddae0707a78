import { expect } from 'chai'
import fc from 'fast-check'
import { ENDED, type Leg, OPEN, STATES } from '../../src/applications/application.ts'
import { isEditable, isEnded, isOpen, type Move, after as to } from '../../src/applications/progress.ts'
import type { Effect, ServiceStep } from '../../src/services/content.ts'
import { serviceStep } from '../setup/applications.ts'

const MOVES = ['submit', 'finish', 'ask', 'answer', 'resume', 'refuse', 'withdraw', 'reopen'] as const satisfies Move[]
type Content = { steps: ServiceStep[] }
type At = Parameters<typeof to>[0]

const leg = (step: number, ended: boolean): Leg => ({ step, endedAt: ended ? new Date(0) : null }) as Leg

/** Makes a move as the rest of the module does: the leg that runs ends with its step, another begins. */
function move(at: At, name: Move, content: Content): At | null {
  const next = to(at, name, content)
  if (!next) return null
  const begins = name === 'submit' || name === 'reopen' || (name === 'finish' && next.state === 'running')
  const ends = name === 'finish' || name === 'refuse' || name === 'withdraw'
  const legs = ends ? at.legs.map(one => leg(one.step, true)) : at.legs
  return { ...next, legs: begins ? [...legs, leg(next.step, false)] : legs }
}

const START: At = { state: 'draft', step: 0, legs: [] }

/** Services of up to six steps; where they found a company they take its founders in before. */
const service: fc.Arbitrary<Content> = fc
  .record({
    decides: fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }),
    effects: fc.option(fc.tuple(fc.nat(), fc.nat()), { nil: null }),
    founds: fc.nat(3),
  })
  .map(({ decides, effects, founds }) => {
    const count = decides.length
    const prepare = effects ? effects[0] % count : -1
    const found = effects && founds && prepare < count - 1 ? prepare + 1 + (effects[1] % (count - 1 - prepare)) : -1
    const effectOf = (i: number): Effect => (i === prepare ? 'prepare' : i === found ? 'found' : 'none')
    return { steps: decides.map((yes, i) => serviceStep(`s${i}`, { outcome: yes ? 'decision' : 'done', effect: effectOf(i) })) }
  })
/** Moves by their number among those that can be made; every other one goes on where that is possible. */
const lives = fc.record({ content: service, picks: fc.array(fc.nat(999), { minLength: 8, maxLength: 24, size: 'max' }) })

interface Past {
  from: At
  name: Move
  at: At
}
function live(content: Content, picks: number[]): { at: At; past: Past[] } {
  let at = START
  const past: Past[] = []
  for (const pick of picks) {
    const can = MOVES.filter(name => to(at, name, content))
    const name = pick % 2 && can.includes('finish') ? 'finish' : can[(pick >> 1) % can.length]
    if (!name) break
    const next = move(at, name, content)!
    past.push({ from: at, name, at: next })
    at = next
  }
  return { at, past }
}

describe('the way of an application', () => {
  it('goes from a draft through its steps to the end', () => {
    const content = { steps: [serviceStep('a', { outcome: 'decision' }), serviceStep('b')] }
    let at = START
    const walked = (['submit', 'ask', 'answer', 'finish', 'finish', 'reopen', 'finish'] as const).map(name => {
      at = move(at, name, content)!
      return `${at.state} ${at.step}`
    })
    expect(walked).to.deep.equal([...['running 0', 'asked 0', 'running 0', 'running 1', 'done 1', 'running 1', 'done 1']])
  })

  it('lets each state do what it may, and nothing else', () => {
    const content = { steps: [serviceStep('a', { outcome: 'decision' }), serviceStep('b')] }
    const may = (state: At['state'], step: number) => MOVES.filter(name => to({ state, step, legs: [leg(step, false)] }, name, content))
    expect(may('draft', 0)).to.deep.equal(['submit'])
    expect(may('running', 0)).to.deep.equal(['finish', 'ask', 'refuse', 'withdraw'])
    expect(may('running', 1)).to.deep.equal(['finish', 'ask', 'withdraw'])
    expect(may('asked', 0)).to.deep.equal(['answer', 'resume', 'refuse', 'withdraw'])
    expect(may('done', 1)).to.deep.equal(['reopen'])
    expect(may('refused', 0)).to.deep.equal([])
    expect(may('withdrawn', 1)).to.deep.equal([])
  })

  it('is open, ended or a draft: one of them, and editable where the applicant is waited for', () => {
    for (const state of STATES) {
      const is = { state }
      expect([isOpen(is), isEnded(is), state === 'draft'].filter(Boolean), state).to.have.length(1)
      expect(isOpen(is)).to.equal((OPEN as readonly string[]).includes(state))
      expect(isEnded(is)).to.equal((ENDED as readonly string[]).includes(state))
      expect(isEditable(is)).to.equal(state === 'draft' || state === 'asked')
    }
  })

  it('skips no step (property)', () => {
    fc.assert(
      fc.property(lives, ({ content, picks }) => {
        const { at, past } = live(content, picks)
        for (const { from, name, at: then } of past) {
          if (name === 'submit') expect(then.step).to.equal(0)
          else if (name === 'finish' && then.state !== 'done') expect(then.step).to.equal(from.step + 1)
          else expect(then.step).to.equal(from.step)
          expect(then.step).to.be.within(0, content.steps.length - 1)
        }
        const finished = past.filter(({ name }) => name === 'finish').map(({ from }) => from.step)
        const first = finished.filter((step, i) => finished.indexOf(step) === i)
        expect(first).to.deep.equal(content.steps.slice(0, first.length).map((_, i) => i))
        // Only the last is done again.
        for (const step of finished.filter((one, i) => finished.indexOf(one) !== i)) expect(step).to.equal(content.steps.length - 1)
        if (at.state === 'done') expect(first).to.have.length(content.steps.length)
      }),
      { numRuns: 500 },
    )
  })

  it('never gets stuck: whatever was done, it is at its end or some moves lead there (property)', () => {
    fc.assert(
      fc.property(lives, ({ content, picks }) => {
        let { at } = live(content, picks)
        if (at.state === 'refused' || at.state === 'withdrawn') {
          for (const name of MOVES) expect(to(at, name, content), name).to.equal(null)
          return
        }
        for (let left = content.steps.length + 1; at.state !== 'done'; left--) {
          expect(left, JSON.stringify(at)).to.be.above(0)
          const name = at.state === 'draft' ? 'submit' : at.state === 'asked' ? 'answer' : 'finish'
          const next = move(at, name, content)
          expect(next, name).not.to.equal(null)
          at = next!
        }
      }),
      { numRuns: 500 },
    )
  })

  it('only goes on once its company was founded, though it is reopened (property)', () => {
    let founded = 0
    fc.assert(
      fc.property(lives, ({ content, picks }) => {
        const { past } = live(content, picks)
        const at = past.findIndex(({ name, from }) => name === 'finish' && content.steps[from.step]!.effect === 'found')
        if (at < 0) return
        founded += 1
        for (const { name } of past.slice(at)) expect(['refuse', 'withdraw']).not.to.include(name)
      }),
      { numRuns: 1000 },
    )
    expect(founded).to.be.above(20)
  })

  it('isn’t taken back by who had it done already: its fee would be (property)', () => {
    let reopened = 0
    fc.assert(
      fc.property(lives, ({ content, picks }) => {
        const { past } = live(content, picks)
        const at = past.findIndex(({ name }) => name === 'reopen')
        if (at < 0) return
        reopened += 1
        expect(past.slice(at).map(({ name }) => name)).not.to.include('withdraw')
      }),
      { numRuns: 1000 },
    )
    expect(reopened).to.be.above(20)
  })
})
