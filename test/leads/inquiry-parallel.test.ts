import { expect } from 'chai'
import mongoose from 'mongoose'
import { LeadEntry } from '../../src/leads/entry.ts'
import { Lead } from '../../src/leads/lead.ts'
import { visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark } from '../setup/factories.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { Visitor } from '../setup/visitor.ts'
import { findings } from './scene.ts'

const typed = (more: Record<string, string> = {}) => ({ name: '某某科技', contact: '张三', consent: 'on', ...more })
const path = (park: string) => `/parks/${park}/inquiries/new`
const leadsOf = (park: string) => Lead.countDocuments({ park })
const linesOf = (park: string) => LeadEntry.countDocuments({ park, kind: 'inquiry' })

describe('inquiries under many hands', function () {
  this.timeout(180_000)
  const uri = useDatabase()
  // All of them come from one address here.
  beforeEach(() => mongoose.connection.collection('ratelimits').deleteMany({}))
  const place = async () => (await buildPark())._id

  it('makes one lead of one phone, whatever comes at once over two processes', async () => {
    const park = await place()
    const second: Running = await startServer(uri())
    try {
      const phone = '13800000001'
      const people = Array.from({ length: 8 }, (_, i) => (i % 2 ? new Visitor(second.url) : visitor()))
      await Promise.all(people.map(who => who.token()))
      const forms = people.map((_, i) => typed({ name: i < 4 ? '同一家' : `同一电话 ${i}`, phone, contact: `张三 ${i}` }))
      const answers = await Promise.all(people.map((who, i) => who.post(path(park), forms[i]!)))
      expect(new Set(answers.map(answer => answer.status))).to.deep.equal(new Set([303]))
      expect([await leadsOf(park), await linesOf(park), await findings(park)]).to.deep.equal([1, 8, []])
    } finally {
      await second.stop()
    }
  })

  it('takes a form that is sent twice once', async () => {
    const park = await place()
    const who = visitor()
    await who.token()
    const form = typed({ _key: 'one-time-key-inquiry', phone: '13800000002' })
    const answers = await Promise.all([1, 2, 3].map(() => who.post(path(park), form)))
    expect(answers.map(answer => answer.status)).to.deep.equal([303, 303, 303])
    expect([await leadsOf(park), await linesOf(park)]).to.deep.equal([1, 1])
  })
})
