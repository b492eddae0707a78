import { expect } from 'chai'
import type { Application } from '../../src/applications/application.ts'
import { Application as Applications } from '../../src/applications/application.ts'
import type { Founder } from '../../src/applications/founders.ts'
import { visitor } from '../setup/app.ts'
import { idNumber, loadApplication } from '../setup/applications.ts'
import { useDatabase } from '../setup/database.ts'
import { buildUnit, PASSWORD } from '../setup/factories.ts'
import { PNG } from '../setup/pictures.ts'
import type { Visitor } from '../setup/visitor.ts'
import { applicant, CODE, founderFields, openForms, PARK, path, root, save, versionOf } from './form-scene.ts'

const own = async (who: Visitor & { userId: string }): Promise<Application[]> =>
  (await Applications.find({ park: PARK, userName: { $exists: true } }).lean()).filter(
    one => String(one.user) === who.userId,
  ) as Application[]

describe('the form of an application', function () {
  this.timeout(60_000)
  useDatabase()

  before(openForms)

  async function begin(who: Visitor & { userId: string }, more = {}): Promise<Application> {
    const answer = await who.post(root, { service: CODE, ...more })
    expect(answer.status).to.equal(303)
    const [, _id] = /applications\/([0-9a-f]{24})\/tasks$/.exec(answer.headers['location']!)!
    return (await own(who)).find(one => String(one._id) === _id)!
  }

  it('sends who isn’t signed in to the sign-in page and back, over a new account, too', async () => {
    const who = visitor()
    const answer = await who.get(`${root}/new?service=${CODE}`)
    expect(answer.status).to.equal(303)
    const next = encodeURIComponent(`${root}/new?service=${CODE}`)
    expect(answer.headers['location']).to.equal(`/sign-in?next=${next}`)
    expect((await who.get(answer.headers['location']!)).text).to.contain(`/sign-up?next=${next}`)
    const fields = { name: 'New One', email: 'new-one@example.com', password: PASSWORD, next: `${root}/new?service=${CODE}` }
    const made = await who.post('/sign-up', fields)
    expect(made.headers['location']).to.equal(`${root}/new?service=${CODE}`)
    expect((await who.get(made.headers['location']!)).status).to.equal(200)
  })

  it('leads from the public page of the service to its form', async () => {
    for (const page of [`/parks/${PARK}/services/${CODE}`, `/parks/${PARK}/services`, `/parks/${PARK}/start`])
      expect((await visitor().get(page)).text, page).to.contain(`${root}/new?service=${CODE}`)
    expect((await (await applicant()).get(`${root}/new`)).headers['location']).to.equal(`/parks/${PARK}/services`)
    expect((await (await applicant()).get(`${root}/new?service=none`)).status).to.equal(404)
  })

  it('makes one draft of two submissions, and goes on with it', async () => {
    const who = await applicant()
    const form = { service: CODE, _key: 'one-time-key-1' }
    const [first, second] = await Promise.all([who.post(root, form), who.post(root, form)])
    expect([first.status, second.status]).to.deep.equal([303, 303])
    expect(first.headers['location']).to.equal(second.headers['location'])
    await begin(who)
    expect(await own(who)).to.have.length(1)
    expect((await who.get(`${root}/new?service=${CODE}`)).text).to.match(/保存至/)
  })

  it('is filled in page by page, left and handed in', async () => {
    const who = await applicant()
    const unit = await buildUnit({ park: PARK, code: 'R101' })
    const draft = await begin(who)
    const studies = await save(who, draft, 'class', { status: 'studying', school: 'A school', graduatedOn: '2020-01-01', go: 'on' })
    expect(studies.headers['location']).to.equal(path(draft, '/tasks/founders'))
    expect((await who.get(path(draft, '/tasks'))).text).to.contain('¥800.00')
    const two = { ...founderFields(0, { percent: '66.6667' }), ...founderFields(1, { percent: '33.3333' }) }
    expect((await save(who, draft, 'founders', two)).headers['location']).to.equal(path(draft, '/tasks'))
    const company = {
      ...{ 'answers[names][first]': 'Alpha', 'answers[names][second]': 'Beta', 'answers[names][third]': 'Gamma' },
      ...{ 'answers[capital]': '100,000', 'answers[scope]': 'Software', 'answers[legal-rep]': 'founder-2' },
    }
    expect((await save(who, draft, 'company', company)).status).to.equal(303)
    expect((await who.get(path(draft, '/tasks/address'))).text).to.contain('R101')
    expect((await save(who, draft, 'address', { 'answers[address]': String(unit._id) })).status).to.equal(303)
    const known = await loadApplication(PARK, draft._id)
    expect(known.studies).to.deep.equal({ status: 'studying', school: 'A school', graduatedOn: null })
    expect(known.answers['capital']).to.equal(10_000_000)
    expect((known.answers['founders'] as Founder[]).map(one => one.share)).to.deep.equal([666_667, 333_333])
    expect(known.answers['address']).to.deep.equal({ unit: unit._id, code: 'R101' })

    const early = await who.post(path(draft, '/submission'), { version: known.version, consent: 'on' })
    expect(early.status).to.equal(422)
    const slots = [
      { document: 'identity', founder: 'founder-1' },
      { document: 'identity', founder: 'founder-2' },
      { document: 'student-proof' },
    ]
    for (const slot of slots) {
      const sent = await who.upload(path(draft, '/papers'), slot, [{ field: 'papers', data: PNG, name: '学生证.png' }])
      expect(sent.status, JSON.stringify(slot)).to.equal(303)
    }
    const page = await who.get(path(draft, '/tasks/documents'))
    expect(page.text).to.contain('学生证.png')
    const { papers } = await loadApplication(PARK, draft._id)
    const file = await who.bytes(path(draft, `/papers/${papers[0]!._id}/file`))
    expect(file.body).to.deep.equal(PNG)
    expect(file.headers['cache-control']).to.equal('private, no-store')

    const check = await who.get(path(draft, '/check'))
    expect(check.text).to.contain('66.6667 %').and.contain(idNumber(1))
    const version = await versionOf(draft)
    expect((await who.post(path(draft, '/submission'), { version })).status, 'without consent').to.equal(422)
    const done = await who.post(path(draft, '/submission'), { version, consent: 'on', _key: 'hand-in-1' })
    expect(done.headers['location']).to.equal(path(draft))
    const twice = await who.post(path(draft, '/submission'), { version, consent: 'on', _key: 'hand-in-1' })
    expect(twice.headers['location']).to.equal(path(draft))
    const state = await loadApplication(PARK, draft._id)
    expect(state.state).to.equal('running')
    expect(state.number).to.match(/^BL-\d{4}-\d{4}$/)
    for (const rest of ['/tasks', '/tasks/company', '/tasks/documents', '/check'])
      expect((await who.get(path(draft, rest))).headers['location'], rest).to.equal(path(draft))
    const late = await save(who, draft, 'company', company)
    expect(late.status).to.equal(409)
  })

  it('says at the field what is wrong, and keeps what was typed', async () => {
    const who = await applicant()
    const draft = await begin(who)
    const cases: [string, Record<string, string>, string][] = [
      ['class', { status: 'graduated', school: 'A school' }, 'graduatedOn-error'],
      ['class', { status: 'graduated', school: 'A school', graduatedOn: '2999-01-01' }, 'graduatedOn-error'],
      ['class', { status: 'studying' }, 'school-error'],
      ['founders', founderFields(0, { percent: '99.9999' }), 'href="#answers[founders]"'],
      ['founders', founderFields(0, { idNumber: '330782200304050010' }), 'answers[founders][0][idNumber]-error'],
      ['founders', founderFields(0, { percent: '33.33333' }), 'answers[founders][0][share]-error'],
      ['founders', { 'answers[founders]': 'x' }, 'href="#answers[founders]"'],
      [
        'company',
        { 'answers[names][first]': 'A (B)', 'answers[names][second]': 'a（b）', 'answers[names][third]': 'c' },
        'answers[names][second]-error',
      ],
      ['company', { 'answers[capital]': '0' }, 'answers[capital]-error'],
      ['company', { 'answers[capital][$ne]': '1' }, 'answers[capital]-error'],
      ['address', { 'answers[address]': '0123456789abcdef01234567' }, 'premises-error'],
      ['address', { 'answers[address][$ne]': '1' }, 'premises-error'],
    ]
    for (const [task, fields, sign] of cases) {
      const answer = await save(who, draft, task, fields)
      expect(answer.status, JSON.stringify(fields)).to.equal(422)
      expect(answer.text, JSON.stringify(fields)).to.contain(sign)
    }
    const kept = await save(who, draft, 'founders', founderFields(0, { name: 'Kept <b>', percent: '50' }))
    expect(kept.text).to.contain('Kept &lt;b&gt;').and.contain(idNumber(1))
    const { answers, studies } = await loadApplication(PARK, draft._id)
    expect([answers, studies]).to.deep.equal([{}, null])
  })

  it('drops what no field asks for', async () => {
    const who = await applicant()
    const draft = await begin(who)
    const more = { 'answers[other]': 'x', 'answers[__proto__][x]': '1', state: 'done', class: 'student', fee: '0', park: 'other' }
    expect((await save(who, draft, 'form', { 'answers[website]': 'https://example.com', ...more })).status).to.equal(303)
    const known = await loadApplication(PARK, draft._id)
    expect(known.answers).to.deep.equal({ website: 'https://example.com' })
    expect([known.state, known.class]).to.deep.equal(['draft', null])
    expect((await save(who, draft, 'form', { 'answers[website]': '' })).status).to.equal(303)
    expect((await loadApplication(PARK, draft._id)).answers).to.deep.equal({})
    expect((await who.get(path(draft, '/tasks/none'))).status).to.equal(404)
    expect((await save(who, draft, 'documents', {})).status).to.equal(404)
  })

  it('shows both values to who saves after another', async () => {
    const who = await applicant()
    const draft = await begin(who)
    const names = (first: string) => ({ 'answers[names][first]': first, 'answers[names][second]': 'B', 'answers[names][third]': 'C' })
    const rest = { 'answers[capital]': '1', 'answers[scope]': 'S' }
    expect((await who.post(path(draft, '/tasks/company'), { version: 0, ...names('Mine'), ...rest })).status).to.equal(303)
    const answer = await who.post(path(draft, '/tasks/company'), { version: 0, ...names('Later'), ...rest })
    expect(answer.status).to.equal(409)
    expect(answer.text).to.contain('Mine').and.contain('Later').and.contain('name="version" value="1"')
  })
})
