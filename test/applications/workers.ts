import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import mongoose from 'mongoose'
import type { Asked, Work } from './worker.ts'

/** A worker as the test sees it. */
export interface Worker {
  child: ChildProcess
  /** Answers “done”, or what a rule said no with; “killed” when the process is gone before it answered. */
  ask(name: Work, asked: Asked): Promise<string>
  /** kill -9, and whoever waits for what it held goes on. */
  kill(): Promise<void>
  stop(): void
}

/** Ends the transactions a killed process left open. None but the workers work then, and the living one does nothing. */
async function endOrphans(): Promise<void> {
  const admin = mongoose.connection.getClient().db('admin')
  const found = await admin
    .aggregate([{ $currentOp: { idleSessions: true } }, { $match: { desc: 'inactive transaction' } }], { readConcern: { level: 'local' } })
    .toArray()
  const patterns = found.map(({ lsid }) => ({ lsid: { id: lsid.id, uid: lsid.uid } }))
  if (patterns.length) await admin.command({ killAllSessionsByPattern: patterns })
}

export async function startWorker(uri: string): Promise<Worker> {
  const child = fork(join(import.meta.dirname, 'worker.ts'), [uri], { execArgv: ['--import', 'tsx'] })
  const waiting = new Map<number, (text: string) => void>()
  let count = 0
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    child.on('message', ({ no, text }: { no: number; text: string }) => {
      if (no < 0) return resolve()
      waiting.get(no)?.(text)
      waiting.delete(no)
    })
    child.once('exit', code => reject(new Error(`the worker stopped (${code})`)))
  })
  child.once('exit', () => {
    for (const tell of waiting.values()) tell('killed')
  })
  return {
    child,
    ask: (name, asked) =>
      new Promise(resolve => {
        const no = count++
        waiting.set(no, resolve)
        child.send({ no, name, asked })
      }),
    kill: async () => {
      child.kill('SIGKILL')
      await exited
      await endOrphans()
    },
    stop: () => {
      if (child.connected) child.disconnect()
    },
  }
}
