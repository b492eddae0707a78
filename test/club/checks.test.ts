import { expect } from 'chai'
import mongoose, { Types } from 'mongoose'
import { checks } from '../../src/club/checks.ts'
import type { Listing } from '../../src/club/listing.ts'
import { type Notice, NoticeRead } from '../../src/club/notice.ts'
import { markRead } from '../../src/club/reading.ts'
import { buildListing, buildNotice, findings, noticeFor } from '../setup/club.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark, buildTenant, buildUser } from '../setup/factories.ts'

/** What the doctor says of the club's records that somebody changed behind the product's back: it names the record. */
describe('the doctor of the club', () => {
  useDatabase()
  const records: Record<string, { _id: Types.ObjectId }> = {}

  before(async () => {
    const park = (await buildPark())._id
    const tenant = (await buildTenant(park))._id
    const user = await buildUser('owner', { park, tenant })
    const notice: Notice = await noticeFor(park, tenant)
    await markRead(notice, String(user._id), [tenant])
    const listing: Listing = await buildListing(park, { tenant })
    const read = await NoticeRead.findOne({ park }).lean().orFail()
    Object.assign(records, { notices: notice, noticereads: read, listings: listing })
    await buildNotice(park, { draft: true })
  })
  afterEach(async () => expect(await findings()).to.deep.equal([]))

  async function named(): Promise<string[]> {
    const found: string[] = []
    for (const check of checks) await check.run((_message, subject) => found.push(String(subject?.id)))
    return found
  }
  const someone = { contact: new Types.ObjectId(), name: 'Ada', phone: true, email: false, at: null, by: { id: 'x' } }

  const DAMAGES: [what: string, collection: string, fields: Record<string, unknown>][] = [
    ['a draft that was published', 'notices', { state: 'draft' }],
    ['a published notice without its moment', 'notices', { publishedAt: null }],
    ['an edition nobody corrected', 'notices', { edition: 2 }],
    ['a notice withdrawn for no reason', 'notices', { state: 'withdrawn' }],
    ['a notice to chosen companies that names none', 'notices', { 'audience.tenants': [] }],
    ['a notice to a company that isn’t there', 'notices', { 'audience.tenants': [new Types.ObjectId()] }],
    ['a rule without a condition', 'notices', { 'audience.kind': 'rule', 'audience.tenants': [] }],
    ['a reading of an edition there wasn’t', 'noticereads', { edition: 9 }],
    ['a reading of no notice', 'noticereads', { notice: new Types.ObjectId() }],
    ['a reader who isn’t there', 'noticereads', { user: new Types.ObjectId() }],
    ['a reading for a company that isn’t there', 'noticereads', { tenants: [new Types.ObjectId()] }],
    ['an entry under another name', 'listings', { name: 'Somebody else' }],
    ['an entry of no company', 'listings', { tenant: new Types.ObjectId() }],
    ['an entry that says nothing', 'listings', { intro: null }],
    ['an entry listed since never', 'listings', { listedAt: null }],
    ['somebody shown who agreed at no time', 'listings', { consent: someone }],
    ['consent kept of who left', 'listings', { listed: false, listedAt: null, consent: { ...someone, at: new Date() } }],
    ['an entry hidden for no reason', 'listings', { hidden: { reason: '' } }],
  ]
  for (const [what, name, fields] of DAMAGES)
    it(`names ${what}`, async () => {
      const collection = mongoose.connection.collection(name)
      const { _id } = records[name]!
      const before = await collection.findOne({ _id })
      await collection.updateOne({ _id }, { $set: fields })
      const found = await named()
      await collection.replaceOne({ _id }, before!)
      expect(found).to.include(String(_id))
    })
})
