import { expect } from 'chai'
import type { Locator, Page } from 'playwright-core'
import { useDatabase } from '../setup/database.ts'
import { useDemo, VIEWS } from './demo.ts'

/** The catalogue under the hand: rows and services are put in order by dragging, by the keyboard alone, and without JavaScript. */
const CATALOGUE = '/parks/dongxin/settings/services'
const STEPS = `${CATALOGUE}/company-registration/steps`

const names = (page: Page): Promise<string[]> =>
  page.$$eval('[name$="[zh]"]', inputs => inputs.map(input => (input as HTMLInputElement).value).filter(Boolean))
const listed = (page: Page): Promise<string[]> =>
  page.$$eval('[name="codes"]', inputs => inputs.map(input => (input as HTMLInputElement).value))
const order = (list: string[], from: number, to: number): string[] => {
  const moved = [...list]
  moved.splice(to, 0, ...moved.splice(from, 1))
  return moved
}

/** To `y` below the top of another row; the last step is taken twice, for a drag is seen to be over something only then. */
async function drag(page: Page, grip: Locator, over: Locator, y: number): Promise<void> {
  await grip.hover()
  await page.mouse.down()
  const to = (await over.boundingBox())!
  for (const dy of [y + 6, y + 2, y]) await page.mouse.move(to.x + 60, to.y + dy, { steps: 3 })
  await page.mouse.up()
}

describe('the order of services', function () {
  this.timeout(240_000)
  useDatabase()
  const site = useDemo()

  it('is dragged: the rows of a form, and the services themselves', async () => {
    const { page, context, faults } = await site.open('manager.dongxin')
    await page.goto(STEPS)
    const before = await names(page)
    const grips = page.locator('.service-row [data-grip]')
    await drag(page, grips.nth(1), page.locator('.service-row').nth(0), 4)
    expect(await names(page)).to.deep.equal(order(before, 1, 0))
    await page.click('.form-end .button-main')
    await page.waitForURL(/\/steps$/)
    expect(await names(page), 'as it was saved').to.deep.equal(order(before, 1, 0))
    await page.goto(CATALOGUE)
    const codes = await listed(page)
    const saved = page.waitForEvent('load')
    await drag(page, page.locator('.service-list [data-grip]').nth(1), page.locator('.service-list li').nth(3), 50)
    await saved
    expect(await listed(page)).to.deep.equal(order(codes, 1, 3))
    expect(faults).to.deep.equal([])
    await context.close()
  })

  it('is changed by the keyboard alone, and the focus stays with the row', async () => {
    const { page, context } = await site.open(
      'manager.dongxin',
      VIEWS.find(view => view.width < 500),
    )
    await page.goto(STEPS)
    const before = await names(page)
    await page.locator('.service-row').nth(0).locator('[data-move="1"]').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    expect(await names(page)).to.deep.equal(order(before, 0, 2))
    const focused = () =>
      page.evaluate(() => document.activeElement?.closest('.service-row')?.querySelector<HTMLInputElement>('[name$="[zh]"]')?.value)
    expect(await focused()).to.equal(before[0])
    await page.keyboard.press('Shift+Tab')
    for (let i = 0; i < 2; i++) await page.keyboard.press('Enter')
    expect(await names(page)).to.deep.equal(before)
    expect(await focused(), 'at the top').to.equal(before[0])
    await context.close()
  })

  it('is changed by numbers and buttons where no script runs', async () => {
    const { page, context } = await site.open('manager.dongxin')
    const plain = await site.browser.newContext({
      javaScriptEnabled: false,
      storageState: await context.storageState(),
      baseURL: page.url(),
    })
    const bare = await plain.newPage()
    await bare.goto(STEPS)
    const before = await names(bare)
    await bare.fill('[name="rows[0][at]"]', '3')
    await bare.fill('[name="rows[2][at]"]', '1')
    await bare.click('.form-end .button-main')
    const [first, second, third, ...rest] = before
    expect(await names(bare)).to.deep.equal([third, second, first, ...rest])
    await bare.goto(CATALOGUE)
    const codes = await listed(bare)
    await bare.click(`[name="move"][value="${codes[2]} up"]`)
    expect(await listed(bare)).to.deep.equal(order(codes, 2, 1))
    await plain.close()
    await context.close()
  })
})
