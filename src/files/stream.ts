import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import type { ObjectId } from 'mongodb'
import { log } from '../lib/log.ts'
import { openDownload, type StoredFile } from './store.ts'

/** Sends a stored file's bytes once its headers are set; a HEAD request gets the headers alone. */
export async function streamFile(req: Request, res: Response, id: ObjectId): Promise<void> {
  if (req.method === 'HEAD') {
    res.end()
    return
  }
  try {
    await pipeline(openDownload(id), res)
  } catch (error) {
    // The reader went away, or the file broke off: the answer has begun and can only be cut.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE')
      log.error({ err: error, request: req.id, route: req.pattern }, 'download')
    res.destroy()
  }
}

/** Shows a stored file in the page or the browser itself; nothing in it may run. `cached` is its cache-control. */
export async function sendInline(req: Request, res: Response, file: StoredFile, cached: string): Promise<void> {
  res.set({
    'content-type': file.metadata.type,
    'content-length': String(file.length),
    'content-disposition': 'inline',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cache-control': cached,
  })
  await streamFile(req, res, file._id)
}
