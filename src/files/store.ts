import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import { GridFSBucket, type GridFSFile, ObjectId } from 'mongodb'
import mongoose from 'mongoose'
import { currentSession } from '../db/transact.ts'
import { now } from '../lib/clock.ts'

/**
 * Files in GridFS. GridFS takes no transaction, so a file is stored unlinked first and linked inside the transaction that needs
 * it; what stays unlinked for a day is swept. Every read and write names the park.
 */
export interface FileMeta {
  park: string
  name: string
  type: string
  by: string
  at: Date
  /** The record it belongs to; null until linked. */
  link: { kind: string; ref: ObjectId; slot?: string } | null
}

export interface StoredFile {
  _id: ObjectId
  length: number
  metadata: FileMeta
}

const BUCKET = 'files'
const DAY = 86_400_000
const db = () => mongoose.connection.db!
const files = () => db().collection<StoredFile>(`${BUCKET}.files`)
const bucket = () => new GridFSBucket(db(), { bucketName: BUCKET, writeConcern: { w: 'majority', j: true } })

export interface Upload {
  id: ObjectId
  name: string
  type: string
  size: number
}

/** Opens a write stream under a generated name; the given name is kept as a label only. */
export function openUpload(meta: Omit<FileMeta, 'at' | 'link'>) {
  return bucket().openUploadStream(randomUUID(), { metadata: { ...meta, at: now(), link: null }, chunkSizeBytes: 255 * 1024 })
}

/** Removes a file and whatever chunks of it were written: an aborted upload leaves chunks without a file. */
export async function removeFile(id: ObjectId): Promise<void> {
  await db().collection(`${BUCKET}.chunks`).deleteMany({ files_id: id })
  await files().deleteOne({ _id: id })
}

export async function saveBuffer(data: Buffer, meta: Omit<FileMeta, 'at' | 'link'>): Promise<Upload> {
  const stream = openUpload(meta)
  await new Promise<void>((resolve, reject) => {
    stream.once('error', reject)
    stream.end(data, () => resolve())
  })
  return { id: stream.id, name: meta.name, type: meta.type, size: data.length }
}

/** Links stored files to their record, inside the running transaction. A file of another park, or one linked already, is not found. */
export async function linkFiles(park: string, ids: ObjectId[], link: { kind: string; ref: ObjectId; slot?: string }): Promise<void> {
  for (const _id of ids) {
    const { matchedCount } = await files().updateOne(
      { _id, 'metadata.park': park, 'metadata.link': null } as never,
      { $set: { 'metadata.link': link } } as never,
      { session: currentSession() },
    )
    if (!matchedCount) throw new Error('the file to link is gone or belongs elsewhere')
  }
}

/** Cuts files from their record inside the running transaction; the sweep removes them a day later. */
export async function unlinkFiles(park: string, ids: ObjectId[]): Promise<void> {
  await files().updateMany(
    { _id: { $in: ids }, 'metadata.park': park } as never,
    { $set: { 'metadata.link': null, 'metadata.at': now() } } as never,
    { session: currentSession() },
  )
}

export const findFile = (park: string, id: ObjectId): Promise<StoredFile | null> =>
  files().findOne({ _id: id, 'metadata.park': park } as never, { session: currentSession() })

/** A file of this record; null where there is none of the id, or it is another's. */
export async function findLinked(park: string, id: ObjectId, kind: string, ref: ObjectId): Promise<StoredFile | null> {
  const file = await findFile(park, id)
  const link = file?.metadata.link
  return link?.kind === kind && link.ref.equals(ref) ? file : null
}

/** In a transaction they are read as part of it: outside, what another one has just linked may not be seen yet. */
export const filesOf = (park: string, kind: string, ref: ObjectId): Promise<StoredFile[]> =>
  files()
    .find({ 'metadata.park': park, 'metadata.link.kind': kind, 'metadata.link.ref': ref } as never, { session: currentSession() })
    .sort({ 'metadata.at': 1 })
    .toArray() as Promise<StoredFile[]>

/** The newest files of several records, whatever their kind. */
export const newestFilesOf = (park: string, kinds: string[], refs: ObjectId[], limit: number): Promise<StoredFile[]> =>
  files()
    .find({ 'metadata.park': park, 'metadata.link.kind': { $in: kinds }, 'metadata.link.ref': { $in: refs } } as never)
    .sort({ 'metadata.at': -1 })
    .limit(limit)
    .toArray() as Promise<StoredFile[]>

export const openDownload = (id: ObjectId): Readable => bucket().openDownloadStream(id)

export async function readWhole(id: ObjectId): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of openDownload(id)) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

/** Moves every file of one record to another, inside the running transaction (merge of tenants). */
export async function relinkFiles(park: string, kind: string, from: ObjectId, to: ObjectId): Promise<void> {
  await files().updateMany(
    { 'metadata.park': park, 'metadata.link.kind': kind, 'metadata.link.ref': from } as never,
    { $set: { 'metadata.link.ref': to } } as never,
    { session: currentSession() },
  )
}

/** Removes files that stayed unlinked for a day, and chunks that a killed process left without a file. Returns how many. */
export async function sweepFiles(): Promise<number> {
  const before = new Date(now().getTime() - DAY)
  const stale = await files()
    .find({ 'metadata.link': null, 'metadata.at': { $lt: before } } as never, { projection: { _id: 1 } })
    .toArray()
  for (const { _id } of stale) await removeFile(_id)
  const orphans = await orphanChunks(before)
  for (const id of orphans) await removeFile(id)
  return stale.length + orphans.length
}

/** Ids of chunks whose file was never finished. The id's own time tells how old they are. */
export async function orphanChunks(before: Date): Promise<ObjectId[]> {
  const rows = await db()
    .collection(`${BUCKET}.chunks`)
    .aggregate<{ _id: ObjectId }>([
      { $match: { n: 0, files_id: { $lt: ObjectId.createFromTime(before.getTime() / 1000) } } },
      { $lookup: { from: `${BUCKET}.files`, localField: 'files_id', foreignField: '_id', as: 'file' } },
      { $match: { file: { $size: 0 } } },
      { $project: { _id: '$files_id' } },
    ])
    .toArray()
  return rows.map(row => row._id)
}

export const unlinkedFiles = (before: Date): Promise<GridFSFile[]> =>
  files()
    .find({ 'metadata.link': null, 'metadata.at': { $lt: before } } as never)
    .toArray() as never

export async function createFileIndexes(): Promise<void> {
  await bucket().find().limit(1).toArray()
  await db().collection(`${BUCKET}.chunks`).createIndex({ files_id: 1, n: 1 }, { unique: true })
  await files().createIndex({ 'metadata.park': 1, 'metadata.link.kind': 1, 'metadata.link.ref': 1 })
  await files().createIndex({ 'metadata.link': 1, 'metadata.at': 1 })
}
