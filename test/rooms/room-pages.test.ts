import { expect } from 'chai'
import mongoose from 'mongoose'
import { AuditEntry } from '../../src/audit/entry.ts'
import { Park } from '../../src/parks/park.ts'
import { Room, roomPath } from '../../src/rooms/room.ts'
import { Tenant } from '../../src/tenants/tenant.ts'
import { signedInAs, visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark, buildTenant } from '../setup/factories.ts'
import { PNG } from '../setup/pictures.ts'
import { buildRoom } from '../setup/rooms.ts'
import type { Visitor } from '../setup/visitor.ts'

const day = { from: 480, to: 1080 }
const blank = {
  ...{ hours: { workday: day, weekend: null, holiday: null }, step: 30, min: 30, max: 240, notice: 0, horizon: 30, before: 0, after: 0 },
  ...{ approval: false, freeHours: false, cancelBefore: 0, cancelPercent: 0 },
}

describe('the pages of rooms', () => {
  useDatabase()
  let park: string
  let manager: Visitor

  beforeEach(async () => {
    park = (await buildPark())._id
    manager = await signedInAs('manager', { park })
  })

  it('lists what is asked for, and exports exactly that', async () => {
    await buildRoom({ park, name: { zh: 'Small' }, capacity: 4, equipment: ['screen'] })
    await buildRoom({ park, name: { zh: 'Large' }, capacity: 40, kind: 'hall', equipment: ['stage'] })
    await buildRoom({ park, name: { zh: 'Gone' }, capacity: 50, activeTo: '2020-01-01' })
    await buildRoom({ name: { zh: 'Elsewhere' } })
    const names = async (who: Visitor, query: string) => {
      const { text } = await who.get(`/parks/${park}/rooms/list?format=csv&${query}`)
      return ['Small', 'Large', 'Gone', 'Elsewhere'].filter(name => text.includes(name)).join(' ')
    }
    expect(await names(manager, '')).to.equal('Small Large')
    expect(await names(manager, 'people=5')).to.equal('Large')
    expect(await names(manager, 'kind=meeting')).to.equal('Small')
    expect(await names(manager, 'equipment=stage&people=5')).to.equal('Large')
    expect(await names(manager, 'state=all')).to.equal('Small Large Gone')
    expect(await names(manager, 'state=retired')).to.equal('Gone')
    expect(await names(manager, 'people=x&kind[$ne]=hall&state=$where')).to.equal('Small Large')
    expect(await names(await signedInAs('reception', { park }), 'state=all')).to.equal('Small Large')
    const page = await manager.get(`/parks/${park}/rooms/list?people=5`)
    expect(page.text).to.include('Large').and.not.include('>Small<')
  })

  it('shows each person the rules of their own class', async () => {
    const room = await buildRoom({ park, rules: [] })
    const rules = ['tenant', 'student', 'outside', 'park'].map((klass, i) => ({ ...blank, class: klass, price: (i + 1) * 11_100 }))
    await Room.updateOne({ park, _id: room._id }, { rules })
    const prices = async (who: Visitor) => {
      const { text } = await who.get(roomPath(room))
      return [111, 222, 333, 444].filter(price => text.includes(`¥${price}.00`))
    }
    const [company, founders] = [await buildTenant(park), await buildTenant(park)]
    await Tenant.updateOne({ park, _id: founders._id }, { founder: 'student' })
    expect(await prices(await signedInAs('member', { park, tenant: company._id }))).to.deep.equal([111])
    expect(await prices(await signedInAs('owner', { park, tenant: founders._id }))).to.deep.equal([222])
    expect(await prices(await signedInAs('applicant', { park }))).to.deep.equal([222])
    expect(await prices(await signedInAs('reception', { park }))).to.deep.equal([111, 222, 333, 444])
  })

  it('keeps pictures by what they are, the first as the cover, and no more than it can show', async () => {
    const room = await buildRoom({ park })
    const path = `${roomPath(room)}/photos`
    const files = (count: number, data = PNG) =>
      Array.from({ length: count }, (_, i) => ({ field: 'photos', data, name: `photo ${i}.jpg` }))
    const html = await manager.upload(path, {}, files(1, Buffer.from('<html><script>alert(1)</script>')))
    expect(html.status).to.equal(422)
    expect((await manager.upload(path, {}, files(1, Buffer.from('%PDF-1.4 paper')))).status).to.equal(422)
    expect((await manager.post(path)).status).to.equal(422)
    expect((await manager.upload(path, {}, files(7))).status).to.equal(303)
    const both = await Promise.all([manager.upload(path, {}, files(3)), manager.upload(path, {}, files(3))])
    expect(both.map(answer => answer.status).sort()).to.deep.equal([303, 422])
    const stored = mongoose.connection.collection('files.files')
    expect(await stored.countDocuments({ 'metadata.park': park })).to.equal(10)
    const member = await signedInAs('member', { park, tenant: (await buildTenant(park))._id })
    const shown = (await member.get(roomPath(room))).text
    const first = new RegExp(`src="(${path}/[0-9a-f]{24})"`).exec(shown)![1]!
    const picture = await member.get(first)
    expect(picture.status).to.equal(200)
    expect(picture.headers['content-type']).to.equal('image/png')
    expect(picture.headers['x-content-type-options']).to.equal('nosniff')
    const other = await buildRoom({ park })
    expect((await member.get(first.replace(String(room._id), String(other._id)))).status).to.equal(404)
    expect((await visitor().get(first)).status).to.equal(303)
    expect((await member.post(`${first}/removal`)).status).to.equal(403)
    expect((await manager.post(`${first}/removal`)).status).to.equal(303)
    expect((await member.get(first)).status).to.equal(404)
  })

  it('prints a sign whose code leads to the check-in, without a style or script of its own', async () => {
    const room = await buildRoom({ park, name: { zh: '<b>Hall</b>' } })
    const desk = await signedInAs('reception', { park })
    const sign = await desk.get(`${roomPath(room)}/sign?size=a4`)
    expect(sign.text)
      .to.include('&lt;b&gt;Hall')
      .and.include(`${roomPath(room)}/here`)
      .and.include('sign-a4')
      .and.not.include('<b>Hall')
    const code = await desk.get(`${roomPath(room)}/qr.svg`)
    expect(code.headers['content-type']).to.include('image/svg+xml')
    expect(String(code.body))
      .to.match(/^<svg xmlns=[^>]*viewBox/)
      .and.not.match(/style=|<script|on\w+=/)
  })

  it('grants free hours a month by the park’s settings, as minutes', async () => {
    const path = `/parks/${park}/settings/rules`
    const rules = { version: '0', reminderDays: '90', expiringDays: '90', anchor: 'start', broken: 'actual', incubationRule: '2018' }
    expect((await manager.post(path, { ...rules, freeTenant: '7.5', freeStudent: 'many' })).status).to.equal(422)
    expect((await manager.post(path, { ...rules, freeTenant: '7.5', freeStudent: '0' })).status).to.equal(303)
    const { settings } = await Park.findById(park).orFail().lean()
    expect(settings.freeMinutes).to.deep.equal({ tenant: 450, student: 0 })
    const entry = await AuditEntry.findOne({ park, action: 'park.settings' }).lean().orFail()
    expect(entry.changes.find(one => one.field === 'freeTenant')).to.deep.include({ before: 600, after: 450 })
    expect((await manager.get(path)).text).to.include('value="7.5"')
  })
})
