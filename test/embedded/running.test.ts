import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { Visitor } from '../setup/visitor.ts'
import { becomes, cleanUp, isAlive, newFolder, noteIn, run, type Server, serve } from './process.ts'

const ADMIN = { email: 'root@example.com', password: 'a long enough password' }
const statusOf = (url: string): Promise<number> =>
  fetch(url, { signal: AbortSignal.timeout(4000) }).then(
    answer => answer.status,
    () => 0,
  )
const signsIn = (url: string): Promise<boolean> =>
  new Visitor(url).signIn(ADMIN.email, ADMIN.password).then(
    () => true,
    () => false,
  )

/** A sign-in whose body comes in two parts: the server has it under way until the second is sent. */
async function halfRequest(url: string) {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  const body = 'email=nobody%40example.com&password=x'
  const head = [
    'POST /sign-in HTTP/1.1',
    `Host: ${hostname}`,
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${body.length}`,
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, 10)}`)
  // Until the server has read the first part.
  await new Promise(resolve => setTimeout(resolve, 300))
  return {
    async finish(): Promise<string> {
      socket.write(body.slice(10))
      const [data] = (await once(socket, 'data')) as [Buffer]
      return data.toString().split('\r\n')[0]!
    },
  }
}

/** One folder's life, in order: every test goes on from what the one before left. */
describe('the embedded database', function () {
  // On a calm machine a start takes two seconds; this is for one that isn't.
  this.timeout(240_000)
  const folder = newFolder()
  const env = { DATA_DIR: folder, HOST: '127.0.0.1' }
  let server: Server

  before(async () => {
    server = await serve(env)
  })
  after(cleanUp)

  it('serves: up, and ready', async () => {
    expect(await (await fetch(`${server.url}/healthz`)).json()).to.deep.equal({ ok: true })
    const ready = await fetch(`${server.url}/readyz`)
    expect([ready.status, await ready.json()]).to.deep.equal([200, { ok: true, database: true, migrations: true, accepting: true }])
  })

  it('is refused to a second server on the same folder, in clear words; the first goes on', async () => {
    const { code, output } = await run('src/server.ts', env)
    expect(code).to.equal(1)
    expect(output).to.include(`process ${server.child.pid}`).and.include(folder).and.include('DATA_DIR')
    expect(output).not.to.match(/^\s+at /m)
    expect(await statusOf(`${server.url}/readyz`)).to.equal(200)
  })

  it('is joined by create-admin and by doctor while the server runs', async () => {
    const note = await noteIn(folder)
    const words = { ADMIN_EMAIL: ADMIN.email, ADMIN_NAME: 'Root', ADMIN_PASSWORD: ADMIN.password }
    const made = await run('scripts/create-admin.ts', { ...env, ...words })
    expect([made.code, made.output]).to.deep.equal([0, `Created the administrator ${ADMIN.email}.\n`])
    expect(await signsIn(server.url)).to.equal(true)
    const doctor = await run('src/db/doctor.ts', env)
    expect(doctor.code, doctor.output).to.equal(0)
    expect(doctor.output).to.match(/\d+ checks: 0 violations/)
    expect(await noteIn(folder)).to.deep.equal(note)
  })

  it('stops cleanly on SIGTERM: the request under way is answered, nothing is left running', async () => {
    const { mongod } = (await noteIn(folder))!
    const half = await halfRequest(server.url)
    const stopped = server.signal('SIGTERM')
    expect(await becomes(async () => (await statusOf(`${server.url}/healthz`)) === 0)).to.equal(true)
    // No token came with it, so it is refused; but it is answered.
    expect(await half.finish()).to.equal('HTTP/1.1 403 Forbidden')
    expect(await stopped, server.output).to.equal(0)
    expect(isAlive(mongod)).to.equal(false)
    expect([existsSync(join(folder, 'server.lock')), await noteIn(folder)]).to.deep.equal([false, null])
  })

  it('is there again at the second start', async () => {
    server = await serve(env)
    expect(await signsIn(server.url)).to.equal(true)
  })

  it('recovers from a killed server, whose mongod does not stay behind', async () => {
    const { mongod } = (await noteIn(folder))!
    await server.signal('SIGKILL')
    expect(isAlive(mongod)).to.equal(true)
    server = await serve(env)
    expect(isAlive(mongod)).to.equal(false)
    expect(await signsIn(server.url)).to.equal(true)
  })

  it('is reported missing when its mongod is killed, and recovers at the next start', async () => {
    const { mongod } = (await noteIn(folder))!
    process.kill(mongod, 'SIGKILL')
    expect(await becomes(async () => (await statusOf(`${server.url}/readyz`)) === 503)).to.equal(true)
    expect(await statusOf(`${server.url}/healthz`)).to.equal(200)
    expect(await becomes(() => server.output.includes('the database cannot be reached')), server.output).to.equal(true)
    await server.signal('SIGTERM')
    server = await serve(env)
    expect(await signsIn(server.url)).to.equal(true)
    expect(await server.signal('SIGTERM')).to.equal(0)
  })
})
