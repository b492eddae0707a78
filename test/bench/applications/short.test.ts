import { expect } from 'chai'
import { runShort } from '../short.ts'

/** The bench of applications in its short form: every page is measured, and papers are handed in. Figures of a busy machine are not judged. */
interface Printed {
  pages: { page: string; rps: number; floorRps: number; ratio: number }[]
}

describe('the bench of applications', function () {
  this.timeout(240_000)

  it('measures the work lists, a page and uploads', async () => {
    const { code, output } = await runShort('test/bench/applications/run.ts')
    expect(code, output).to.equal(0)
    const printed = JSON.parse(output.trim().split('\n').at(-1)!) as Printed
    const lists = ['all open applications', 'one’s own work', 'late applications']
    const names = [...lists, 'an application', 'a paper of 1 MiB', 'a paper of 8 MiB']
    expect(printed.pages.map(row => row.page)).to.deep.equal(names)
    for (const row of printed.pages) {
      expect(row.rps, row.page).to.be.above(0)
      // Far below the target something is broken, however busy the machine is.
      expect(row.ratio, row.page).to.be.within(0.05, 5)
    }
  })
})
