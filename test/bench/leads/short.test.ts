import { expect } from 'chai'
import { runShort } from '../short.ts'
import { LEAD_PAGES } from './pages.ts'

/** The bench of leads in its short form: every page is measured. Figures of a busy machine are not judged. */
interface Printed {
  pages: { page: string; rps: number; floorRps: number; ratio: number }[]
}

describe('the bench of leads', function () {
  this.timeout(240_000)

  it('measures every page beside its floor', async () => {
    const { code, output } = await runShort('test/bench/leads/run.ts')
    expect(code, output).to.equal(0)
    const printed = JSON.parse(output.trim().split('\n').at(-1)!) as Printed
    expect(printed.pages.map(row => row.page)).to.deep.equal(LEAD_PAGES.map(page => page.name))
    for (const row of printed.pages) {
      expect(row.rps, row.page).to.be.above(0)
      // Far below the target something is broken, however busy the machine is.
      expect(row.ratio, row.page).to.be.within(0.05, 5)
    }
  })
})
