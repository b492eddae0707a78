import { Cron } from 'croner'
import { model, Schema } from 'mongoose'
import { isDuplicateKey } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { log } from '../lib/log.ts'

/**
 * One runner for all jobs. Each job runs once per period, however many processes there are: the run's unique key is its name and
 * period. A run that died is taken over when its lease ends, so a job must be safe to kill anywhere and to begin again.
 */
export interface Job {
  name: string
  /** When, as a cron pattern in China's time. */
  at: string
  /** The period a moment belongs to: a run's key. */
  period(at: Date): string
  run(): Promise<unknown>
}

interface Run {
  _id: string
  name: string
  state: 'running' | 'done' | 'failed'
  until: Date
  attempts: number
  startedAt: Date
  endedAt: Date | null
  result: string | null
}

const schema = new Schema<Run>(
  {
    _id: String,
    name: { type: String, required: true },
    state: { type: String, required: true },
    until: { type: Date, required: true },
    attempts: { type: Number, default: 1 },
    startedAt: { type: Date, required: true },
    endedAt: { type: Date, default: null },
    result: { type: String, default: null },
  },
  { versionKey: false },
)
schema.index({ startedAt: 1 }, { expireAfterSeconds: 90 * 86_400 })
schema.index({ name: 1, startedAt: -1 })
export const JobRun = model('JobRun', schema, 'jobruns')

const LEASE_MS = 10 * 60_000
const MAX_ATTEMPTS = 5

/** Takes a run: a new one, or one whose process died or failed. False when it is done or being done. */
async function take(job: Job, id: string): Promise<boolean> {
  const at = now()
  const until = new Date(at.getTime() + LEASE_MS)
  try {
    await JobRun.create([{ _id: id, name: job.name, state: 'running', until, startedAt: at }])
    return true
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
  }
  const again = {
    _id: id,
    attempts: { $lt: MAX_ATTEMPTS },
    $or: [{ state: 'failed' as const }, { state: 'running' as const, until: { $lt: at } }],
  }
  const { modifiedCount } = await JobRun.updateOne(again, { $set: { state: 'running', until, startedAt: at }, $inc: { attempts: 1 } })
  return modifiedCount === 1
}

const running = new Set<Promise<unknown>>()

/** Runs a job for the period of `at`, if nobody has. Answers whether it ran here. */
export async function runJob(job: Job, at: Date = now()): Promise<boolean> {
  const id = `${job.name}:${job.period(at)}`
  if (!(await take(job, id))) return false
  const work = (async () => {
    try {
      const result = await job.run()
      await JobRun.updateOne({ _id: id }, { state: 'done', endedAt: now(), result: result === undefined ? null : String(result) })
      // Every minute a line would hide all others.
      log[job.at.startsWith('* ') ? 'debug' : 'info']({ job: job.name }, 'job done')
    } catch (error) {
      log.error({ err: error, job: job.name }, 'job failed')
      await JobRun.updateOne({ _id: id }, { state: 'failed', endedAt: now(), result: (error as Error).name })
    }
  })()
  running.add(work)
  await work.finally(() => running.delete(work))
  return true
}

const crons: Cron[] = []

export function schedule(jobs: Job[]): void {
  for (const job of jobs) {
    crons.push(
      new Cron(
        job.at,
        { timezone: 'Asia/Shanghai', unref: true, protect: true, catch: error => log.error({ err: error, job: job.name }, 'job') },
        async () => {
          await runJob(job)
        },
      ),
    )
  }
}

/** Stops new runs and waits for those under way. */
export async function stopRunner(): Promise<void> {
  for (const cron of crons.splice(0)) cron.stop()
  await Promise.allSettled([...running])
}
