import { expect } from 'chai'
import { Membership } from '../../src/accounts/user.ts'
import { setClock } from '../../src/lib/clock.ts'
import { today } from '../../src/lib/days.ts'
import { Mentor } from '../../src/mentoring/mentor.ts'
import { MentorDay } from '../../src/mentoring/mentor-day.ts'
import { markOutcome } from '../../src/mentoring/outcome.ts'
import { Session } from '../../src/mentoring/session.ts'
import { setupOf } from '../../src/mentoring/setup.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { addEntry } from '../../src/parks/calendar-change.ts'
import { allRoutes } from '../../src/web/router.ts'
import { visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildUser, PASSWORD } from '../setup/factories.ts'
import { begin, buildMentor, buildSession } from '../setup/mentoring.ts'
import { PNG } from '../setup/pictures.ts'

import { scene } from './scene.ts'

describe('keeping mentoring', () => {
  useDatabase()

  it('lets mentors keep their own slots, and says which days were left out', async () => {
    const { park, mentor, advisor, root } = await scene()
    setClock(new Date('2027-01-20T02:00:00Z'))
    await Mentor.updateOne({ park, _id: mentor._id }, { activeFrom: '2026-01-01' })
    await addEntry(park, { from: '2027-02-05', to: '2027-02-05', kind: 'holiday', name: { zh: 'Closed' } }, BY)
    const page = `${root}/mentors/${mentor._id}/slots`
    const form = { day: '2027-01-29', from: '14:00', to: '15:00', link: 'https://meet.example.com/x', weeks: '4' }
    expect((await advisor.post(page, { ...form, link: 'javascript:alert(1)' })).status).to.equal(422)
    expect((await advisor.post(page, { ...form, from: '25:00' })).status).to.equal(422)
    const opened = await advisor.post(page, form)
    expect(opened.status).to.equal(303)
    expect((await advisor.get(opened.headers['location']!)).text).to.include('2027-01-29')
    const days = await MentorDay.find({ park }).sort({ day: 1 }).lean()
    const skipped = new URL(opened.headers['location']!, 'http://x').searchParams.get('skipped')?.split(',') ?? []
    expect(days.length + skipped.length).to.equal(4)
    expect(skipped).to.deep.equal(['2027-02-05'])
    expect((await advisor.post(page, form)).status).to.equal(409)
    expect((await advisor.post(`${page}/${days[0]!.slots[0]!._id}/removal`)).status).to.equal(303)
    expect((await MentorDay.findOne({ park, day: days[0]!.day }).lean().orFail()).slots).to.deep.equal([])
  })

  it('keeps mentors: added, edited by one at a time, with a picture, linked to an account, retired', async () => {
    const { park, root, manager } = await scene()
    const user = await buildUser(null)
    const form = { code: 'X1', name: '<b>Ann</b>', email: user.email, activeFrom: today(), titleZh: 'T', fields: ['legal', 'nothing'] }
    expect((await manager.post(`${root}/mentors`, { ...form, name: '' })).status).to.equal(422)
    expect((await manager.post(`${root}/mentors`, form)).status).to.equal(303)
    const mentor = (await Mentor.findOne({ park, code: 'X1' }).lean().orFail()) as Mentor
    expect(mentor.fields).to.deep.equal(['legal'])
    const here = `${root}/mentors/${mentor._id}`
    expect((await manager.get(`${root}/mentors`)).text)
      .to.include('&lt;b&gt;Ann')
      .and.not.include('<b>Ann')
    const photo = { field: 'photo', data: PNG, name: 'me.png' }
    expect((await manager.upload(`${here}/photo`, {}, [photo])).status).to.equal(303)
    expect((await visitor().get(`/parks/${park}/mentors/${mentor._id}/photo`)).headers['content-type']).to.equal('image/png')
    const html = { field: 'photo', data: Buffer.from('<html></html>'), name: 'me.png' }
    expect((await manager.upload(`${here}/photo`, {}, [html])).status).to.equal(422)
    expect((await manager.post(`${here}/account`)).status).to.equal(303)
    const advisor = await visitor().signIn(user.email, PASSWORD)
    expect((await advisor.get(`${root}/own`)).text).to.include(`${mentor._id}/slots`)
    expect((await advisor.get(`${here}/edit`)).status).to.equal(403)
    expect((await manager.post(`${here}/account/removal`)).status).to.equal(303)
    expect((await advisor.get(`${root}/own`)).status, 'at once').to.equal(404)
    expect((await manager.post(`${here}/edit`, { ...form, version: '0' })).status).to.equal(409)
    const { version } = await Mentor.findOne({ park, _id: mentor._id }).lean().orFail()
    expect((await manager.post(`${here}/retirement`, { version, last: today() })).status).to.equal(303)
    expect((await manager.post(`${here}/return`, { version: version + 1 })).status).to.equal(303)
  })

  it('invites who has no account, and links them when they accept', async () => {
    const { park, root, manager } = await scene()
    const mentor = await buildMentor(park, { email: 'newcomer@example.com' })
    expect((await manager.post(`${root}/mentors/${mentor._id}/account`)).status).to.equal(303)
    const mail = await Mail.findOne({ to: 'newcomer@example.com', key: 'mail.invite' }).lean().orFail()
    const guest = visitor()
    expect((await guest.post(mail.path, { name: 'New Comer', password: PASSWORD })).status).to.equal(303)
    const linked = await Mentor.findOne({ park, _id: mentor._id }).lean().orFail()
    expect(await Membership.exists({ user: linked.user, park, role: 'mentor' })).to.not.equal(null)
    const signedIn = await visitor().signIn('newcomer@example.com', PASSWORD)
    expect((await signedIn.get('/sign-in')).headers['location']).to.equal(`${root}/own`)
  })

  it('changes fields and rules, from the version that was shown', async () => {
    const { park, root, manager } = await scene()
    const row = (i: number, key: string, zh: string) => ({ [`fields[${i}][key]`]: key, [`fields[${i}][zh]`]: zh, [`fields[${i}][en]`]: '' })
    const form = { version: '0', cap: '3', cancelHours: '12', ...row(0, 'legal', 'Law'), ...row(1, '', 'Hardware'), ...row(2, '', '') }
    expect((await manager.post(`${root}/settings`, { ...form, cap: '0' })).status).to.equal(422)
    expect((await manager.post(`${root}/settings`, form)).status).to.equal(303)
    const setup = await setupOf(park)
    expect([setup.cap, setup.cancelHours, setup.version]).to.deep.equal([3, 12, 1])
    expect(setup.fields.map(({ key, name }) => [key, name.zh])).to.deep.equal([
      ['legal', 'Law'],
      ['field-1', 'Hardware'],
    ])
    expect((await manager.post(`${root}/settings`, form)).status).to.equal(409)
  })

  it('reports hours of what was held, by month, mentor and team', async () => {
    const { park, mentor, manager, owner } = await scene()
    const [held, missed] = [await buildSession({ mentor, from: 600, to: 690 }), await buildSession({ mentor, from: 700, to: 760 })]
    begin(missed)
    await markOutcome(park, held._id, 'held', BY)
    await markOutcome(park, missed._id, 'missedTeam', BY)
    const page = `/parks/${park}/reports/mentoring`
    expect((await manager.get(page)).text)
      .to.include('1.5 h')
      .and.include(held.team.name)
    const { text } = await manager.get(`${page}?format=csv`)
    const lines = text.trim().split('\r\n').slice(1)
    expect(lines.map(line => line.split(',').slice(0, 3))).to.deep.include([held.day.slice(0, 7), mentor.name, held.team.name])
    expect(
      lines
        .find(line => line.includes(held.team.name))!
        .split(',')
        .slice(3),
    ).to.deep.equal(['1', '1.5', '0'])
    expect((await manager.get(`${page}?from=2020-01&to=2020-02`)).text).to.not.include(held.team.name)
    expect((await owner.get(page)).status).to.equal(403)
  })

  it('exports exactly the filtered list', async () => {
    const { root, mentor, manager } = await scene()
    const [one, two] = [await buildSession({ mentor }), await buildSession({ mentor, from: 600, to: 660 })]
    await Session.updateOne({ park: mentor.park, _id: two._id }, { topic: '=cmd()' })
    const all = (await manager.get(`${root}/sessions?format=csv`)).text
    expect(all).to.include(one.code).and.include(`'=cmd()`)
    expect((await manager.get(`${root}/sessions?format=csv&q=${two.code}`)).text)
      .to.include(two.code)
      .and.not.include(one.code)
    expect((await manager.get(`${root}/sessions?status=held&format=csv`)).text).to.not.include(one.code)
  })

  it('gives a mentor nothing else of the park', async () => {
    const { park, advisor } = await scene()
    const others = allRoutes.filter(
      ({ path, access }) =>
        path.startsWith('/parks/:park/') && !['public', 'signed-in', 'mentoring.read', 'mentoring.own'].includes(access),
    )
    expect(others.length).to.be.greaterThan(100)
    const open: string[] = []
    for (const { method, path } of others) {
      const { status } = await advisor[method](path.replace(':park', park).replace(/:\w+/g, '0123456789abcdef01234567'))
      if (status !== 403 && status !== 404) open.push(`${method} ${path}: ${status}`)
    }
    expect(open).to.deep.equal([])
  })
})
