import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Starts of the program as a person makes them: a child process with a data folder of its own. */
export const ROOT = join(import.meta.dirname, '../..')

/** What `npm start` runs, after `node`. */
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: { start: string } }
const START = scripts.start.split(' ').slice(1)

/** What the tests' own runner sets and a person doesn't. */
const FRESH: NodeJS.ProcessEnv = {
  NODE_ENV: 'production',
  MONGODB_URI: '',
  SESSION_SECRET: '',
  HOST: '',
  BASE_URL: '',
  PORT: '0',
  DEMO: '0',
  JOBS: '0',
  LOG_LEVEL: 'error',
  SHUTDOWN_SECONDS: '10',
}

const running = new Set<ChildProcess>()

export class Program {
  readonly child: ChildProcess
  output = ''
  readonly #ended: Promise<number>

  constructor(command: string[], env: NodeJS.ProcessEnv, cwd = ROOT) {
    this.child = spawn(process.execPath, command, {
      cwd,
      env: { ...process.env, ...FRESH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    running.add(this.child)
    const read = (data: Buffer): void => {
      this.output += data.toString()
    }
    this.child.stdout!.on('data', read)
    this.child.stderr!.on('data', read)
    this.#ended = new Promise(resolve => {
      this.child.once('close', (code, signal) => {
        running.delete(this.child)
        resolve(code ?? (signal === 'SIGKILL' ? 137 : 1))
      })
    })
  }

  /** Its exit code, once it has ended and all its output is read. */
  ended(): Promise<number> {
    return this.#ended
  }

  signal(name: NodeJS.Signals): Promise<number> {
    this.child.kill(name)
    return this.#ended
  }
}

export interface Server extends Program {
  url: string
}

/** A server started as `npm start` starts it, in a copy of the program's folder if need be; throws with its output when it ends instead. */
export async function serve(env: NodeJS.ProcessEnv, cwd = ROOT): Promise<Server> {
  const program = new Program(START, env, cwd)
  let over = false
  void program.ended().then(() => {
    over = true
  })
  for (;;) {
    const url = /Zhigu is ready: (\S+)/.exec(program.output)?.[1]
    if (url && (env['DEMO'] !== '1' || env['MONGODB_URI'] || program.output.includes('Demo password:')))
      return Object.assign(program, { url })
    if (over) throw new Error(`the server ended:\n${program.output}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

/** A script that runs to its end. */
export async function run(script: string, env: NodeJS.ProcessEnv, args: string[] = [], node: string[] = []) {
  const program = new Program(['--import', 'tsx', ...node, script, ...args], env)
  const code = await program.ended()
  return { code, output: program.output }
}

export interface Note {
  owner: number
  mongod: number
  uri: string
}

/** The port file scripts join the database by; null when nothing runs. */
export const noteIn = (folder: string): Promise<Note | null> =>
  readFile(join(folder, 'database.json'), 'utf8').then(
    text => JSON.parse(text) as Note,
    () => null,
  )

/** Running: a process that has ended and waits for its parent to look at it is none any more, though its number is still taken. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    // No /proc here: the signal has told.
    return true
  }
}

/** Is it so within some seconds? */
export async function becomes(so: () => boolean | Promise<boolean>, seconds = 15): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    if (await so()) return true
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  return false
}

const folders: string[] = []

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'zhigu-embedded-'))
  folders.push(folder)
  return folder
}

/** Ends what a failed test left running, and removes the folders. */
export async function cleanUp(): Promise<void> {
  for (const child of running) child.kill('SIGKILL')
  for (const folder of folders) {
    const note = await noteIn(folder)
    if (note && isAlive(note.mongod)) process.kill(note.mongod, 'SIGKILL')
  }
  await new Promise(resolve => setTimeout(resolve, 200))
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
