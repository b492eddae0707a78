import { model, Schema, Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { linkFiles, readWhole, unlinkFiles } from '../files/store.ts'
import { inflatesTo } from '../files/zip.ts'
import { now } from '../lib/clock.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import { RuleError } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import type { DocumentResult, DocumentTask } from '../workers/lease-document.ts'
import { inWorker } from '../workers/pool.ts'
import type { LeasePaper } from './document.ts'
import { samplePaper } from './sample.ts'
import { defaultTemplate } from './template-docx.ts'

/** The Word template a park prints its leases with: its own, or the default. Documents are made in a thread of their own. */
export interface LeaseTemplate extends ParkOwned {
  _id: Types.ObjectId
  file: Types.ObjectId
  name: string
  by: { id: string; name: string }
  at: Date
}

const schema = parkOwned<LeaseTemplate>(
  {
    file: { type: Schema.Types.ObjectId, required: true },
    name: { type: String, required: true },
    by: { id: String, name: String },
    at: { type: Date, required: true },
  },
  { versionKey: false },
)
schema.index({ park: 1 }, { unique: true })
export const LeaseTemplate = model('LeaseTemplate', schema, 'leasetemplates')

/** A template with a few pictures; what inflates to more is not one. */
const MAX_INFLATED = 64 * 1024 * 1024

export const templateOf = (park: string): Promise<LeaseTemplate | null> =>
  LeaseTemplate.findOne({ park }).lean() as Promise<LeaseTemplate | null>

export async function templateBytes(park: string): Promise<Buffer> {
  const own = await templateOf(park)
  return own ? readWhole(own.file) : defaultTemplate()
}

async function render(template: Buffer, { data, note, watermark, title }: LeasePaper, format: 'docx' | 'pdf'): Promise<Buffer> {
  const task: DocumentTask = { template, data, note, watermark, title, format }
  const result = await inWorker<DocumentTask, DocumentResult>('lease-document', task, 60)
  if ('broken' in result) throw new RuleError('template.broken', { detail: result.broken }, { field: 'template' })
  return Buffer.from(result.bytes)
}

/** The paper as a file, with the park's template. */
export const printPaper = async (park: string, paper: LeasePaper, format: 'docx' | 'pdf'): Promise<Buffer> =>
  render(await templateBytes(park), paper, format)

const subject = (park: Park) => ({ park: park._id, kind: 'park', ref: park._id, label: park.name.zh })

/**
 * Takes an uploaded template for the park's own. It must print a sample lease, in Word and in PDF, or it is refused with what is
 * wrong: error.template.broken.
 */
export async function tryTemplate(park: Park, file: Types.ObjectId): Promise<void> {
  const template = await readWhole(file)
  if (!(await inflatesTo(template, MAX_INFLATED))) throw new RuleError('import.tooBig', {}, { field: 'template' })
  const paper = samplePaper(park)
  await render(template, paper, 'docx')
  await render(template, paper, 'pdf')
}

export async function useTemplate(park: Park, upload: { id: Types.ObjectId; name: string }, by: Actor): Promise<void> {
  await transact(async () => {
    const before = await templateOf(park._id)
    const fields = { file: upload.id, name: upload.name, by: { id: by.id, name: by.name }, at: now() }
    if (before) await unlinkFiles(park._id, [before.file])
    const _id = before?._id ?? new Types.ObjectId()
    if (before) await LeaseTemplate.updateOne({ park: park._id, _id }, { $set: fields })
    else await LeaseTemplate.create([{ _id, park: park._id, ...fields }])
    await linkFiles(park._id, [upload.id], { kind: 'leaseTemplate', ref: _id })
    await audit(by, 'lease.template', subject(park), {
      before: { leaseTemplate: before?.name ?? null },
      after: { leaseTemplate: upload.name },
    })
  })
}

/** Back to the default template. */
export async function resetTemplate(park: Park, by: Actor): Promise<void> {
  await transact(async () => {
    const before = await templateOf(park._id)
    if (!before) return
    await LeaseTemplate.deleteOne({ park: park._id, _id: before._id })
    await unlinkFiles(park._id, [before.file])
    await audit(by, 'lease.template', subject(park), { before: { leaseTemplate: before.name }, after: { leaseTemplate: null } })
  })
}
