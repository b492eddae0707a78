import mongoose from 'mongoose'
import { SESSIONS } from '../accounts/sessions.ts'
import { createFileIndexes } from '../files/store.ts'
import { log } from '../lib/log.ts'

/**
 * Brings a database to what this version of the program needs: collections, indexes, and numbered steps that change data. Safe to
 * run again and from several processes: creating what exists does nothing, and each step is recorded with what it did.
 */
interface Migration {
  name: string
  run(): Promise<void>
}

/** Services of before had no effects, nor a time after which identity papers go: they get what new ones begin with. */
async function completeServices(): Promise<void> {
  const each = (list: string, given: object) => ({
    $map: { input: { $ifNull: [`$content.${list}`, []] }, in: { $mergeObjects: [given, '$$this'] } },
  })
  const set = {
    'content.years': { $ifNull: ['$content.years', 5] },
    'content.keep': { $ifNull: ['$content.keep', 6] },
    'content.documents': each('documents', { classes: [] }),
    'content.steps': each('steps', { effect: 'none' }),
  }
  for (const name of ['services', 'serviceversions']) await mongoose.connection.db!.collection(name).updateMany({}, [{ $set: set }])
}

/** Steps that change data, in order; never edit one that has been released. */
const STEPS: Migration[] = [{ name: '2026-11-services-effects', run: completeServices }]

let migrated = false
export const isMigrated = (): boolean => migrated

const exists = (error: unknown): boolean => (error as { code?: number }).code === 48

async function createCollections(): Promise<void> {
  const db = mongoose.connection.db!
  const names = [...mongoose.modelNames().map(name => mongoose.model(name).collection.name), SESSIONS, 'files.files', 'files.chunks']
  const present = new Set((await db.listCollections({}, { nameOnly: true }).toArray()).map(row => row.name))
  for (const name of new Set(names)) {
    if (present.has(name)) continue
    await db.createCollection(name).catch(error => {
      if (!exists(error)) throw error
    })
  }
}

async function createIndexes(): Promise<void> {
  for (const name of mongoose.modelNames()) await mongoose.model(name).createIndexes()
  const sessions = mongoose.connection.db!.collection(SESSIONS)
  await sessions.createIndex({ expires: 1 }, { expireAfterSeconds: 0 })
  await sessions.createIndex({ 'session.passport.user.id': 1 })
  await createFileIndexes()
}

export async function migrate(): Promise<void> {
  await createCollections()
  await createIndexes()
  const done = mongoose.connection.db!.collection<{ _id: string; at: Date }>('migrations')
  for (const step of STEPS) {
    if (await done.findOne({ _id: step.name })) continue
    log.info({ step: step.name }, 'migrating')
    await step.run()
    await done.updateOne({ _id: step.name }, { $set: { at: new Date() } }, { upsert: true })
  }
  migrated = true
}
