import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { RequestHandler } from 'express'
import { ROOT } from '../lib/root.ts'

/**
 * The few files a page needs, read at start, named by their content and compressed once: they can be cached for ever, and a new
 * build is fetched at once. All style sheets of public/css are one file, in the order of their names.
 */
interface Asset {
  type: string
  raw: Buffer
  br: Buffer
  gz: Buffer
}

const PUBLIC = join(ROOT, 'public')
const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
  png: 'image/png',
  webmanifest: 'application/manifest+json',
}

const files = new Map<string, Asset>()
const names = new Map<string, string>()

function add(name: string, raw: Buffer): void {
  const extension = name.split('.').pop()!
  const hash = createHash('sha256').update(raw).digest('base64url').slice(0, 10)
  const path = `/assets/${name.slice(0, -extension.length - 1)}.${hash}.${extension}`
  const br = brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
  files.set(path, { type: TYPES[extension]!, raw, br, gz: gzipSync(raw) })
  names.set(name, path)
}

function load(): void {
  const css = readdirSync(join(PUBLIC, 'css')).filter(name => name.endsWith('.css'))
  add('app.css', Buffer.concat(css.sort().map(name => readFileSync(join(PUBLIC, 'css', name)))))
  for (const name of readdirSync(join(PUBLIC, 'js'))) add(name, readFileSync(join(PUBLIC, 'js', name)))
  for (const name of readdirSync(PUBLIC).filter(file => /\.(svg|png|webmanifest)$/.test(file))) add(name, readFileSync(join(PUBLIC, name)))
  add('htmx.js', readFileSync(createRequire(import.meta.url).resolve('htmx.org/dist/htmx.min.js')))
}

load()

/** The address of a file of public/, by its name. */
export function asset(name: string): string {
  const path = names.get(name)
  if (!path) throw new Error(`no such asset: ${name}`)
  return path
}

export const assets: RequestHandler = (req, res, next) => {
  if (!req.path.startsWith('/assets/') && req.path !== '/favicon.ico') return next()
  const file = files.get(req.path === '/favicon.ico' ? asset('favicon.svg') : req.path)
  if (!file || (req.method !== 'GET' && req.method !== 'HEAD')) {
    res.status(404).type('text/plain').send('Not found')
    return
  }
  const encoding = req.acceptsEncodings('br', 'gzip', 'identity')
  const body = encoding === 'br' ? file.br : encoding === 'gzip' ? file.gz : file.raw
  if (encoding === 'br' || encoding === 'gzip') res.setHeader('content-encoding', encoding)
  res.setHeader('vary', 'accept-encoding')
  res.setHeader('cache-control', 'public, max-age=31536000, immutable')
  res.setHeader('content-type', file.type)
  res.setHeader('x-content-type-options', 'nosniff')
  res.end(req.method === 'HEAD' ? undefined : body)
}
