import { expect } from 'chai'
import { Types } from 'mongoose'
import { boardOf, CARDS, cut, MOVED_DAYS, nextCards, readCursor } from '../../src/leads/board.ts'
import { Lead, NO_WISH } from '../../src/leads/lead.ts'
import { SavedView, VIEW_LIMIT, viewQuery } from '../../src/leads/saved-view.ts'
import { USUAL } from '../../src/leads/setup.ts'
import { now } from '../../src/lib/clock.ts'
import { addDays, today } from '../../src/lib/days.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark } from '../setup/factories.ts'
import { buildLead, leadNow } from '../setup/leads.ts'
import { commandsOf, nameOf, of, scans } from '../setup/profiler.ts'
import type { Visitor } from '../setup/visitor.ts'

const DAY = 86_400_000

/** Many leads at once, straight into the database. */
async function many(park: string, count: number, more: (i: number) => Partial<Lead>): Promise<void> {
  const at = now()
  const rows = Array.from({ length: count }, (_, i) => ({
    ...{ _id: new Types.ObjectId(), park, number: `M${new Types.ObjectId()}`, name: `Many ${i}`, normal: `many${i}`, source: 'hotline' },
    ...{ contacts: [], phones: [], wish: { ...NO_WISH, areaFrom: 10_000 }, state: 'open', stage: 'new', at, touchedAt: at },
    ...{
      owner: new Types.ObjectId(),
      ownerName: 'Somebody',
      pool: null,
      next: { what: 'x', on: addDays(today(), (i % 7) - 3) },
      version: 0,
    },
    path: [{ stage: 'new', at }],
    ...more(i),
  }))
  await Lead.collection.insertMany(rows as never)
}

const asData = async (who: Visitor, path: string, fields: Record<string, string>) => {
  const body = { _csrf: await who.token(), ...fields }
  return who.agent.post(path).redirects(0).set('accept', 'application/json').type('form').send(body)
}

