import mongoose from 'mongoose'
import './transact.ts'

/** Connects mongoose's one connection. Writes are journalled on a majority; reads see what a majority has. */
export async function connect(uri: string, { appName = 'zhigu', maxPoolSize = 50 } = {}): Promise<void> {
  await mongoose.connect(uri, {
    appName,
    maxPoolSize,
    serverSelectionTimeoutMS: 15_000,
    writeConcern: { w: 'majority', j: true },
    readConcern: { level: 'majority' },
    retryWrites: true,
  })
  const hello = await mongoose.connection.db!.admin().command({ hello: 1 })
  if (!hello['setName'] && hello['msg'] !== 'isdbgrid') {
    await mongoose.disconnect()
    throw new Error('MONGODB_URI names a stand-alone server. Transactions need a replica set (one node is enough) or a sharded cluster.')
  }
}

export const disconnect = (): Promise<void> => mongoose.disconnect()

/** Does the database answer? For /readyz. */
export async function ping(): Promise<boolean> {
  try {
    if (mongoose.connection.readyState !== 1) return false
    await mongoose.connection.db!.command({ ping: 1 }, { timeoutMS: 2000 } as never)
    return true
  } catch {
    return false
  }
}
