import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { MessagePort } from 'node:worker_threads'
import { Piscina } from 'piscina'

/**
 * Work that would keep the request thread busy (documents, large sheets) runs in a few threads. They start with the first task and
 * go when idle, so that a server that prints nothing pays nothing for them.
 */
type Task = 'event-certificate' | 'lease-document' | 'offer-paper' | 'preview' | 'sheet-read' | 'sheet-template' | 'sheet-write'

export const THREADS = Math.max(1, Math.min(4, availableParallelism() - 1))

let pool: Piscina | null = null

function open(): Piscina {
  return new Piscina({
    filename: join(import.meta.dirname, 'start.mjs'),
    execArgv: [],
    minThreads: 0,
    maxThreads: THREADS,
    maxQueue: 200,
    idleTimeout: 60_000,
    resourceLimits: { maxOldGenerationSizeMb: 384 },
  })
}

/** Runs a task in a thread; one that takes longer than `seconds` is ended with its thread. `moved` are ports that go with the input. */
export async function inWorker<In, Out>(task: Task, input: In, seconds = 30, moved: MessagePort[] = []): Promise<Out> {
  pool ??= open()
  return (await pool.run({ task, input }, { signal: AbortSignal.timeout(seconds * 1000), transferList: moved as never })) as Out
}

/** Ends the threads: a program that is done should not wait for them. */
export async function closeWorkers(): Promise<void> {
  const open = pool
  pool = null
  await open?.destroy()
}
