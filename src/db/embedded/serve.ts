import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { findMongod, type Say, versionOf } from './binary.ts'
import { alive, isMongodOn, leaveFolder, readNote, takeFolder, writeNote } from './folder.ts'

export interface Embedded {
  uri: string
  /** The mongod's process id. */
  pid: number
  stop(): Promise<void>
}

interface Options {
  dataDir: string
  cacheDir: string
  binary?: string
  say: Say
}

const NAME = 'zhigu'
const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

export const uriOf = (port: number, database = NAME): string => `mongodb://127.0.0.1:${port}/${database}?replicaSet=${NAME}`

/** The wished port if it is free (the set's configuration then needs no change: a start of 1 instead of 4 s), else any. */
function freePort(wish = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', error => (wish ? resolve(freePort()) : reject(error)))
    probe.listen(wish, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}

/** Stops a mongod whose app was killed: it holds the files. SIGTERM writes a checkpoint; what was acknowledged is in the journal anyway. */
async function stopOrphan(pid: number, dbPath: string, say: Say): Promise<void> {
  if (!isMongodOn(pid, dbPath)) return
  say('A database process of an earlier start is still running: stopping it.')
  process.kill(pid, 'SIGTERM')
  for (let i = 0; i < 100 && alive(pid); i++) await wait(100)
  if (alive(pid)) process.kill(pid, 'SIGKILL')
  for (let i = 0; i < 50 && alive(pid); i++) await wait(100)
}

interface HelloReply {
  isWritablePrimary?: boolean
  setName?: string
}

/**
 * One node makes its own replica set. The set's configuration remembers the port of the last start; a new port is written
 * into it by force, which is safe with no other member to disagree.
 */
async function becomePrimary(port: number): Promise<void> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, { serverSelectionTimeoutMS: 20_000 })
  const host = `127.0.0.1:${port}`
  try {
    const admin = client.db('admin')
    const config = await admin.command({ replSetGetConfig: 1 }).then(
      reply => reply['config'] as { version: number; members: { host: string }[] },
      () => null,
    )
    if (!config) await admin.command({ replSetInitiate: { _id: NAME, members: [{ _id: 0, host }] } })
    else if (config.members[0]!.host !== host) {
      config.members[0]!.host = host
      await admin.command({ replSetReconfig: { ...config, version: config.version + 1 }, force: true })
    }
    for (let i = 0; i < 600; i++) {
      const hello = (await admin.command({ hello: 1 })) as HelloReply
      if (hello.isWritablePrimary) return
      await wait(50)
    }
    throw new Error('The embedded database did not become writable within 30 s.')
  } finally {
    await client.close()
  }
}

async function launch(
  binary: string,
  dbPath: string,
  args: string[],
  lastPort = 0,
): Promise<Omit<Embedded, 'stop'> & { stopServer(): Promise<void> }> {
  const version = (await versionOf(binary)) ?? undefined
  // Loaded here: a server with a database of its own pays nothing for this one.
  const { MongoMemoryServer } = await import('mongodb-memory-server-core')
  const server = await MongoMemoryServer.create({
    binary: { systemBinary: binary, checkMD5: false, version },
    instance: {
      dbPath,
      port: await freePort(lastPort),
      ip: '127.0.0.1',
      replSet: NAME,
      storageEngine: 'wiredTiger',
      launchTimeout: 60_000,
      args,
    },
  })
  const { port, instance } = server.instanceInfo!
  const stopServer = async () => {
    await server.stop({ doCleanup: false })
  }
  try {
    await becomePrimary(port)
  } catch (error) {
    await stopServer()
    throw error
  }
  return { uri: uriOf(port), pid: instance.mongodProcess!.pid!, stopServer }
}

/** A mongod for a throw-away database in `dbPath`: tests and the bench. */
export async function serveTemporary(options: {
  dbPath: string
  cacheDir: string
  binary?: string
  say: Say
  args?: string[]
}): Promise<Embedded> {
  const binary = await findMongod(options)
  await mkdir(options.dbPath, { recursive: true })
  const { uri, pid, stopServer } = await launch(binary, options.dbPath, options.args ?? [])
  return { uri, pid, stop: stopServer }
}

const lastPort = async (dataDir: string): Promise<number> => Number(await readFile(join(dataDir, 'port'), 'utf8').catch(() => '0')) || 0

/** Starts the embedded database of a data folder, or says clearly why it can't. */
export async function serveEmbedded({ dataDir, cacheDir, binary, say }: Options): Promise<Embedded> {
  await takeFolder(dataDir)
  try {
    const program = await findMongod({ binary, cacheDir, say })
    const dbPath = join(dataDir, 'db')
    await mkdir(dbPath, { recursive: true })
    const before = await readNote(dataDir)
    if (before) await stopOrphan(before.mongod, dbPath, say)
    const { uri, pid, stopServer } = await launch(program, dbPath, ['--wiredTigerCacheSizeGB', '0.5'], await lastPort(dataDir))
    await writeFile(join(dataDir, 'port'), new URL(uri).port)
    await writeNote(dataDir, { owner: process.pid, mongod: pid, uri })
    const stop = async () => {
      await stopServer()
      await leaveFolder(dataDir)
    }
    return { uri, pid, stop }
  } catch (error) {
    await leaveFolder(dataDir)
    throw error
  }
}

/** For scripts: joins the database of a running server on this folder, or starts it for as long as the script needs it. */
export async function joinEmbedded(options: Options): Promise<Embedded> {
  const note = await readNote(options.dataDir)
  if (note && alive(note.owner) && isMongodOn(note.mongod, join(options.dataDir, 'db'))) {
    return { uri: note.uri, pid: note.mongod, stop: async () => {} }
  }
  return serveEmbedded(options)
}
