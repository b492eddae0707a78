import { expect } from 'chai'
import { createNotice, NO_FILES, publishNotice } from '../../src/club/notices.ts'
import { Notification } from '../../src/notifications/notification.ts'
import { manyPeople, noticeFacts } from '../setup/club.ts'
import { useListenedDatabase } from '../setup/commands.ts'
import { BY, buildPark } from '../setup/factories.ts'
import { parkOf } from '../setup/mentoring.ts'

describe('a notice to hundreds of companies', function () {
  this.timeout(120_000)
  const database = useListenedDatabase()

  it('is published in one transaction of as few commands as one to a handful', async () => {
    const commands: number[] = []
    for (const companies of [3, 500]) {
      const park = await parkOf((await buildPark())._id)
      await manyPeople(park._id, companies, 3)
      const { _id, version } = await createNotice(park, noticeFacts({ important: true }), NO_FILES, BY)
      const sent = await database.during(async () => {
        expect(await publishNotice(park, _id, version, BY)).to.equal(companies * 3)
      })
      // What an answer doesn't hold at once is fetched in batches.
      commands.push(sent.filter(({ name }) => name !== 'getMore').length)
      expect(sent.length - commands.at(-1)!, 'batches').to.be.at.most(3)
      expect(await Notification.countDocuments({ park: park._id })).to.equal(companies * 3)
    }
    expect(commands[1]).to.equal(commands[0])
    expect(commands[1]).to.be.at.most(12)
  })
})
