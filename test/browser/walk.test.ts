import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { addMonths, dayBefore, today } from '../../src/lib/days.ts'
import { useDemo, VIEWS } from './demo.ts'

/**
 * From an empty floor to a signed lease, as people do it: promotion finds a vacant unit and submits a lease for a new company; the
 * manager approves, signs, hands over; the plan changes on the first day, and the lease can be printed.
 */
/** The park has one building: its list leads to it. */
const BUILDINGS = '/parks/dongxin/buildings'
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

const from = today()
const to = dayBefore(addMonths(from, 12))

/** A unit that is free for good, of those the plan shows on this screen. */
async function findVacant(page: Page): Promise<{ code: string; path: string }> {
  await page.goto(BUILDINGS)
  const block = page
    .locator('a.block.state-vacant:visible')
    .filter({ hasNotText: /\d{4}-\d{2}-\d{2}/ })
    .first()
  const code = (await block.locator('.code').textContent())!.trim()
  await block.click()
  await page.waitForURL(/\/units\/[0-9a-f]{24}/)
  return { code, path: new URL(page.url()).pathname }
}

async function draft(page: Page, company: string): Promise<string> {
  await page.locator('a[href*="/leases/new?unit="]').first().click()
  await page.locator('details.subform summary').click()
  await page.fill('#newName', company)
  await page.fill('#from', from)
  await page.fill('#to', to)
  expect(await page.inputValue('[name="lines[0][rate]"]')).to.match(/^\d/)
  await page.waitForFunction(() => /\d,\d{3}\.\d{2}/.test(document.querySelector('#preview')?.textContent ?? ''))
  await page.click('#lease-form button.button-main')
  await page.waitForURL(/\/leases\/[0-9a-f]{24}$/)
  return new URL(page.url()).pathname
}

/** Sends the form of a step: its only button without a purpose of its own. */
const press = async (page: Page, step: string): Promise<void> => {
  await page.locator(`form[action$="/${step}"] button:not([type="button"]):visible`).first().click()
  await page.waitForLoadState('load')
  await page.locator('.notice-good').waitFor()
}

async function sign(page: Page): Promise<void> {
  const form = page.locator('form[action$="/signing"]')
  if (!(await form.locator('[name="on"]').isVisible())) await page.locator('details:has(form[action$="/signing"]) > summary').click()
  await form.locator('[name="on"]').fill(from)
  await form.locator('input[type="file"]').setInputFiles({ name: '签署页.png', mimeType: 'image/png', buffer: PNG })
  await press(page, 'signing')
}

async function handOver(page: Page, lease: string): Promise<void> {
  await page.goto(`${lease}/handover/in`)
  await page.fill('[name="on"]', from)
  await page.fill('[name="units[0][electricity]"]', '01234.5')
  await press(page, 'handover/in')
}

/** What the plan says of a unit on a day. */
async function stateOn(page: Page, unit: string, on: string): Promise<string> {
  await page.goto(BUILDINGS)
  await page.goto(`${page.url()}?on=${on}`)
  const names = (await page.locator(`a.block[href^="${unit}"]`).getAttribute('class'))!
  return /state-(\w+)/.exec(names)![1]!
}

describe('from an empty floor to a signed lease', function () {
  this.timeout(300_000)
  const site = useDemo()
  const as = async (who: string, view: (typeof VIEWS)[number]): Promise<Page> => {
    const person = await site.open(who, view)
    return person.page
  }

  for (const view of VIEWS) {
    it(`is walked by promotion and manager: ${view.lang} ${view.width}`, async () => {
      const promotion = await as('promotion.dongxin', view)
      const { code, path } = await findVacant(promotion)
      const company = `杭州行走${view.lang}${view.width}科技有限公司示例`
      const lease = await draft(promotion, company)
      await press(promotion, 'submission')
      expect(await stateOn(promotion, path, from)).to.equal('review')

      const manager = await as('manager.dongxin', view)
      await manager.goto('/parks/dongxin/desk')
      expect(await manager.locator(`a[href*="${lease}"]`).count(), 'the desk names what waits').to.be.greaterThan(0)
      await manager.goto(lease)
      await press(manager, 'approval')
      await sign(manager)
      await handOver(manager, lease)

      expect(await stateOn(manager, path, dayBefore(from)), code).to.equal('vacant')
      expect(await stateOn(manager, path, from), code).to.equal('let')
      const pdf = await manager.request.get(`${lease}/document.pdf`)
      expect(pdf.status()).to.equal(200)
      expect((await pdf.body()).subarray(0, 5).toString()).to.equal('%PDF-')
    })
  }

  it('drags the plan through time, and by keyboard', async () => {
    const page = await as('manager.dongxin', VIEWS[0]!)
    await page.goto(BUILDINGS)
    const day = page.locator('#plan-on')
    const before = await day.inputValue()
    const curve = (await page.locator('.plan-slider .curve').boundingBox())!
    await page.mouse.move(curve.x + curve.width / 2, curve.y + curve.height / 2)
    await page.mouse.down()
    await page.mouse.move(curve.x + curve.width * 0.85, curve.y + curve.height / 2, { steps: 5 })
    await page.mouse.up()
    await page.waitForFunction(old => document.querySelector<HTMLInputElement>('#plan-on')?.value !== old, before)
    expect((await day.inputValue()) > before).to.equal(true)
  })

  it('leaves no word on the console', () => {
    expect(site.faults()).to.deep.equal([])
  })
})
