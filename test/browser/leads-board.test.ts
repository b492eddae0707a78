import { AxeBuilder } from '@axe-core/playwright'
import { expect } from 'chai'
import { ObjectId } from 'mongodb'
import type { Locator, Page } from 'playwright-core'
import { useDatabase } from '../setup/database.ts'
import { useDemo, VIEWS } from './demo.ts'

/** The board of leads: walked and moved by keyboard alone, dragged with the mouse and with a finger, and what is refused goes back. */
const BOARD = '/parks/dongxin/leads/board?owner=me'
const PHONE = VIEWS.find(view => view.width < 500)!

describe('the board of leads in a browser', function () {
  this.timeout(240_000)
  useDatabase()
  const site = useDemo()
  const collection = () => site.demo.database.db().collection('leads')

  /** Straight into the demo: two leads of the promotion person in the first stage, one in the second. */
  async function scene(): Promise<Record<'one' | 'two' | 'three', ObjectId>> {
    const user = await site.demo.database.db().collection('users').findOne({ email: 'promotion.dongxin@example.com' })
    await collection().deleteMany({ park: 'dongxin' })
    const ids = { one: new ObjectId(), two: new ObjectId(), three: new ObjectId() }
    const at = new Date()
    const wish = { areaFrom: 10_000, areaTo: null, budget: null, product: null, desks: null, from: null, months: null, note: null }
    const stages = { one: 'new', two: 'new', three: 'contact' }
    const rows = Object.entries(ids).map(([name, _id], i) => ({
      ...{ _id, park: 'dongxin', number: `B-${name}`, name: `Board ${name}`, normal: `board${name}`, contacts: [], phones: [] },
      ...{
        source: 'hotline',
        state: 'open',
        stage: stages[name as 'one'],
        path: [{ stage: stages[name as 'one'], at }],
        wish,
        at,
        touchedAt: at,
      },
      ...{ owner: user!['_id'], ownerName: user!['name'], pool: null, next: { what: 'Call', on: `2020-01-0${i + 1}` }, version: 0 },
      ...{ warnedAt: null, lost: null, tenant: null, lease: null, mergedInto: null, event: null, consentAt: null },
    }))
    await collection().insertMany(rows)
    return ids
  }

  const stageOf = async (id: ObjectId) => (await collection().findOne({ _id: id }))!['stage'] as string
  const column = (page: Page, stage: string) => page.locator(`[data-board] > [data-stage="${stage}"]`)
  const card = (page: Page, id: ObjectId) => page.locator(`[data-lead="${id}"]`)
  const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent?.trim())
  const saidSoon = (page: Page, part: string) =>
    page.waitForFunction(text => document.querySelector('#board-live')!.textContent!.includes(text), part)

  it('is walked and moved by keyboard alone, and says what happens', async () => {
    const ids = await scene()
    const { page } = await site.open('promotion.dongxin', VIEWS[2])
    await page.goto(BOARD)
    await page.locator('.board-name').first().focus()
    expect(await focused(page)).to.equal('Board one')
    await page.keyboard.press('ArrowDown')
    expect(await focused(page)).to.equal('Board two')
    await page.keyboard.press('ArrowRight')
    expect(await focused(page)).to.equal('Board three')
    await page.keyboard.press('ArrowLeft')
    expect(await focused(page)).to.equal('Board one')
    expect(await page.locator('.board-name[tabindex="0"]').count(), 'one stop').to.equal(1)

    await page.keyboard.press('Space')
    await saidSoon(page, 'Picked up Board one, in New')
    await page.keyboard.press('ArrowRight')
    await saidSoon(page, 'In contact, column 2 of')
    await page.keyboard.press('Escape')
    await saidSoon(page, 'Cancelled')
    expect(await stageOf(ids.one)).to.equal('new')

    await page.keyboard.press('Space')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Space')
    await saidSoon(page, 'Board one was moved to Viewing')
    expect(await stageOf(ids.one)).to.equal('viewing')
    expect(await focused(page)).to.equal('Board one')
    expect(await column(page, 'viewing').locator('[data-count]').textContent()).to.equal('1')
    expect(await column(page, 'new').locator('[data-count]').textContent()).to.equal('1')
    expect((await new AxeBuilder({ page }).analyze()).violations.map(one => one.id)).to.deep.equal([])
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/leads/${ids.one}`)
    expect(site.faults()).to.deep.equal([])
  })

  async function drag(page: Page, id: ObjectId, stage: string): Promise<void> {
    const [from, to] = [(await card(page, id).boundingBox())!, (await column(page, stage).boundingBox())!]
    await page.mouse.move(from.x + 20, from.y + from.height - 8)
    await page.mouse.down()
    await page.mouse.move(to.x + 40, to.y + 30, { steps: 8 })
    await page.mouse.up()
  }

  it('is moved with the mouse; what somebody else moved first goes back, with the reason', async () => {
    const ids = await scene()
    const { page } = await site.open('promotion.dongxin', VIEWS[2])
    await page.goto(BOARD)
    await drag(page, ids.two, 'contact')
    await saidSoon(page, 'Board two was moved to In contact')
    expect(await stageOf(ids.two)).to.equal('contact')
    expect(new URL(page.url()).pathname).to.match(/board$/)

    await collection().updateOne({ _id: ids.one }, { $set: { stage: 'intent' }, $inc: { version: 1 } })
    await drag(page, ids.one, 'viewing')
    await page.locator('#board-problem:not([hidden])').waitFor()
    expect(await page.locator('#board-problem').textContent())
      .to.include('Board one was not moved')
      .and.include('changed its stage')
    expect(await column(page, 'new').locator(`[data-lead="${ids.one}"]`).count(), 'put back').to.equal(1)
    expect(await column(page, 'viewing').locator('[data-count]').textContent()).to.equal('0')

    // The last column lies outside: near the edge the board rolls on until it is there.
    await page.goto(BOARD)
    const from = (await card(page, ids.three).boundingBox())!
    await page.mouse.move(from.x + 20, from.y + from.height - 8)
    await page.mouse.down()
    await page.mouse.move(1240, from.y, { steps: 8 })
    await page.locator('.board-lost.is-target').waitFor()
    await page.mouse.up()
    await page.waitForURL(url => url.pathname.endsWith(String(ids.three)) && url.hash === '#lost')
    // The refusal is a 409, which the console tells.
    expect(site.faults().filter(fault => !/409/.test(fault))).to.deep.equal([])
  })

  it('shows one stage at a time on a phone: by tabs, and by a page without dragging', async () => {
    const ids = await scene()
    const { page } = await site.open('promotion.dongxin', PHONE)
    await page.goto(BOARD)
    expect(await page.locator('.board-column:visible').count()).to.equal(1)
    await page.locator('.board-tabs [data-tab="contact"]').click()
    expect(await card(page, ids.three).isVisible()).to.equal(true)
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).to.be.at.most(0)
    expect((await new AxeBuilder({ page }).analyze()).violations.map(one => one.id)).to.deep.equal([])
    await card(page, ids.three).locator('.board-move').click()
    await page.locator('input[value="intent"]').check()
    await page.locator('main form.form button.button-main').click()
    await page.waitForURL(/\/board/)
    expect(await stageOf(ids.three)).to.equal('intent')
  })

  it('is moved with a finger by its grip, onto the tab of a stage; a finger on the card itself moves nothing', async () => {
    const ids = await scene()
    const { page } = await site.open('promotion.dongxin', PHONE)
    await page.goto(BOARD)
    const touch = await page.context().newCDPSession(page)
    await touch.send('Emulation.setTouchEmulationEnabled', { enabled: true })
    const middle = async (what: Locator) => {
      const box = (await what.boundingBox())!
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    }
    const swipe = async (what: Locator, onto: Locator) => {
      const [from, to] = [await middle(what), await middle(onto)]
      await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [from] })
      for (let i = 1; i <= 8; i++) {
        const point = { x: from.x + ((to.x - from.x) * i) / 8, y: from.y + ((to.y - from.y) * i) / 8 }
        await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [point] })
      }
      await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    }
    const tab = page.locator('.board-tabs [data-tab="contact"]')
    await swipe(card(page, ids.one).locator('.board-foot'), tab)
    expect(await page.locator('.is-ghost').count(), 'scrolls').to.equal(0)
    await swipe(card(page, ids.two).locator('[data-grip]'), tab)
    await saidSoon(page, 'Board two')
    expect([await stageOf(ids.one), await stageOf(ids.two)]).to.deep.equal(['new', 'contact'])
    expect(await tab.locator('[data-count]').textContent()).to.equal('2')
    expect(site.faults().filter(fault => !/409/.test(fault))).to.deep.equal([])
  })
})
