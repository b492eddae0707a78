import { expect } from 'chai'
import { Types } from 'mongoose'
import { Application } from '../../src/applications/application.ts'
import { Tenant } from '../../src/tenants/tenant.ts'
import { signedInAs } from '../setup/app.ts'
import { registrationService } from '../setup/applications.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark } from '../setup/factories.ts'
import { publishedService } from '../setup/services.ts'
import { type Person, pageScene } from './page-scene.ts'
import { creditCode } from './scene.ts'

const CODE = creditCode()
const PDF = Buffer.from('%PDF-1.4\n%%EOF\n')

/** What the park's people and the applicant see and do, over HTTP. */
describe('the pages of applications', function () {
  this.timeout(60_000)
  useDatabase()
  let park: string
  let reception: Person
  let second: Person
  let promotion: Person
  let manager: Person

  before(async () => {
    park = (await buildPark())._id
    reception = await signedInAs('reception', { park })
    await registrationService(park, {}, 'registration')
    await publishedService(park, {}, { code: 'other' })
  })

  const scene = () => pageScene(park)

  it('go from check to licence by the owners’ hands, and lead the applicant along', async () => {
    const { at, now, post, applicant, application } = await scene()
    expect(String(application.owner)).to.equal(reception.userId)
    expect((await reception.get(`/parks/${park}/applications`)).text).to.include(application.number!)
    for (const paper of application.papers) expect((await post(reception, `/papers/${paper._id}/acceptance`)).status).to.equal(303)
    expect((await post(reception, '/finish', { note: 'Welcome here' })).status).to.equal(303)
    expect((await applicant.get(at())).text).to.include('Welcome here')

    const missing = await post(reception, '/finish', { name: 'A company', creditCode: CODE, foundedOn: '2026-01-05' })
    expect(missing.status, 'no licence').to.equal(422)
    expect(missing.text).to.include('A company')
    const files = [{ field: 'result', data: PDF, name: '营业执照.pdf' }]
    const fields = { version: String((await now()).version), name: 'A company', foundedOn: '2026-01-05' }
    expect((await reception.upload(at('/finish'), { ...fields, creditCode: 'NOT ONE' }, files)).status).to.equal(422)
    expect((await reception.upload(at('/finish'), { ...fields, creditCode: CODE }, files)).status).to.equal(303)
    const founded = await now()
    const company = await Tenant.findOne({ park, _id: founded.tenant }).lean()
    expect([company!.name, company!.creditCode]).to.deep.equal(['A company', CODE])
    const [file] = founded.legs[1]!.files
    for (const who of [applicant, reception]) {
      const answer = await who.get(at(`/results/${file!.file}`))
      expect(answer.status).to.equal(200)
      expect(answer.headers['content-disposition']).to.include(encodeURIComponent('营业执照.pdf'))
    }
    expect((await applicant.get(`/parks/${park}/desk`)).status, 'the owner of the company').to.equal(200)
    expect((await post(applicant, '/withdrawal', { reason: 'x' })).status).to.equal(409)
    expect((await post(reception, '/finish')).status).to.equal(303)
    expect((await now()).state).to.equal('done')
    expect((await post(applicant, '/rating', { stars: '6' })).status).to.equal(422)
    expect((await post(applicant, '/rating', { stars: '5', words: 'Fine' })).status).to.equal(303)
    expect((await reception.get(at())).text).to.include('Fine')
    expect((await post(applicant, '/reopening', { reason: 'The seal is wrong' })).status).to.equal(303)
    expect((await now()).state).to.equal('running')
  })

  it('ask for more in one place, which answers it', async () => {
    const { at, now, post, applicant, application } = await scene()
    const [paper] = application.papers
    expect((await post(reception, `/papers/${paper!._id}/refusal`)).status, 'why?').to.equal(422)
    expect((await post(reception, `/papers/${paper!._id}/refusal`, { reason: 'Blurred' })).status).to.equal(303)
    expect((await post(reception, '/finish')).status, 'a refused paper').to.equal(422)
    expect((await post(reception, '/ask')).status).to.equal(422)
    expect((await post(reception, '/ask', { ask: 'A sharper photo, please' })).status).to.equal(303)
    const page = (await applicant.get(at())).text
    expect(page).to.include('A sharper photo, please').and.include(at('/tasks')).and.include('Blurred')
    expect((await post(reception, '/finish')).status, 'it waits').to.equal(409)
    expect((await reception.get(`/parks/${park}/applications?tab=waiting`)).text).to.include((await now()).number!)
    expect((await post(applicant, '/answer')).status, 'nothing in its place').to.equal(422)
    const fields = { document: paper!.document, founder: paper!.founder! }
    expect((await applicant.upload(at('/papers'), fields, [{ field: 'papers', data: PDF, name: 'again.pdf' }])).status).to.equal(303)
    expect((await post(applicant, '/answer', { text: 'Here it is' })).status).to.equal(303)
    expect((await reception.get(at())).text).to.include('Here it is')
    expect((await now()).state).to.equal('running')
  })

  it('are worked on by their owner only; others take them over first', async () => {
    second = await signedInAs('reception', { park })
    promotion = await signedInAs('promotion', { park })
    manager = await signedInAs('manager', { park })
    const { at, now, post, application } = await scene()
    const own = String(application.owner) === reception.userId ? reception : second
    const colleague = own === reception ? second : reception
    expect((await post(colleague, '/ask', { ask: 'x' })).status).to.equal(409)
    expect((await post(promotion, '/ask', { ask: 'x' })).status, 'not their step').to.equal(403)
    expect((await post(promotion, '/hand-over', { to: promotion.userId })).status).to.equal(403)
    expect((await colleague.get(at())).text).to.include(`value="${colleague.userId}"`)
    expect((await post(colleague, '/hand-over', { to: promotion.userId })).status, 'who can’t do it').to.equal(422)
    expect((await post(colleague, '/hand-over', { to: colleague.userId })).status).to.equal(303)
    expect(String((await now()).owner)).to.equal(colleague.userId)
    expect((await post(own, '/ask', { ask: 'x' })).status, 'no longer theirs').to.equal(409)
    const stale = await colleague.post(at('/ask'), { version: String(application.version), ask: 'x' })
    expect(stale.status, 'from what was shown before').to.equal(409)

    expect((await reception.get(`/parks/${park}/applications/hand-over`)).status).to.equal(403)
    expect((await reception.post(`/parks/${park}/applications/hand-over`, { from: colleague.userId })).status).to.equal(403)
    const whole = await manager.post(`/parks/${park}/applications/hand-over`, { from: colleague.userId, to: own.userId })
    expect(whole.status).to.equal(303)
    expect(await Application.countDocuments({ park, owner: new Types.ObjectId(colleague.userId) })).to.equal(0)
    expect((await manager.post(`/parks/${park}/applications/hand-over`, { from: colleague.userId })).status).to.equal(422)
  })
})
