import { expect } from 'chai'
import mongoose from 'mongoose'
import { disableUser } from '../../src/accounts/disabling.ts'
import { Token } from '../../src/accounts/token.ts'
import { setClock } from '../../src/lib/clock.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildUser, PASSWORD } from '../setup/factories.ts'

const FRESH = 'another garden of words'

async function resetLink(email: string): Promise<string> {
  expect((await visitor().post('/password/forgot', { email })).status).to.equal(303)
  return (await Mail.findOne({ to: email, key: 'mail.reset' }).sort({ _id: -1 }).lean().orFail()).path
}

async function twoBrowsers() {
  const user = await buildUser('applicant')
  const [here, there] = [await visitor().signIn(user.email, PASSWORD), await visitor().signIn(user.email, PASSWORD)]
  return { user, here, there }
}

describe('passwords', () => {
  useDatabase()
  beforeEach(() => mongoose.connection.collection('ratelimits').deleteMany({}))

  it('change with the present one only, and sign every other browser out', async () => {
    const { user, here, there } = await twoBrowsers()
    const change = (current: string, password: string, again = password) => here.post('/account/password', { current, password, again })
    const refused = [await change('wrong', FRESH), await change(PASSWORD, FRESH, 'differs'), await change(PASSWORD, 'short')]
    expect(refused.map(answer => answer.status)).to.deep.equal([422, 422, 422])
    for (const { text } of refused) expect(text).to.not.include(`value="${PASSWORD}"`).and.not.include(`value="${FRESH}"`)
    expect((await there.get('/account')).status).to.equal(200)
    expect((await change(PASSWORD, FRESH)).status).to.equal(303)
    expect((await here.get('/account')).status).to.equal(200)
    expect((await there.get('/account')).status).to.equal(303)
    expect((await visitor().post('/sign-in', { email: user.email, password: PASSWORD })).status).to.equal(422)
    expect((await visitor().post('/sign-in', { email: user.email, password: FRESH })).status).to.equal(303)
  })

  it('are reset by a link, which signs everybody out', async () => {
    const { user, here, there } = await twoBrowsers()
    const link = await resetLink(user.email)
    const guest = visitor()
    expect((await guest.get(link)).status).to.equal(200)
    expect((await guest.post(link, { password: FRESH, again: 'differs' })).status).to.equal(422)
    expect((await guest.post(link, { password: 'short', again: 'short' })).status).to.equal(422)
    expect((await guest.post(link, { password: FRESH, again: FRESH })).status).to.equal(303)
    for (const who of [here, there]) expect((await who.get('/account')).status).to.equal(303)
    expect((await guest.get(link)).status).to.equal(404)
    expect((await visitor().post('/sign-in', { email: user.email, password: FRESH })).status).to.equal(303)
  })

  it('use a link once, under parallel use too', async () => {
    const user = await buildUser('applicant')
    const link = await resetLink(user.email)
    const guests = [visitor(), visitor(), visitor(), visitor()]
    await Promise.all(guests.map(guest => guest.token()))
    const answers = await Promise.all(guests.map((guest, i) => guest.post(link, { password: `${FRESH} ${i}`, again: `${FRESH} ${i}` })))
    const won = answers.findIndex(answer => answer.status === 303)
    expect(answers.filter(answer => answer.status === 303)).to.have.length(1)
    expect((await visitor().post('/sign-in', { email: user.email, password: `${FRESH} ${won}` })).status).to.equal(303)
  })

  it('let a link run out after two hours, and store no link that could be used', async () => {
    const user = await buildUser('applicant')
    const link = await resetLink(user.email)
    const secret = link.split('/').pop()!
    const stored = JSON.stringify(await Token.find({ email: user.email }).lean())
    expect(stored).to.not.include(secret)
    setClock(new Date(Date.now() + 2 * 3_600_000 + 1000))
    expect((await visitor().get(link)).status).to.equal(404)
    setClock(null)
    expect((await visitor().get('/password/reset/made-up')).status).to.equal(404)
  })

  it('answer the same for an address nobody has, and send nothing', async () => {
    const user = await buildUser('applicant')
    const ask = async (email: string) => {
      const answer = await visitor().post('/password/forgot', { email })
      return [answer.status, answer.headers['location'], await Mail.countDocuments({ to: email })]
    }
    expect(await ask(user.email)).to.deep.equal([303, '/password/forgot?sent=1', 1])
    expect(await ask('unknown-person@example.com')).to.deep.equal([303, '/password/forgot?sent=1', 0])
    await disableUser(user._id, BY)
    expect(await ask(user.email)).to.deep.equal([303, '/password/forgot?sent=1', 1])
  })

  it('throttle the form of an address that asks again and again', async () => {
    const statuses = []
    for (let i = 0; i < 12; i++) statuses.push((await visitor().post('/password/forgot', { email: `x${i}@example.com` })).status)
    expect(statuses.slice(0, 10)).to.deep.equal(Array(10).fill(303))
    expect(statuses.at(-1)).to.equal(429)
  })
})
