import { isDeepStrictEqual } from 'node:util'
import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { isDuplicateKey, transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import type { Bilingual } from '../lib/text.ts'
import { KEEP, plainContent, problemsOf, type ServiceContent, type ServiceKind, sameContent, YEARS } from './content.ts'
import { Service, ServiceVersion, serviceSubject } from './service.ts'

/** The catalogue as staff keep it (issue C, 1): drafts, numbered versions, order. All of it in the transaction of its audit entry. */
export interface NewService {
  code: string
  kind: ServiceKind
  name: Bilingual
  summary: Bilingual | null
}

const EMPTY = { text: null, fees: [], promise: null, years: YEARS.usual, keep: KEEP.usual, fields: [], documents: [], steps: [] }

export async function loadService(park: string, code: string): Promise<Service> {
  const found = (await Service.findOne({ park, code }).lean()) as Service | null
  if (!found) throw notFound()
  return found
}

/** Adds an entry nobody sees yet, behind the others. Throws service.CodeTaken (409). */
export async function createService(park: string, { code, kind, name, summary }: NewService, by: Actor): Promise<Service> {
  return transact(async () => {
    const last = await Service.findOne({ park }, { order: 1 }).sort({ order: -1 }).lean()
    const content = plainContent({ ...EMPTY, name, summary })
    const order = (last?.order ?? -1) + 1
    const [made] = await Service.create([{ park, code, kind, content, order }]).catch(error => {
      if (isDuplicateKey(error)) throw conflict('service.codeTaken', { code }, 'code')
      throw error
    })
    const service = made!.toObject() as Service
    await audit(by, 'service.create', serviceSubject(service), { after: { code, kind, name } })
    return service
  })
}

/** Writes from the version the form showed; stale (409) when somebody saved in between. */
async function save(before: Service, version: number, set: Partial<Service>): Promise<Service> {
  const after = (await Service.findOneAndUpdate(
    { park: before.park, _id: before._id, version },
    { $set: set, $inc: { version: 1 } },
    { returnDocument: 'after', runValidators: true },
  ).lean()) as Service | null
  if (!after) throw conflict('stale')
  return after
}

const versionOf = async ({ park, _id, published }: Service): Promise<ServiceVersion | null> =>
  published ? ((await ServiceVersion.findOne({ park, service: _id, no: published }).lean()) as ServiceVersion | null) : null

/** What the public sees of a service that was published; null for one that never was. */
export async function publishedContent(service: Service): Promise<ServiceContent | null> {
  return (await versionOf(service))?.content ?? null
}

/** The parts of a content in which two differ: what the trail shows of an edit. */
function partsShown(before: ServiceContent, after: ServiceContent): { before: object; after: object } {
  const names = (Object.keys(after) as (keyof ServiceContent)[]).filter(name => !isDeepStrictEqual(before[name], after[name]))
  const pick = (content: ServiceContent) => Object.fromEntries(names.map(name => [name, content[name]]))
  return { before: pick(before), after: pick(after) }
}

/**
 * Changes some parts of what is being edited, from the version its form showed. Nothing that was published changes: running
 * applications keep theirs, and the public sees it once it is published.
 */
export async function editService(
  park: string,
  code: string,
  version: number,
  parts: Partial<ServiceContent>,
  by: Actor,
): Promise<Service> {
  return transact(async () => {
    const before = await loadService(park, code)
    const content = plainContent({ ...before.content, ...parts })
    const published = (await versionOf(before))?.content ?? null
    const after = await save(before, version, { content, pending: !published || !sameContent(content, published) })
    await audit(by, 'service.edit', serviceSubject(after), partsShown(plainContent(before.content), content))
    return after
  })
}

/**
 * Publishes what is being edited as the next version, or offers a retired service again as it was. Throws service.NothingNew, and
 * the first reason why it can't be published (problemsOf).
 */
export async function publishService(park: string, code: string, version: number, by: Actor): Promise<Service> {
  return transact(async () => {
    const before = await loadService(park, code)
    const [problem] = problemsOf(before.content)
    if (problem) throw new RuleError(problem.key, problem.params)
    if (!before.pending && before.state === 'published') throw new RuleError('service.nothingNew')
    const no = before.pending ? before.published + 1 : before.published
    const after = await save(before, version, { state: 'published', published: no, pending: false })
    if (no !== before.published) {
      const content = plainContent(before.content)
      await ServiceVersion.create([{ park, service: before._id, no, content, at: now(), by: { id: by.id, name: by.name } }])
    }
    const shown = ({ state, published }: Service) => ({ state, published })
    await audit(by, 'service.publish', serviceSubject(after), { before: shown(before), after: shown(after) })
    return after
  })
}

/** No new applications from now on; running ones go on. Throws service.NotPublished. */
export async function retireService(park: string, code: string, version: number, by: Actor): Promise<Service> {
  return transact(async () => {
    const before = await loadService(park, code)
    if (before.state !== 'published') throw new RuleError('service.notPublished')
    const after = await save(before, version, { state: 'retired' })
    await audit(by, 'service.retire', serviceSubject(after), { before: { state: before.state }, after: { state: after.state } })
    return after
  })
}

/**
 * Puts the catalogue in an order: the codes of all its entries. Each entry is written, so that of two who do it at once the second
 * waits and wins as a whole. Throws stale (409) when an entry came or went in between.
 */
export async function orderServices(park: string, codes: string[], by: Actor): Promise<void> {
  await transact(async () => {
    const all = (await Service.find({ park }).sort({ order: 1, _id: 1 }).lean()) as Service[]
    const before = all.map(service => service.code)
    if (codes.length !== all.length || new Set(codes).size !== codes.length || codes.some(code => !before.includes(code)))
      throw conflict('stale')
    for (const [order, code] of codes.entries())
      await Service.updateOne({ park, code }, { $set: { order }, $currentDate: { updatedAt: true } })
    if (isDeepStrictEqual(before, codes)) return
    const [first] = all
    if (first)
      await audit(
        by,
        'service.order',
        { park, kind: 'service', ref: first._id, label: '' },
        { before: { order: before }, after: { order: codes } },
      )
  })
}

/** Replaces or takes away the example of a document, in what is being edited. Answers the example it had. */
export async function setExample(
  park: string,
  code: string,
  version: number,
  { key, example }: { key: string; example: Types.ObjectId | null },
  by: Actor,
): Promise<Types.ObjectId | null> {
  const { content } = await loadService(park, code)
  const had = content.documents.find(one => one.key === key)
  if (!had) throw notFound()
  const documents = content.documents.map(one => (one.key === key ? { ...one, example } : one))
  await editService(park, code, version, { documents }, by)
  return had.example
}
