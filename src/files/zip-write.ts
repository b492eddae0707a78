import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import type { ObjectId } from 'mongodb'
import { log } from '../lib/log.ts'
import { openDownload } from './store.ts'

/** One archive of stored files, written while they are read: however many, no more than a piece of one is in memory. */
export interface Entry {
  /** Its path in the archive. */
  name: string
  file: ObjectId
  at: Date
}

interface Archive extends Readable {
  entry(source: Readable, data: { name: string; date: Date }, done: (error?: Error) => void): void
  finish(): void
}

/** Two entries of one name are told apart: “name.pdf”, “name (2).pdf”. */
export function apart(names: string[]): string[] {
  const taken = new Map<string, number>()
  return names.map(name => {
    const count = (taken.get(name) ?? 0) + 1
    taken.set(name, count)
    return count === 1 ? name : name.replace(/(\.[^./]*)?$/, ending => ` (${count})${ending}`)
  })
}

async function fill(archive: Archive, entries: Entry[], res: Response): Promise<void> {
  const names = apart(entries.map(entry => entry.name))
  for (const [i, { file, at }] of entries.entries()) {
    if (res.destroyed) return
    const source = openDownload(file)
    await new Promise<void>((resolve, reject) => {
      source.once('error', reject)
      archive.entry(source, { name: names[i]!, date: at }, error => (error ? reject(error) : resolve()))
    })
  }
  archive.finish()
}

/** Answers with an archive under `name`. What is in it is packed already: it is stored as it is. */
export async function sendZip(res: Response, name: string, entries: Entry[]): Promise<void> {
  res.set({
    'content-type': 'application/zip',
    'content-disposition': `attachment; filename="archive.zip"; filename*=UTF-8''${encodeURIComponent(name)}.zip`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  })
  // Loaded with the first archive. It brings no types; what is used of it is named above.
  // @ts-expect-error: no types
  const { default: ZipStream } = await import('zip-stream')
  const archive = new ZipStream({ store: true }) as Archive
  const sent = pipeline(archive, res)
  fill(archive, entries, res).catch(error => archive.destroy(error))
  await sent.catch(error => {
    // The answer has begun and can only be cut.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') log.error({ err: error }, 'archive')
    res.destroy()
  })
}
