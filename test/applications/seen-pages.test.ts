import { expect } from 'chai'
import { Application } from '../../src/applications/application.ts'
import { contentOf } from '../../src/applications/change.ts'
import { AuditEntry } from '../../src/audit/entry.ts'
import { signedInAs, visitor } from '../setup/app.ts'
import { idNumber, registrationService } from '../setup/applications.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark } from '../setup/factories.ts'
import { publishedService } from '../setup/services.ts'
import { type Person, pageScene } from './page-scene.ts'
import { creditCode } from './scene.ts'

/** Who sees what of applications, over HTTP. */
describe('what is seen of applications', function () {
  this.timeout(60_000)
  useDatabase()
  let park: string
  let reception: Person
  let second: Person
  let manager: Person

  before(async () => {
    park = (await buildPark())._id
    reception = await signedInAs('reception', { park })
    second = await signedInAs('reception', { park })
    manager = await signedInAs('manager', { park })
    await registrationService(park, {}, 'registration')
    await publishedService(park, {}, { code: 'other' })
  })

  const scene = () => pageScene(park)

  it('show identity papers and numbers to who does the step, and record each look (CASES 26)', async () => {
    const { at, now, application, applicant } = await scene()
    const own = String(application.owner) === reception.userId ? reception : second
    const other = own === reception ? second : reception
    const paper = application.papers.find(one => one.document === 'identity')!
    const looks = () =>
      AuditEntry.countDocuments({ park, ref: application._id, action: { $in: ['application.view', 'application.download'] } })
    const paths = [`/papers/${paper._id}/preview`, `/papers/${paper._id}/pages/1`, `/papers/${paper._id}/original`]
    for (const path of paths) {
      expect((await other.get(at(path))).status, path).to.equal(404)
      expect((await manager.get(at(path))).status, path).to.equal(404)
      expect((await applicant.get(at(path))).status, path).to.equal(200)
    }
    expect(await looks(), 'one’s own papers are one’s own business').to.equal(0)
    expect((await own.get(at(paths[0]!))).text).to.include(`${at(paths[1]!)}`)
    const picture = await own.get(at(paths[1]!))
    expect([picture.status, picture.headers['content-type']]).to.deep.equal([200, 'image/jpeg'])
    expect(picture.headers['cache-control']).to.include('no-store')
    expect(await looks()).to.equal(1)
    await own.get(at(paths[2]!))
    expect(await looks()).to.equal(2)
    expect((await own.get(at(`/papers/${paper._id}/pages/2`))).status, 'no such page').to.equal(404)
    for (const who of [applicant, manager]) expect((await who.get(`/parks/${park}/files/${paper.file}`)).status).to.equal(404)

    const number = idNumber(1)
    for (const path of ['', '?lang=en'])
      expect((await own.get(at(path))).text)
        .to.not.include(number)
        .and.not.include('13800001234')
    expect((await own.get(at('/numbers'))).text).to.include(number)
    expect((await other.get(at('/numbers'))).status).to.equal(403)
    expect((await applicant.get(at('/numbers'))).status).to.equal(403)
    expect(await AuditEntry.countDocuments({ park, ref: application._id, action: 'application.numbers' })).to.equal(1)
    expect(JSON.stringify(await AuditEntry.find({ park, ref: application._id }).lean())).to.not.include(number)
    expect((await own.get(`/parks/${park}/applications?format=csv`)).text).to.not.include(number)
    expect((await now()).version, 'looking changes nothing').to.equal(application.version)
  })

  it('are nobody else’s (CASES 27)', async () => {
    const { at, application } = await scene()
    const [paper] = application.papers
    const elsewhere = (await buildPark())._id
    const strangers = [
      await signedInAs('applicant'),
      await signedInAs('manager', { park: elsewhere }),
      await signedInAs('official', { district: 'nowhere' }),
    ]
    for (const who of strangers) {
      for (const path of ['', '/tasks', '/check', '/numbers', `/papers/${paper!._id}/preview`, `/papers/${paper!._id}/file`])
        expect((await who.get(at(path))).status, path).to.equal(404)
      for (const path of ['/finish', '/ask', '/refusal', '/hand-over', '/withdrawal', '/rating', '/reopening', '/answer', '/submission'])
        expect((await who.post(at(path), { version: '1', reason: 'x', stars: '1' })).status, path).to.equal(404)
      expect((await who.get(`/parks/${park}/applications`)).text).to.not.include(application.number!)
    }
    expect((await manager.get(`/parks/${elsewhere}/applications/${application._id}`)).status).to.equal(404)
    expect((await visitor().get(at())).status, 'to sign in').to.equal(303)
  })

  it('are found, filtered and exported as they are listed', async () => {
    const { application } = await scene()
    const list = (query: string) => manager.get(`/parks/${park}/applications?${query}`)
    expect((await list(`q=${application.number}`)).text).to.include(application.number!)
    expect((await list(`q=${encodeURIComponent(application.name)}`)).text).to.include(application.number!)
    expect((await manager.get(`/parks/${park}/search?q=${application.number}`)).text).to.include(application.number!)
    expect((await list('tab=open&service=other')).text).to.not.include(application.number!)
    expect((await list(`tab=open&owner=${application.owner}`)).text).to.include(application.number!)
    const open = await Application.find({ park, state: { $in: ['running', 'asked'] } }).lean()
    const csv = (await list('tab=open&format=csv')).text
    expect(csv.trim().split('\r\n')).to.have.length(open.length + 1)
    for (const { number } of open) expect(csv).to.include(number!)
    const { steps } = await contentOf(application)
    expect(csv).to.include(steps[0]!.name.zh)
    expect((await list('tab=nothing&sort=made-up&page=0&owner=x')).status).to.equal(200)
    const name = '=cmd|" /C calc"!A0'
    await Application.updateOne({ park, _id: application._id }, { $set: { name } })
    expect((await list('tab=open&format=csv')).text, 'CASES 29').to.include(`"'=cmd|`)
  })

  it('take files and fields for what they are (CASES 25, 28)', async () => {
    const { at, now, application } = await scene()
    const own = String(application.owner) === reception.userId ? reception : second
    await Application.updateOne({ park, _id: application._id }, { $set: { 'papers.$[].state': 'accepted' } })
    const fields = { version: String((await now()).version), note: '', 'user[$ne]': '1', state: 'done', owner: own.userId }
    const html = Buffer.from('<!doctype html><script>alert(1)</script>')
    expect((await own.post(at('/finish'), { ...fields, note: ['a', 'b'] as never })).status).to.equal(422)
    expect((await own.post(at('/finish'), fields)).status).to.equal(303)
    const after = await now()
    expect([after.state, after.step]).to.deep.equal(['running', 1])
    const who = String(after.owner) === reception.userId ? reception : second
    const licence = { version: String(after.version), name: 'B company', creditCode: creditCode(), foundedOn: '2026-01-05' }
    expect((await who.upload(at('/finish'), licence, [{ field: 'result', data: html, name: 'licence.pdf' }])).status).to.equal(422)
    expect((await now()).step).to.equal(1)
  })

  it('keep words that look like a script inert (CASES 29)', async () => {
    const { at, post, applicant, application } = await scene()
    const own = String(application.owner) === reception.userId ? reception : second
    const bad = '<script>alert(1)</script>'
    await Application.updateOne({ park, _id: application._id }, { $set: { name: bad, userName: bad, ownerName: bad } })
    expect((await post(own, '/ask', { ask: bad })).status).to.equal(303)
    for (const [who, path] of [
      [own, at()],
      [applicant, at()],
      [applicant, at('/tasks')],
      [own, `/parks/${park}/applications?tab=open`],
      [applicant, `/parks/${park}/applications`],
      [manager, `/parks/${park}/reports/applications`],
    ] as const) {
      const page = await who.get(path)
      expect(page.status, path).to.equal(200)
      expect(page.text, path).to.not.include(bad)
    }
  })

  it('tell officials figures and nothing else', async () => {
    const { park: place, at } = await scene()
    const official = await signedInAs('official', { district: place.homeDistrict })
    expect((await official.get(`/parks/${park}/reports/applications`)).status).to.equal(200)
    expect((await official.get(`/parks/${park}/reports/applications?table=steps&format=csv`)).status).to.equal(200)
    expect((await official.get(at())).status).to.equal(404)
    expect((await reception.get(`/parks/${park}/reports/applications`)).status).to.equal(403)
    const stranger = await signedInAs('official', { district: 'nowhere' })
    expect((await stranger.get(`/parks/${park}/reports/applications`)).status).to.equal(404)
  })
})
