import { expect } from 'chai'
import { noteQuestion } from '../../src/events/ask.ts'
import { eventPath, publicEventPath } from '../../src/events/event.ts'
import { EventQuestion } from '../../src/events/question.ts'
import { placePath } from '../../src/events/secrets.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { signedInAs, visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildEvent, findings, joinEvent } from '../setup/events.ts'
import { BY, inDays } from '../setup/factories.ts'

/** The log of questions: noted on a phone while people talk, answered later, told to who asked. */
describe('questions at events', () => {
  useDatabase()
  afterEach(async () => expect(await findings()).to.deep.equal([]))

  const last = (park: string): Promise<EventQuestion> =>
    EventQuestion.findOne({ park }).sort({ at: -1, _id: -1 }).lean().orFail() as unknown as Promise<EventQuestion>

  it('is noted by the desk, planned, answered, mailed and shown to the public without who asked', async () => {
    const event = await buildEvent()
    const { attendee } = await joinEvent(event, { name: 'Asker Secret' })
    const desk = await signedInAs('reception', { park: event.park })
    const staff = await signedInAs('promotion', { park: event.park })
    const path = `${eventPath(event)}/questions`
    expect((await desk.post(path, { question: ' ' })).status).to.equal(422)
    const fields = { question: 'Is there <b>parking</b>?', attendee: String(attendee._id), _key: 'one-time-key-question' }
    await Promise.all([desk.post(path, fields), desk.post(path, fields)])
    expect(await EventQuestion.countDocuments({ park: event.park })).to.equal(1)
    const question = await last(event.park)
    expect([question.name, question.source]).to.deep.equal(['Asker Secret', 'staff'])
    expect((await desk.get(eventPath(event))).text).to.include('&lt;b&gt;parking')
    const here = `${path}/${question._id}`
    const plan = { question: question.text, owner: staff.userId, due: inDays(-1), version: 0 }
    expect((await staff.post(here, { ...plan, shown: 'on' })).status, 'open ones aren’t shown').to.equal(422)
    expect((await desk.post(here, plan)).status).to.equal(403)
    expect((await staff.post(here, plan)).status).to.equal(303)
    expect((await staff.post(here, plan)).status, 'stale').to.equal(409)
    expect((await staff.get(path)).text).to.include('badge-bad')
    expect((await staff.post(`${here}/answer`, { answer: 'Yes: 200 places.', mail: 'on', version: 1 })).status).to.equal(303)
    const [mail] = await Mail.find({ to: attendee.email!, key: 'notice.event.answer' }).lean()
    expect(mail!.params['answer']).to.equal('Yes: 200 places.')
    expect((await visitor().get(publicEventPath(event))).text).to.not.include('200 places')
    expect((await staff.post(here, { ...plan, shown: 'on', version: 2 })).status).to.equal(303)
    const page = await visitor().get(publicEventPath(event))
    expect([page.text.includes('200 places'), page.text.includes('Asker Secret')]).to.deep.equal([true, false])
    expect((await staff.get(`${path}?state=answered&format=csv`)).text).to.include('200 places')
    expect((await desk.get(`${path}?format=csv`)).status).to.equal(403)
    expect((await staff.get(`${path}/${attendee._id}`)).status).to.equal(404)
    expect((await staff.post(`${here}/removal`, { version: 3 })).status).to.equal(303)
  })

  it('is asked by who has a place, from their own page, and by nobody else', async () => {
    const event = await buildEvent({ capacity: 1 })
    const { token } = await joinEvent(event)
    const waiting = await joinEvent(event)
    const who = visitor()
    const own = placePath(event.park, token)
    expect((await who.post(`${own}/questions`, { question: 'When does it begin?' })).headers['location']).to.equal(`${own}#questions`)
    expect((await who.post(`${placePath(event.park, waiting.token)}/questions`, { question: 'And me?' })).status).to.equal(409)
    expect(await EventQuestion.countDocuments({ park: event.park })).to.equal(1)
    const staff = await signedInAs('manager', { park: event.park })
    const question = await last(event.park)
    const here = `${eventPath(event)}/questions/${question._id}`
    expect((await staff.post(`${here}/answer`, { answer: 'At two.', version: 0 })).status).to.equal(303)
    expect((await who.get(own)).text).to.include('At two.')
    const statuses = []
    for (let i = 0; i < 16; i++) statuses.push((await who.post(`${own}/questions`, { question: `More ${i}` })).status)
    expect(statuses.at(-1), 'limited').to.equal(429)
  })

  it('isn’t noted for a draft, and mails nothing where nobody left an address', async () => {
    const draft = await buildEvent({ draft: true })
    const refused = await noteQuestion(draft, { text: 'Hm', attendee: null, name: null }, BY).catch(error => error)
    expect(refused.problem.key).to.equal('error.event.draft')
    const event = await buildEvent()
    const question = await noteQuestion(event, { text: 'Who?', attendee: null, name: 'Somebody', answer: 'You.' }, BY)
    expect(question.answered?.by.name).to.equal(BY.name)
    const staff = await signedInAs('manager', { park: event.park })
    const answer = await staff.post(`${eventPath(event)}/questions/${question._id}/answer`, { answer: 'Me.', mail: 'on', version: 0 })
    expect(answer.status).to.equal(422)
  })
})
