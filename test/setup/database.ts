import mongoose from 'mongoose'
import { connect, disconnect } from '../../src/db/connect.ts'
import { migrate } from '../../src/db/migrate.ts'
import { setClock } from '../../src/lib/clock.ts'
// Every model must be known before collections and indexes are made.
import '../../src/mounts.ts'

let count = 0

/** The address of a fresh database on the mongod the runner started. */
export function databaseUri(): string {
  const base = process.env['TEST_MONGODB']
  if (!base) throw new Error('Run tests by `npm test` or `node --import tsx test/run.ts <files>`: they need its database.')
  count += 1
  return base.replace(/\/zhigu\?/, `/t${process.pid}-${Date.now().toString(36)}-${count}?`)
}

/** A database of its own for the file's tests; answers its address once it is there. */
export function useDatabase(): () => string {
  let uri = ''
  before(async () => {
    uri = databaseUri()
    await connect(uri, { maxPoolSize: 60 })
    await migrate()
  })
  afterEach(() => setClock(null))
  after(async () => {
    await mongoose.connection.dropDatabase()
    await disconnect()
  })
  return () => uri
}
