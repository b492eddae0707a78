import { audit } from '../audit/entry.ts'
import { nextNumber } from '../db/counter.ts'
import { currentSession, transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { RuleError } from '../lib/rule-error.ts'
import { addLateEntries, SearchEntry } from '../search/entry.ts'
import { count, dropBad, keepBad, openLedger } from './dry-run.ts'
import { type Counts, Import, NO_COUNTS } from './import.ts'
import { type Decision, KINDS } from './kinds.ts'
import { mappedRows, readSheet } from './sheet.ts'
import { Taken, type Work } from './work.ts'

/**
 * Writes all rows in one transaction: readers see all of them or none, and a killed process leaves none. Rows are decided anew on
 * what the park has now. 10,000 new units take about eight seconds on two cores. Throws import.badRows when a row can't be taken
 * and nobody said to skip it.
 */
/** Rows at a time: making their records takes about 100 ms of this thread, and pages are answered in between. */
const CHUNK = 200
/** Entries of the search weigh many times what their records do: of more records than this they come after the transaction. */
const FOUND_AT_ONCE = 1000

const chunks = <T>(list: T[]): T[][] =>
  Array.from({ length: Math.ceil(list.length / CHUNK) }, (_, i) => list.slice(i * CHUNK, (i + 1) * CHUNK))

async function finish(of: Import, counts: Counts, work: Work, state: 'indexing' | 'done'): Promise<void> {
  const by = of.actor!
  await audit(by, 'import.run', { park: of.park, kind: 'import', ref: of._id, label: of.fileName }, { after: counts })
  const mine = { park: of.park, _id: of._id, state: 'committing' as const, attempt: work.token }
  const { matchedCount } = await Import.updateOne(mine, { $set: { state, counts, refusal: null, doneAt: now() } })
  if (!matchedCount) throw new Taken()
}

export async function writeRows(of: Import, work: Work): Promise<void> {
  const sheet = await readSheet(of.file, of.format)
  await transact(async () => {
    await work.began(currentSession()!.id)
    // One import of a park at a time: two of the same file would each find that a name isn't there yet.
    await nextNumber(of.park, 'import')
    const ledger = await openLedger(of)
    const counts = { ...NO_COUNTS }
    const bad: Decision[] = []
    const todo: Decision[] = []
    for await (const rows of mappedRows(sheet, of.mapping))
      for (const row of rows) {
        const decision = ledger.decide(row)
        count(counts, [decision])
        if (decision.does === 'bad') bad.push(decision)
        else if (decision.does !== 'same') todo.push(decision)
      }
    if (bad.length && !of.skipBad) throw new RuleError('import.badRows', { count: bad.length })
    const foundLater = counts.created > FOUND_AT_ONCE
    for (const part of chunks(todo)) {
      await ledger.apply(part, of.actor!, { foundLater })
      await work.progress(part.length)
    }
    for (const part of chunks(bad)) await keepBad(of, work.token, part)
    await dropBad(of, work.token)
    await finish(of, counts, work, foundLater ? 'indexing' : 'done')
  })
}

/** Lets the search find what it doesn't yet; killed half-way, it goes on with what is left. */
export async function indexRows(of: Import, work: Work): Promise<void> {
  const kind = KINDS[of.kind]
  const found = new Set((await SearchEntry.distinct('ref', { park: of.park, kind: kind.found })).map(String))
  const missing = (await kind.ids(of.park)).filter(id => !found.has(String(id)))
  await work.restart(of.counts.created - missing.length)
  for (const part of chunks(missing)) {
    await addLateEntries(await kind.entries(of.park, part))
    await work.progress(part.length)
    await new Promise(resolve => setImmediate(resolve))
  }
  await Import.updateOne({ park: of.park, _id: of._id, state: 'indexing' }, { $set: { state: 'done' } })
}
