import { expect } from 'chai'
import ExcelJS from 'exceljs'
import type { Types } from 'mongoose'
import type { User } from '../../src/accounts/user.ts'
import type { Event } from '../../src/events/event.ts'
import { Lead, NO_WISH } from '../../src/leads/lead.ts'
import { loseLead, moveStage } from '../../src/leads/steps.ts'
import { addMonths, today } from '../../src/lib/days.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildEvent } from '../setup/events.ts'
import { BY, buildLease, buildPark, buildUnit } from '../setup/factories.ts'
import { buildLead } from '../setup/leads.ts'
import { commandsOf, nameOf, of, scans } from '../setup/profiler.ts'
import type { Visitor } from '../setup/visitor.ts'
import { findings } from './scene.ts'

/** The reports over HTTP: in both languages, with their exports, their links, and nothing of anybody for officials. */
const PAGES = ['', '/lost', '/ageing', '/forecast']
const HAN = /\p{Script=Han}/u

/** Cells of the n-th table, row by row, as text. */
function tableIn(html: string, n = 0): string[][] {
  const table = [...html.matchAll(/<table[\s\S]*?<\/table>/g)][n]![0]
  const text = (cell: string) =>
    cell
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
  return [...table.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(row =>
    [...row[1]!.matchAll(/<t[hd][\s\S]*?<\/t[hd]>/g)].map(cell => text(cell[0])),
  )
}

describe('the pages of reports on leads', function () {
  this.timeout(60_000)
  useDatabase()
  let park: string
  let event: Event
  let owner: User
  let base: string
  let manager: Visitor
  let official: Visitor
  let gone: Types.ObjectId

  before(async () => {
    park = (await buildPark())._id
    base = `/parks/${park}/reports/leads`
    event = await buildEvent({ park })
    manager = await signedInAs('manager', { park })
    official = await signedInAs('official', { district: 'xiacheng' })
    const facts = { name: 'Secret Robots', origin: 'Wucheng', industry: 'software' as const, source: 'event' as const }
    const first = await buildLead(
      park,
      { ...facts, contacts: [{ name: 'Secret Zhang', title: null, phone: '13712345678', email: null }] },
      { event: event._id },
    )
    owner = first.owner!
    await moveStage(park, first.lead._id, { from: 'new', to: 'intent' }, BY)
    gone = (await buildLead(park, { source: 'event', origin: 'Wucheng' })).lead._id
    await loseLead(park, gone, { reason: 'price', note: 'Secret note' }, BY)
    await buildLead(park, { source: 'walkin', wish: { ...NO_WISH, areaFrom: 5_000 } }, { owner: null })
    await buildLease({ unit: await buildUnit({ park }), from: today(), to: addMonths(today(), 3) })
  })

  it('shows them in both languages', async () => {
    const broken = /leadReport\.|lead\.(stage|source|field|lostReason)\.|undefined|NaN/
    const titles: Record<string, string> = {
      '': 'Funnel of leads',
      '/lost': 'Lost reasons',
      '/ageing': 'Ageing',
      '/forecast': 'Vacancy forecast',
    }
    for (const page of PAGES) {
      const { text } = await manager.get(base + page).expect(200)
      expect(text, page).to.match(HAN)
      expect(text, page).to.not.match(broken)
    }
    const other = await signedInAs('promotion', { park })
    expect((await other.post('/account/language', { lang: 'en', next: '/' })).status).to.equal(303)
    for (const page of PAGES) {
      const { text } = await other.get(base + page).expect(200)
      expect(text, page).to.include(`<h1>${titles[page]}</h1>`)
      expect(text, page).to.not.match(broken)
    }
  })

  it('counts stages, and divides by what is asked', async () => {
    const { text } = await manager.get(base).expect(200)
    const stages = tableIn(text).slice(1)
    expect(stages.map(row => row[1])).to.deep.equal(['3', '1', '1', '1', '0', '0', '0'])
    expect(stages[0]!.slice(2, 6)).to.deep.equal(['–', '100%', '1', '1'])
    expect(stages[3]!.slice(2, 6)).to.deep.equal(['100%', '33.3%', '1', '0'])
    expect(
      tableIn(text, 1)
        .slice(1)
        .map(row => row.slice(1)),
    ).to.deep.equal([
      ['2', '1', '0', '0', '0', '1', '0%'],
      ['1', '1', '1', '0', '0', '0', '0%'],
    ])
    for (const [by, names] of [
      ['event', [event.title.zh]],
      ['owner', [owner.name]],
      ['origin', ['Wucheng']],
    ] as const) {
      const rows = tableIn((await manager.get(`${base}?by=${by}`).expect(200)).text, 1)
      for (const name of names)
        expect(
          rows.map(row => row[0]),
          by,
        ).to.include(name)
    }
  })

  it('combines filters, shows each to be taken off, and leads from a figure to its list', async () => {
    const asked = `source=event&origin=Wucheng&from=${today()}&to=${today()}`
    const { text } = await manager.get(`${base}?${asked}`).expect(200)
    expect(tableIn(text)[1]![1]).to.equal('2')
    const links = [...text.matchAll(/href="(\/parks\/[^/"]+\/leads\?[^"]*)"/g)].map(
      match => new URLSearchParams(match[1]!.split('?')[1]!.replaceAll('&amp;', '&')),
    )
    const shown = { source: 'event', origin: 'Wucheng', from: today(), to: today() }
    for (const link of links) expect(Object.fromEntries(link)).to.include(shown)
    const asTexts = links.map(link => [link.get('state'), link.get('stage')].join(' '))
    expect(asTexts).to.include.members([' ', 'open ', 'lost ', 'open intent', 'lost new'])
    const tags = [...text.matchAll(/class="tag" href="([^"]+)"/g)].map(match => match[1]!)
    expect(tags).to.have.length(2)
    expect(tags[0]).to.not.include('source=')
    expect(tags[0]).to.include('origin=Wucheng')
  })

  it('exports exactly what is shown', async () => {
    const csv = async (page: string, query: string) => {
      const answer = await manager.get(`${base}${page}?${query}&format=csv`).expect(200)
      return answer.text
        .replace('\ufeff', '')
        .trim()
        .split('\r\n')
        .map(line => line.split(','))
    }
    const stages = tableIn((await manager.get(base)).text)
    const rows = await csv('', 'table=stages')
    expect(rows.map(row => [row[0], row[1], row[4], row[5]]).slice(1)).to.deep.equal(
      stages.slice(1).map(row => [row[0], row[1], row[4], row[5]]),
    )
    const values = await csv('', 'table=values&by=source')
    expect(values.slice(1).map(row => row.slice(1, 7))).to.deep.equal([
      ['2', '1', '0', '0', '0', '1'],
      ['1', '1', '1', '0', '0', '0'],
    ])
    const reasons = await csv('/lost', 'table=reasons')
    expect(reasons[1]!.slice(1, 4)).to.deep.equal(['1', '100', '1'])
    expect((await csv('/lost', 'table=months')).at(-1)!.slice(0, 3)).to.deep.equal([today().slice(0, 7), '1', '1'])
    expect((await csv('/ageing', 'table=owners')).slice(1).map(row => row[1])).to.deep.equal(['1', '1'])
    const forecast = await csv('/forecast', '')
    expect(forecast).to.have.length(19)
    expect(forecast[1]!.slice(1, 3)).to.deep.equal(['100', '100'])
    const book = new ExcelJS.Workbook()
    await book.xlsx.load((await manager.bytes(`${base}?table=stages&format=xlsx`).expect(200)).body as never)
    expect(book.worksheets[0]!.getCell('B2').value).to.equal(3)
  })

  it('shows officials figures, and nobody’s name, phone or page', async () => {
    const people = [owner.name, 'Secret', '13712345678', '137 1234']
    for (const page of [
      ...PAGES,
      '?by=owner',
      `?owner=${owner._id}`,
      '?by=event',
      '/ageing?table=owners&format=csv',
      '?by=owner&table=values&format=csv',
    ]) {
      const { text } = await official.get(base + page).expect(200)
      for (const secret of people) expect(text, `${page}: ${secret}`).to.not.include(secret)
      expect(text, page).to.not.match(/href="\/parks\/[^/"]+\/leads(\?|\/|")/)
      expect(text, page).to.not.include('name="owner"')
    }
    expect(tableIn((await official.get(base).expect(200)).text)[1]![1]).to.equal('3')
    // A person asked for narrows nothing down: what somebody works on can't be counted out.
    expect(tableIn((await official.get(`${base}?owner=${owner._id}`).expect(200)).text)[1]![1]).to.equal('3')
    const district = await official.get('/districts/xiacheng')
    if (district.status === 200) expect(district.text).to.include(`${base}/forecast`)
  })

  it('says so where there is nothing', async () => {
    const empty = (await buildPark())._id
    const other = await signedInAs('promotion', { park: empty })
    for (const page of PAGES) {
      const { text } = await other.get(`/parks/${empty}/reports/leads${page}`).expect(200)
      expect(text, page).to.include('class="empty"')
      await other.get(`/parks/${empty}/reports/leads${page}?format=csv`).expect(200)
    }
  })

  it('reads leads by an index, and a funnel none of them', async () => {
    for (const page of ['', '?by=owner&source=event&origin=Wucheng', '?by=event', '/lost', '/ageing?source=event', '/forecast']) {
      await manager.get(base + page).expect(200)
      const commands = await commandsOf(() => manager.get(base + page).expect(200))
      expect(commands.filter(scans).map(nameOf), page).to.deep.equal([])
      const read = of(commands, 'leads')
      expect(read.length, page).to.be.greaterThan(0)
      if (/^(\?|$|\/lost)/.test(page))
        expect(
          read.map(one => one.docsExamined ?? 0),
          page,
        ).to.deep.equal(read.map(() => 0))
    }
  })

  it('is found by the doctor where it tells another story than the path', async () => {
    expect(await findings(park)).to.deep.equal([])
    await Lead.updateOne({ park, _id: gone }, { $set: { 'course.stays': '---', 'course.lostAt': null } })
    expect(await findings(park)).to.have.length(2)
    await Lead.updateOne({ park, _id: gone }, { $set: { 'course.trail': 'new|new|open' } })
    expect(await findings(park)).to.have.length(3)
  })
})
