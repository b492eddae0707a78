import { expect } from 'chai'
import { runShort } from '../short.ts'

/** The bench of rooms in its short form: every page is measured, and nothing is taken twice. Figures of a busy machine are not judged. */
interface Printed {
  pages: { page: string; rps: number; floorRps: number; ratio: number }[]
}

describe('the bench of rooms', function () {
  this.timeout(240_000)

  it('measures the grids, bookings and a rush on one hall', async () => {
    const { code, output } = await runShort('test/bench/rooms/run.ts')
    expect(code, output).to.equal(0)
    expect(output).to.match(/64 clients at one hall .* 0 double bookings, 0 lost/)
    const printed = JSON.parse(output.trim().split('\n').at(-1)!) as Printed
    const names = ['day grid', 'week of all rooms', 'month', 'find a room', 'make a booking', 'cancel a booking']
    expect(printed.pages.map(row => row.page)).to.deep.equal(names)
    for (const row of printed.pages) {
      expect(row.rps, row.page).to.be.above(0)
      // Far below the target something is broken, however busy the machine is.
      expect(row.ratio, row.page).to.be.within(0.05, 5)
    }
  })
})
