import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { config } from '../src/config.ts'
import { serveTemporary } from '../src/db/embedded/serve.ts'

/**
 * Runs the tests against one real mongod, a database per test file: `node --import tsx test/run.ts [--no-browser] [files …]`.
 * The last line is `N passed, N failed`, for people and for CI.
 */
const ROOT = join(import.meta.dirname, '..')
const MOCHA = join(ROOT, 'node_modules/mocha/bin/mocha.js')
const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const testFiles = async (): Promise<string[]> =>
  (await readdir(join(ROOT, 'test'), { recursive: true }))
    .filter(file => file.endsWith('.test.ts'))
    .map(file => join('test', file))
    .sort()

interface Result {
  passed: number
  failed: number
}

/** One mocha run over some files. Counts come from its own closing lines; a run without them has failed. */
function mocha(files: string[], env: NodeJS.ProcessEnv, args: string[]): Promise<Result> {
  return new Promise(resolve => {
    // Without require() of ES modules mocha loads the tests by import(), as the product is loaded.
    const node = ['--no-experimental-require-module', '--import', 'tsx']
    const child = spawn(process.execPath, [...node, MOCHA, ...args, ...files], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let tail = ''
    child.stdout.on('data', (data: Buffer) => {
      process.stdout.write(data)
      tail = (tail + data.toString()).slice(-200_000)
    })
    child.on('close', code => {
      const count = (word: string) => Number(new RegExp(`^\\s*(\\d+) ${word}`, 'm').exec(tail)?.[1] ?? 0)
      const result = { passed: count('passing'), failed: count('failing') }
      if (code && !result.failed) result.failed = 1
      resolve(result)
    })
  })
}

async function main(): Promise<number> {
  const args = process.argv.slice(2)
  const named = args.filter(arg => !arg.startsWith('--'))
  const withBrowser = !args.includes('--no-browser')
  const all = named.length ? named : await testFiles()
  const isBrowser = (file: string) => file.includes('test/browser/')
  const folder = await mkdtemp(join(tmpdir(), 'zhigu-test-'))
  const mongod = await serveTemporary({
    dbPath: join(folder, 'db'),
    cacheDir: config.cacheDir,
    binary: config.MONGOD_BINARY,
    say,
    // Each test file drops a database of some 350 tables. Their files stay for a window of five minutes, and until a checkpoint: where tests
    // are quick that were more than the 20,000 that may be open at once, and the database died of it.
    args: ['--wiredTigerCacheSizeGB', '1', '--setParameter', 'minSnapshotHistoryWindowInSeconds=0', '--syncdelay', '10'],
  })
  const env = { NODE_ENV: 'test', LOG_LEVEL: 'silent', JOBS: '0', TEST_MONGODB: mongod.uri, TEST_FOLDER: folder, FORCE_COLOR: '0' }
  const total: Result = { passed: 0, failed: 0 }
  const add = (result: Result) => {
    total.passed += result.passed
    total.failed += result.failed
  }
  try {
    const plain = all.filter(file => !isBrowser(file))
    const browser = all.filter(isBrowser)
    if (plain.length) add(await mocha(plain, env, ['--no-color', '--timeout', '60000', '--parallel', '--jobs', '2']))
    if (browser.length && (withBrowser || named.length)) add(await mocha(browser, env, ['--no-color', '--timeout', '240000']))
  } finally {
    await mongod.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
  say(`${total.passed} passed, ${total.failed} failed`)
  return total.failed || !total.passed ? 1 : 0
}

process.exit(await main())
