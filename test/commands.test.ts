import { expect } from 'chai'
import { User } from '../src/accounts/user.ts'
import { today } from '../src/lib/days.ts'
import { signedInAs, visitor } from './setup/app.ts'
import { draftOf, submitted } from './setup/applications.ts'
import { buildListing, buildNotice } from './setup/club.ts'
import { type Command, isLoose, ownedCollections, useListenedDatabase } from './setup/commands.ts'
import { buildEvent, joinEvent } from './setup/events.ts'
import { buildBuilding, buildLease, buildPark, buildTenant, buildUnit, inDays } from './setup/factories.ts'
import { buildMentor, buildSession } from './setup/mentoring.ts'
import { buildBooking, buildRoom } from './setup/rooms.ts'
import { publishedService } from './setup/services.ts'
import { ago, buildAgreement, walkTo } from './setup/trusteeship.ts'
import type { Visitor } from './setup/visitor.ts'

/**
 * How many commands a page may send to the database: one for the identity, one for the park, and what the page shows. The number
 * must not grow with the records, and every command on a park's records must name the park.
 */
interface Place {
  unit: string
  tenant: string
  lease: string
  draft: string
  room: string
  service: string
  session: string
  event: string
  agreement: string
  month: string
  application: string
  handedIn: string
  notice: string
  listing: string
}
type Who = 'anonymous' | 'manager' | 'owner' | 'official'
type Row = [name: string, who: Who, path: (place: Place) => string, budget: number]

