import type { Request, Response } from 'express'
import type { ObjectId } from 'mongodb'
import multer from 'multer'
import { config } from '../config.ts'
import { ContentError, KINDS, type Kind, labelOf, Sniff } from '../files/content.ts'
import { relieve } from '../files/relief.ts'
import { openUpload, removeFile, type Upload } from '../files/store.ts'
import { RuleError } from '../lib/rule-error.ts'
import { FormError } from './forms.ts'

/** The files a form may carry: field → how many, of which kinds, and how large (MiB; the configured limit if less). */
export type Uploads = Record<string, { max: number; kinds: readonly Kind[]; mib?: number; memory?: boolean }>

export interface Received extends Upload {
  field: string
  buffer?: Buffer
}

type StoredFileInfo = Express.Multer.File & { stored?: Received }

const MIB = 1024 * 1024

/** How large a file of a field may be, in MiB. */
const limitOf = (spec: Uploads[string] | undefined): number => Math.min(spec?.mib ?? config.UPLOAD_MIB, config.UPLOAD_MIB)

/**
 * Streams one file part into GridFS while its first bytes are checked. Whatever goes wrong (kind, size, a cut-off connection)
 * takes back what was written.
 */
function engine(uploads: Uploads): multer.StorageEngine {
  return {
    _handleFile(req: Request, file, done) {
      const spec = uploads[file.fieldname]!
      const sniff = new Sniff(spec.kinds)
      const limit = limitOf(spec) * MIB
      const target = openUpload({ park: req.park?._id ?? '', name: '', type: '', by: req.me?.id ?? '' })
      let finished = false
      const end = () => {
        finished = true
        req.off('aborted', cut)
      }
      const fail = (error: unknown) => {
        if (finished) return
        end()
        file.stream.unpipe(sniff)
        file.stream.resume()
        sniff.destroy()
        const clean = () => removeFile(target.id).catch(() => {})
        target
          .abort()
          .catch(() => {})
          .then(clean)
          .then(() => done(error))
      }
      file.stream.once('error', fail)
      file.stream.once('limit', () => fail(new multer.MulterError('LIMIT_FILE_SIZE', file.fieldname)))
      const cut = () => fail(new Error('the upload was cut off'))
      req.once('aborted', cut)
      sniff.on('data', (block: Buffer) => {
        relieve(block.length)
        if (sniff.size > limit) fail(new multer.MulterError('LIMIT_FILE_SIZE', file.fieldname))
      })
      sniff.once('error', error =>
        fail(
          error instanceof ContentError
            ? new FormError([{ key: 'error.fileKind', field: file.fieldname, params: { kinds: spec.kinds.join(', ') } }])
            : error,
        ),
      )
      target.once('error', fail)
      target.once('finish', () => {
        if (finished) return
        end()
        const stored: Received = {
          field: file.fieldname,
          id: target.id,
          size: sniff.size,
          name: labelOf(file.originalname, sniff.kind!),
          type: KINDS[sniff.kind!].mime,
        }
        done(null, { size: sniff.size, stored } as never)
      })
      // The label and kind are known only after the first bytes: they are written with the file's record, at the end.
      sniff.once('data', () => {
        const meta = (target as unknown as { options: { metadata: { name: string; type: string } } }).options.metadata
        meta.name = labelOf(file.originalname, sniff.kind!)
        meta.type = KINDS[sniff.kind!].mime
      })
      file.stream.pipe(sniff).pipe(target)
    },
    _removeFile(_req, file, done) {
      const stored = (file as StoredFileInfo).stored
      if (!stored) return done(null)
      removeFile(stored.id).then(() => done(null), done)
    },
  }
}

/** Reads a multipart form. The CSRF token is its first field and is checked before the first byte of a file is kept. */
export function receive(uploads: Uploads): (req: Request, res: Response) => Promise<void> {
  const multipart = multer({
    storage: engine(uploads),
    defParamCharset: 'utf8',
    limits: {
      fields: 2000,
      fieldSize: MIB,
      fieldNameSize: 200,
      parts: 2100,
      files: Object.values(uploads).reduce((sum, { max }) => sum + max, 0),
      fileSize: config.UPLOAD_MIB * MIB,
    },
    fileFilter(req, file, done) {
      try {
        req.csrfPending?.()
        // An empty file input sends a part without a name.
        done(null, file.originalname !== '')
      } catch (error) {
        done(error as Error)
      }
    },
  }).fields(Object.entries(uploads).map(([name, { max }]) => ({ name, maxCount: max })))
  return async (req, res) => {
    if (!req.is('multipart/form-data')) return
    // Every file listens for a cut-off connection, and small ones come many at a time.
    req.setMaxListeners(0)
    await new Promise<void>((resolve, reject) =>
      multipart(req, res, (error: unknown) => (error ? reject(told(error, uploads)) : resolve())),
    )
    req.csrfPending?.()
    req.csrfPending = undefined
  }
}

/** Limits as a message at the field, 413 as the standard asks. */
function told(error: unknown, uploads: Uploads): unknown {
  if (!(error instanceof multer.MulterError)) return error
  if (error.code === 'LIMIT_FILE_SIZE')
    return new RuleError('fileTooLarge', { mib: limitOf(uploads[error.field ?? '']) }, { field: error.field, status: 413 })
  if (error.code === 'LIMIT_UNEXPECTED_FILE' || error.code === 'LIMIT_FILE_COUNT')
    return new RuleError('tooManyFiles', {}, { field: error.field })
  return error
}

/** The stored files of a form, all still unlinked. */
export function received(req: Request, field?: string): Received[] {
  const groups = (req.files ?? {}) as Record<string, StoredFileInfo[]>
  return Object.entries(groups)
    .filter(([name]) => !field || name === field)
    .flatMap(([, list]) => list.map(file => file.stored!))
}

export const receivedIds = (req: Request, field?: string): ObjectId[] => received(req, field).map(file => file.id)

/** A refused form keeps nothing. */
export async function discardUploads(req: Request): Promise<void> {
  for (const file of received(req)) await removeFile(file.id).catch(() => {})
}
