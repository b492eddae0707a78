import { expect } from 'chai'
import { Service, ServiceVersion } from '../../src/services/service.ts'
import { signedInAs, visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark } from '../setup/factories.ts'
import { PNG } from '../setup/pictures.ts'
import { buildService, publishedService } from '../setup/services.ts'
import type { Visitor } from '../setup/visitor.ts'

const PDF = Buffer.from('%PDF-1.4\n%example')
const row = (list: Record<string, string>[]) =>
  Object.fromEntries(list.flatMap((one, i) => Object.entries(one).map(([name, value]) => [`rows[${i}][${name}]`, value])))

/** What the form of the basics always carries. */
const LASTING = { years: '5', keep: '6' }

describe('the pages of the service catalogue', () => {
  useDatabase()
  let park: string
  let manager: Visitor

  beforeEach(async () => {
    park = (await buildPark())._id
    manager = await signedInAs('manager', { park })
  })
  const at = (code: string, rest = '') => `/parks/${park}/settings/services/${code}${rest}`
  const load = async (code: string) => Service.findOne({ park, code }).lean().orFail()
  const version = async (code: string) => String((await load(code)).version)

  it('take a service from nothing to the public page, without code', async () => {
    const made = await manager.post(`/parks/${park}/settings/services`, {
      nameZh: 'Company registration',
      summaryZh: 'We found your company',
      kind: 'registration',
      code: 'registration',
    })
    expect([made.status, made.headers['location']]).to.deep.equal([303, at('registration')])
    const first = await manager.get(at('registration'))
    expect(first.text).to.not.include('/publication')
    expect((await manager.post(at('registration', '/publication'), { version: await version('registration') })).status).to.equal(422)
    expect((await visitor().get(`/parks/${park}/start`)).status).to.equal(404)

    await manager.post(at('registration', '/basics'), {
      version: await version('registration'),
      nameZh: 'Company registration',
      summaryZh: 'We found your company',
      textZh: 'All of it',
      promise: '20',
      years: '3',
      keep: '9',
      'fees[student]': '0',
      'fees[founder]': '800',
    })
    await manager.post(at('registration', '/form'), {
      version: await version('registration'),
      ...row([
        { key: '', at: '2', kind: 'choice', zh: 'Type', options: 'Limited | Ltd\nPartnership', required: 'on' },
        { key: '', at: '1', kind: 'founders', zh: 'Who founds it', required: 'on' },
        { key: '', at: '3', kind: 'text', zh: '' },
      ]),
    })
    await manager.post(at('registration', '/documents'), {
      version: await version('registration'),
      ...row([{ at: '1', zh: 'Identity card', per: 'founder', most: '2', required: 'on', personal: 'on', classes: 'founder' }]),
    })
    await manager.post(at('registration', '/steps'), {
      version: await version('registration'),
      ...row([
        {
          at: '1',
          zh: 'Check papers',
          role: 'reception',
          days: '2',
          outcome: 'decision',
          result: 'none',
          effect: 'none',
          told: 'applicant',
        },
      ]),
    })
    const { content } = await load('registration')
    expect(content.fields.map(field => [field.key, field.kind])).to.deep.equal([
      ['field-1', 'founders'],
      ['field-2', 'choice'],
    ])
    expect(content.fields[1]!.options.map(one => [one.key, one.label.zh, one.label.en])).to.deep.equal([
      ['option-1', 'Limited', 'Ltd'],
      ['option-2', 'Partnership', null],
    ])
    expect(content.fees.map(fee => [fee.class, fee.fen])).to.deep.equal([
      ['student', 0],
      ['founder', 80_000],
    ])
    expect([content.years, content.keep, content.documents[0]!.classes]).to.deep.equal([3, 9, ['founder']])
    expect((await manager.get(at('registration', '/preview'))).text).to.include('Identity card')
    expect((await visitor().get(`/parks/${park}/services/registration`)).status, 'nobody sees it yet').to.equal(404)
    expect((await manager.post(at('registration', '/publication'), { version: await version('registration') })).status).to.equal(303)

    const shown = await visitor().get(`/parks/${park}/services/registration`)
    expect(shown.text).to.include('Check papers').and.include('Identity card').and.include('800.00').and.include('Limited')
    expect((await visitor().get(`/parks/${park}/services`)).text).to.include('We found your company')
    expect((await visitor().get(`/parks/${park}/start`)).text, 'the address of the posters').to.equal(shown.text)
  })

  it('show the public what was published, not what is being edited, and nothing once it is retired', async () => {
    const { code } = await publishedService(park)
    await manager.post(at(code, '/basics'), { version: await version(code), nameZh: 'Another name', ...LASTING, 'fees[tenant]': '12' })
    const open = () => visitor().get(`/parks/${park}/services/${code}`)
    expect((await open()).text)
      .to.include(`Service ${code}`)
      .and.not.include('Another name')
    expect((await manager.get(at(code))).text).to.include('/publication')
    await manager.post(at(code, '/publication'), { version: await version(code) })
    expect((await open()).text)
      .to.include('Another name')
      .and.not.include(`Service ${code}`)
    expect((await manager.get(at(code, '/versions/1'))).text, 'the first version stays').to.include(`Service ${code}`)
    await manager.post(at(code, '/retirement'), { version: await version(code) })
    expect((await open()).status).to.equal(404)
    expect((await visitor().get(`/parks/${park}/services`)).text).to.not.include('Another name')
    await manager.post(at(code, '/publication'), { version: await version(code) })
    expect((await open()).status, 'offered again as it was').to.equal(200)
    expect(await ServiceVersion.countDocuments({ park })).to.equal(2)
  })

  it('keep the keys of what is there, whatever comes before it', async () => {
    const { code } = await buildService(park)
    const send = async (list: Record<string, string>[]) => manager.post(at(code, '/steps'), { version: await version(code), ...row(list) })
    const step = { role: 'finance', days: '3', outcome: 'done', result: 'required', effect: 'none' }
    await send([
      { ...step, key: 'step-1', at: '2', zh: 'Check' },
      { ...step, key: 'made-up', at: '1', zh: 'Before it' },
    ])
    const { content } = await load(code)
    expect(content.steps.map(one => [one.key, one.name.zh, one.told])).to.deep.equal([
      ['step-2', 'Before it', []],
      ['step-1', 'Check', []],
    ])
  })

  it('keep what was typed when it is refused, and say which row', async () => {
    const { code } = await buildService(park)
    const answer = await manager.post(at(code, '/steps'), {
      version: await version(code),
      ...row([{ key: 'step-1', at: '1', zh: 'Kept words', role: 'admin', days: 'soon', outcome: 'done', result: 'none', effect: 'none' }]),
    })
    expect(answer.status).to.equal(422)
    expect(answer.text).to.include('Kept words').and.include('href="#rows[0][role]"').and.include('href="#rows[0][days]"')
    expect((await load(code)).content.steps[0]!.name.zh).to.equal('Check')
  })

  it('refuse what somebody else saved in between, and lose nothing', async () => {
    const { code, version: seen } = await buildService(park)
    await manager.post(at(code, '/basics'), { version: String(seen), nameZh: 'First', ...LASTING, 'fees[tenant]': '1' })
    const second = await manager.post(at(code, '/basics'), { version: String(seen), nameZh: 'Second', ...LASTING, 'fees[tenant]': '2' })
    expect(second.status).to.equal(409)
    expect(second.text).to.include('Second').and.include('First')
    expect((await load(code)).content.name.zh).to.equal('First')
    const step = { key: 'step-1', role: 'finance', days: '3', outcome: 'done', result: 'none', effect: 'none' }
    const now = await version(code)
    await manager.post(at(code, '/steps'), { version: now, ...row([{ ...step, zh: 'Theirs' }]) })
    const mine = await manager.post(at(code, '/steps'), { version: now, ...row([{ ...step, zh: 'Mine' }]) })
    expect(mine.status).to.equal(409)
    expect(mine.text, 'rows too').to.include('Theirs').and.include('Mine')
  })

  it('put services in order by their buttons and by dragging', async () => {
    for (const code of ['aa', 'bb', 'cc']) await buildService(park, {}, { code })
    const order = async () => (await Service.find({ park }).sort({ order: 1 }).lean()).map(one => one.code)
    const send = (codes: string[], move?: string) => manager.post(`/parks/${park}/settings/services/order`, { codes, move })
    await send(['aa', 'bb', 'cc'], 'cc up')
    expect(await order()).to.deep.equal(['aa', 'cc', 'bb'])
    await send(['bb', 'aa', 'cc'])
    expect(await order()).to.deep.equal(['bb', 'aa', 'cc'])
    expect((await send(['bb', 'aa'])).status, 'one is missing').to.equal(409)
    expect((await send(['bb', 'aa', 'aa'])).status).to.equal(409)
    expect(await order()).to.deep.equal(['bb', 'aa', 'cc'])
  })

  it('judge an example by its content, and show it once it is published', async () => {
    const { code } = await buildService(park)
    const path = at(code, '/documents/document-1/example')
    const send = async (data: Buffer, name: string) =>
      manager.upload(path, { version: await version(code) }, [{ field: 'example', data, name }])
    expect((await send(Buffer.from('<!doctype html><script>1</script>'), 'card.pdf')).status).to.equal(422)
    expect((await send(PDF, 'card.pdf')).status).to.equal(303)
    const open = () => visitor().get(`/parks/${park}/services/${code}/examples/document-1`)
    expect((await open()).status, 'not published').to.equal(404)
    expect((await manager.get(path)).headers['content-type']).to.equal('application/pdf')
    await manager.post(at(code, '/publication'), { version: await version(code) })
    expect((await open()).headers['content-type']).to.equal('application/pdf')
    await send(PNG, 'card.png')
    expect((await open()).headers['content-type'], 'as published').to.equal('application/pdf')
    await manager.post(`${path}/removal`, { version: await version(code) })
    expect((await manager.get(path)).status).to.equal(404)
    expect((await open()).status).to.equal(200)
  })

  it('make one service of a double submit, and refuse an address that is taken or a page’s own', async () => {
    const fields = { nameZh: 'Twice', kind: 'other', code: 'twice', _key: 'one-time-key-1' }
    const [first, again] = [
      await manager.post(`/parks/${park}/settings/services`, fields),
      await manager.post(`/parks/${park}/settings/services`, fields),
    ]
    expect([first.status, again.status, again.headers['location']]).to.deep.equal([303, 303, at('twice')])
    expect(await Service.countDocuments({ park })).to.equal(1)
    expect((await manager.post(`/parks/${park}/settings/services`, { ...fields, _key: 'one-time-key-2' })).status).to.equal(409)
    expect((await manager.post(`/parks/${park}/settings/services`, { ...fields, code: 'new', _key: 'one-time-key-3' })).status).to.equal(
      422,
    )
  })

  it('keep a script in any of its words inert, for staff and for the public (CASES 29)', async () => {
    const bad = '<script>alert(1)</script>'
    const text = { zh: bad, en: bad }
    const { code } = await publishedService(park, {
      ...{ name: text, summary: text, text },
      fields: [
        {
          key: 'field-1',
          kind: 'choice',
          label: text,
          help: text,
          required: true,
          options: [1, 2].map(n => ({ key: `o${n}`, label: text })),
        },
      ],
    })
    for (const tab of ['', '/basics', '/form', '/documents', '/steps', '/preview', '/versions/1'])
      expect((await manager.get(at(code, tab))).text, tab)
        .to.include('&lt;script&gt;')
        .and.not.include(bad)
    for (const path of ['', `/${code}`]) expect((await visitor().get(`/parks/${park}/services${path}`)).text, path).to.not.include(bad)
  })
})
