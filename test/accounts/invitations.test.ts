import { expect } from 'chai'
import { Membership, User } from '../../src/accounts/user.ts'
import { setClock } from '../../src/lib/clock.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { signedInAs, visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark, buildUser, PASSWORD } from '../setup/factories.ts'
import { startServer } from '../setup/processes.ts'
import { Visitor } from '../setup/visitor.ts'

const form = { name: 'Newcomer', password: 'a garden of words' }

async function invited(email: string, role = 'finance') {
  const park = (await buildPark())._id
  const manager = await signedInAs('manager', { park })
  expect((await manager.post(`/parks/${park}/people`, { email, role })).status).to.equal(303)
  const { path } = await Mail.findOne({ to: email, key: 'mail.invite' }).sort({ _id: -1 }).lean().orFail()
  return { park, manager, link: path }
}

describe('invitations', () => {
  const uri = useDatabase()

  it('give a newcomer an account and the role, and work once under parallel use in two processes', async () => {
    const { park, link } = await invited('newcomer@example.com')
    const other = await startServer(uri())
    try {
      const guests = [visitor(), visitor(), new Visitor(other.url), new Visitor(other.url), new Visitor(other.url)]
      await Promise.all(guests.map(guest => guest.token()))
      const answers = await Promise.all(guests.map((guest, i) => guest.post(link, { ...form, _key: `a-key-of-guest-${i}` })))
      expect(answers.filter(answer => answer.status === 303)).to.have.length(1)
      expect(answers.every(answer => [303, 404, 409].includes(answer.status))).to.equal(true)
    } finally {
      await other.stop()
    }
    const users = await User.find({ email: 'newcomer@example.com' }).lean()
    expect(users).to.have.length(1)
    const posts = await Membership.find({ user: users[0]!._id }).lean()
    expect(posts.map(post => [post.role, post.park])).to.deep.equal([['finance', park]])
    const who = await visitor().signIn('newcomer@example.com', form.password)
    expect((await who.get(`/parks/${park}/tenants`)).status).to.equal(200)
    expect((await who.get(`/parks/${park}/people`)).status).to.equal(403)
  }).timeout(120_000)

  it('take the role from the invitation, never from the form', async () => {
    const { park, link } = await invited('plain@example.com', 'reception')
    const elsewhere = (await buildPark())._id
    await visitor().post(link, { ...form, role: 'admin', park: elsewhere, email: 'boss@example.com' })
    const user = await User.findOne({ email: 'plain@example.com' }).lean().orFail()
    const posts = await Membership.find({ user: user._id }).lean()
    expect(posts.map(post => [post.role, post.park])).to.deep.equal([['reception', park]])
    expect(await User.countDocuments({ email: 'boss@example.com' })).to.equal(0)
  })

  it('are for the invited address: somebody known signs in first, nobody else may take it', async () => {
    const user = await buildUser('applicant')
    const { park, link } = await invited(user.email, 'promotion')
    expect((await visitor().post(link, form)).status).to.equal(409)
    const stranger = await visitor().signIn((await buildUser('applicant')).email, PASSWORD)
    expect((await stranger.post(link)).status).to.equal(403)
    const who = await visitor().signIn(user.email, PASSWORD)
    expect((await who.get(`/parks/${park}/tenants`)).status).to.equal(404)
    expect((await who.post(link)).headers['location']).to.equal(`/parks/${park}/desk`)
    expect((await who.get(`/parks/${park}/tenants`)).status).to.equal(200)
    expect((await who.post(link)).status).to.be.oneOf([404, 409])
  })

  it('are not used up by a form that is refused', async () => {
    const { link } = await invited('careful@example.com')
    const guest = visitor()
    expect((await guest.post(link, { name: '', password: form.password })).status).to.equal(422)
    expect((await guest.post(link, { name: 'Careful', password: 'short' })).status).to.equal(422)
    expect(await User.countDocuments({ email: 'careful@example.com' })).to.equal(0)
    expect((await guest.post(link, form)).status).to.equal(303)
  })

  it('run out after two weeks, and can be taken back by the park that sent them only', async () => {
    const { park, manager, link } = await invited('late@example.com')
    setClock(new Date(Date.now() + 14 * 86_400_000 + 60_000))
    expect((await visitor().get(link)).status).to.equal(404)
    setClock(null)
    expect((await visitor().get(link)).status).to.equal(200)
    const page = (await manager.get(`/parks/${park}/people`)).text
    const withdrawal = /action="[^"]*\/(invitations\/[^/]+\/withdrawal)"/.exec(page)![1]!
    const foreign = (await buildPark())._id
    const stranger = await signedInAs('manager', { park: foreign })
    expect((await stranger.post(`/parks/${foreign}/people/${withdrawal}`)).status).to.be.oneOf([404, 409])
    expect((await visitor().get(link)).status).to.equal(200)
    expect((await manager.post(`/parks/${park}/people/${withdrawal}`)).status).to.equal(303)
    expect((await visitor().get(link)).status).to.equal(404)
  })

  it('come from managers only, for roles of the park only', async () => {
    const park = (await buildPark())._id
    const manager = await signedInAs('manager', { park })
    for (const role of ['admin', 'official', 'owner', 'applicant'])
      expect((await manager.post(`/parks/${park}/people`, { email: 'x@example.com', role })).status, role).to.equal(422)
    const finance = await signedInAs('finance', { park })
    expect((await finance.post(`/parks/${park}/people`, { email: 'x@example.com', role: 'manager' })).status).to.equal(403)
    expect(await Mail.countDocuments({ to: 'x@example.com' })).to.equal(0)
  })
})
