import { readFileSync } from 'node:fs'
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Who uses a data folder. `server.lock` names the process that owns the embedded database; `database.json` says where it
 * answers, so that scripts can join it. Both survive kill -9, so every reader checks that the process still lives.
 */
export interface Running {
  owner: number
  mongod: number
  uri: string
}

export class FolderBusyError extends Error {
  override name = 'FolderBusyError'
}

export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** Pids are used again: is this one really a mongod on this folder? Where /proc is missing, a live pid must do. */
export function isMongodOn(pid: number, dbPath: string): boolean {
  if (!alive(pid)) return false
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return args.some(arg => arg.includes(dbPath))
  } catch {
    return true
  }
}

/** Is this pid a node process, and not something else that got an old pid? */
function isNode(pid: number): boolean {
  if (!alive(pid)) return false
  try {
    return /node/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
  } catch {
    return true
  }
}

const lockOf = (folder: string) => join(folder, 'server.lock')
const noteOf = (folder: string) => join(folder, 'database.json')

/** Takes the folder for this process. Throws FolderBusyError when another live process has it. */
export async function takeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      const file = await open(lockOf(folder), 'wx')
      await file.writeFile(String(process.pid))
      await file.close()
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const owner = Number(await readFile(lockOf(folder), 'utf8').catch(() => '0'))
    if (owner && owner !== process.pid && isNode(owner)) {
      throw new FolderBusyError(
        `Another Zhigu server (process ${owner}) is already using ${folder}. Stop it, or set DATA_DIR to another folder.`,
      )
    }
    // An empty lock may be one that is being written this moment.
    if (!owner) await new Promise(resolve => setTimeout(resolve, 200))
    await rm(lockOf(folder), { force: true })
  }
  throw new FolderBusyError(`Could not take ${folder}: another server is starting on it.`)
}

export async function leaveFolder(folder: string): Promise<void> {
  await rm(noteOf(folder), { force: true })
  await rm(lockOf(folder), { force: true })
}

export const writeNote = (folder: string, running: Running): Promise<void> =>
  writeFile(noteOf(folder), JSON.stringify(running), { mode: 0o600 })

export async function readNote(folder: string): Promise<Running | null> {
  try {
    return JSON.parse(await readFile(noteOf(folder), 'utf8')) as Running
  } catch {
    return null
  }
}
