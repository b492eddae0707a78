import { expect } from 'chai'
import type { ObjectId } from 'mongodb'
import type { Page } from 'playwright-core'
import { useDatabase } from '../setup/database.ts'
import { type Person, useDemo, VIEWS } from './demo.ts'

/** Two people sign up on their phones for the one place there is; who waited gets it, is checked in, and takes a certificate home. */
const PROGRAMME = '/parks/dongxin/programme'
const PHONE = VIEWS.find(view => view.width < 500)!
const CODE = 'walk-through'
const today = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)

const signUp = async ({ page }: Person, n: number): Promise<string> => {
  await page.goto(`/parks/dongxin/events/${CODE}`)
  await page.fill('#name', `Guest ${n}`)
  await page.fill('#phone', `0571-0000900${n}`)
  await page.fill('#email', `walk-${n}@example.com`)
  await page.check('#consent')
  await page.locator('#sign-up form button.button-main').click()
  await page.waitForURL(/\/attendance\/[\w-]{32}$/)
  return new URL(page.url()).pathname
}
const heading = (page: Page): Promise<string | null> => page.locator('h1').first().textContent()

describe('an event with one place', function () {
  this.timeout(240_000)
  useDatabase()
  const site = useDemo()

  /** The demo's clock can't be moved, so the event ends by itself. */
  async function letItEnd(): Promise<void> {
    const events = site.demo.database.db().collection('events')
    const found = (await events.findOne({ park: 'dongxin', code: CODE }))!
    const sessions = (found['sessions'] as { _id: ObjectId; to: number }[]).map(one => ({ ...one, to: 1 }))
    await events.updateOne({ _id: found._id }, { $set: { endsAt: new Date(Date.now() - 60_000), sessions } })
  }

  it('is filled on phones, moves the line up, and ends with a certificate and a word of thanks', async () => {
    const staff = await site.open('promotion.dongxin')
    const [first, second] = [await site.open(null, PHONE), await site.open(null, PHONE)]
    const { page } = staff
    await page.goto(`${PROGRAMME}/new`)
    await page.fill('#titleZh', 'Walk-through')
    await page.fill('#code', CODE)
    await page.fill('[name="sessions[0][day]"]', today())
    await page.fill('[name="sessions[0][from]"]', '00:00')
    await page.fill('[name="sessions[0][to]"]', '23:59')
    await page.fill('#capacity', '1')
    await page.fill('#certificateFrom', '1')
    await page.fill('#signUpUntil', today())
    await page.locator('main form.form button.button-main').click()
    await page.waitForURL(new RegExp(`/programme/${CODE}$`))
    await page.locator('form[action$="/publication"] button').click()
    await page.locator('.notice-good').waitFor()

    const [one, two] = [await signUp(first, 1), await signUp(second, 2)]
    expect(await first.page.locator('.event-pass img').count(), 'a place').to.equal(1)
    expect(await second.page.locator('.event-pass img').count(), 'in line').to.equal(0)
    const waiting = await heading(second.page)
    first.page.on('dialog', dialog => dialog.accept())
    await first.page.goto(one)
    await first.page.locator('form[action$="/cancellation"] button').click()
    await first.page.locator('.notice-good').waitFor()
    await second.page.goto(two)
    expect(await heading(second.page), 'moved up').to.not.equal(waiting)
    expect(await second.page.locator('.event-pass img').count()).to.equal(1)

    await page.goto(`${PROGRAMME}/${CODE}/check-in?q=9002`)
    await page.locator('.event-desk button.button-main').click()
    await page.locator('.event-desk .badge-good').waitFor()
    await second.page.goto(two)
    await second.page.locator('form[action$="/certificate"] button').click()
    const download = second.page.locator('a[href$="/certificate.pdf"]')
    await download.waitFor()
    const paper = await second.context.request.get((await download.getAttribute('href'))!)
    expect([paper.status(), (await paper.body()).subarray(0, 5).toString()]).to.deep.equal([200, '%PDF-'])

    await letItEnd()
    await second.page.goto(two)
    await second.page.selectOption('#stars', '5')
    await second.page.fill('#words', 'All clear now.')
    await second.page.locator('form[action$="/feedback"] button').click()
    await second.page.locator('.notice-good').waitFor()
    await page.goto(`${PROGRAMME}/${CODE}`)
    expect(await page.locator('main').textContent()).to.include('All clear now.')
    expect(site.faults()).to.deep.equal([])
  })
})
