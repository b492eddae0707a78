import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import { Crowded, turns } from '../../src/lib/turns.ts'

describe('turns', () => {
  it('lets so many run at once, in the order they came, and turns the rest away', async () => {
    const inTurn = turns(2, 3)
    let [running, most] = [0, 0]
    const order: number[] = []
    const work = (number: number) =>
      inTurn(async () => {
        order.push(number)
        most = Math.max(most, ++running)
        await pause(5)
        running -= 1
        return number
      })
    const results = await Promise.allSettled([0, 1, 2, 3, 4, 5, 6].map(work))
    expect(results.map(result => (result.status === 'fulfilled' ? result.value : result.reason instanceof Crowded))).to.deep.equal([
      ...[0, 1, 2, 3, 4],
      ...[true, true],
    ])
    expect([order, most]).to.deep.equal([[0, 1, 2, 3, 4], 2])
  })

  it('frees the place of one that failed', async () => {
    const inTurn = turns(1, 1)
    const failed = inTurn(() => Promise.reject(new Error('no')))
    const next = inTurn(async () => 'next')
    expect(await failed.catch((error: Error) => error.message)).to.equal('no')
    expect(await next).to.equal('next')
    expect(await inTurn(async () => 'again')).to.equal('again')
  })
})
