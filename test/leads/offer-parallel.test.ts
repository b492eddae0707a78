import { expect } from 'chai'
import mongoose from 'mongoose'
import { AuditEntry } from '../../src/audit/entry.ts'
import { LeadEntry } from '../../src/leads/entry.ts'
import { Offer, offerPath } from '../../src/leads/offer.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildOffer, offerFindings, offerNow } from '../setup/offers.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { Visitor } from '../setup/visitor.ts'

describe('offers under many hands', function () {
  this.timeout(240_000)
  const uri = useDatabase()
  let second: Running
  before(async () => {
    second = await startServer(uri())
  })
  after(() => second?.stop())
  afterEach(async () => expect(await offerFindings()).to.deep.equal([]))

  /** Managers of the park, every other one on the second server. */
  async function staffOf(park: string, count: number): Promise<Visitor[]> {
    const people: Visitor[] = []
    for (let i = 0; i < count; i++) people.push(await signedInAs('manager', { park }, i % 2 ? new Visitor(second.url) : undefined))
    await Promise.all(people.map(who => who.token()))
    return people
  }

  const linked = (offer: Offer) =>
    mongoose.connection.collection('files.files').countDocuments({ 'metadata.link.kind': 'offer', 'metadata.link.ref': offer._id })

  async function once(offer: Offer): Promise<void> {
    expect(await linked(offer), 'files linked').to.equal(1)
    expect(await Mail.countDocuments({ 'attachments.file': (await offerNow(offer)).sent!.file }), 'mails').to.equal(1)
    expect(await Mail.countDocuments({ key: 'notice.offer.sent', 'params.number': offer.number, to: offer.addressee.email })).to.equal(1)
    expect(await LeadEntry.countDocuments({ park: offer.park, ref: offer._id })).to.equal(1)
    expect(await AuditEntry.countDocuments({ park: offer.park, ref: offer._id, action: 'offer.send' })).to.equal(1)
  }
  const unique = (i: number) => ({ addressee: { name: 'Ada', email: `ada-${i}@example.org`, phone: null } })

  it('go out once when six press, over two processes', async () => {
    const { offer, park } = await buildOffer({ more: unique(1) })
    const staff = await staffOf(park, 6)
    const answers = await Promise.all(staff.map(who => who.post(`${offerPath(offer)}/sending`, { version: 0, how: 'mail' })))
    expect(answers.map(answer => answer.status).sort()).to.deep.equal([303, 409, 409, 409, 409, 409])
    await once(offer)
  })

  it('lead one form sent six times, to both processes, to one offer that went out once', async () => {
    const { offer, park } = await buildOffer({ more: unique(2) })
    const [here] = await staffOf(park, 1)
    const there = new Visitor(second.url)
    const { email } = await mongoose.connection
      .collection('users')
      .findOne({}, { sort: { _id: -1 } })
      .then(found => found as unknown as { email: string })
    await there.signIn(email, 'a long enough password')
    await there.token()
    const form = { version: 0, how: 'mail', _key: 'one-form-of-one-page' }
    const answers = await Promise.all([here!, there, here!, there, here!, there].map(who => who.post(`${offerPath(offer)}/sending`, form)))
    expect(answers.map(answer => [answer.status, answer.headers['location']])).to.deep.equal(answers.map(() => [303, offerPath(offer)]))
    await once(offer)
  })

  it('end one way when it is accepted, declined and withdrawn at once', async () => {
    const { offer, park } = await buildOffer({ more: unique(3) })
    const staff = await staffOf(park, 6)
    expect((await staff[0]!.post(`${offerPath(offer)}/sending`, { version: 0, how: 'hand' })).status).to.equal(303)
    const ways = ['acceptance', 'refusal', 'withdrawal', 'acceptance', 'refusal', 'withdrawal']
    const answers = await Promise.all(staff.map((who, i) => who.post(`${offerPath(offer)}/${ways[i]}`, { version: 1 })))
    expect(answers.filter(answer => answer.status === 303)).to.have.length(1)
    expect(answers.filter(answer => answer.status === 409)).to.have.length(5)
    expect((await offerNow(offer)).version).to.equal(2)
  })

  it('are withdrawn with a lead that is lost while they go out, or don’t go out', async () => {
    for (let round = 0; round < 3; round++) {
      const { offer, lead, park } = await buildOffer({ more: unique(10 + round) })
      const [one, two] = await staffOf(park, 2)
      const [sent, lost] = await Promise.all([
        one!.post(`${offerPath(offer)}/sending`, { version: 0, how: 'mail' }),
        two!.post(`/parks/${park}/leads/${lead._id}/loss`, { reason: 'price', note: '' }),
      ])
      const now = (await Offer.findOne({ park, _id: offer._id }).lean().orFail()) as Offer
      if (lost.status === 303) expect(now.state).to.equal('withdrawn')
      else expect(now.state).to.equal('sent')
      expect(Boolean(now.sent)).to.equal(sent.status === 303)
      expect(await linked(offer)).to.equal(sent.status === 303 ? 1 : 0)
      expect(await Mail.countDocuments({ to: `ada-${10 + round}@example.org` })).to.equal(sent.status === 303 ? 1 : 0)
    }
  })
})
