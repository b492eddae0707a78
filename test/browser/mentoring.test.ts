import { expect } from 'chai'
import { ObjectId } from 'mongodb'
import type { Page } from 'playwright-core'
import { useDatabase } from '../setup/database.ts'
import { useDemo, VIEWS } from './demo.ts'

/** A member books a mentor on a phone; the mentor writes a note that only the two read, until the team lets the park read it. */
const HOME = '/parks/dongxin/mentoring'
const PHONE = VIEWS.find(view => view.width < 500)!
const NOTE = 'Ask ten users before writing more code.'

const press = async (page: Page, step: string): Promise<void> => {
  await page.locator(`form[action$="/${step}"] button:visible`).first().click()
  await page.locator('.notice-good').waitFor()
}

describe('a session with a mentor', function () {
  this.timeout(240_000)
  useDatabase()
  const site = useDemo()

  async function as(who: string, view = VIEWS[0]!): Promise<Page> {
    const person = await site.open(who, view)
    return person.page
  }

  /** The demo's clock can't be moved, so the day of the session comes to it. */
  async function letItBegin(id: string): Promise<void> {
    const [startsAt, endsAt] = [new Date(Date.now() - 3_600_000), new Date(Date.now() - 60_000)]
    await site.demo.database
      .db()
      .collection('mentoringsessions')
      .updateOne({ _id: new ObjectId(id), park: 'dongxin' }, { $set: { startsAt, endsAt } })
  }

  it('is booked on a phone, noted by the mentor, and read by the park once the team agrees', async () => {
    const member = await as('member.dongxin', PHONE)
    const mentor = await as('mentor.dongxin')
    const manager = await as('manager.dongxin')

    await member.goto(HOME)
    await member.selectOption('[name="mentor"]', { label: (await mentor.locator('.who strong').textContent()) ?? '' })
    await member.click('form.filters button')
    await member.locator('.weeks a').last().click()
    await member.locator('.slot-list a.button-main').first().click()
    await member.waitForURL(/\/slots\/[0-9a-f]{24}$/)
    await member.fill('#topic', 'Who are our first users?')
    await member.click('main form button.button-main')
    await member.waitForURL(/\/sessions\/[0-9a-f]{24}$/)
    const path = new URL(member.url()).pathname
    expect(await member.locator('main').textContent()).to.include('Who are our first users?')

    await letItBegin(path.split('/').at(-1)!)
    await mentor.goto(`${HOME}/own`)
    await mentor.locator(`a[href="${path}"]`).click()
    await press(mentor, 'outcome')
    await mentor.fill('#text', NOTE)
    await mentor.selectOption('#audience', 'park')
    await press(mentor, 'notes')
    expect(await mentor.locator('.notes').textContent()).to.include(NOTE)

    const read = async () => {
      await manager.goto(path)
      return (await manager.locator('main').textContent())!.includes(NOTE)
    }
    expect(await read(), 'before the team agrees').to.equal(false)
    await member.goto(path)
    expect(await member.locator('.notes').textContent()).to.include(NOTE)
    await press(member, 'consent')
    expect(await read(), 'once it has').to.equal(true)
    await press(member, 'withdrawal')
    expect(await read(), 'after it took that back').to.equal(false)
    expect(site.faults()).to.deep.equal([])
  })
})
