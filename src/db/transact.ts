import type { AsyncLocalStorage } from 'node:async_hooks'
import type { MongoError } from 'mongodb'
import mongoose, { type ClientSession } from 'mongoose'

// Every mongoose operation inside transact() joins its session by itself: a forgotten `{ session }` can't write outside.
mongoose.set('transactionAsyncLocalStorage', true)
mongoose.set('strictQuery', 'throw')
mongoose.set('autoIndex', false)
mongoose.set('autoCreate', false)

const afterwards = new WeakMap<ClientSession, (() => void)[]>()

type Storage = AsyncLocalStorage<{ session?: ClientSession }>
const storage = (mongoose as unknown as { transactionAsyncLocalStorage: Storage }).transactionAsyncLocalStorage
let running = 0

/** The running transaction's session; undefined outside of one. For the few calls that go to the driver itself. */
export const currentSession = (): ClientSession | undefined => (running ? storage.getStore()?.session : undefined)

/** In the storage's context; without any transaction it is switched off: until then Node follows every promise of every request. */
async function counted<T>(work: () => Promise<T>): Promise<T> {
  running++
  try {
    return await work()
  } finally {
    if (--running === 0) storage.disable()
  }
}

/**
 * Runs `work` in a transaction: all of it or nothing, snapshot reads, journalled on a majority. Inside another transact() it joins
 * that one, so functions of the domain compose. Write conflicts re-run `work`: load what you change inside it, and run its
 * statements one after the other (a session takes no parallel operations).
 */
export async function transact<T>(work: () => Promise<T>): Promise<T> {
  if (currentSession()) return work()
  let hooks: (() => void)[] = []
  const result = await counted(() =>
    mongoose.connection.transaction(
      async session => {
        hooks = []
        afterwards.set(session, hooks)
        return work()
      },
      { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', j: true } },
    ),
  )
  for (const hook of hooks) hook()
  return result as T
}

/** Runs `hook` once the running transaction is committed; at once outside of one. Only for hints that may be lost, such as a nudge. */
export function afterCommit(hook: () => void): void {
  const session = currentSession()
  if (session) afterwards.get(session)?.push(hook)
  else hook()
}

/**
 * For a unique key met by a write whose snapshot shows nothing of it: somebody was there a moment before. Thrown on, it makes the
 * transaction run again, and then it sees them.
 */
export function again(error: unknown): unknown {
  if (isDuplicateKey(error) && currentSession()) (error as unknown as MongoError).addErrorLabel('TransientTransactionError')
  return error
}

/** E11000: a unique key exists already. */
export function isDuplicateKey(error: unknown): error is Error & { keyPattern?: Record<string, number> } {
  return typeof error === 'object' && error !== null && (error as { code?: number }).code === 11000
}
