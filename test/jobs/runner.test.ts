import { expect } from 'chai'
import { type Job, JobRun, runJob } from '../../src/jobs/runner.ts'
import { now, setClock } from '../../src/lib/clock.ts'
import { dayAt } from '../../src/lib/days.ts'
import { useDatabase } from '../setup/database.ts'

const daily = (at: Date): string => dayAt(at, 'Asia/Shanghai')
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

function counted(name: string, work: (run: number) => unknown = () => undefined): Job & { runs: number } {
  const job = {
    name,
    at: '0 8 * * *',
    period: daily,
    runs: 0,
    run: async () => {
      job.runs += 1
      await pause(20)
      return work(job.runs)
    },
  }
  return job
}
const many = (job: Job, at: Date): Promise<boolean[]> => Promise.all(Array.from({ length: 10 }, () => runJob(job, at)))

describe('the job runner', () => {
  useDatabase()

  it('runs each job once a period, however many ask at once', async () => {
    const job = counted('once', () => 7)
    const noon = new Date('2026-11-24T04:00:00Z')
    expect((await many(job, noon)).filter(Boolean)).to.have.length(1)
    expect((await many(job, noon)).filter(Boolean)).to.have.length(0)
    expect(job.runs).to.equal(1)
    expect(await JobRun.findById('once:2026-11-24').lean().orFail()).to.include({ state: 'done', result: '7', attempts: 1 })
    // 17:00 in London is the next day in Hangzhou.
    expect((await many(job, new Date('2026-11-24T17:00:00Z'))).filter(Boolean)).to.have.length(1)
    expect(job.runs).to.equal(2)
  })

  it('takes up again what failed, and gives up after five attempts', async () => {
    const flaky = counted('flaky', run => {
      if (run === 1) throw new Error('the database was away')
    })
    const at = now()
    await runJob(flaky, at)
    expect((await JobRun.findOne({ name: 'flaky' }).lean().orFail()).state).to.equal('failed')
    expect((await many(flaky, at)).filter(Boolean)).to.have.length(1)
    expect((await JobRun.findOne({ name: 'flaky' }).lean().orFail()).state).to.equal('done')
    const broken = counted('broken', () => {
      throw new Error('always')
    })
    for (let i = 0; i < 8; i++) await runJob(broken, at)
    expect(broken.runs).to.equal(5)
  })

  it('takes over the run of a process that died, once its time is up', async () => {
    const job = counted('orphan')
    const at = now()
    const until = new Date(at.getTime() + 60_000)
    await JobRun.create([{ _id: `orphan:${daily(at)}`, name: 'orphan', state: 'running', until, startedAt: at }])
    expect((await many(job, at)).filter(Boolean)).to.have.length(0)
    setClock(new Date(until.getTime() + 1000))
    expect((await many(job, at)).filter(Boolean)).to.have.length(1)
    expect(job.runs).to.equal(1)
  })
})
