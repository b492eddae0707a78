import { expect } from 'chai'
import fc from 'fast-check'
import { AuditEntry } from '../../src/audit/entry.ts'
import { Listing } from '../../src/club/listing.ts'
import { hideListing, listingOf, saveListing, showListing, withdrawListing } from '../../src/club/listings.ts'
import { Notice, NoticeRead } from '../../src/club/notice.ts'
import { correctNotice, NO_FILES, publishNotice, remindUnread, withdrawNotice } from '../../src/club/notices.ts'
import { markRead } from '../../src/club/reading.ts'
import { Notification } from '../../src/notifications/notification.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { mergeTenants } from '../../src/overview/merge-tenants.ts'
import { signedInAs } from '../setup/app.ts'
import { buildListing, buildNotice, findings, manyPeople, noticeFacts, noticeFor, noticeNow } from '../setup/club.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildTenant, buildUser, newId } from '../setup/factories.ts'
import { parkOf } from '../setup/mentoring.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { settled } from '../setup/settled.ts'
import { Visitor } from '../setup/visitor.ts'

const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

describe('the club under many hands', function () {
  this.timeout(240_000)
  const uri = useDatabase()
  let second: Running
  before(async () => {
    second = await startServer(uri())
  })
  after(() => second?.stop())
  afterEach(async () => expect(await findings()).to.deep.equal([]))

  /** Eight of the staff, half of them on the second server. */
  async function staffOf(park: string): Promise<Visitor[]> {
    const people: Visitor[] = []
    for (let i = 0; i < 8; i++)
      people.push(await signedInAs(i % 3 ? 'manager' : 'promotion', { park }, i % 2 ? new Visitor(second.url) : undefined))
    await Promise.all(people.map(who => who.token()))
    return people
  }
  const toldOf = (park: string, key: string) => Notification.countDocuments({ park, key: `club.${key}` })

  it('publishes once when eight press, over two processes, and tells each person once', async () => {
    const park = (await buildPark())._id
    const people = await manyPeople(park, 20, 2)
    const notice = await buildNotice(park, { draft: true, important: true })
    const staff = await staffOf(park)
    const answers = await Promise.all(staff.map(who => who.post(`/parks/${park}/notices/${notice._id}/publication`, { version: 0 })))
    expect(answers.map(answer => answer.status).sort()).to.deep.equal([303, 409, 409, 409, 409, 409, 409, 409])
    expect(await toldOf(park, 'published')).to.equal(people.length)
    expect(await Notification.distinct('user', { park, key: 'club.published' })).to.have.length(people.length)
    expect(await Mail.countDocuments({ key: 'notice.club.published', path: `/parks/${park}/notices/${notice._id}` })).to.equal(
      people.length,
    )
    expect(await AuditEntry.countDocuments({ park, action: 'notice.publish' })).to.equal(1)
  })

  it('leads one form sent eight times to one publication, and makes one draft of a double submit', async () => {
    const park = (await buildPark())._id
    await manyPeople(park, 3, 1)
    const [who] = await staffOf(park)
    const fields = { titleZh: 'Once', textZh: 'Only once', kind: 'all', _key: 'one-time-key-notice' }
    const made = await Promise.all(Array.from({ length: 4 }, () => who!.upload(`/parks/${park}/notices`, fields, [])))
    const [here] = new Set(made.map(answer => answer.headers['location']!))
    expect(await Notice.countDocuments({ park })).to.equal(1)
    const press = () => who!.post(`${here}/publication`, { version: 0, _key: 'one-time-key-publish' })
    const answers = await Promise.all(Array.from({ length: 8 }, press))
    expect(new Set(answers.map(answer => `${answer.status} ${answer.headers['location']}`))).to.deep.equal(new Set([`303 ${here}`]))
    expect(await toldOf(park, 'published')).to.equal(3)
  })

  it('reminds once when eight press, and only those who haven’t read', async () => {
    const park = (await buildPark())._id
    const people = await manyPeople(park, 10, 2)
    const notice = await buildNotice(park)
    for (const user of people.slice(0, 5)) await markRead(notice, String(user), [])
    const staff = await staffOf(park)
    const answers = await Promise.all(staff.map(who => who.post(`/parks/${park}/notices/${notice._id}/reminder`)))
    expect(answers.map(answer => answer.status).sort()).to.deep.equal([303, 409, 409, 409, 409, 409, 409, 409])
    const told = await Notification.distinct('user', { park, key: 'club.reminder' })
    expect(told.map(String)).to.have.members(people.slice(5).map(String))
    expect(await toldOf(park, 'reminder')).to.equal(15)
  })

  it('notes one reading of a page opened sixteen times at once', async () => {
    const park = (await buildPark())._id
    const tenant = (await buildTenant(park))._id
    const notice = await noticeFor(park, tenant)
    const here = await signedInAs('owner', { park, tenant })
    const user = await buildUser('member', { park, tenant })
    const opened = Array.from({ length: 16 }, () => here.get(`/parks/${park}/notices/${notice._id}`))
    const marked = Array.from({ length: 16 }, () => markRead(notice, String(user._id), [tenant]))
    expect(new Set((await Promise.all(opened)).map(answer => answer.status))).to.deep.equal(new Set([200]))
    await Promise.all(marked)
    expect(await NoticeRead.countDocuments({ park, notice: notice._id })).to.equal(2)
  })

  it('corrects or withdraws, one after the other, never both from one version', async () => {
    const notice = await buildNotice((await buildPark())._id)
    const park = await parkOf(notice.park)
    const done = await settled([
      ...Array.from({ length: 3 }, () =>
        correctNotice(park, notice._id, notice.version, { ...noticeFacts(), note: 'A word', again: true, files: NO_FILES }, BY),
      ),
      withdrawNotice(park, notice._id, notice.version, 'No', BY),
      publishNotice(park, notice._id, notice.version, BY),
    ])
    expect(done).to.equal(1)
    expect((await noticeNow(notice)).version).to.equal(notice.version + 1)
  })

  it('shows a company nowhere once its withdrawal was answered, whoever reads or saves meanwhile', async () => {
    const park = (await buildPark())._id
    const tenant = await buildTenant(park, 'Shy Company')
    const listing = await buildListing(park, { tenant: tenant._id })
    const owner = await signedInAs('owner', { park, tenant: tenant._id })
    const colleague = await signedInAs('owner', { park, tenant: tenant._id }, new Visitor(second.url))
    const readers = [await signedInAs('manager', { park }), await signedInAs('manager', { park }, new Visitor(second.url))]
    await Promise.all([owner.token(), colleague.token()])
    const form = `/parks/${park}/company/${tenant._id}/listing`
    const addresses = [`/parks/${park}/directory`, `/parks/${park}/directory/${listing._id}`]
    let over = false
    const late: string[] = []
    const read = async (who: Visitor) => {
      for (let i = 0; i < 12; i++) {
        const asked = over
        const answers = await Promise.all(addresses.map(path => who.get(path)))
        if (asked && answers.some(answer => answer.text.includes('Shy Company'))) late.push(`read ${i}`)
      }
    }
    const leave = async () => {
      await wait(100)
      expect((await owner.post(`${form}/withdrawal`)).status).to.equal(303)
      over = true
    }
    const saved = colleague.post(form, { version: listing.version, intro: 'Another word' })
    await Promise.all([...readers.map(read), leave()])
    expect((await saved).status).to.be.oneOf([303, 409])
    expect(late).to.deep.equal([])
    expect((await colleague.post(form, { version: listing.version, intro: 'From an old form' })).status).to.equal(409)
    expect((await listingOf(park, tenant._id))!.listed).to.equal(false)
  })

  it('makes one entry of a company that lists itself eight times at once', async () => {
    const park = (await buildPark())._id
    const tenant = (await buildTenant(park))._id
    const facts = { intro: 'About', offers: null, seeking: null, website: null, showIndustry: true }
    expect(await settled(Array.from({ length: 8 }, () => saveListing(park, tenant, 0, facts, null, BY)))).to.equal(1)
    expect(await Listing.countDocuments({ park })).to.equal(1)
  })

  it('leaves no notice and no entry with a company that is merged at the same moment', async () => {
    for (let i = 0; i < 4; i++) {
      const park = (await buildPark())._id
      const [kept, gone] = [await buildTenant(park), await buildTenant(park)]
      const notFoundIsFine = (work: Promise<unknown>) =>
        work.catch(error => {
          if (error.status !== 404) throw error
        })
      await settled([
        mergeTenants(park, kept._id, gone._id, BY),
        noticeFor(park, gone._id),
        notFoundIsFine(buildListing(park, { tenant: gone._id })),
      ])
      expect(await findings()).to.deep.equal([])
    }
  })

  it('stays sound whatever is done in whatever order', async () => {
    const slug = (await buildPark())._id
    const park = await parkOf(slug)
    const tenants = [await buildTenant(slug), await buildTenant(slug)]
    const users = await Promise.all([0, 1, 2].map(i => buildUser('member', { park: slug, tenant: tenants[i % 2]!._id })))
    const what = fc.constantFrom('write', 'publish', 'correct', 'withdraw', 'remind', 'read', 'list', 'leave', 'hide', 'show')
    const step = fc.record({ what, n: fc.integer({ min: 0, max: 5 }) })
    const run = async ({ what, n }: { what: string; n: number }): Promise<unknown> => {
      const tenant = tenants[n % 2]!._id
      const notices = (await Notice.find({ park: slug }).sort({ _id: -1 }).limit(3).lean()) as unknown as Notice[]
      const notice = notices[n % Math.max(1, notices.length)]
      if (what === 'list') return buildListing(slug, { tenant })
      const listing = await listingOf(slug, tenant)
      if (what === 'leave') return listing && withdrawListing(slug, tenant, BY)
      if (what === 'hide') return hideListing(slug, listing?._id ?? newId(), 'Because', BY)
      if (what === 'show') return showListing(slug, listing?._id ?? newId(), BY)
      if (what === 'write' || !notice) return buildNotice(slug, { draft: n % 2 === 0 })
      const { _id, version } = notice
      if (what === 'publish') return publishNotice(park, _id, version, BY)
      if (what === 'withdraw') return withdrawNotice(park, _id, version, 'Because', BY)
      if (what === 'remind') return remindUnread(park, _id, BY)
      if (what === 'read') return notice.edition ? markRead(notice, String(users[n % 3]!._id), [tenant]) : null
      return correctNotice(park, _id, version, { ...noticeFacts(), note: 'A word', again: n % 2 === 0, files: NO_FILES }, BY)
    }
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }), async rounds => {
        for (const round of rounds) await settled(round.map(run))
        expect(await findings()).to.deep.equal([])
      }),
      { numRuns: 12 },
    )
  })
})
