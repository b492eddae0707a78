import { filesOf } from '../files/store.ts'
import type { Check, Report } from '../lib/check.ts'
import { now } from '../lib/clock.ts'
import { Park } from '../parks/park.ts'
import { BadRow, Import, isBusy } from './import.ts'

/** What must hold of imports, whatever wrote them. */
const HOUR = 3_600_000

const allImports = async (): Promise<Import[]> => {
  const parks = (await Park.find({}, { _id: 1 }).lean()).map(park => park._id)
  return (await Import.find({ park: { $in: parks } }, { sample: 0, header: 0 }).lean()) as unknown as Import[]
}

const subjectOf = ({ park, _id, fileName }: Import) => ({ park, kind: 'import', id: _id, label: fileName })

async function checkFiles(report: Report): Promise<void> {
  for (const one of await allImports()) {
    const files = await filesOf(one.park, 'import', one._id)
    if (!files.some(file => String(file._id) === String(one.file))) report('has no file', subjectOf(one))
  }
}

async function checkCounts(report: Report): Promise<void> {
  for (const one of await allImports()) {
    if (one.state !== 'checked' && one.state !== 'done') continue
    const kept = await BadRow.countDocuments({ park: one.park, import: one._id, attempt: one.attempt ?? '' })
    if (kept !== one.counts.bad) report(`says ${one.counts.bad} rows are bad, and names ${kept}`, subjectOf(one))
    if (one.state === 'done' && one.counts.bad && !one.skipBad)
      report('was written without its bad rows, which nobody asked for', subjectOf(one))
  }
}

async function checkStuck(report: Report): Promise<void> {
  for (const one of await allImports())
    if (isBusy(one.state) && one.updatedAt.getTime() < now().getTime() - HOUR)
      report('is under way for an hour: no server takes it up', subjectOf(one))
}

export const checks: Check[] = [
  { name: 'Imports have their file', run: checkFiles },
  { name: 'Imports name each row they can’t take', run: checkCounts },
  { name: 'Imports come to an end', run: checkStuck },
]
