import { createServer, get as request, type Server } from 'node:http'
import { expect } from 'chai'
import mongoose from 'mongoose'
import { SESSIONS } from '../../src/accounts/sessions.ts'
import { createApp } from '../../src/app.ts'
import { DISTRICTS, PARKS } from '../../src/db/seed/facts.ts'
import { seedSpaces } from '../../src/db/seed/spaces.ts'
import { FOREVER } from '../../src/lib/days.ts'
import { District } from '../../src/parks/district.ts'
import { Park } from '../../src/parks/park.ts'
import { claimUnit } from '../../src/spaces/claims.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { SECRET, signedInAs, visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildLease, buildPark, buildUnit, inDays } from '../setup/factories.ts'

const plain = (html: string): string =>
  html
    .replace(/<svg[\s\S]*?<\/svg>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
const pageOf = async (path: string): Promise<string> => (await visitor().get(path).expect(200)).text
/** The units a park's page offers, by their code. */
const offered = async (park: string): Promise<string[]> =>
  [...(await pageOf(`/parks/${park}?show=all`)).matchAll(/<h3>1F (U\d+)/g)].map(match => match[1]!).sort()

describe('public pages', () => {
  useDatabase()

  describe('what is offered', () => {
    it('is what is vacant today: not let, not in review, not under works, not held', async () => {
      const park = (await buildPark())._id
      const [free, ...others] = [
        await buildUnit({ park }),
        await buildUnit({ park }),
        await buildUnit({ park }),
        await buildUnit({ park }),
        await buildUnit({ park }),
      ]
      await buildLease({ unit: others[0]! })
      await buildLease({ unit: others[1]!, stage: 'review' })
      await claimUnit(park, others[2]!._id, { kind: 'works', from: inDays(0), to: inDays(20) })
      await claimUnit(park, others[3]!._id, { kind: 'hold', from: inDays(0), to: FOREVER, expiresAt: new Date(Date.now() + 60_000) })
      expect(await offered(park)).to.deep.equal([free!.code])
    })

    it('is a unit whose hold has run out, with no job having run', async () => {
      const unit = await buildUnit()
      await claimUnit(unit.park, unit._id, { kind: 'hold', from: inDays(0), to: FOREVER, expiresAt: new Date(Date.now() - 1000) })
      expect(await offered(unit.park)).to.deep.equal([unit.code])
    })

    it('is not a unit whose tenant should have left, until it is handed back', async () => {
      const unit = await buildUnit()
      await claimUnit(unit.park, unit._id, { kind: 'lease', stage: 'signed', from: inDays(-400), to: inDays(-3) })
      expect(await offered(unit.park)).to.deep.equal([])
      await Unit.updateOne({ park: unit.park, _id: unit._id }, { $set: { 'claims.0.vacatedOn': inDays(-2) } })
      expect(await offered(unit.park)).to.deep.equal([unit.code])
    })

    it('tells until when a unit is free, and its floor, area and rate', async () => {
      const unit = await buildUnit({ gross: 12_350, listRate: '1.80' })
      await claimUnit(unit.park, unit._id, { kind: 'own', from: inDays(40), to: FOREVER })
      const text = plain(await pageOf(`/parks/${unit.park}`))
      for (const part of [`1F ${unit.code}`, '123.5 ㎡', '1.80 元/㎡·天', `可租至 ${inDays(39)}`]) expect(text).to.include(part)
    })

    it('names no tenant and asks who wants to move in when nothing is free', async () => {
      const { tenant, park } = await buildLease()
      const html = await pageOf(`/parks/${park}`)
      expect(html).not.to.include(tenant.name)
      expect(plain(html)).to.include('今天没有空置房源')
      expect(html).to.match(/href="[^"]*\/inquiries\/new">(<svg[\s\S]*?<\/svg>)?我要入驻/)
    })
  })

  describe('the home page', () => {
    it('shows one’s own park first, with the way to the desk; nobody else’s', async () => {
      const [own, other] = [await buildPark('zz-own', { kind: 'enclave' }), await buildPark('aa-other', { hotline: '0571-00001234' })]
      const html = (await (await signedInAs('manager', { park: own._id })).get('/').expect(200)).text
      expect(html.indexOf('/parks/zz-own"')).to.be.below(html.indexOf('/parks/aa-other"'))
      expect(html).to.include('href="/parks/zz-own/desk"').and.not.include('/parks/aa-other/desk')
      const anonymous = await pageOf('/')
      expect(anonymous).to.include(`/parks/${other._id}`).and.include('tel:0571-00001234').and.not.include('/desk')
      expect(anonymous)
        .to.match(/href="\?lang=en"/)
        .and.match(/href="\/sign-in"/)
    })

    it('leads nobody to a desk they don’t have', async () => {
      const park = (await buildPark())._id
      for (const role of ['mentor', 'applicant'] as const) {
        const html = (await (await signedInAs(role, { park })).get('/').expect(200)).text
        expect(html, role).to.include(`href="/parks/${park}"`).and.not.include('/desk"')
      }
    })

    it('adds up what is vacant in each park', async () => {
      const { park } = await buildUnit({ gross: 10_000 })
      await buildUnit({ park, gross: 5_050 })
      await buildLease({ unit: await buildUnit({ park, gross: 70_000 }) })
      const card = plain((await pageOf('/')).split(`href="/parks/${park}"`)[1]!.split('</li>')[0]!)
      expect(card).to.include('150.5 ㎡').and.include('2 个房源')
    })
  })

  it('writes no session and sets no cookie for a visitor', async () => {
    const { park } = await buildUnit()
    for (const path of ['/', `/parks/${park}`]) {
      const answer = await visitor().get(path).expect(200)
      expect(answer.headers['set-cookie']).to.equal(undefined)
    }
    expect(await mongoose.connection.collection(SESSIONS).countDocuments({ 'session.passport': { $exists: false } })).to.equal(0)
  })

  it('guards each page with headers of its own nonce, which nothing inline can know', async () => {
    const park = (await buildPark())._id
    const nonces = new Set<string>()
    for (let i = 0; i < 3; i++) {
      const { headers, text } = await visitor().get(`/parks/${park}`)
      const policy = headers['content-security-policy'] as string
      const [nonce] = /(?<=script-src 'self' 'nonce-)[\w-]{16}(?=')/.exec(policy) ?? ['']
      nonces.add(nonce)
      expect(policy).to.include("default-src 'none'").and.include(`style-src 'self' 'nonce-${nonce}'`).and.not.include('unsafe')
      for (const [, own] of text.matchAll(/nonce="([^"]*)"/g)) expect(own).to.equal(nonce)
      expect(headers).to.include({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' })
      expect(headers['content-type']).to.equal('text/html; charset=utf-8')
      expect(Number(headers['content-length'] ?? Buffer.byteLength(text))).to.equal(Buffer.byteLength(text))
    }
    expect(nonces.size).to.equal(3)
    const head = await visitor().agent.head(`/parks/${park}`)
    expect([head.status, head.text ?? '']).to.deep.equal([200, ''])
  })

  it('marks a text that fell back to Chinese with its language', async () => {
    const park = await buildPark(undefined, { name: { zh: '示例园', en: null } as never, amenities: [] })
    const html = (await visitor().get(`/parks/${park._id}?lang=en`).expect(200)).text
    expect(html).to.include('<html lang="en"').and.include('<span lang="zh-CN">示例园</span>')
  })

  it('knows no park that isn’t there, and keeps outlines to their own park', async () => {
    const { park } = await buildUnit()
    await visitor().get('/parks/nowhere').expect(404)
    await visitor().get(`/parks/${park}/outlines/a/1F.svg`).expect(404)
    const [unit] = await Unit.find({ park })
    const outline = '0,0 9,0 9,9'.split(' ').map(corner => corner.split(',').map(Number))
    await Unit.updateOne({ park }, { outline: outline as never })
    const { body, headers } = await visitor().get(`/parks/${park}/outlines/a/1F.svg`).expect(200)
    expect(headers['content-type']).to.match(/^image\/svg\+xml/)
    expect(String(body)).to.include(`id="u${unit!._id}" points="0,0 9,0 9,9"`)
    await visitor()
      .get(`/parks/${(await buildPark())._id}/outlines/a/1F.svg`)
      .expect(404)
  })

  describe('the three parks of the demo', function () {
    this.timeout(60_000)
    let server: Server
    let base = ''

    before(async () => {
      await District.insertMany(DISTRICTS)
      await Park.insertMany(PARKS.map(park => ({ ...park, illustrative: true })))
      await seedSpaces()
      server = createServer(createApp({ secret: SECRET }))
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
      base = `http://127.0.0.1:${(server.address() as { port: number }).port}`
    })
    after(() => server.close())

    /** Bytes on the wire of a compressed answer's body. */
    const bytesOf = (path: string): Promise<number> =>
      new Promise((resolve, reject) => {
        request(new URL(path, base), { headers: { 'accept-encoding': 'gzip' } }, answer => {
          let bytes = 0
          expect(answer.statusCode, path).to.equal(200)
          answer.on('data', (data: Buffer) => (bytes += data.length)).on('end', () => resolve(bytes))
        }).on('error', reject)
      })

    it('tells all that was published of Dongxin', async () => {
      const html = await pageOf('/parks/dongxin')
      const [dongxin] = PARKS
      const texts = [dongxin!.name, dongxin!.alias!, dongxin!.address!, dongxin!.bureau.name, dongxin!.tagline, dongxin!.intro!]
      const lists = [...dongxin!.access, ...dongxin!.products, ...dongxin!.amenities.map(one => one.name)]
      const services = dongxin!.services.map(one => one.name)
      const words = [
        '信息软件',
        '电子商务',
        '物联网',
        '生物医药',
        '健康服务',
        '新能源',
        '节能环保',
        '科研设计院所',
        '科技创新载体',
        '科技金融',
      ]
      for (const part of [...[...texts, ...lists, ...services].map(text => text.zh), ...words]) expect(plain(html)).to.include(part)
      for (const part of ['27,368 ㎡', '大创免费代办', '示例数据', '地上 4 层，地下 1 层']) expect(plain(html)).to.include(part)
      expect(html).to.include('href="tel:0571-56920112"').and.include('href="tel:0571-85820615"')
      expect(html)
        .to.match(/href="[^"]*\/inquiries\/new">(<svg[\s\S]*?<\/svg>)?我要入驻/)
        .and.match(/href="#service-registration">大学生免费注册公司/)
      expect(html)
        .to.match(/<title>创新中国产业园·东新分园/)
        .and.match(/<meta name="description" content="创新型科技园区/)
    })

    it('tells whose the enclaves are, their rule books and what is provisional', async () => {
      const wucheng = plain(await pageOf('/parks/wucheng-hangzhou'))
      for (const part of ['婺城区科创飞地（杭州） （暂定）', '《婺城区异地创新创业基地管理办法》', '金华市婺城区科技局', '云推介'])
        expect(wucheng).to.include(part)
      const jindong = plain(await pageOf('/parks/jindong-hangzhou'))
      for (const part of ['杭州科创中心', '杭州普得莱（浙江）商业管理有限公司', '《金东区产业创新飞地园区管理办法（试行）》'])
        expect(jindong).to.include(part)
      expect(jindong).not.to.include('（暂定）').and.not.include('大学生免费注册公司')
    })

    it('costs a first visitor little: 8 kB of HTML, 250 KiB of everything else, compressed', async () => {
      const path = '/parks/dongxin'
      const html = await pageOf(path)
      // Absolute addresses of files: icons and outlines are used by their fragments.
      const named = [...html.matchAll(/(?:href|src)="(\/(?:assets|parks\/dongxin\/outlines)\/[^"#]+)/g)].map(match => match[1]!)
      const files = [...new Set(named)]
      expect(files.filter(file => file.includes('/outlines/')).length).to.be.within(1, 5)
      let sum = 0
      for (const file of files) sum += await bytesOf(file)
      expect(await bytesOf(path)).to.be.below(8_000)
      expect(sum).to.be.below(250 * 1024)
    })

    it('shows a dozen of many offers, all of them on request', async () => {
      const [few, all] = [await pageOf('/parks/dongxin'), await pageOf('/parks/dongxin?show=all')]
      const count = (html: string) => html.split('class="card offer"').length - 1
      expect(count(few)).to.equal(12)
      expect(count(all)).to.equal(
        await Unit.countDocuments({ park: 'dongxin', activeFrom: { $lte: inDays(0) }, activeTo: { $gte: inDays(0) } }),
      )
    })
  })
})
