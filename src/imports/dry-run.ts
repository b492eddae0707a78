import { transact } from '../db/transact.ts'
import { today } from '../lib/days.ts'
import type { Problem } from '../lib/rule-error.ts'
import { readPark } from '../parks/park.ts'
import { BadRow, type Counts, Import, NO_COUNTS } from './import.ts'
import { type Decision, KINDS, type Ledger } from './kinds.ts'
import { mappedRows, readSheet } from './sheet.ts'
import { Taken, type Work } from './work.ts'

/** What each row would do, without doing any of it. */
const DOES = { create: 'created', update: 'updated', same: 'same', bad: 'bad' } as const satisfies Record<Decision['does'], keyof Counts>

export function count(counts: Counts, decisions: Decision[]): void {
  for (const { does } of decisions) counts[DOES[does]] += 1
}

export async function openLedger(of: Import): Promise<Ledger> {
  const park = await readPark(of.park)
  return KINDS[of.kind].open(of.park, today(park!.zone))
}

/** Keeps the rows that can't be taken, under the attempt that found them. */
export async function keepBad({ park, _id }: Import, attempt: string, decisions: Decision[]): Promise<void> {
  const rows = decisions.flatMap(one => (one.does === 'bad' ? [{ park, import: _id, attempt, row: one.row, problems: one.problems }] : []))
  if (rows.length) await BadRow.insertMany(rows)
}

/** Drops what earlier attempts found. */
export const dropBad = ({ park, _id }: Import, attempt: string) => BadRow.deleteMany({ park, import: _id, attempt: { $ne: attempt } })

/** Reads every row and stores the result; `refusal` says why a commit was given up before. Throws what readSheet() throws. */
export async function dryRun(of: Import, work: Work, refusal: Problem | null = null): Promise<void> {
  const sheet = await readSheet(of.file, of.format)
  const ledger = await openLedger(of)
  const counts = { ...NO_COUNTS }
  await BadRow.deleteMany({ park: of.park, import: of._id })
  for await (const rows of mappedRows(sheet, of.mapping)) {
    const decisions = rows.map(row => ledger.decide(row))
    count(counts, decisions)
    await keepBad(of, work.token, decisions)
    await work.progress(rows.length)
  }
  await transact(async () => {
    const mine = { park: of.park, _id: of._id, state: of.state, attempt: work.token }
    const { matchedCount } = await Import.updateOne(mine, { $set: { state: 'checked', counts, refusal } })
    if (!matchedCount) throw new Taken()
  })
}
