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

/** What is opened in the browser when it is asked to be looked at. */
const VIEWABLE = ['application/pdf', 'image/jpeg', 'image/png', 'image/webp']

/** RFC 6266: a plain name for old programs, the real one in UTF-8. */
function disposition(name: string, inline: boolean): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(/['()*]/g, sign => `%${sign.charCodeAt(0).toString(16)}`)
  return `${inline ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${encoded}`
}

// Browsers refuse to show a PDF inside a sandbox; it has no scripts of this site either way.
const policyFor = (type: string, inline: boolean): string =>
  inline && type === 'application/pdf'
    ? "default-src 'none'; frame-ancestors 'none'"
    : "default-src 'none'; frame-ancestors 'none'; sandbox"

/**
 * Sends a stored file under its own name, to be kept or, where `view` asks for it, looked at. What was uploaded is never trusted: no
 * sniffing, no scripts, and a drawing is never opened as a page of this site.
 */
export async function sendDownload(req: Request, res: Response, file: StoredFile, view: boolean): Promise<void> {
  const { name, type } = file.metadata
  const inline = view && VIEWABLE.includes(type)
  res.set({
    'content-type': type || 'application/octet-stream',
    'content-length': String(file.length),
    'content-disposition': disposition(name, inline),
    'content-security-policy': policyFor(type, inline),
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  })
  await streamFile(req, res, file._id)
}
