import type { Request, Response } from 'express'
import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { findLinked, linkFiles, type StoredFile, unlinkFiles } from '../files/store.ts'
import { sendInline } from '../files/stream.ts'
import { notFound, RuleError } from '../lib/rule-error.ts'
import { param } from '../web/forms.ts'
import { setExample } from './catalogue.ts'
import type { ServiceContent } from './content.ts'
import { type Service, ServiceVersion } from './service.ts'

/** Files that show what a good document looks like: anybody who may read the service may open them. */
const KIND = 'service'

/** A file stays as long as any published version shows it. */
async function letGo({ park, _id }: Service, example: Types.ObjectId | null): Promise<void> {
  if (!example) return
  const shown = await ServiceVersion.exists({ park, service: _id, 'content.documents.example': example })
  if (!shown) await unlinkFiles(park, [example])
}

/** Links a stored file as a document's example, in what is being edited. Throws fileMissing; runs in a transaction. */
export async function addExample(
  service: Service,
  version: number,
  key: string,
  file: { id: Types.ObjectId } | null,
  by: Actor,
): Promise<void> {
  if (!file) throw new RuleError('fileMissing', {}, { field: 'example' })
  const { park, code, _id } = service
  const had = await setExample(park, code, version, { key, example: file.id }, by)
  await linkFiles(park, [file.id], { kind: KIND, ref: _id })
  await letGo(service, had)
}

export async function removeExample(service: Service, version: number, key: string, by: Actor): Promise<void> {
  await letGo(service, await setExample(service.park, service.code, version, { key, example: null }, by))
}

/** The example of a document of this content; anything else doesn't exist. */
async function findExample({ park, _id }: Pick<Service, 'park' | '_id'>, { documents }: ServiceContent, key: string): Promise<StoredFile> {
  const example = documents.find(one => one.key === key)?.example
  const file = example && (await findLinked(park, example, KIND, _id))
  if (!file) throw notFound()
  return file
}

/** Sends a document's example; `cached` is its cache-control. */
export async function sendExample(
  req: Request,
  res: Response,
  from: { service: Pick<Service, 'park' | '_id'>; content: ServiceContent },
  cached: string,
): Promise<void> {
  const file = await findExample(from.service, from.content, param(req, 'document'))
  await sendInline(req, res, file, cached)
}