const PARK = 'budget'
const root = `/parks/${PARK}`
const PAGES: Row[] = [
  ['public page', 'anonymous', () => root, 3],
  ['public page of a signed-in person', 'manager', () => root, 4],
  ['stacking plan', 'manager', () => `${root}/buildings/a`, 4],
  ['stacking plan on another day', 'manager', () => `${root}/buildings/a?on=2027-03-01`, 4],
  ['stacking plan as a table', 'manager', () => `${root}/buildings/a?view=table`, 4],
  ['floor plan', 'manager', () => `${root}/buildings/a/floors/1F`, 4],
  ['unit list', 'manager', () => `${root}/units`, 4],
  ['unit list, filtered', 'manager', () => `${root}/units?state=vacant`, 4],
  ['unit page', 'manager', place => `${root}/units/${place.unit}`, 6],
  ['tenant list', 'manager', () => `${root}/tenants`, 6],
  ['tenant page', 'manager', place => `${root}/tenants/${place.tenant}`, 7],
  ['lease list', 'manager', () => `${root}/leases`, 4],
  ['lease list, expiring', 'manager', () => `${root}/leases?status=expiring`, 4],
  ['lease list, searched', 'manager', () => `${root}/leases?q=HT`, 5],
  ['lease page', 'manager', place => `${root}/leases/${place.lease}`, 8],
  ['search', 'manager', () => `${root}/search?q=HT`, 3],
  ['search that finds nothing', 'manager', () => `${root}/search?q=zzzz`, 3],
  ['audit trail', 'manager', () => `${root}/audit`, 6],
  ['desk', 'manager', () => `${root}/desk`, 15],
  ['home of a tenant', 'owner', () => `${root}/desk`, 8],
  ['desk of an official', 'official', () => `${root}/desk`, 8],
  ['grid of rooms', 'manager', () => `${root}/rooms?on=${inDays(1)}`, 5],
  ['grid of rooms (of a company)', 'owner', () => `${root}/rooms?on=${inDays(1)}`, 7],
  ['week of rooms', 'manager', () => `${root}/rooms/week?on=${inDays(1)}`, 5],
  ['month of rooms', 'manager', () => `${root}/rooms/month?on=${inDays(1)}`, 5],
  ['changes of rooms', 'manager', () => `${root}/rooms/changes?from=${inDays(1)}`, 3],
  ['finding a room', 'manager', () => `${root}/rooms/find?on=${inDays(1)}`, 5],
  ['page of a room', 'manager', place => `${root}/rooms/${place.room}`, 10],
  ['own leases', 'owner', () => `${root}/leases`, 4],
  ['board of trusteeship', 'manager', () => `${root}/trusteeship`, 5],
  ['board of trusteeship on a past day', 'manager', () => `${root}/trusteeship?on=${inDays(-40)}`, 6],
  ['agreement', 'manager', place => `${root}/trusteeship/${place.agreement}`, 10],
  ['agreement (of a company)', 'owner', place => `${root}/trusteeship/${place.agreement}`, 7],
  ['month of an agreement', 'manager', place => `${root}/trusteeship/${place.agreement}/${place.month}`, 7],
  ['services', 'anonymous', () => `${root}/services`, 3],
  ['a service', 'anonymous', place => `${root}/services/${place.service}`, 3],
  ['catalogue of services', 'manager', () => `${root}/settings/services`, 3],
  ['mentors', 'anonymous', () => `${root}/mentors`, 4],
  ['open slots of mentors', 'manager', () => `${root}/mentoring`, 5],
  ['open slots of mentors (of a company)', 'owner', () => `${root}/mentoring`, 6],
  ['mentoring sessions', 'manager', () => `${root}/mentoring/sessions`, 5],
  ['a mentoring session', 'manager', place => `${root}/mentoring/sessions/${place.session}`, 5],
  ['follow-up actions', 'owner', () => `${root}/mentoring/actions`, 3],
  ['hours of mentoring', 'manager', () => `${root}/reports/mentoring`, 3],
  ['events', 'anonymous', () => `${root}/events`, 3],
  ['an event', 'anonymous', place => `${root}/events/${place.event}`, 3],
  ['an event (of a company)', 'owner', place => `${root}/events/${place.event}`, 6],
  ['own events', 'owner', () => `${root}/attendance`, 3],
  ['programme', 'manager', () => `${root}/programme`, 4],
  // Its people, questions, history, and what came of it (invited, leads, leases): each a read.
  ['an event of the programme', 'manager', place => `${root}/programme/${place.event}`, 10],
  ['people of an event', 'manager', place => `${root}/programme/${place.event}/attendees`, 8],
  ['check-in of an event', 'manager', place => `${root}/programme/${place.event}/check-in`, 6],
  ['tasks of an application', 'owner', place => `${root}/applications/${place.application}/tasks`, 4],
  ['documents of an application', 'owner', place => `${root}/applications/${place.application}/tasks/documents`, 4],
  ['check of an application', 'owner', place => `${root}/applications/${place.application}/check`, 4],
  ['beginning an application', 'owner', place => `${root}/applications/new?service=${place.service}`, 6],
  ['work list of applications', 'manager', () => `${root}/applications?tab=open`, 10],
  ['own applications', 'owner', () => `${root}/applications`, 4],
  ['an application', 'manager', place => `${root}/applications/${place.handedIn}`, 9],
  ['an application (of a company)', 'owner', place => `${root}/applications/${place.handedIn}`, 6],
  ['report on applications', 'manager', () => `${root}/reports/applications`, 5],
  ['funnel of leads', 'manager', () => `${root}/reports/leads`, 7],
  ['funnel of leads by owner, narrowed', 'manager', () => `${root}/reports/leads?by=owner&source=event`, 8],
  ['funnel of leads of an official', 'official', () => `${root}/reports/leads`, 5],
  ['lost leads', 'manager', () => `${root}/reports/leads/lost`, 6],
  ['ageing leads', 'manager', () => `${root}/reports/leads/ageing`, 7],
  ['vacancy forecast', 'manager', () => `${root}/reports/leads/forecast`, 8],
  ['report on events', 'manager', () => `${root}/reports/events`, 4],
  ['notices', 'manager', () => `${root}/notices`, 5],
  ['notices (of a company)', 'owner', () => `${root}/notices`, 7],
  ['a notice', 'manager', place => `${root}/notices/${place.notice}`, 10],
  ['a notice (of a company)', 'owner', place => `${root}/notices/${place.notice}`, 8],
  ['readers of a notice', 'manager', place => `${root}/notices/${place.notice}/readers`, 8],
  ['directory', 'owner', () => `${root}/directory`, 6],
  ['directory, searched', 'manager', () => `${root}/directory?q=about&industry=other`, 6],
  ['leads', 'manager', () => `${root}/leads`, 8],
  ['leads, filtered', 'manager', () => `${root}/leads?tab=open&q=lead&owner=me&areaFrom=10`, 9],
  ['pool of leads', 'manager', () => `${root}/leads?tab=pool`, 9],
  ['board of leads', 'manager', () => `${root}/leads/board`, 8],
  ['hand-over of leads', 'manager', () => `${root}/leads/hand-over`, 7],
  ['an entry of the directory', 'owner', place => `${root}/directory/${place.listing}`, 6],
  ['own entry of the directory', 'owner', place => `${root}/company/${place.tenant}/listing`, 4],
]

const told = (commands: Command[]): string => commands.map(({ name, collection }) => `${name} ${collection}`).join(', ')

