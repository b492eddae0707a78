import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** The program's files, and the folder a compiled copy of this very source stands in: its name is a sum over them. */
const ROOT = join(import.meta.dirname, '..')
export const SRC = join(ROOT, 'src')
export const DIST = join(ROOT, 'dist')

export const sources = () =>
  readdirSync(SRC, { recursive: true })
    .filter(file => /\.(ts|mjs)$/.test(file))
    .sort()

export function compiledFolder(files = sources()) {
  const { version } = createRequire(import.meta.url)('esbuild/package.json')
  const sum = createHash('sha256').update(version)
  for (const file of files) sum.update(file).update(readFileSync(join(SRC, file)))
  sum.update(readFileSync(join(import.meta.dirname, 'build.mjs')))
  return join(DIST, sum.digest('hex').slice(0, 16))
}

/** A folder gets its name when it is complete. */
export const isCompiled = folder => existsSync(join(folder, 'server.js'))
