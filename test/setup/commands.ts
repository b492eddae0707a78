import type { CommandStartedEvent, Document } from 'mongodb'
import mongoose from 'mongoose'
import { disconnect } from '../../src/db/connect.ts'
import { migrate } from '../../src/db/migrate.ts'
import '../../src/mounts.ts'
import { databaseUri } from './database.ts'

/** What the app says to the database, command by command: for budgets, and for what hooks can't see. */
export interface Command {
  name: string
  collection: string
  command: Document
}

const QUIET = new Set(['hello', 'ping', 'endSessions', 'abortTransaction', 'saslStart', 'saslContinue'])

/** A database for the file's tests whose commands are listened to. */
export function useListenedDatabase(): { during(work: () => Promise<unknown>): Promise<Command[]> } {
  let heard: Command[] | null = null
  const listen = ({ commandName, command }: CommandStartedEvent): void => {
    if (!heard || QUIET.has(commandName)) return
    const collection = commandName === 'getMore' ? command['collection'] : command[commandName]
    heard.push({ name: commandName, collection: String(collection), command })
  }
  before(async () => {
    await mongoose.connect(databaseUri(), {
      monitorCommands: true,
      writeConcern: { w: 'majority', j: true },
      readConcern: { level: 'majority' },
    })
    await migrate()
    mongoose.connection.getClient().on('commandStarted', listen as never)
  })
  after(async () => {
    await mongoose.connection.dropDatabase()
    await disconnect()
  })
  return {
    async during(work) {
      heard = []
      try {
        await work()
        return heard
      } finally {
        heard = null
      }
    },
  }
}

/** The collections whose schema was made by parkOwned(). */
export function ownedCollections(): Set<string> {
  const owned = mongoose.modelNames().filter(name => {
    const { options } = (mongoose.model(name).schema.path('park') ?? {}) as { options?: { immutable?: boolean; required?: boolean } }
    return options?.immutable && options.required
  })
  return new Set(owned.map(name => mongoose.model(name).collection.name))
}

const names = (filter: Document | undefined): boolean => {
  const park = filter?.['park']
  return typeof park === 'string' || Array.isArray(park?.$in) || typeof park?.$eq === 'string'
}

function stagesLoose(stages: Document[], collection: string, owned: Set<string>): boolean {
  if (owned.has(collection) && !names(stages[0]?.['$match'])) return true
  return stages.some(stage => {
    const other = stage['$unionWith'] ?? stage['$lookup']
    return other && stagesLoose(other.pipeline ?? [], other.coll ?? other.from, owned)
  })
}

/** Does a command reach into a park-owned collection without naming its park? */
export function isLoose({ name, collection, command }: Command, owned: Set<string>): boolean {
  if (name === 'aggregate') return stagesLoose(command['pipeline'], collection, owned)
  if (!owned.has(collection)) return false
  if (name === 'find') return !names(command['filter'])
  if (name === 'update') return command['updates'].some((one: Document) => !names(one['q']))
  if (name === 'delete') return command['deletes'].some((one: Document) => !names(one['q']))
  if (name === 'findAndModify' || name === 'distinct' || name === 'count') return !names(command['query'])
  if (name === 'insert') return command['documents'].some((one: Document) => !names(one))
  return name !== 'getMore'
}
