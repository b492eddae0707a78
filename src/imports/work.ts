import { randomUUID } from 'node:crypto'
import mongoose, { type Types } from 'mongoose'
import { isDuplicateKey } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { ImportRun } from './import.ts'

/**
 * Who works on an import. A run is alive until `until`, which a timer moves on; one that isn't may be taken over. Written past any
 * transaction, on the driver: progress must be seen while the rows aren't.
 */
const BEAT_MS = 3000
export const ALIVE_MS = 15_000

/** Somebody else took the import over: what this run did doesn't count. */
export class Taken extends Error {
  override name = 'Taken'
}
/** The process is about to stop: another one goes on. */
export class Stopped extends Error {
  override name = 'Stopped'
}

export interface Work {
  token: string
  /** So many rows more are done. Throws Stopped when the process is to end. */
  progress(rows: number): Promise<void>
  /** A transaction begins, or begins again. */
  began(session: unknown): Promise<void>
  /** Another step of the same import, so far done. */
  restart(rows: number): Promise<void>
  end(): Promise<void>
}

let stopping = false
export const stopWork = (): void => {
  stopping = true
}

const until = (): Date => new Date(now().getTime() + ALIVE_MS)

/** Ends the transaction of a run that is dead: it would hold what it wrote to for up to a minute. */
async function endSession(session: unknown): Promise<void> {
  if (session) await mongoose.connection.db!.command({ killSessions: [session] }).catch(() => {})
}

/** Takes an import to work on; null while somebody else does. */
export async function takeWork(park: string, id: Types.ObjectId): Promise<Work | null> {
  const token = randomUUID()
  const mine = { park, import: id, token }
  try {
    const dead = { park, import: id, until: { $lte: now() } }
    const before = await ImportRun.findOneAndUpdate(
      dead,
      { $set: { token, done: 0, until: until(), session: null } },
      { upsert: true },
    ).lean()
    await endSession(before?.session)
  } catch (error) {
    if (isDuplicateKey(error)) return null
    throw error
  }
  const write = (change: object) => ImportRun.collection.updateOne(mine as never, { $set: change } as never)
  const timer = setInterval(() => void write({ until: until() }).catch(() => {}), BEAT_MS)
  let done = 0
  return {
    token,
    async progress(rows) {
      if (stopping) throw new Stopped()
      done += rows
      await write({ done, until: until() })
    },
    async began(session) {
      done = 0
      await write({ done, session })
    },
    async restart(rows) {
      done = Math.max(0, rows)
      await write({ done, session: null })
    },
    async end() {
      clearInterval(timer)
      await write({ until: new Date(0), session: null })
    },
  }
}

export interface Progress {
  done: number
  /** Nobody has worked on it for a while: the process was ended. */
  interrupted: boolean
}

export async function progressOf({ park, _id, updatedAt }: { park: string; _id: Types.ObjectId; updatedAt: Date }): Promise<Progress> {
  const run = await ImportRun.findOne({ park, import: _id }).lean()
  const lastSign = Math.max(run?.until.getTime() ?? 0, updatedAt.getTime() + ALIVE_MS)
  return { done: run?.done ?? 0, interrupted: lastSign <= now().getTime() }
}
