import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buildSync } from 'esbuild'
import { compiledFolder, DIST, isCompiled, SRC, sources } from './sources.mjs'

/**
 * `npm run build`: compiles src/ to dist/, file by file, each source to a folder of its own: a server that is still running finds
 * the files it began with. Two older copies are kept for that.
 */
const KEPT = 3
const SPECIFIER = /((?:from|import)\s*\(?\s*["']\.{1,2}\/[^"']+)\.ts(?=["'])/g

function put(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

function compile(files, folder) {
  const { outputFiles } = buildSync({
    entryPoints: files.filter(file => file.endsWith('.ts')).map(file => join(SRC, file)),
    outdir: folder,
    outbase: SRC,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    write: false,
  })
  for (const { path, text } of outputFiles) put(path, text.replace(SPECIFIER, '$1.js'))
  for (const file of files.filter(name => name.endsWith('.mjs'))) put(join(folder, file), readFileSync(join(SRC, file)))
}

function dropOld() {
  const age = folder => statSync(folder).mtimeMs
  const folders = readdirSync(DIST).map(name => join(DIST, name))
  for (const folder of folders.sort((a, b) => age(b) - age(a)).slice(KEPT)) rmSync(folder, { recursive: true, force: true })
}

const files = sources()
const folder = compiledFolder(files)
if (!isCompiled(folder)) {
  // Renamed when complete: a start that is killed here leaves no half of a program, and two that compile at once don't meet.
  const fresh = `${folder}-${process.pid}`
  compile(files, fresh)
  try {
    renameSync(fresh, folder)
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true })
    if (!isCompiled(folder)) throw error
  }
  dropOld()
}
process.stdout.write(folder)
