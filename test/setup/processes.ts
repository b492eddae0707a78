import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { SECRET } from './app.ts'

export interface Running {
  url: string
  child: ChildProcess
  stop(): Promise<void>
}

/** A real server process on a database, as in production: for what must hold between processes. */
export function startServer(uri: string, env: NodeJS.ProcessEnv = {}): Promise<Running> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/server.ts'], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, MONGODB_URI: uri, PORT: '0', HOST: '127.0.0.1', SESSION_SECRET: SECRET, JOBS: '0', LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGTERM')
    await gone
  }
  return new Promise((resolve, reject) => {
    let output = ''
    const read = (data: Buffer) => {
      output += data.toString()
      const url = /Zhigu is ready: (\S+)/.exec(output)?.[1]
      if (url) resolve({ url, child, stop })
    }
    child.stdout!.on('data', read)
    child.stderr!.on('data', read)
    child.once('exit', code => reject(new Error(`the server stopped (${code}):\n${output}`)))
  })
}
