import { expect } from 'chai'
import { Types } from 'mongoose'
import { SearchEntry } from '../../src/search/entry.ts'
import { addContact } from '../../src/tenants/contacts.ts'
import { createTenant } from '../../src/tenants/profile.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildPark, buildTenant, buildUnit } from '../setup/factories.ts'
import type { Visitor } from '../setup/visitor.ts'

const CODE = '91350100M000100Y43'

/** What a search finds, as kind → titles. */
async function found(who: Visitor, park: string, q: string, headers: Record<string, string> = {}): Promise<Record<string, string[]>> {
  const { text, status } = await who.get(`/parks/${park}/search?q=${encodeURIComponent(q)}`).set(headers)
  expect(status).to.equal(200)
  const groups: Record<string, string[]> = {}
  for (const [, kind, body] of text.matchAll(/<section[^>]*data-kind="(\w+)">([\s\S]*?)<\/section>/g))
    groups[kind!] = [...body!.matchAll(/class="title">([^<]*)</g)].map(match => match[1]!)
  return groups
}

describe('search', () => {
  useDatabase()
  let park: string
  let manager: Visitor

  before(async () => {
    park = (await buildPark('here'))._id
    const unit = await buildUnit({ park, code: '308', floor: '3F' })
    await buildUnit({ park, code: '3F(12)' })
    const tenant = await createTenant(park, { name: '杭州云帆软件有限公司(示例)', creditCode: CODE, legalRep: '欧阳小满' }, {}, BY)
    await addContact(park, tenant._id, { name: '李思远', title: null, phone: '13800000000', email: null, primary: true }, BY)
    await buildLease({ unit, tenant })
    manager = await signedInAs('manager', { park })
  })

  it('finds a tenant by any part of its name, by pinyin, by initials, by its people and by a piece of its code', async () => {
    const ways = [
      '杭州云帆',
      '云帆软件',
      '帆',
      'yunfan',
      'YunFan ruan',
      'hangzhouyunfan',
      'hzyf',
      'yfrj',
      'YFRJ',
      '李思远',
      '思远',
      'lsy',
      'oyxm',
    ]
    for (const q of [...ways, 'M000100Y', 'm000100', '９１３５０１００', '杭州云帆软件有限公司（示例）', `${CODE} `])
      expect((await found(manager, park, q))['tenant'], q).to.deep.equal(['杭州云帆软件有限公司(示例)'])
    expect((await manager.get(`/parks/${park}/search?q=${encodeURIComponent('李思')}`)).text).to.match(/M000100Y43 · 欧阳小满 · 李思远</)
    for (const q of ['上海', 'shanghai', 'yfx', '13800000000', '1380000'])
      expect((await found(manager, park, q))['tenant'], q).to.equal(undefined)
  })

  it('finds units by code, leases by number, tenant and unit, people by name: in groups', async () => {
    const groups = await found(manager, park, '308')
    expect(groups['unit']).to.deep.equal(['3F 308'])
    expect(groups['lease']).to.have.length(1)
    expect((await found(manager, park, '3F308'))['unit']).to.deep.equal(['3F 308'])
    expect(Object.keys(await found(manager, park, 'yunfan'))).to.deep.equal(['tenant', 'lease'])
    expect((await found(manager, park, 'manager'))['person']).to.have.length(1)
  })

  it('finds a long name that was pasted whole', async () => {
    const name = `${'很长的名字'.repeat(8)}有限公司`
    await buildTenant(park, name)
    expect((await found(manager, park, name))['tenant']).to.deep.equal([name])
    expect((await found(manager, park, `${name.slice(0, 30)}`))['tenant']).to.deep.equal([name])
  })

  it('takes signs literally: nothing is a pattern, and an empty search asks for words', async () => {
    for (const q of ['.*', '^3', '3|4', '[0-9]', '(?=3)', '\\d', '$where', '3\\', '***', '308$'])
      expect(await found(manager, park, q), q).to.satisfy((groups: object) => !('tenant' in groups) || q === '3|4')
    expect((await found(manager, park, '3F(12)'))['unit']).to.deep.equal(['1F 3F(12)'])
    expect(await found(manager, park, '.*')).to.deep.equal({})
    expect(await found(manager, park, '   ')).to.deep.equal({})
    expect((await manager.get(`/parks/${park}/search?q[$ne]=1`)).status).to.equal(200)
    expect((await manager.get(`/parks/${park}/search?q=a&q=b`)).status).to.equal(200)
  })

  it('never shows another park’s records (CASES 27)', async () => {
    const other = await buildPark('elsewhere')
    const unit = await buildUnit({ park: other._id, code: '308' })
    const twin = await createTenant(other._id, { name: '杭州云帆别处有限公司', creditCode: CODE }, {}, BY)
    await buildLease({ unit, tenant: twin })
    for (const q of ['云帆', 'yunfan', CODE, '308', 'HT-', 'manager'])
      for (const titles of Object.values(await found(manager, park, q))) expect(titles.join(), q).to.not.include('别处')
    expect((await found(manager, park, CODE))['tenant']).to.have.length(1)
    expect((await manager.get(`/parks/${other._id}/search?q=308`)).status).to.equal(404)
  })

  it('finds for each person what they may open, and for a tenant’s people nothing at all', async () => {
    const reception = await signedInAs('reception', { park })
    const groups = await found(reception, park, '308')
    expect(Object.keys(groups)).to.deep.equal(['unit'])
    expect(await found(reception, park, 'manager')).to.deep.equal({})
    const { tenant } = await buildLease({ unit: await buildUnit({ park }) })
    const owner = await signedInAs('owner', { park, tenant: tenant._id })
    expect((await owner.get(`/parks/${park}/search?q=308`)).status).to.equal(403)
    expect((await owner.get(`/parks/${park}/desk`)).text).to.not.include('id="head-q"')
    const official = await signedInAs('official', { district: 'xiacheng' })
    expect((await found(official, park, 'yunfan'))['tenant']).to.have.length(1)
    const stranger = await signedInAs('official', { district: 'wucheng' })
    expect((await stranger.get(`/parks/${park}/search?q=yunfan`)).status).to.equal(404)
    expect((await official.get(`/parks/${park}/search?q=official`)).text).to.not.include('data-kind="person"')
  })

  it('keeps a name with markup inert, on the page and under the box (CASES 29)', async () => {
    const evil = '<script>alert(1)</script>"\'onmouseover=x 示例'
    await buildTenant(park, evil)
    for (const headers of [{}, { 'hx-request': 'true' }]) {
      const { text } = await manager.get(`/parks/${park}/search?q=${encodeURIComponent('<script>alert')}`).set(headers)
      expect(text).to.not.include('<script>alert')
      expect(text).to.include('&lt;script&gt;alert(1)&lt;/script&gt;&#34;')
    }
    const { text } = await manager.get(`/parks/${park}/search?q=${encodeURIComponent('"><img src=x>')}`)
    expect(text).to.not.include('<img src=x')
  })

  it('answers htmx with the lines alone, a few of each kind; the page shows more and says so', async () => {
    for (let i = 0; i < 23; i++) await buildUnit({ park, code: `Z${String(i).padStart(2, '0')}` })
    const fragment = await manager.get(`/parks/${park}/search?q=z`).set('hx-request', 'true')
    expect(fragment.text).to.not.include('<html')
    expect(fragment.headers['vary']).to.match(/HX-Request/i)
    expect((await found(manager, park, 'z', { 'hx-request': 'true' }))['unit']).to.have.length(5)
    expect((await found(manager, park, 'z'))['unit']).to.have.length(10)
    expect((await manager.get(`/parks/${park}/search?q=z`)).text).to.include(`/parks/${park}/units?q=z`)
    expect((await manager.get(`/parks/${park}/search?q=`).set('hx-request', 'true')).text.trim()).to.equal('')
  })

  it('puts an exact code first, and a hundred leases never hide the unit they are of', async () => {
    const codes = ['901', '9010', '9011', 'A901']
    for (const code of codes) await buildUnit({ park, code })
    const rows = Array.from({ length: 200 }, (_, i) => ({
      park,
      kind: 'lease' as const,
      ref: new Types.ObjectId(),
      title: `HT-${i}`,
      path: '/leases/x',
      terms: ['901'],
    }))
    await SearchEntry.insertMany(rows)
    const groups = await found(manager, park, '901')
    expect(groups['unit']![0]).to.equal('1F 901')
    expect(groups['unit']).to.have.members(codes.map(code => `1F ${code}`))
    expect(groups['lease']).to.have.length(10)
  })

  it('asks the index: no look at what it doesn’t return', async () => {
    const filter = { park, kind: 'unit', terms: { $in: [/^z/] } }
    const plan = (await SearchEntry.collection.find(filter).limit(6).explain('executionStats')) as {
      executionStats: { totalDocsExamined: number; nReturned: number }
      queryPlanner: unknown
    }
    expect(JSON.stringify(plan.queryPlanner)).to.include('IXSCAN').and.not.include('COLLSCAN')
    expect(plan.executionStats.totalDocsExamined).to.equal(plan.executionStats.nReturned)
  })
})
