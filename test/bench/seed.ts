import mongoose from 'mongoose'
import { connect, disconnect } from '../../src/db/connect.ts'
import { migrate } from '../../src/db/migrate.ts'
import { fillDemo } from '../../src/db/seed/demo.ts'
import { setClock } from '../../src/lib/clock.ts'
// Every model must be known before collections and indexes are made.
import '../../src/mounts.ts'
import { multiply } from './multiply.ts'

/** The two databases of the bench, on one mongod: ×1 is the demo itself, ×100 is made of it. */
export const PASSWORD = 'the password of the bench'
const quiet = () => {}

export const databaseOf = (uri: string, name: string): string => uri.replace(/\/zhigu\?/, `/${name}?`)

export async function seedOne(uri: string): Promise<void> {
  await connect(uri)
  await migrate()
  await fillDemo(PASSWORD, quiet)
  setClock(null)
  await disconnect()
}

export async function seedHundred(uri: string, from: string): Promise<void> {
  await connect(uri)
  await migrate()
  const db = mongoose.connection.db!
  const source = mongoose.connection.getClient().db(new URL(from).pathname.slice(1))
  for (const { name } of await source.listCollections({}, { nameOnly: true }).toArray()) {
    const docs = await source.collection(name).find({}).toArray()
    if (docs.length && name !== 'migrations') await db.collection(name).insertMany(docs)
  }
  await multiply(db as never)
  await disconnect()
}
