import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { afterCommit, transact } from '../db/transact.ts'
import { linkFiles, type Upload } from '../files/store.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import type { SheetRows } from '../workers/sheet-read.ts'
import { Import, type ImportKind, type ImportState, type Mapping, NO_COUNTS } from './import.ts'
import { KINDS } from './kinds.ts'
import { begin } from './run.ts'
import { sampleOf } from './sheet.ts'
import { guessMapping } from './words.ts'

/** What a person does with an import. Reading and writing rows goes on in the background (run.ts). */
const SAMPLE = 5

const subjectOf = ({ park, _id, fileName }: Pick<Import, 'park' | '_id' | 'fileName'>) => ({
  park,
  kind: 'import',
  ref: _id,
  label: fileName,
})

export interface Uploaded {
  file: Upload
  format: Import['format']
  sheet: SheetRows
}

/** Keeps an uploaded file, its columns named as far as its header tells. */
export async function createImport(park: string, kind: ImportKind, { file, format, sheet }: Uploaded, by: Actor): Promise<Types.ObjectId> {
  const _id = new Types.ObjectId()
  const { header, rows } = sheet
  return transact(async () => {
    await linkFiles(park, [file.id], { kind: 'import', ref: _id })
    const about = { header, rows, sample: sampleOf(sheet, SAMPLE), mapping: guessMapping(KINDS[kind], header) }
    const who = { id: by.id, name: by.name }
    await Import.create([{ park, _id, kind, file: file.id, fileName: file.name, format, ...about, by: who }])
    await audit(by, 'import.upload', subjectOf({ park, _id, fileName: file.name }), { after: { rows } })
    return _id
  })
}

/** Each required column has a header, and no header stands for two columns. Throws import.unmapped, import.twice. */
function refuseMapping(kind: ImportKind, mapping: Mapping): void {
  for (const { name, required } of KINDS[kind].columns)
    if (required && mapping[name] === null)
      throw new RuleError('import.unmapped', { column: `key:imports.column.${kind}.${name}` }, { field: name })
  const seen = new Set<number>()
  for (const [name, at] of Object.entries(mapping)) {
    if (at === null) continue
    if (seen.has(at)) throw new RuleError('import.twice', {}, { field: name })
    seen.add(at)
  }
}

/** Goes on from one of the states, once: whoever presses twice finds it gone on. Throws import.state. */
async function advance(of: Import, from: ImportState[], change: object, action: string, by: Actor): Promise<void> {
  await transact(async () => {
    const { matchedCount } = await Import.updateOne(
      { park: of.park, _id: of._id, state: { $in: from } },
      { $set: { ...change, refusal: null, actor: by } },
    )
    if (!matchedCount) throw conflict('import.state')
    await audit(by, action, subjectOf(of))
    afterCommit(() => begin(of.park, of._id))
  })
}

/** Says which column is what, and starts the dry run. */
export async function checkImport(of: Import, mapping: Mapping, by: Actor): Promise<void> {
  refuseMapping(of.kind, mapping)
  const change = { state: 'checking', mapping, counts: NO_COUNTS }
  await advance(of, ['uploaded', 'checked'], change, 'import.check', by)
}

/** Starts the writing of all rows, or of the good ones. Throws import.badRows. */
export async function commitImport(of: Import, skipBad: boolean, by: Actor): Promise<void> {
  if (of.counts.bad && !skipBad) throw new RuleError('import.badRows', { count: of.counts.bad })
  await advance(of, ['checked'], { state: 'committing', skipBad }, 'import.start', by)
}
