import { expect } from 'chai'
import { Types } from 'mongoose'
import { revokeRole } from '../../src/accounts/memberships.ts'
import { Membership } from '../../src/accounts/user.ts'
import { Application as Applications } from '../../src/applications/application.ts'
import type { Founder } from '../../src/applications/founders.ts'
import { askForMore } from '../../src/applications/work.ts'
import { findFile } from '../../src/files/store.ts'
import { setClock } from '../../src/lib/clock.ts'
import { editService, publishService } from '../../src/services/catalogue.ts'
import { signedInAs, visitor } from '../setup/app.ts'
import { draftOf, filledDraft, loadApplication, registrationService, STUDYING, serviceField, submitted } from '../setup/applications.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildTenant, buildUnit, buildUser, PASSWORD } from '../setup/factories.ts'
import { PNG } from '../setup/pictures.ts'
import { publishedService } from '../setup/services.ts'
import type { Visitor } from '../setup/visitor.ts'
import { applicant, CODE, founderFields, openForms, PARK, path, root, save, versionOf } from './form-scene.ts'

const signIn = async (email: string): Promise<Visitor> => visitor().signIn(email, PASSWORD)

describe('what the form of an application keeps to', function () {
  this.timeout(60_000)
  useDatabase()

  before(openForms)

  it('gives a founder’s key to nobody else: the legal representative and papers stay whose they were', async () => {
    const user = await buildUser('applicant')
    const { application } = await filledDraft(PARK, CODE, { user })
    const who = await signIn(user.email)
    const rows = { ...founderFields(0, { key: 'founder-2', percent: '60' }), ...founderFields(1, { key: 'founder-9', percent: '40' }) }
    expect((await save(who, application, 'founders', rows)).status).to.equal(303)
    const known = await loadApplication(PARK, application._id)
    expect((known.answers['founders'] as Founder[]).map(one => one.key)).to.deep.equal(['founder-2', 'founder-3'])
    expect(known.papers.some(paper => paper.founder === 'founder-1')).to.equal(false)
    expect((await who.get(path(application, '/check'))).text).to.contain('请重新选择')
    expect((await who.post(path(application, '/submission'), { version: known.version, consent: 'on' })).status).to.equal(422)
  })

  it('takes papers one document after the other, refuses what they mustn’t be, and takes them back', async () => {
    const user = await buildUser('applicant')
    const { application } = await filledDraft(PARK, CODE, { user, papers: false })
    const who = await signIn(user.email)
    const send = (fields: Record<string, string>, ...names: string[]) =>
      who.upload(
        path(application, '/papers'),
        fields,
        names.map(name => ({ field: 'papers', data: PNG, name })),
      )
    const html = [{ field: 'papers', data: Buffer.from('<!doctype html><script>alert(1)</script>'), name: 'licence.pdf' }]
    const refused = await who.upload(path(application, '/papers'), { document: 'plan' }, html)
    expect(refused.status).to.equal(422)
    expect(refused.text).to.contain('id="papers-plan-error"')
    expect((await send({ document: 'identity', founder: 'founder-1' })).text).to.contain('id="papers-identity-founder-1-error"')
    expect((await send({ document: 'plan' }, 'a.png', 'b.png', 'c.png')).status).to.equal(422)
    expect((await send({ document: 'plan', 'founder[$ne]': 'x' }, 'a.png')).status).to.equal(422)
    expect((await send({ document: 'identity' }, 'a.png')).status, 'of nobody').to.equal(404)
    expect((await send({ document: 'none' }, 'a.png')).status).to.equal(404)
    expect((await loadApplication(PARK, application._id)).papers).to.have.length(0)
    expect((await send({ document: 'plan' }, 'a.png', '../../x.png')).status).to.equal(303)
    const { papers } = await loadApplication(PARK, application._id)
    expect(papers.map(paper => paper.name)).to.deep.equal(['a.png', 'x.png'])
    const removal = path(application, `/papers/${papers[0]!._id}/removal`)
    expect((await who.post(removal)).headers['location']).to.equal(path(application, '/tasks/documents#papers-plan'))
    expect((await loadApplication(PARK, application._id)).papers).to.have.length(1)
    expect((await findFile(PARK, papers[0]!.file!))!.metadata.link).to.equal(null)
    expect((await who.get(path(application, `/papers/${papers[0]!._id}/file`))).status).to.equal(404)
  })

  it('is nobody’s business but the applicant’s', async () => {
    const { application } = await filledDraft(PARK, CODE)
    const paper = application.papers[0]!._id
    const strangers = [await applicant(), await signedInAs('reception', { park: PARK }), await signedInAs('manager', { park: PARK })]
    strangers.push(await signedInAs('owner', { park: PARK, tenant: (await buildTenant(PARK))._id }))
    for (const who of strangers) {
      for (const rest of ['/tasks', '/tasks/founders', '/tasks/documents', '/check', `/papers/${paper}/file`])
        expect((await who.get(path(application, rest))).status, rest).to.equal(404)
      for (const rest of ['/tasks/founders', `/papers/${paper}/removal`, '/submission', '/answer', '/discard'])
        expect((await who.post(path(application, rest), { version: application.version, consent: 'on' })).status, rest).to.equal(404)
    }
    expect((await loadApplication(PARK, application._id)).version).to.equal(application.version)
  })

  it('belongs to a company where it is for one, and to its people', async () => {
    const { code } = await publishedService(PARK, { fees: [{ class: 'tenant', fen: 30_000 }], documents: [] })
    const tenant = (await buildTenant(PARK))._id
    const [owner, member] = [await signedInAs('owner', { park: PARK, tenant }), await signedInAs('member', { park: PARK, tenant })]
    const nobody = await applicant()
    expect((await nobody.get(`${root}/new?service=${code}`)).text).not.to.contain(`action="${root}"`)
    expect((await nobody.post(root, { service: code })).status).to.equal(422)
    expect((await nobody.post(root, { service: code, tenant: String(tenant) })).status).to.equal(404)
    const made = await owner.post(root, { service: code, tenant: String(tenant) })
    expect(made.status).to.equal(303)
    const page = await owner.get(made.headers['location']!)
    expect(page.status).to.equal(200)
    expect(page.text).to.contain('¥300.00').and.not.contain('/tasks/class')
    for (const who of [member, nobody]) expect((await who.get(made.headers['location']!)).status, 'a draft is its writer’s').to.equal(404)
    const filter = { user: new Types.ObjectId(owner.userId), tenant, role: 'owner' as const }
    await revokeRole(PARK, (await Membership.findOne(filter).orFail())._id, BY)
    expect((await owner.get(made.headers['location']!)).status, 'who left has nothing of it').to.equal(404)
  })

  it('keeps the version of the service it began with', async () => {
    const service = await registrationService(PARK, {}, 'changing')
    const user = await buildUser('applicant')
    const { application } = await draftOf(PARK, service.code, { user })
    const fields = [...service.content.fields, serviceField('text', { key: 'brand-new', label: { zh: 'Brand new', en: null } })]
    const edited = await editService(PARK, service.code, service.version, { fields }, BY)
    await publishService(PARK, service.code, edited.version, BY)
    const who = await signIn(user.email)
    expect((await who.get(path(application, '/tasks/form'))).text).not.to.contain('Brand new')
    const again = await who.post(root, { service: service.code })
    expect(again.headers['location']).to.equal(path(application, '/tasks'))
  })

  it('offers only premises that are free, and refuses one that was taken meanwhile', async () => {
    const user = await buildUser('applicant')
    const unit = await buildUnit({ park: PARK, code: 'T202' })
    const { application } = await filledDraft(PARK, CODE, { user })
    const who = await signIn(user.email)
    expect((await save(who, application, 'address', { 'answers[address]': String(unit._id) })).status).to.equal(303)
    await buildLease({ unit })
    const version = await versionOf(application)
    expect((await who.get(path(application, '/tasks/address'))).text).to.contain('已被占用')
    expect((await who.post(path(application, '/submission'), { version, consent: 'on' })).status).to.equal(409)
    expect((await save(who, application, 'address', { 'answers[address]': String(unit._id) })).status).to.equal(422)
    expect((await save(who, application, 'address', { 'answers[address]': '' })).status).to.equal(303)
    const done = await who.post(path(application, '/submission'), { version: version + 1, consent: 'on' })
    expect(done.headers['location']).to.equal(path(application))
  })

  it('is changed and handed in again where more is asked', async () => {
    const user = await buildUser('applicant')
    const { park, application } = await submitted(PARK, CODE, { user })
    const asked = await askForMore(park, application._id, application.version, 'Which website?', BY)
    const who = await signIn(user.email)
    expect((await who.get(path(asked, '/tasks'))).text)
      .to.contain('Which website?')
      .and.not.contain('/discard')
    expect((await save(who, asked, 'form', { 'answers[website]': 'example.com' })).status).to.equal(303)
    const check = await who.get(path(asked, '/check'))
    expect(check.text)
      .to.contain('Which website?')
      .and.contain(`action="${path(asked, '/answer')}"`)
    expect((await who.post(path(asked, '/discard'))).status).to.equal(409)
    const done = await who.post(path(asked, '/answer'), { version: await versionOf(asked), text: 'This one' })
    expect(done.headers['location']).to.equal(path(asked))
    const known = await loadApplication(PARK, asked._id)
    expect([known.state, known.answers['website'], known.asks[0]!.answer]).to.deep.equal(['running', 'example.com', 'This one'])
  })

  it('asks again where the fee isn’t what the form said', async () => {
    const user = await buildUser('applicant')
    const studies = { status: 'graduated' as const, school: 'A school', graduatedOn: '2021-11-29' }
    setClock(new Date('2026-11-29T04:00:00Z'))
    const { application } = await filledDraft(PARK, CODE, { user, studies })
    expect(application.fee).to.equal(0)
    setClock(new Date('2026-11-30T04:00:00Z'))
    const who = await signIn(user.email)
    const refused = await who.post(path(application, '/submission'), { version: application.version, consent: 'on' })
    expect(refused.status).to.equal(409)
    expect(refused.text).to.contain('href="#class"')
    expect((await save(who, application, 'class', studies)).status).to.equal(303)
    expect((await loadApplication(PARK, application._id)).fee).to.equal(80_000)
  })

  it('goes with its papers when it is discarded, and back to the service', async () => {
    const user = await buildUser('applicant')
    const { application } = await filledDraft(PARK, CODE, { user, studies: STUDYING })
    const who = await signIn(user.email)
    const gone = await who.post(path(application, '/discard'))
    expect(gone.headers['location']).to.equal(`/parks/${PARK}/services/${CODE}`)
    expect(await Applications.exists({ park: PARK, _id: application._id })).to.equal(null)
    expect((await findFile(PARK, application.papers[0]!.file!))!.metadata.link).to.equal(null)
  })
})
