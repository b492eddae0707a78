import mongoose from 'mongoose'
import type { Check, Report } from '../lib/check.ts'
import { now } from '../lib/clock.ts'
import { orphanChunks, type StoredFile, unlinkedFiles } from './store.ts'

/** What must hold of stored files. Whether the record a file is linked to exists is checked where all records are known. */
const DAY = 86_400_000
/** The sweep runs once a day: what a killed upload left may be two days old. */
const SWEPT = 2 * DAY

async function checkUnlinked(report: Report): Promise<void> {
  for (const { _id, metadata } of await unlinkedFiles(new Date(now().getTime() - SWEPT)))
    report('is linked to nothing for two days: the sweep doesn’t run', { park: metadata?.['park'] ?? null, kind: 'file', id: _id })
}

async function checkOrphans(report: Report): Promise<void> {
  for (const id of await orphanChunks(new Date(now().getTime() - SWEPT)))
    report('has chunks and no file for two days: the sweep doesn’t run', { park: null, kind: 'file', id })
}

/** Every byte of a file is there. */
async function checkChunks(report: Report): Promise<void> {
  const db = mongoose.connection.db!
  const sizes = db
    .collection('files.chunks')
    .aggregate<{ _id: unknown; size: number }>([{ $group: { _id: '$files_id', size: { $sum: { $binarySize: '$data' } } } }], {
      allowDiskUse: true,
    })
  const found = new Map<string, number>()
  for await (const { _id, size } of sizes) found.set(String(_id), size)
  for await (const file of db.collection<StoredFile>('files.files').find()) {
    const { _id, length, metadata } = file
    const size = found.get(String(_id)) ?? 0
    if (size !== length) report(`has ${size} bytes of ${length}`, { park: metadata?.park ?? null, kind: 'file', id: _id })
  }
}

export const checks: Check[] = [
  { name: 'Files belong to a record', run: checkUnlinked },
  { name: 'Chunks belong to a file', run: checkOrphans },
  { name: 'Files are whole', run: checkChunks },
]