describe('what a page asks the database', () => {
  const database = useListenedDatabase()
  const visitors = new Map<Who, Visitor>()
  const place = {
    ...{ unit: '', tenant: '', lease: '', draft: '', room: '', service: '', session: '', event: '', agreement: '' },
    month: ago(1),
    notice: '',
    listing: '',
    application: '',
    handedIn: '',
  }

  async function grow(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const unit = await buildUnit({ park: PARK, building: 'a' })
      if (i % 2 === 0) await buildLease({ unit, from: inDays(-200), to: inDays(30 + i) })
      else if (i % 4 === 3) await buildBooking({ room: await buildRoom({ park: PARK }), day: inDays(1) })
      else if (i % 6 === 5) await publishedService(PARK)
      else if (i % 12 === 9) await joinEvent(await buildEvent({ park: PARK }))
      else if (i % 12 === 1) await buildSession({ mentor: await buildMentor(PARK) })
      else if (i % 10 === 9) await walkTo(await buildAgreement({ park: PARK }), ago(3), 'reported')
      else if (i % 10 === 1) {
        await buildNotice(PARK)
        await buildListing(PARK)
      } else if (i % 5 === 1) await buildLease({ unit, from: today(), stage: 'review' })
    }
  }

  before(async () => {
    await buildPark(PARK)
    await buildBuilding(PARK, { code: 'a', floors: ['1F', '2F'], area: 100_000_000 })
    const { lease, unit, tenant } = await buildLease({ unit: await buildUnit({ park: PARK }), from: inDays(-100) })
    const draft = await buildLease({ unit: await buildUnit({ park: PARK }), tenant, stage: 'draft' })
    const { room } = await buildBooking({ room: await buildRoom({ park: PARK }), day: inDays(1) })
    Object.assign(place, { lease: lease._id, unit: unit._id, tenant: tenant._id, draft: draft.lease._id, room: room._id })
    place.service = (await publishedService(PARK)).code
    place.session = String((await buildSession({ mentor: await buildMentor(PARK) }))._id)
    const event = await buildEvent({ park: PARK, capacity: 1 })
    await joinEvent(event, { tenant: tenant._id })
    await joinEvent(event)
    place.event = event.code
    const agreement = await buildAgreement({ park: PARK, tenant: tenant._id, from: ago(1) })
    await walkTo(agreement, ago(1), 'booked')
    place.agreement = String(agreement._id)
    const offer = await publishedService(PARK, { fees: [{ class: 'tenant', fen: 0 }] })
    place.notice = String((await buildNotice(PARK))._id)
    place.listing = String((await buildListing(PARK, { tenant: tenant._id }))._id)
    visitors.set('anonymous', visitor())
    visitors.set('manager', await signedInAs('manager', { park: PARK }))
    const owner = await signedInAs('owner', { park: PARK, tenant: tenant._id })
    visitors.set('owner', owner)
    visitors.set('official', await signedInAs('official', { district: 'xiacheng' }))
    // A draft is its writer's alone.
    const user = (await User.findById(owner.userId).orFail().lean()) as User
    place.application = String((await draftOf(PARK, offer.code, { user, tenant: tenant._id })).application._id)
    // Somebody must be there to do it.
    const handedIn = await submitted(PARK, offer.code, { tenant: tenant._id, answers: { 'field-1': 'An answer' } })
    place.handedIn = String(handedIn.application._id)
    await buildTenant(PARK)
  })

  async function commandsOf([name, who, path]: Row): Promise<Command[]> {
    let status = 0
    const commands = await database.during(async () => {
      status = (await visitors.get(who)!.get(path(place))).status
    })
    expect(status, name).to.equal(200)
    return commands
  }

  const small = new Map<string, number>()
  for (const row of PAGES) {
    const [name, who, , budget] = row
    it(`${name}${who === 'manager' ? '' : ` (${who})`}: at most ${budget}`, async () => {
      const commands = await commandsOf(row)
      small.set(name, commands.length)
      expect(commands.length, told(commands)).to.be.at.most(budget)
      const loose = commands.filter(command => isLoose(command, ownedCollections()))
      expect(told(loose), 'without a park').to.equal('')
      const days = commands.filter(({ collection }) => collection === 'roomdays')
      expect(days.length, 'one read of the days of rooms').to.be.at.most(1)
    })
  }

  it('stays the same with twenty times the records', async () => {
    await grow(40)
    for (const row of PAGES) {
      const commands = await commandsOf(row)
      expect(commands.length, `${row[0]}: ${told(commands)}`).to.be.at.most(Math.max(small.get(row[0])!, row[3]))
    }
  })

  it('names the park in everything a submission reads and writes', async () => {
    const manager = visitors.get('manager')!
    await manager.token()
    let status = 0
    const commands = await database.during(async () => {
      status = (await manager.post(`${root}/leases/${place.draft}/submission`)).status
    })
    expect(status).to.equal(303)
    expect(told(commands.filter(command => isLoose(command, ownedCollections())))).to.equal('')
    expect(commands.some(({ name, collection }) => name === 'update' && collection === 'units')).to.equal(true)
    expect(commands.length, told(commands)).to.be.at.most(22)
  })

  it('would notice a command without a park', async () => {
    const owned = ownedCollections()
    expect([...owned]).to.include.members(['units', 'leases', 'tenants', 'buildings', 'audit', 'search'])
    const find = (filter: object): Command => ({ name: 'find', collection: 'units', command: { find: 'units', filter } })
    expect(isLoose(find({ code: 'x' }), owned)).to.equal(true)
    expect(isLoose(find({ park: PARK }), owned)).to.equal(false)
    const joined = [{ $match: { park: PARK } }, { $lookup: { from: 'leases', pipeline: [] } }]
    expect(isLoose({ name: 'aggregate', collection: 'units', command: { pipeline: joined } }, owned)).to.equal(true)
  })
})
