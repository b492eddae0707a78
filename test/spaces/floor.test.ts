import { expect } from 'chai'
import mongoose from 'mongoose'
import { Building } from '../../src/spaces/building.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildLease, buildPark, buildUnit, inDays } from '../setup/factories.ts'

const svg = (inside: string, more = ''): Buffer =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 800 500"${more}>${inside}</svg>`,
  )
const square = (x: number, y: number, size = 100): string => `${x},${y} ${x + size},${y} ${x + size},${y + size} ${x},${y + size}`

describe('floor plans', () => {
  useDatabase()

  async function floor() {
    const park = (await buildPark())._id
    const unit = await buildUnit({ park, code: '101' })
    const other = await buildUnit({ park, code: '102' })
    const path = `/parks/${park}/buildings/a/floors/1F`
    const version = async () => (await Building.findOne({ park, code: 'a' }).lean().orFail()).version
    const drawing = async () => (await Building.findOne({ park, code: 'a' }).lean().orFail()).floors[0]!.drawing
    const manager = await signedInAs('manager', { park })
    const upload = async (data: Buffer, name = 'plan.svg') =>
      manager.upload(`${path}/drawing`, { version: await version() }, [{ field: 'drawing', data, name }])
    const draw = async (outlines: Record<string, string>, at?: number) =>
      manager.post(`${path}/edit`, {
        version: at ?? (await version()),
        ...Object.fromEntries(Object.entries(outlines).map(([id, text]) => [`outlines[${id}]`, text])),
      })
    return { park, unit, other, path, manager, version, drawing, upload, draw }
  }
  const files = (park: string) => mongoose.connection.db!.collection('files.files').countDocuments({ 'metadata.park': park })

  it('keeps of an SVG what draws, and nothing that runs or reaches out', async () => {
    const { park, path, manager, drawing, upload } = await floor()
    const bad = svg(
      `<script>alert(1)</script><style>@import url(http://evil.example/a.css)</style>
      <rect width="800" height="500" fill="#eee" onclick="alert(2)" style="background:url(http://evil.example/b.png)"/>
      <image href="http://evil.example/c.png" width="9" height="9"/><use xlink:href="http://evil.example/d.svg#x"/>
      <rect width="5" height="5" fill="url(http://evil.example/e.svg#p)"/>
      <foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="http://evil.example"/></foreignObject>
      <a href="javascript:alert(3)"><text x="9" y="9">Hall</text></a><set attributeName="onload" to="alert(4)"/>
      <path d="M0 250H800" stroke="#333"/>`,
      ' onload="alert(5)"',
    )
    const answer = await upload(bad)
    expect(answer.status).to.equal(303)
    const { file } = (await drawing())!
    const kept = await manager.get(`${path}/drawing/${file}`).buffer(true).expect(200)
    const text = (kept.body as Buffer).length ? (kept.body as Buffer).toString() : kept.text
    expect(text).to.include('M0 250H800').and.to.include('Hall')
    expect(text).to.not.match(/script|alert|evil|javascript|onload|onclick|foreignObject|iframe|@import/i)
    expect(kept.headers['content-security-policy']).to.include("default-src 'none'").and.to.include('sandbox')
    expect(kept.headers['x-content-type-options']).to.equal('nosniff')
    // What came is gone: only the cleaned drawing is stored.
    expect(await files(park)).to.equal(1)
    expect((await manager.get(path).expect(200)).text).to.include(`${path}/drawing/${file}`)
  })

  it('refuses by content: a page called .svg, broken XML, no size', async () => {
    const { park, drawing, upload } = await floor()
    const page = Buffer.from('<!doctype html><html><body><script>alert(1)</script></body></html>')
    for (const data of [
      page,
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect></svg>'),
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>'),
    ])
      expect((await upload(data)).status).to.equal(422)
    expect((await upload(Buffer.from('%PDF-1.7 no drawing'), 'plan.svg')).status).to.equal(422)
    expect(await drawing()).to.equal(null)
    expect(await files(park)).to.equal(0)
  })

  it('refuses bombs: references that repeat by the billion or in a circle, entities, and nests without end', async () => {
    const { drawing, upload } = await floor()
    const levels = Array.from({ length: 12 }, (_, i) => `<g id="l${i + 1}">${`<use href="#l${i}"/>`.repeat(10)}</g>`)
    const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`)
    const entities = `<!DOCTYPE svg [<!ENTITY l0 "ha">${laughs.join('')}]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>&l9;</text></svg>`
    const bombs = [
      svg(`<g id="l0"><rect width="1" height="1"/></g>${levels.join('')}<use href="#l12"/>`),
      svg('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'),
      Buffer.from(entities),
      svg('<g>'.repeat(5000) + '</g>'.repeat(5000)),
    ]
    for (const bomb of bombs) expect((await upload(bomb)).status).to.equal(422)
    expect(await drawing()).to.equal(null)
  })

  it('draws outlines, and says which lie over each other', async () => {
    const { unit, other, path, manager, draw } = await floor()
    await buildLease({ unit, from: inDays(0), to: inDays(300) })
    expect((await draw({ [String(unit._id)]: square(0, 0), [String(other._id)]: square(100, 0) })).status).to.equal(303)
    const fine = (await manager.get(path).expect(200)).text
    expect(fine).to.include('0,0 100,0 100,100 0,100').and.to.include('shape shape-let')
    expect(fine).to.not.include('notice-warn')
    expect((await draw({ [String(other._id)]: square(50, 0) })).status).to.equal(303)
    const over = (await manager.get(path)).text
    expect(/notice-warn[\s\S]*?<\/div>/.exec(over)![0])
      .to.include('101')
      .and.to.include('102')
    const before = (await manager.get(`${path}?on=${inDays(-1)}`)).text
    expect(before).to.not.include('shape shape-let')
  })

  it('refuses outlines that are none, and keeps what was typed', async () => {
    const { unit, draw } = await floor()
    const id = String(unit._id)
    for (const corners of ['1,1 2,2', '1,1 2,x 3,3', '0,0 99999,0 99999,9 0,9', '1,1 1,1 1,1', '-5,0 5,0 5,5']) {
      const answer = await draw({ [id]: corners })
      expect(answer.status, corners).to.equal(422)
      expect(answer.text).to.include(`>${corners}</textarea>`)
    }
    expect((await Unit.findOne({ park: unit.park, _id: unit._id }).lean().orFail()).outline).to.deep.equal([])
  })

  it('lets the second of two editors see the first, and changes nothing of theirs', async () => {
    const { unit, other, draw, version } = await floor()
    const at = await version()
    expect((await draw({ [String(unit._id)]: square(0, 0) }, at)).status).to.equal(303)
    const late = await draw({ [String(unit._id)]: square(9, 9), [String(other._id)]: square(200, 0) }, at)
    expect(late.status).to.equal(409)
    const kept = await Unit.findOne({ park: unit.park, _id: unit._id }).lean().orFail()
    expect(kept.outline[0]).to.deep.equal([0, 0])
    expect((await Unit.findOne({ park: unit.park, _id: other._id }).lean().orFail()).outline).to.deep.equal([])
  })

  it('belongs to the park and to those who edit spaces', async () => {
    const [one, two] = [await floor(), await floor()]
    expect((await one.draw({ [String(two.unit._id)]: square(0, 0) })).status).to.equal(404)
    expect((await one.upload(svg('<rect width="9" height="9"/>'))).status).to.equal(303)
    const { file } = (await one.drawing())!
    await two.manager.get(`${two.path}/drawing/${file}`).expect(404)
    await two.manager.get(`${one.path}/drawing/${file}`).expect(404)
    const promotion = await signedInAs('promotion', { park: one.park })
    await promotion.get(one.path).expect(200)
    await promotion.get(`${one.path}/drawing/${file}`).expect(200)
    await promotion.get(`${one.path}/edit`).expect(403)
    await promotion.get(`${one.path}/drawing`).expect(403)
  })

  it('shows the unit on its own page, where it is drawn', async () => {
    const { park, unit, other, manager, draw } = await floor()
    await draw({ [String(unit._id)]: square(20, 20) })
    const page = async (id: unknown) => (await manager.get(`/parks/${park}/units/${id}`).expect(200)).text
    expect(await page(unit._id)).to.include('class="thumb-unit" points="20,20 120,20 120,120 20,120"')
    expect(await page(other._id)).to.not.include('thumb-unit')
  })
})
