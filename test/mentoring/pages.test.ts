import { expect } from 'chai'
import { FollowUp } from '../../src/mentoring/actions.ts'
import { Mentor } from '../../src/mentoring/mentor.ts'
import { sessionPath } from '../../src/mentoring/session.ts'
import { signedInAs, visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark, buildTenant, inDays } from '../setup/factories.ts'
import { begin, buildMentor, buildSession, buildSlot, sessionNow, signedInMentor, teamOf } from '../setup/mentoring.ts'

import { scene } from './scene.ts'

describe('pages of mentoring', () => {
  useDatabase()

  it('tells the public who advises and how many slots are open, never where', async () => {
    const { park, mentor } = await scene()
    await buildSlot(mentor, { place: 'Secret room 7', link: 'https://meet.example.com/secret' })
    await buildMentor(park, { name: 'Gone', activeFrom: inDays(-10) }).then(({ _id }) =>
      Mentor.updateOne({ park, _id }, { activeTo: inDays(-1) }),
    )
    const { status, text } = await visitor().get(`/parks/${park}/mentors`)
    expect(status).to.equal(200)
    expect(text).to.include(mentor.name).and.include('/sign-in?next=').and.not.include('Gone')
    expect(text).to.not.include('Secret room 7').and.not.include('meet.example.com')
    expect((await visitor().get(`/parks/${park}/mentoring`)).headers['location']).to.match(/^\/sign-in/)
    expect((await visitor().get(`/parks/${(await buildPark())._id}/mentors`)).status).to.equal(200)
  })

  it('lets a company book, read the place then, and cancel', async () => {
    const { root, owner, mentor, tenant } = await scene()
    const slot = await buildSlot(mentor, { place: 'Secret room 7' })
    const list = (await owner.get(`${root}?field=legal&mentor=${mentor._id}`)).text
    expect(list).to.include(`/slots/${slot._id}`).and.not.include('Secret room 7')
    expect((await owner.get(`${root}?field=product`)).text).to.not.include(`/slots/${slot._id}`)
    const form = `${root}/slots/${slot._id}`
    expect((await owner.get(form)).text)
      .to.include(tenant.name)
      .and.not.include('Secret room 7')
    const refusedForm = await owner.post(`${form}/booking`, { topic: '', wish: 'Kept words' })
    expect([refusedForm.status, refusedForm.text.includes('Kept words')]).to.deep.equal([422, true])
    const booked = await owner.post(`${form}/booking`, { topic: 'Equity' })
    expect(booked.status).to.equal(303)
    const page = booked.headers['location']!
    expect((await owner.get(page)).text)
      .to.include('Secret room 7')
      .and.include('Equity')
    expect((await owner.get(root)).text).to.not.include(`/slots/${slot._id}`)
    expect((await owner.get(form)).text).to.not.include('name="topic"')
    expect((await owner.post(`${page}/cancellation`)).status).to.equal(303)
    expect((await owner.get(root)).text, 'open again').to.include(`/slots/${slot._id}`)
  })

  it('lets a founder without a tenant book in a park that hasn’t taken them in, and see nothing else of it', async () => {
    const { park, root, mentor, manager } = await scene()
    const slot = await buildSlot(mentor)
    const founder = await signedInAs('applicant', {})
    expect((await founder.get(root)).text).to.include(`/slots/${slot._id}`)
    expect((await founder.get(`${root}/slots/${slot._id}`)).text).to.include('name="team"')
    const form = `${root}/slots/${slot._id}/booking`
    expect((await founder.post(form, { topic: 'T' })).status, 'what is it called?').to.equal(422)
    const booked = await founder.post(form, { topic: 'T', team: 'Green shoots' })
    expect(booked.status).to.equal(303)
    expect((await founder.get(booked.headers['location']!)).text).to.include('Green shoots')
    expect((await founder.get(`${root}/sessions`)).text).to.include(mentor.name)
    expect((await manager.get(`${root}/sessions?q=green`)).text).to.include('Green shoots')
    for (const path of ['desk', 'rooms', 'mentoring/mentors', 'mentoring/settings', 'reports/mentoring'])
      expect((await founder.get(`/parks/${park}/${path}`)).status, path).to.equal(404)
    const other = await signedInAs('applicant', {})
    expect((await other.get(booked.headers['location']!)).status).to.equal(404)
  })

  it('lets staff book on behalf of a company', async () => {
    const { root, mentor, manager, tenant, owner } = await scene()
    const slot = await buildSlot(mentor)
    const form = `${root}/slots/${slot._id}/booking`
    expect((await manager.post(form, { topic: 'T' })).status).to.equal(422)
    const booked = await manager.post(form, { topic: 'T', tenant: String(tenant._id) })
    expect(booked.status).to.equal(303)
    expect((await owner.get(booked.headers['location']!)).status).to.equal(200)
  })

  it('shows another company’s, mentor’s or park’s session to nobody', async () => {
    const { park, mentor, advisor, manager } = await scene()
    const session = await buildSession({ mentor })
    const neighbour = await signedInAs('owner', { park, tenant: (await buildTenant(park))._id })
    const { who: colleague } = await signedInMentor(park)
    const elsewhere = await signedInAs('manager', { park: (await buildPark())._id })
    const reception = await signedInAs('reception', { park })
    const page = sessionPath(session)
    const status = async (who: typeof neighbour | typeof advisor) => (await who.get(page)).status
    expect([await status(neighbour), await status(colleague), await status(elsewhere)]).to.deep.equal([404, 404, 404])
    expect([await status(reception), await status(advisor), await status(manager)]).to.deep.equal([403, 200, 200])
    for (const step of ['cancellation', 'outcome', 'actions']) expect((await neighbour.post(`${page}/${step}`)).status, step).to.equal(404)
    expect((await colleague.get(`/parks/${park}/mentoring/mentors/${mentor._id}/slots`)).status).to.equal(404)
    expect((await colleague.post(`/parks/${park}/mentoring/mentors/${mentor._id}/slots`)).status).to.equal(404)
    for (const who of [neighbour, colleague])
      expect((await who.get(`/parks/${park}/mentoring/sessions?tab=all`)).text).to.not.include(session.code)
  })

  it('lets the mentor write, the team consent, and only then the staff read', async () => {
    const { park, tenant, mentor, advisor, owner, manager } = await scene()
    const session = await buildSession({ mentor, team: await teamOf(park, tenant._id) })
    const page = sessionPath(session)
    begin(session)
    await owner.token()
    expect((await advisor.post(`${page}/notes`, { text: 'PAIR words', audience: 'pair' })).status).to.equal(303)
    expect((await advisor.post(`${page}/notes`, { text: 'PARK words', audience: 'park' })).status).to.equal(303)
    expect((await owner.post(`${page}/notes`, { text: 'x', audience: 'pair' })).status).to.equal(403)
    expect((await manager.post(`${page}/consent`)).status).to.equal(403)
    const reads = async () => {
      const { text } = await manager.get(page)
      return ['PAIR words', 'PARK words'].map(words => text.includes(words))
    }
    expect(await reads()).to.deep.equal([false, false])
    for (const who of [owner, advisor])
      expect((await who.get(page)).text)
        .to.include('PAIR words')
        .and.include('PARK words')
    expect((await owner.post(`${page}/consent`)).status).to.equal(303)
    expect(await reads()).to.deep.equal([false, true])
    expect((await owner.post(`${page}/consent/withdrawal`)).status).to.equal(303)
    expect(await reads()).to.deep.equal([false, false])
    const exported = await manager.get(`/parks/${park}/mentoring/sessions?tab=all&format=csv`)
    expect(exported.text).to.include(session.code).and.not.include('words')
    expect((await manager.get(`/parks/${park}/audit`)).text)
      .to.not.include('PAIR words')
      .and.not.include('PARK words')
  })

  it('marks, agrees on what is next, and rates, each by those who may', async () => {
    const { park, root, tenant, mentor, advisor, owner, manager } = await scene()
    const session = await buildSession({ mentor, team: await teamOf(park, tenant._id) })
    const page = sessionPath(session)
    begin(session)
    expect((await owner.post(`${page}/outcome`, { outcome: 'held' })).status).to.equal(403)
    expect((await advisor.get(`${root}/own`)).text).to.include(session.topic)
    expect((await advisor.post(`${page}/outcome`, { outcome: 'held' })).status).to.equal(303)
    expect((await advisor.post(`${page}/actions`, { action: 'Ask ten users', who: 'team', due: inDays(20) })).status).to.equal(303)
    expect((await advisor.post(`${page}/actions`, { action: '', who: 'team', due: 'soon' })).status).to.equal(422)
    const { _id } = await FollowUp.findOne({ park }).lean().orFail()
    expect((await owner.get(`${root}/actions`)).text).to.include('Ask ten users')
    expect((await owner.post(`${page}/actions/${_id}/completion`)).status).to.equal(303)
    expect((await owner.get(`${root}/actions`)).text).to.not.include('Ask ten users')
    expect((await advisor.post(`${page}/feedback`, { stars: '5' })).status).to.equal(403)
    expect((await owner.post(`${page}/feedback`, { stars: '6' })).status).to.equal(422)
    expect((await owner.post(`${page}/feedback`, { stars: '4', comment: 'WORTH it' })).status).to.equal(303)
    expect((await manager.get(page)).text).to.include('WORTH it')
    expect((await advisor.get(page)).text, 'not the mentor’s to read').to.not.include('WORTH it')
    expect((await sessionNow(session)).state).to.equal('held')
  })
})
