import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { compiledFolder, isCompiled } from './sources.mjs'

/**
 * `npm start`: runs the compiled program in this very process (signals are for the server), and compiles it first when the source
 * has changed: a second, once. The TypeScript loader would cost some 45 MiB for as long as the server runs.
 */

// The heap is cleared when it has grown by 30 % instead of by a multiple.
setFlagsFromString('--heap-growing-percent=30')

function compiled() {
  const folder = compiledFolder()
  if (isCompiled(folder)) return folder
  try {
    // It says where: a source that is being edited may have changed again.
    return execFileSync(process.execPath, [join(import.meta.dirname, 'build.mjs')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch {
    process.stdout.write('The program could not be compiled into dist/, so its source runs: it needs some 45 MiB more.\n')
    return null
  }
}

const folder = compiled()
if (folder) await import(pathToFileURL(join(folder, 'server.js')).href)
else {
  const { register } = await import('tsx/esm/api')
  register()
  await import('../src/server.ts')
}