describe('the board of leads', function () {
  this.timeout(120_000)
  useDatabase()

  it('counts every stage and shows the first of each, what is due first on top; the rest follows, each once', async () => {
    const park = (await buildPark())._id
    await many(park, 50, i => ({ stage: i % 2 ? 'new' : 'viewing' }))
    await many(park, 2, i => ({ state: 'converted', stage: 'signing', next: null, path: [{ stage: 'signing', at: now() }], name: `S${i}` }))
    const moved = (days: number) => {
      const at = new Date(now().getTime() - days * DAY)
      return { state: 'converted', stage: 'moved', next: null, touchedAt: now(), path: [{ stage: 'moved', at }] } as Partial<Lead>
    }
    await many(park, 1, () => moved(MOVED_DAYS - 1))
    await many(park, 1, () => moved(MOVED_DAYS + 1))
    await many(park, 3, () => ({ state: 'lost' }))
    await many(park, 2, () => ({ stage: 'forgotten' }))
    const columns = await boardOf(park, [], USUAL, today())
    expect(columns.map(({ code, count }) => [code, count])).to.deep.equal([
      ['new', 25],
      ['contact', 0],
      ['viewing', 25],
      ['intent', 0],
      ['negotiation', 0],
      ['signing', 2],
      ['moved', 1],
      ['forgotten', 2],
    ])
    const [first] = columns
    expect(first!.area).to.equal(25 * 10_000)
    expect(first!.cards).to.have.length(CARDS)
    const days = first!.cards.map(card => card.next!.on)
    expect(days).to.deep.equal([...days].sort())
    expect(first!.overdue).to.equal(await Lead.countDocuments({ park, state: 'open', stage: 'new', 'next.on': { $lt: today() } }))
    const rest = cut(await nextCards(park, [], 'new', readCursor(first!.more!)!))
    expect(rest.more).to.equal(null)
    expect(new Set([...first!.cards, ...rest.cards].map(card => String(card._id))).size).to.equal(25)
  })

  it('goes on behind those nobody has planned anything for', async () => {
    const park = (await buildPark())._id
    await many(park, 25, () => ({ owner: null, ownerName: null, next: null, pool: { at: now(), why: 'new' } }))
    await many(park, 25, () => ({}))
    const seen = new Set<string>()
    const [column] = await boardOf(park, [], USUAL, today())
    let [cards, more] = [column!.cards, column!.more]
    for (const card of cards) seen.add(String(card._id))
    while (more) {
      ;({ cards, more } = cut(await nextCards(park, [], 'new', readCursor(more)!)))
      for (const card of cards) seen.add(String(card._id))
    }
    expect(seen.size).to.equal(50)
  })

  it('moves a card of one’s own, and says why another isn’t moved', async () => {
    const park = (await buildPark())._id
    const me = await signedInAs('promotion', { park })
    const manager = await signedInAs('manager', { park })
    const owner = { _id: new Types.ObjectId(me.userId), name: 'Me' }
    const { lead } = await buildLead(park, {}, { owner })
    const { lead: other, owner: colleague } = await buildLead(park)
    const stage = (one: Lead) => `/parks/${park}/leads/${one._id}/stage`
    const fine = await asData(me, stage(lead), { from: 'new', to: 'viewing' })
    expect(fine.status).to.equal(200)
    expect((await leadNow(lead)).stage).to.equal('viewing')

    const late = await asData(me, stage(lead), { from: 'new', to: 'intent' })
    expect(late.status).to.equal(409)
    expect(late.body.error).to.be.a('string').and.not.equal('')
    const gone = await asData(me, stage(lead), { from: 'viewing', to: 'nowhere' })
    expect(gone.status).to.equal(422)
    const notMine = await asData(me, stage(other), { from: 'new', to: 'contact' })
    expect(notMine.status).to.equal(403)
    expect(notMine.body.error).to.include(colleague!.name)
    expect((await leadNow(other)).stage).to.equal('new')
    expect((await asData(manager, stage(other), { from: 'new', to: 'contact' })).status).to.equal(200)
    expect((await leadNow(lead)).stage).to.equal('viewing')
    const { lead: pooled } = await buildLead(park, {}, { owner: null })
    expect((await asData(manager, stage(pooled), { from: 'new', to: 'contact' })).status).to.equal(409)
  })

  it('moves without any script: by a page that keeps the board’s filters', async () => {
    const park = (await buildPark())._id
    const me = await signedInAs('promotion', { park })
    const { lead } = await buildLead(park, {}, { owner: { _id: new Types.ObjectId(me.userId), name: 'Me' } })
    const board = `/parks/${park}/leads/board?source=hotline`
    const page = await me.get(board)
    const link = new RegExp(`href="([^"]*${lead._id}/stage[^"]*)"`).exec(page.text)![1]!
    expect((await me.get(link)).text).to.include(`value="${board}"`)
    const here = `/parks/${park}/leads/${lead._id}`
    const moved = await me.post(`${here}/stage`, { from: 'new', to: 'contact', back: board })
    expect(moved.headers['location']).to.equal(board)
    const evil = await me.post(`${here}/stage`, { from: 'contact', to: 'viewing', back: '//evil.example' })
    expect(evil.headers['location']).to.equal(`/parks/${park}/leads/board`)
    expect((await me.post(`${here}/stage`, { from: 'viewing', to: 'signing', back: board })).headers['location']).to.equal(
      `${here}/conversion`,
    )
    expect((await me.post(`${here}/stage`, { from: 'viewing', to: 'lost', back: board })).headers['location']).to.equal(`${here}#lost`)
    const refused = await me.post(`${here}/stage`, { from: 'new', to: 'intent', back: board })
    expect(refused.status).to.equal(409)
    expect(refused.text).to.include('role="alert"').and.include(`value="${board}"`)
    expect((await leadNow(lead)).stage).to.equal('viewing')
  })

  it('reads list, board and their exports by an index, never more leads than it shows or counts', async () => {
    const park = (await buildPark())._id
    const me = await signedInAs('manager', { park })
    await many(park, 300, i => ({ stage: ['new', 'viewing', 'intent'][i % 3]! }))
    await many(await buildPark().then(one => one._id), 200, () => ({}))
    await many(park, 5, () => ({ owner: null, next: null, pool: { at: now(), why: 'new' } }))
    await buildLead(park)
    const root = `/parks/${park}/leads`
    const pages = [
      '',
      '?tab=overdue',
      '?tab=today',
      '?tab=pool',
      '?tab=open',
      '?tab=lost',
      '?tab=open&sort=age',
      '?tab=open&sort=constructor',
      '?q=many&owner=me',
      '?tab=open&format=csv',
    ]
    for (const page of [...pages, '/board', '/board?owner=me', '/hand-over', '/views'].map(one => root + one)) {
      await me.get(page).expect(200)
      const commands = of(await commandsOf(() => me.get(page).expect(200)), 'leads')
      expect(commands.filter(scans).map(nameOf), page).to.deep.equal([])
      for (const one of commands) expect(one.docsExamined ?? 0, `${page} ${nameOf(one)}`).to.be.at.most(650)
    }
    const [count, cards] = of(await commandsOf(() => me.get(`${root}/board`).expect(200)), 'leads').sort(
      (a, b) => (b.docsExamined ?? 0) - (a.docsExamined ?? 0),
    )
    expect(count!.docsExamined).to.be.at.most(306)
    expect(cards!.docsExamined, nameOf(cards!)).to.be.at.most(8 * (CARDS + 1))
    const [mine] = of(await commandsOf(() => me.get(`${root}?tab=overdue`).expect(200)), 'leads')
    expect(mine!.planSummary).to.match(/IXSCAN \{ park: 1, state: 1, next.on: 1/)
  })

  it('exports exactly what is listed, and no phone in full', async () => {
    const park = (await buildPark())._id
    const me = await signedInAs('promotion', { park })
    const contacts = [{ name: 'Zhang', title: null, phone: '13812345678', email: null }]
    await buildLead(park, { contacts, industry: 'software' }, { owner: { _id: new Types.ObjectId(me.userId), name: 'Me' } })
    await buildLead(park, { industry: 'iot' })
    const csv = (await me.get(`/parks/${park}/leads?industry=software&format=csv`).expect(200)).text
    expect(csv.trim().split('\r\n')).to.have.length(2)
    expect(csv).to.include('138****5678')
    const pages = ['', '?tab=open', '/board', '?tab=open&format=csv']
    for (const page of pages) expect((await me.get(`/parks/${park}/leads${page}`)).text, page).to.not.include('13812345678')
  })

  it('keeps views: for oneself, or shared by who leads, and deleted by nobody else', async () => {
    const park = (await buildPark())._id
    const [me, other, manager] = [
      await signedInAs('promotion', { park }),
      await signedInAs('promotion', { park }),
      await signedInAs('manager', { park }),
    ]
    const root = `/parks/${park}/leads`
    const save = (who: Visitor, fields: Record<string, string>) =>
      who.post(`${root}/views`, { page: 'list', query: 'tab=open&page=7&evil=1&source=event', ...fields })
    const saved = await save(me, { name: 'Mine' })
    expect(saved.status).to.equal(303)
    expect(saved.headers['location']).to.equal(`${root}?source=event&tab=open`)
    expect((await me.get(saved.headers['location']!)).text).to.match(/aria-current="true"[^>]*>.*Mine/s)
    expect((await other.get(root)).text).to.not.include('>Mine<')
    expect((await save(me, { name: 'Mine' })).status).to.equal(422)
    expect((await save(me, { name: 'For all', shared: 'on' })).status).to.equal(403)
    expect((await save(manager, { name: 'For all', shared: 'on', page: 'board', query: `owner=me&idle=7` })).headers['location']).to.equal(
      `${root}/board?idle=7&owner=me`,
    )
    expect((await other.get(root)).text).to.include('For all')
    const shared = await SavedView.findOne({ park, name: 'For all' }).lean().orFail()
    expect((await other.post(`${root}/views/${shared._id}/removal`)).status).to.equal(404)
    expect((await other.post(`${root}/views/${shared._id}`, { name: 'Taken' })).status).to.equal(404)
    expect((await manager.post(`${root}/views/${shared._id}`, { name: 'Renamed', shared: 'on' })).status).to.equal(303)
    expect((await manager.post(`${root}/views/${shared._id}/removal`)).status).to.equal(303)
    const results = await Promise.all(Array.from({ length: VIEW_LIMIT + 5 }, (_, i) => save(other, { name: `View ${i}` })))
    expect(results.filter(one => one.status === 303)).to.have.length(VIEW_LIMIT)
    expect(await SavedView.countDocuments({ park })).to.equal(VIEW_LIMIT + 1)
    expect(viewQuery(`q=${'x'.repeat(5000)}`, ['q'])).to.equal('')
  })
})
