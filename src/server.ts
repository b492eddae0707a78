import { createServer } from 'node:http'
import mongoose from 'mongoose'
import { createApp } from './app.ts'
import { config } from './config.ts'
import { connect, disconnect } from './db/connect.ts'
import { NoMongodError } from './db/embedded/binary.ts'
import { FolderBusyError } from './db/embedded/folder.ts'
import { type Embedded, serveEmbedded } from './db/embedded/serve.ts'
import { migrate } from './db/migrate.ts'
import { secretFor } from './db/secret.ts'
import { seedDemo } from './db/seed/demo.ts'
import { startJobs, stopJobs } from './jobs/start.ts'
import { log } from './lib/log.ts'
import { startDraining } from './web/health.ts'

/** Connect, listen, shut down: the only file with start-up effects. */
const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

let embedded: Embedded | null = null

async function main(): Promise<void> {
  let closing = false
  if (config.embedded) {
    embedded = await serveEmbedded({ dataDir: config.dataDir, cacheDir: config.cacheDir, binary: config.MONGOD_BINARY, say })
  }
  await connect(config.MONGODB_URI ?? embedded!.uri)
  await migrate()
  const password = config.demo ? await seedDemo({ dataDir: config.dataDir, say }) : null
  const server = createServer(createApp({ secret: await secretFor(config) }))
  server.requestTimeout = 120_000
  server.headersTimeout = 20_000

  async function shutDown(reason: string, code = 0): Promise<void> {
    if (closing) return
    closing = true
    log.info({ reason }, 'shutting down')
    startDraining()
    // Past this nothing waits any more: what is unfinished was not acknowledged.
    setTimeout(() => process.exit(code || 1), config.SHUTDOWN_SECONDS * 1000).unref()
    server.close()
    server.closeIdleConnections()
    await stopJobs()
    while (await new Promise<number>(resolve => server.getConnections((_error, count) => resolve(count)))) {
      server.closeIdleConnections()
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    await disconnect()
    await embedded?.stop()
    log.info('stopped')
    process.exit(code)
  }

  process.on('SIGINT', () => void shutDown('SIGINT'))
  process.on('SIGTERM', () => void shutDown('SIGTERM'))
  mongoose.connection.on('error', error => log.error({ err: error }, 'database connection'))
  mongoose.connection.on('disconnected', () => closing || log.error('the database cannot be reached'))
  mongoose.connection.on('connected', () => log.info('the database can be reached again'))

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(config.PORT, config.host, resolve)
  })
  if (config.JOBS) startJobs()
  const { port } = server.address() as { port: number }
  const shown = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host
  say(`Zhigu is ready: ${config.BASE_URL ?? `http://${shown}:${port}`}`)
  if (password) {
    say('Demo accounts: admin@example.com, manager.dongxin@example.com, promotion.dongxin@example.com …')
    say(`Demo password: ${password}`)
  }
}

process.on('unhandledRejection', error => log.error({ err: error }, 'unhandled rejection'))

main().catch(async error => {
  if (error instanceof NoMongodError || error instanceof FolderBusyError) say(error.message)
  else if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') say(`Port ${config.PORT} is in use. Set PORT to another one.`)
  else log.fatal({ err: error }, 'could not start')
  await disconnect()
  await embedded?.stop().catch(() => {})
  process.exit(1)
})
