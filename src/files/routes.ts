import type { Request, Response } from 'express'
import { z } from 'zod'
import { reachOf } from '../accounts/identity.ts'
import { notFound } from '../lib/rule-error.ts'
import { idParam, readQuery } from '../web/forms.ts'
import { routes } from '../web/router.ts'
import { actionFor, mayRead } from './access.ts'
import { findFile } from './store.ts'
import { streamFile } from './stream.ts'

/** Downloads. What was uploaded is never trusted: no sniffing, no scripts, and a drawing is never opened as a page of this site. */
const VIEWABLE = ['application/pdf', 'image/jpeg', 'image/png', 'image/webp']

const query = z.object({ view: z.literal('1').optional() })

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

async function download(req: Request, res: Response): Promise<void> {
  const file = await findFile(req.park._id, idParam(req, 'file'))
  const reach = file && reachOf(req.me, actionFor(file), req.park)
  if (!file || !reach || !(await mayRead(file, req.me!.id, reach.tenants))) throw notFound()
  const { name, type } = file.metadata
  const inline = readQuery(req, query).view === '1' && VIEWABLE.includes(type)
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

export const fileRoutes = routes(({ get }) => {
  get('/:file', 'file.read', download)
})
