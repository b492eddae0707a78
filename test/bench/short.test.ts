import { expect } from 'chai'
import { PAGES } from './pages.ts'
import { runShort } from './short.ts'

/** The bench in its short form: it runs, measures every page and says so. Figures of a busy machine are not judged here. */
interface Printed {
  pages: { page: string; size: number; rps: number; floorRps: number; ratio: number; p50: number; p99: number; target: number }[]
  skipped: string[]
}

describe('the bench', function () {
  this.timeout(180_000)

  it('measures every page beside its floor and prints one JSON object last', async () => {
    const { code, output } = await runShort('test/bench/run.ts')
    expect(code, output).to.equal(0)
    const printed = JSON.parse(output.trim().split('\n').at(-1)!) as Printed
    expect(printed.skipped).to.deep.equal([])
    expect(printed.pages.map(row => row.page)).to.deep.equal([...PAGES.map(page => page.name), 'submit a lease'])
    for (const row of printed.pages) {
      expect(row.rps, row.page).to.be.above(0)
      expect(row.floorRps, row.page).to.be.above(0)
      // Far below the target something is broken, however busy the machine is.
      expect(row.ratio, row.page).to.be.within(0.05, 5)
      expect(row.p99, row.page).to.be.at.least(row.p50)
    }
  })
})
