import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { onFileAccess } from '../files/access.ts'
import { filesOf, findLinked, linkFiles, type StoredFile, unlinkFiles } from '../files/store.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { addLines } from './entry.ts'
import { type Lead, leadSubject } from './lead.ts'
import { loadLead, writeLead } from './steps.ts'

/** Papers of a lead: what it sent, what it was sent. Read by whoever may read leads, and by no tenant. */
export const LEAD_FILE = 'lead'
export const MAX_FILES = 100
export const AT_A_TIME = 10

onFileAccess(LEAD_FILE, async () => false, 'lead.read')

export const filesOfLead = (park: string, lead: Types.ObjectId): Promise<StoredFile[]> => filesOf(park, LEAD_FILE, lead)

/** A lead whose files can change: what was merged has none any more. Throws lead.merged (409). */
async function loadKept(park: string, _id: Types.ObjectId): Promise<Lead> {
  const lead = await loadLead(park, _id)
  if (lead.state === 'merged') throw conflict('lead.merged')
  return lead
}

/** Links stored files to a lead. Throws fileMissing when there are none, visit.tooManyFiles, lead.merged (409). */
export async function attachToLead(
  park: string,
  _id: Types.ObjectId,
  files: { id: Types.ObjectId; name: string }[],
  by: Actor,
): Promise<void> {
  if (!files.length) throw new RuleError('fileMissing', {}, { field: 'papers' })
  await transact(async () => {
    const lead = await loadKept(park, _id)
    // The lead is written first: of two uploads at once the second counts the first.
    await writeLead(lead, {})
    if ((await filesOfLead(park, _id)).length + files.length > MAX_FILES)
      throw new RuleError('visit.tooManyFiles', { most: MAX_FILES }, { field: 'papers' })
    const ids = files.map(file => file.id)
    await linkFiles(park, ids, { kind: LEAD_FILE, ref: _id })
    await addLines(
      files.map(({ id, name }) => ({ lead, kind: 'file' as const, params: { what: 'added', name }, ref: id })),
      by,
    )
    await audit(by, 'visit.attach', leadSubject(lead), { after: { files: files.length }, note: files.map(file => file.name).join('\n') })
  })
}

/** Takes a file off a lead; it is swept a day later. */
export async function detachFromLead(park: string, _id: Types.ObjectId, file: Types.ObjectId, reason: string, by: Actor): Promise<void> {
  await transact(async () => {
    const lead = await loadKept(park, _id)
    const found = await findLinked(park, file, LEAD_FILE, _id)
    if (!found) throw notFound()
    const { name } = found.metadata
    await writeLead(lead, {})
    await unlinkFiles(park, [found._id])
    await addLines([{ lead, kind: 'file', text: reason, params: { what: 'removed', name } }], by)
    await audit(by, 'visit.detach', leadSubject(lead), { before: { visitFile: name }, after: { visitFile: null }, note: reason })
  })
}
