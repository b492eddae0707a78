import { transact } from '../../src/db/transact.ts'
import { saveBuffer } from '../../src/files/store.ts'
import { createService, editService, publishService } from '../../src/services/catalogue.ts'
import type { ServiceContent, ServiceKind } from '../../src/services/content.ts'
import { addExample } from '../../src/services/examples.ts'
import type { Service } from '../../src/services/service.ts'
import { BY } from './factories.ts'
import { PNG } from './pictures.ts'

const text = (zh: string) => ({ zh, en: null })

/** Enough of everything to be published: one field, one document, one step. */
export const CONTENT: Omit<ServiceContent, 'name' | 'summary' | 'text'> = {
  fees: [{ class: 'student', fen: 0 }],
  promise: null,
  years: 5,
  keep: 6,
  fields: [{ key: 'field-1', kind: 'text', label: text('Question'), help: null, required: true, options: [] }],
  documents: [
    {
      key: 'document-1',
      name: text('Paper'),
      help: null,
      required: true,
      per: 'application',
      most: 1,
      personal: false,
      classes: [],
      example: null,
    },
  ],
  steps: [
    {
      key: 'step-1',
      name: text('Check'),
      help: null,
      role: 'reception',
      days: 1,
      outcome: 'decision',
      result: 'none',
      effect: 'none',
      told: ['applicant'],
    },
  ],
}

let count = 0

/** A service nobody sees yet. */
export async function buildService(
  park: string,
  more: Partial<ServiceContent> = {},
  { code = `service-${++count}`, kind = 'other' }: { code?: string; kind?: ServiceKind } = {},
): Promise<Service> {
  const made = await createService(park, { code, kind, name: text(`Service ${code}`), summary: null }, BY)
  return editService(park, code, made.version, { ...CONTENT, ...more }, BY)
}

export async function publishedService(...args: Parameters<typeof buildService>): Promise<Service> {
  const { park, code, version } = await buildService(...args)
  return publishService(park, code, version, BY)
}

/** Published, with a picture that shows what its one document looks like. */
export async function serviceWithExample(park: string, code: string, kind: ServiceKind): Promise<Service> {
  const service = await buildService(park, {}, { code, kind })
  const file = await saveBuffer(PNG, { park, name: 'example.png', type: 'image/png', by: BY.id })
  await transact(() => addExample(service, service.version, 'document-1', file, BY))
  return publishService(park, code, service.version + 1, BY)
}
