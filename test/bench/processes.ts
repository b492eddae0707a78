import { type ChildProcess, spawn } from 'node:child_process'
import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The processes the bench starts: the real server as in production, and the floor. Output goes to a file, as a service's would. */
const ROOT = join(import.meta.dirname, '../..')
export const SECRET = 'a secret for the bench, long enough for the check'

export interface Started {
  url: string
  pid: number
  stop(): Promise<void>
}

const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

async function ready(child: ChildProcess, log: string): Promise<string> {
  for (let i = 0; i < 1200; i++) {
    const text = readFileSync(log, 'utf8')
    const url = /is ready: (http\S+)/.exec(text)?.[1]
    if (url) return url
    if (child.exitCode !== null) throw new Error(`a process of the bench stopped:\n${text}`)
    await wait(50)
  }
  throw new Error(`a process of the bench did not start:\n${readFileSync(log, 'utf8')}`)
}

async function start(args: string[], env: NodeJS.ProcessEnv, log: string): Promise<Started> {
  const out = openSync(log, 'w')
  const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: ['ignore', out, out] })
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGTERM')
    await gone
  }
  return { url: await ready(child, log), pid: child.pid!, stop }
}

/** The server as `npm start` runs it, behind a proxy that speaks HTTPS (its cookies ask for that). */
export function startApp(uri: string, log: string): Promise<Started> {
  const env = {
    NODE_ENV: 'production',
    MONGODB_URI: uri,
    SESSION_SECRET: SECRET,
    PORT: '0',
    HOST: '127.0.0.1',
    TRUST_PROXY: '1',
    LOG_LEVEL: 'info',
  }
  // The same command as `npm start`, so that its flags count too.
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: { start: string } }
  const profile = process.env['BENCH_PROF'] ? ['--cpu-prof', `--cpu-prof-dir=${process.env['BENCH_PROF']}`] : []
  return start([...profile, ...scripts.start.split(' ').slice(1)], env, log)
}

export const startFloor = (uri: string, log: string, file = 'test/bench/floor.ts'): Promise<Started> =>
  start(['--import', 'tsx', file], { NODE_ENV: 'production', MONGODB_URI: uri }, log)

/** Resident memory of a process in MiB, as the kernel counts it; null where there is no /proc. */
export function memoryOf(pid: number): { now: number; peak: number } | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const mib = (name: string) => Math.round(Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) / 1024)
    return { now: mib('VmRSS'), peak: mib('VmHWM') }
  } catch {
    return null
  }
}
