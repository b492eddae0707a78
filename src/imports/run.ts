import type { Types } from 'mongoose'
import { log } from '../lib/log.ts'
import { type Problem, RuleError } from '../lib/rule-error.ts'
import { Park } from '../parks/park.ts'
import { dryRun } from './dry-run.ts'
import { BUSY, Import, ImportRun } from './import.ts'
import { Stopped, stopWork, Taken, takeWork, type Work } from './work.ts'
import { indexRows, writeRows } from './write.ts'

/** Imports under way, one after the other in a process: begun by a request, taken up again here when a process was ended. */
const running = new Set<Promise<void>>()
let last: Promise<unknown> = Promise.resolve()

const BACK = { checking: 'uploaded', committing: 'checked', indexing: 'indexing' } as const
type Busy = keyof typeof BACK

const load = async (park: string, _id: Types.ObjectId): Promise<Import | null> =>
  (await Import.findOne({ park, _id }).lean()) as Import | null

/** The step is given up with a reason; the person can try again. Nothing was written. */
async function giveUp(of: Import, token: string, refusal: Problem): Promise<void> {
  const mine = { park: of.park, _id: of._id, attempt: token }
  await Import.updateOne(mine, { $set: { state: BACK[of.state as Busy], refusal } })
}

/** The transaction took longer than the database allows (codes 251, 290), or more memory than it has. */
const isTooMuch = (error: unknown): boolean =>
  [251, 290].includes((error as { code?: number }).code ?? 0) || /transaction is too large|has been aborted/i.test(String(error))

async function step(of: Import, work: Work): Promise<void> {
  try {
    if (of.state === 'checking') await dryRun(of, work)
    if (of.state === 'committing') await writeRows(of, work)
    const after = of.state === 'checking' ? null : await load(of.park, of._id)
    if (after?.state === 'indexing') await indexRows(after, work)
  } catch (error) {
    if (error instanceof Stopped || error instanceof Taken) return
    if (!(error instanceof RuleError)) {
      log.error({ err: error, import: String(of._id) }, 'import failed')
      return giveUp(of, work.token, { key: isTooMuch(error) ? 'error.import.tooMuch' : 'error.import.failed' })
    }
    // The park has changed since the dry run: the page shows what stands in the way now.
    if (of.state === 'committing') return dryRun(of, work, error.problem)
    await giveUp(of, work.token, error.problem)
  }
}

async function run(park: string, id: Types.ObjectId): Promise<void> {
  const work = await takeWork(park, id)
  if (!work) return
  const before = last
  try {
    last = before.then(async () => {
      const busy = { park, _id: id, state: { $in: BUSY } }
      const of = (await Import.findOneAndUpdate(
        busy as never,
        { $set: { attempt: work.token } },
        { returnDocument: 'after' },
      ).lean()) as Import | null
      if (of) await step(of, work)
    })
    await last
  } finally {
    last = last.catch(() => {})
    await work.end()
  }
}

/** Works on an import in the background, unless somebody does. */
export function begin(park: string, id: Types.ObjectId): void {
  const work = run(park, id).catch(error => log.error({ err: error, import: String(id) }, 'import'))
  running.add(work)
  void work.finally(() => running.delete(work))
}

/** Takes up the imports whose process was ended. */
export async function resumeImports(): Promise<number> {
  const parks = (await Park.find({}, { _id: 1 }).lean()).map(park => park._id)
  const busy = await Import.find({ park: { $in: parks }, state: { $in: BUSY } }, { park: 1 }).lean()
  for (const { park, _id } of busy) {
    const alive = await ImportRun.exists({ park, import: _id, until: { $gt: new Date() } })
    if (!alive) begin(park, _id)
  }
  return busy.length
}

const EVERY_MS = 20_000
let timer: NodeJS.Timeout | null = null

export function startImports(): void {
  const look = () => void resumeImports().catch(error => log.error({ err: error }, 'imports'))
  timer = setInterval(look, EVERY_MS).unref()
  look()
}

/** Lets those under way stop at the next piece; nothing of them is written. */
export async function stopImports(): Promise<void> {
  if (timer) clearInterval(timer)
  stopWork()
  await Promise.allSettled(running)
}

/** For tests: until nothing runs here any more. */
export async function settled(): Promise<void> {
  while (running.size) await Promise.allSettled(running)
}
