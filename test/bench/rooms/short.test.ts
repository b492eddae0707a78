import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'

/** The bench of rooms in its short form: every page is measured, and nothing is taken twice. Figures of a busy machine are not judged. */
interface Printed {
  pages: { page: string; rps: number; floorRps: number; ratio: number }[]
}

function runShort(): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/bench/rooms/run.ts', '--short', '--json'], {
    cwd: join(import.meta.dirname, '../../..'),
    env: { ...process.env, NODE_ENV: '', LOG_LEVEL: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [output, errors] = ['', '']
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString()
  })
  child.stderr.on('data', (data: Buffer) => {
    errors += data.toString()
  })
  return new Promise(resolve => child.on('close', code => resolve({ code, output: code ? output + errors : output })))
}

describe('the bench of rooms', function () {
  this.timeout(240_000)

  it('measures the grids, bookings and a rush on one hall', async () => {
    const { code, output } = await runShort()
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
