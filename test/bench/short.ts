import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** Runs a bench in its short form, with JSON at its end; answers its exit code and what it printed. */
export function runShort(script: string): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, '--short', '--json'], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, NODE_ENV: '', LOG_LEVEL: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [output, errors] = ['', '']
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString()
  })
  child.stderr.on('data', (data: Buffer) => {
    errors += data.toString()
  })
  return new Promise(resolve => child.on('close', code => resolve({ code, output: code ? output + errors : output })))
}
