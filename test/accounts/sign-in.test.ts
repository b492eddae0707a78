import { expect } from 'chai'
import type { Request } from 'express'
import mongoose, { Types } from 'mongoose'
import { disableUser, enableUser } from '../../src/accounts/disabling.ts'
import { grantRole, revokeRole } from '../../src/accounts/memberships.ts'
import { countFailure } from '../../src/accounts/throttle.ts'
import { Membership, User } from '../../src/accounts/user.ts'
import { signedInAs, visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildUser, PASSWORD } from '../setup/factories.ts'
import { startServer } from '../setup/processes.ts'
import { Visitor } from '../setup/visitor.ts'

const sessions = () => mongoose.connection.collection('sessions')
const sidIn = (headers: Record<string, unknown>): string | undefined =>
  ([] as string[]).concat((headers['set-cookie'] as string[]) ?? []).find(cookie => cookie.startsWith('zhigu.sid='))
const signIn = (who: Visitor, email: string, password: string, next?: string) => who.post('/sign-in', { email, password, next })

describe('signing in', () => {
  const uri = useDatabase()
  beforeEach(() => mongoose.connection.collection('ratelimits').deleteMany({}))

  it('opens an account for whoever signs up: an applicant and nothing more', async () => {
    const guest = visitor()
    const form = { name: 'Founder', email: 'Founder@Example.com', password: 'a garden of words' }
    const park = (await buildPark())._id
    const answer = await guest.post('/sign-up', { ...form, role: 'admin', park, disabled: 'false', version: '7' })
    expect(answer.status).to.equal(303)
    const user = await User.findOne({ email: 'founder@example.com' }).lean().orFail()
    expect(user.password).to.match(/^\$argon2id\$/)
    const posts = await Membership.find({ user: user._id }).lean()
    expect(posts.map(post => [post.role, post.park])).to.deep.equal([['applicant', null]])
    expect((await guest.get('/account')).status).to.equal(200)
    expect((await guest.get('/admin')).status).to.equal(403)
    expect((await guest.get(`/parks/${park}/desk`)).status).to.equal(404)
    expect((await visitor().post('/sign-up', form)).status).to.equal(409)
    for (const password of ['short', 'aaaaaaaaaaaa', 'other@example.com'])
      expect((await visitor().post('/sign-up', { name: 'Other', email: 'other@example.com', password })).status, password).to.equal(422)
    expect(await User.countDocuments({ email: 'other@example.com' })).to.equal(0)
  })

  it('gives a new session id at every sign-in, whatever id came along', async () => {
    const park = (await buildPark())._id
    const user = await buildUser('manager', { park })
    const who = visitor()
    const planted = await who.agent
      .post('/sign-in')
      .redirects(0)
      .set('cookie', 'zhigu.sid=s%3Aplanted.x')
      .type('form')
      .send({ _csrf: await who.token(), email: user.email, password: PASSWORD })
    expect(planted.status).to.be.oneOf([303, 403])
    const first = sidIn((await signIn(who, user.email, PASSWORD)).headers)
    const old = (
      await sessions()
        .find({ 'session.passport.user.id': String(user._id) })
        .toArray()
    ).map(one => String(one._id))
    const again = visitor()
    const second = sidIn((await signIn(again, user.email, PASSWORD)).headers)
    expect(first).to.be.a('string')
    expect(second).to.be.a('string').and.not.equal(first)
    expect(old).to.not.include('planted')
    expect(first)
      .to.match(/HttpOnly/i)
      .and.match(/SameSite=Lax/i)
  })

  it('renews the session of who comes back, once a day, and nothing else of it', async () => {
    const user = await buildUser('applicant')
    const who = await visitor().signIn(user.email, PASSWORD)
    const mine = { 'session.passport.user.id': String(user._id) }
    const kept = (await sessions().findOne(mine))!
    expect(sidIn((await who.get('/account')).headers), 'the same day').to.equal(undefined)
    const before = new Date(Date.now() - 25 * 3_600_000)
    await sessions().updateOne(mine, { $set: { lastModified: before, expires: new Date(Date.now() + 3_600_000) } })
    const cookie = sidIn((await who.get('/account')).headers)
    expect(cookie)
      .to.match(/HttpOnly/i)
      .and.match(/SameSite=Lax/i)
      .and.include(encodeURIComponent(`s:${kept._id}`))
    for (let i = 0; i < 100 && (await sessions().countDocuments({ ...mine, lastModified: { $lte: before } })); i++)
      await new Promise(resolve => setTimeout(resolve, 20))
    const after = (await sessions().findOne(mine))!
    expect(after['expires'].getTime()).to.be.closeTo(Date.now() + 14 * 86_400_000, 60_000)
    expect(after['session']).to.deep.equal(kept['session'])
    expect(sidIn((await who.get('/account')).headers), 'once').to.equal(undefined)
    await sessions().updateOne(mine, { $set: { expires: new Date(Date.now() - 1000) } })
    expect((await who.get('/account')).status, 'run out').to.not.equal(200)
  })

  it('says the same of a wrong password and of an unknown address', async () => {
    const user = await buildUser('applicant')
    const texts = []
    for (const email of [user.email, 'nobody-at-all@example.com']) {
      const answer = await signIn(visitor(), email, 'not the password')
      expect(answer.status).to.equal(422)
      texts.push(/<ul>[\s\S]*?<\/ul>/.exec(answer.text)![0])
    }
    expect(texts[0]).to.equal(texts[1])
    expect((await signIn(visitor(), `  ${user.email.toUpperCase()} `, PASSWORD)).status).to.equal(303)
  })

  it('never sends anybody to another site', async () => {
    const user = await buildUser('applicant')
    const targets = [
      '//evil.example',
      'https://evil.example/',
      '/\\evil.example',
      '\\/evil.example',
      'javascript:alert(1)',
      '/ok\n//evil',
      ' /x',
    ]
    for (const next of targets) {
      expect((await signIn(visitor(), user.email, PASSWORD, next)).headers['location'], next).to.equal('/')
      const page = await visitor().get(`/sign-in?next=${encodeURIComponent(next)}`)
      expect(page.text, next).to.not.match(/name="next" value="[^"]*evil/)
    }
    expect((await signIn(visitor(), user.email, PASSWORD, '/account?tab=1')).headers['location']).to.equal('/account?tab=1')
    const who = await visitor().signIn(user.email, PASSWORD)
    const answer = await who.post('/account/language', { lang: 'en', next: '//evil.example' })
    expect(answer.headers['location']).to.equal('/account')
  })

  it('throttles guesses per account and address, and leaves other accounts alone', async () => {
    const [user, other] = [await buildUser('applicant'), await buildUser('applicant')]
    const guesser = visitor()
    for (let i = 0; i < 8; i++) expect((await signIn(guesser, user.email, `guess ${i}`)).status).to.equal(422)
    const stopped = await signIn(guesser, user.email, PASSWORD)
    expect(stopped.status).to.equal(429)
    expect(stopped.text).to.match(/15 分钟/)
    expect((await signIn(visitor(), other.email, PASSWORD)).status).to.equal(303)
  })

  it('lets nobody lock an owner out: a browser that has signed in before is counted apart', async () => {
    const user = await buildUser('applicant')
    const known = visitor()
    expect((await signIn(known, user.email, PASSWORD)).status).to.equal(303)
    await known.post('/sign-out')
    for (let i = 0; i < 30; i++) await countFailure({ ip: `10.0.0.${i}`, cookies: {}, secret: 'x' } as unknown as Request, user.email)
    expect((await signIn(visitor(), user.email, PASSWORD)).status).to.equal(429)
    const owner = Object.assign(new Visitor('http://unused'), { agent: known.agent })
    expect((await signIn(owner, user.email, PASSWORD)).status).to.equal(303)
  })

  it('throttles one address that tries many accounts', async () => {
    for (const ip of ['127.0.0.1', '::ffff:127.0.0.1'])
      for (let i = 0; i < 60; i++) await countFailure({ ip, cookies: {}, secret: 'x' } as unknown as Request, `a${i}@example.com`)
    const user = await buildUser('applicant')
    expect((await signIn(visitor(), user.email, PASSWORD)).status).to.equal(429)
  })

  it('ends the session at sign-out', async () => {
    const user = await buildUser('applicant')
    const who = await visitor().signIn(user.email, PASSWORD)
    expect(await sessions().countDocuments({ 'session.passport.user.id': String(user._id) })).to.equal(1)
    await who.post('/sign-out')
    expect(await sessions().countDocuments({ 'session.passport.user.id': String(user._id) })).to.equal(0)
    expect((await who.get('/account')).status).to.equal(303)
  })

  it('refuses a revoked role, and knows a new one, on the next request in every process', async () => {
    const park = (await buildPark())._id
    const user = await buildUser('manager', { park })
    const other = await startServer(uri())
    try {
      const here = await visitor().signIn(user.email, PASSWORD)
      const there = await new Visitor(other.url).signIn(user.email, PASSWORD)
      for (const who of [here, there]) expect((await who.get(`/parks/${park}/people`)).status).to.equal(200)
      const { _id } = await Membership.findOne({ user: user._id }).lean().orFail()
      const boss = await signedInAs('manager', { park })
      expect((await boss.post(`/parks/${park}/people/${_id}/revocation`)).status).to.equal(303)
      for (const who of [here, there]) expect((await who.get(`/parks/${park}/people`)).status).to.equal(404)
      await grantRole(user._id, { role: 'reception', park }, BY)
      for (const who of [here, there]) {
        expect((await who.get(`/parks/${park}/people`)).status).to.equal(403)
        expect((await who.get(`/parks/${park}/tenants`)).status).to.equal(200)
      }
    } finally {
      await other.stop()
    }
  }).timeout(120_000)

  it('keeps no role that is taken back while somebody signs in', async () => {
    for (let i = 0; i < 8; i++) {
      const park = (await buildPark())._id
      const user = await buildUser('manager', { park })
      const { _id } = await Membership.findOne({ user: user._id }).lean().orFail()
      const who = visitor()
      await who.token()
      const [answer] = await Promise.all([signIn(who, user.email, PASSWORD), revokeRole(park, _id, BY)])
      expect(answer.status).to.equal(303)
      expect((await who.get(`/parks/${park}/people`)).status).to.equal(404)
    }
  })

  it('refuses a disabled user on the next request, and nobody disables themselves', async () => {
    const park = (await buildPark())._id
    const user = await buildUser('manager', { park })
    const who = await visitor().signIn(user.email, PASSWORD)
    const admin = await signedInAs('admin')
    expect((await admin.post(`/admin/users/${user._id}/disabling`)).status).to.equal(303)
    expect((await who.get('/account')).status).to.equal(303)
    expect((await signIn(visitor(), user.email, PASSWORD)).status).to.equal(422)
    expect((await visitor().post('/password/forgot', { email: user.email })).status).to.equal(303)
    await enableUser(user._id, BY)
    expect((await signIn(visitor(), user.email, PASSWORD)).status).to.equal(303)
    const self = await disableUser(new Types.ObjectId(admin.userId), { id: admin.userId, name: 'admin' }).catch(error => error.problem.key)
    expect(self).to.equal('error.user.self')
  })
})
