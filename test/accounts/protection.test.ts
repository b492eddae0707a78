import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'
import mongoose from 'mongoose'
import { Membership, User } from '../../src/accounts/user.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { Tenant } from '../../src/tenants/tenant.ts'
import { signedInAs, visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark, buildUser, PASSWORD } from '../setup/factories.ts'
import { startServer } from '../setup/processes.ts'
import { Visitor } from '../setup/visitor.ts'

const ROOT = join(import.meta.dirname, '../..')

const NPM = ['npm', 'run', '--silent', 'create-admin', '--']
const SCRIPT = [process.execPath, '--import', 'tsx', 'scripts/create-admin.ts']

/** `npm run create-admin` as a person runs it, without a terminal; or the script itself, which starts sooner. */
function createAdmin(
  uri: string,
  args: string[],
  env: NodeJS.ProcessEnv = {},
  by = SCRIPT,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(by[0]!, [...by.slice(1), ...args], {
    cwd: ROOT,
    env: { ...process.env, MONGODB_URI: uri, SESSION_SECRET: 'a secret for this script, long enough', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const add = (data: Buffer) => {
    output += data.toString()
  }
  child.stdout.on('data', add)
  child.stderr.on('data', add)
  return new Promise(resolve => child.once('close', code => resolve({ code, output })))
}

describe('forms and strangers', () => {
  const uri = useDatabase()
  beforeEach(() => mongoose.connection.collection('ratelimits').deleteMany({}))

  it('refuse a form without its token, with somebody else’s, or from another site', async () => {
    const park = (await buildPark())._id
    const [manager, other] = [await signedInAs('manager', { park }), await signedInAs('manager', { park })]
    const path = `/parks/${park}/tenants`
    const fields = { name: 'Forged', kind: 'company', industry: 'software' }
    const post = (body: object, headers: Record<string, string> = {}) =>
      manager.agent.post(path).redirects(0).set(headers).type('form').send(body)
    const _csrf = await manager.token()
    const answers = [
      await post(fields),
      await post({ ...fields, _csrf: '' }),
      await post({ ...fields, _csrf: await other.token() }),
      await post({ ...fields, _csrf }, { 'sec-fetch-site': 'cross-site' }),
      await post({ ...fields, _csrf }, { 'sec-fetch-site': 'same-site' }),
      await post({ ...fields, _csrf }, { origin: 'https://evil.example' }),
      await manager.agent.post(path).redirects(0).field('name', 'Forged').field('kind', 'company'),
      await manager.agent.post(path).redirects(0).field('_csrf', _csrf).field('name', 'Forged'),
      await visitor().agent.post('/sign-in').redirects(0).type('form').send({ email: 'a@example.com', password: 'x' }),
    ]
    expect(answers.map(answer => answer.status)).to.deep.equal(Array(9).fill(403))
    expect(await Tenant.countDocuments({ park })).to.equal(0)
    expect((await post({ ...fields, _csrf }, { 'sec-fetch-site': 'same-origin' })).status).to.equal(303)
  })

  it('let no token outlive the session it was made for', async () => {
    const user = await buildUser('applicant')
    const who = await visitor().signIn(user.email, PASSWORD)
    const old = await who.token()
    await who.post('/sign-out')
    await visitor().signIn(user.email, PASSWORD)
    const answer = await who.agent.post('/account/language').redirects(0).type('form').send({ _csrf: old, lang: 'en' })
    expect(answer.status).to.be.oneOf([303, 403])
    expect((await User.findById(user._id).lean().orFail()).lang).to.equal('zh-CN')
  })

  it('write nothing personal into the log: no address, name, number, password, token or query (CASES 26)', async () => {
    const server = await startServer(uri(), { LOG_LEVEL: 'trace' })
    let [log, user] = ['', '']
    const secrets = ['secret', '13812345678', '330103199001011234']
    for (const stream of [server.child.stdout!, server.child.stderr!])
      stream.on('data', data => {
        log += data.toString()
      })
    try {
      const park = (await buildPark())._id
      const guest = new Visitor(server.url)
      await guest.post('/sign-up', { name: 'Secretname', email: 'secret.mail@example.com', password: 'secret garden words' })
      await new Visitor(server.url).post('/sign-in', { email: 'secret.mail@example.com', password: 'wrong secret words' })
      await new Visitor(server.url).post('/password/forgot', { email: 'secret.mail@example.com' })
      const mail = await Mail.findOne({ to: 'secret.mail@example.com' }).lean().orFail()
      const link = mail.path
      await new Visitor(server.url).get(link)
      const manager = await signedInAs('manager', { park }, new Visitor(server.url))
      const made = await manager.post(`/parks/${park}/tenants`, { name: 'Secretfirm', kind: 'company', industry: 'iot' })
      await manager.post(`${made.headers['location']}/contacts`, { name: 'Secretperson', phone: '13812345678' })
      await manager.get(`/parks/${park}/search?q=13812345678`)
      await manager.get(`/parks/${park}/tenants?q=330103199001011234`)
      await manager.get('/no/such/page/13812345678')
      await manager.agent.get('/account').set('user-agent', 'Secretagent').set('referer', `http://x/?q=13812345678`)
      secrets.push(link.split('/').pop()!)
      user = manager.userId
    } finally {
      await server.stop()
    }
    // Lines wait for each other a moment; the last are there when the server has ended.
    expect(log).to.include('"route":"/parks/:park/tenants/:tenant/contacts"').and.include(`"user":"${user}"`)
    for (const secret of secrets) expect(log.toLowerCase().includes(secret.toLowerCase()), secret).to.equal(false)
  }).timeout(120_000)

  it('npm run create-admin makes an administrator on a given database', async () => {
    const env = { ADMIN_PASSWORD: 'an administrator’s words' }
    const first = await createAdmin(uri(), ['--email', 'Root@Example.com', '--name', 'Root'], env, NPM)
    expect([first.code, first.output]).to.deep.equal([0, 'Created the administrator root@example.com.\n'])
    const root = await visitor().signIn('root@example.com', env.ADMIN_PASSWORD)
    expect((await root.get('/admin')).status).to.equal(200)
  }).timeout(120_000)

  it('create-admin gives somebody known a new password, and signs them out', async () => {
    const known = await buildUser('admin')
    const root = await visitor().signIn(known.email, PASSWORD)
    const again = await createAdmin(uri(), ['--email', known.email], { ADMIN_PASSWORD: 'entirely other words' })
    expect(again.code, again.output).to.equal(0)
    expect((await root.get('/admin')).status).to.equal(303)
    await visitor().signIn(known.email, 'entirely other words')
  }).timeout(120_000)

  it('create-admin makes one of somebody who has an account, whose password stays', async () => {
    const user = await buildUser('applicant')
    expect((await createAdmin(uri(), ['--email', user.email])).code).to.equal(0)
    const known = await visitor().signIn(user.email, PASSWORD)
    expect((await known.get('/admin')).status).to.equal(200)
    expect(await Membership.countDocuments({ user: user._id, role: 'admin' })).to.equal(1)
  }).timeout(120_000)

  it('create-admin says what is wrong, and leaves nothing half made', async () => {
    const weak = await createAdmin(uri(), ['--email', 'weak@example.com', '--name', 'Weak'], { ADMIN_PASSWORD: 'short' })
    expect(weak.code).to.equal(1)
    expect(weak.output)
      .to.include('10')
      .and.not.match(/^\s+at /m)
    const silent = await createAdmin(uri(), ['--email', 'weak@example.com', '--name', 'Weak'], { ADMIN_PASSWORD: '' })
    expect(silent.code).to.equal(1)
    expect(silent.output).to.include('no terminal')
    const odd = await createAdmin(uri(), ['--email', 'not an address', '--name', 'x'], { ADMIN_PASSWORD: 'long enough words' })
    expect(odd.code).to.equal(1)
    expect(await User.countDocuments({ email: 'weak@example.com' })).to.equal(0)
  }).timeout(120_000)
})
