import { AxeBuilder } from '@axe-core/playwright'
import { expect } from 'chai'
import { ObjectId } from 'mongodb'
import type { Page } from 'playwright-core'
import { addDays, addMonths, dayBefore, today } from '../../src/lib/days.ts'
import { useDatabase } from '../setup/database.ts'
import { type Person, useDemo, VIEWS } from './demo.ts'

/**
 * From a phone call to a signed lease, as people do it: the call is taken in one line, units are matched, one is held and offered on
 * paper, the company visits, and the lead becomes tenant and lease draft; the hold turns into the lease's claim.
 */
const LEADS = '/parks/dongxin/leads'
const COMPANY = '杭州走廊软件有限公司·示例'
const tomorrow = addDays(today(), 1)
const pathOf = (page: Page): string => new URL(page.url()).pathname

describe('from a phone call to a signed lease', function () {
  this.timeout(300_000)
  useDatabase()
  const site = useDemo()
  const collection = (name: string) => site.demo.database.db().collection(name)
  let lead: string
  let unit: ObjectId

  const clean = async ({ page }: Person) =>
    expect((await new AxeBuilder({ page }).analyze()).violations.map(one => one.id)).to.deep.equal([])
  const claims = async (): Promise<Record<string, unknown>[]> => (await collection('units').findOne({ _id: unit }))!['claims']

  async function call({ page }: Person): Promise<void> {
    await page.goto(`${LEADS}/quick`)
    await page.keyboard.type(`${COMPANY} 张走(示例) 0571-00009911 60-200㎡ 办公`)
    await page.waitForFunction(() =>
      [...document.querySelectorAll('#understood input')].some(one => (one as HTMLInputElement).value.startsWith('张走')),
    )
    await page.keyboard.press('Enter')
    await page.locator('.notice-good').waitFor()
    const found = (await collection('leads').findOne({ park: 'dongxin', name: COMPANY }))!
    expect(found['wish']).to.include({ areaFrom: 6000, areaTo: 20_000, product: 'office' })
    lead = `${LEADS}/${found['_id']}`
  }

  /** The lead may have gone to the pool: whoever works on it takes it. */
  async function claim({ page }: Person): Promise<void> {
    await page.goto(lead)
    const form = page.locator(`form[action="${lead}/claim"]`)
    if (!(await form.count())) return
    await form.locator('button.button-main').click()
    await page.locator('.notice-good').waitFor()
  }

  async function hold({ page }: Person): Promise<void> {
    await page.goto(`${lead}/matches`)
    const link = page.locator('a[href*="/holds?lead="]:visible').first()
    unit = new ObjectId(/units\/([0-9a-f]{24})\/holds/.exec((await link.getAttribute('href'))!)![1]!)
    await link.click()
    await page.fill('#from', today())
    await page.locator('main form.form button.button-main').click()
    await page.locator('.notice-good').waitFor()
    expect((await claims()).filter(one => one['kind'] === 'hold' && String(one['lead']) === lead.split('/').at(-1))).to.have.length(1)
  }

  async function offer(person: Person): Promise<void> {
    const { page } = person
    await page.goto(`${lead}/offers/new?unit=${unit}`)
    await page.fill('#email', 'corridor@example.com')
    await page.fill('#from', today())
    await page.fill('#to', dayBefore(addMonths(today(), 24)))
    await page.waitForFunction(() => /\d,\d{3}\.\d{2}/.test(document.querySelector('#preview')?.textContent ?? ''))
    await page.click('#lease-form button.button-main')
    await page.waitForURL(/\/offers\/[0-9a-f]{24}$/)
    const path = pathOf(page)
    await page.locator(`form[action="${path}/sending"] button.button-main`).click()
    await page.locator('.notice-good').waitFor()
    await clean(person)
    const paper = await person.context.request.get(`${path}/document.pdf`)
    expect([paper.status(), (await paper.body()).subarray(0, 5).toString()]).to.deep.equal([200, '%PDF-'])
    const mail = (await collection('mails').findOne({ to: 'corridor@example.com', 'attachments.0': { $exists: true } }))!
    expect(mail['attachments']).to.have.length(1)
  }

  async function visit({ page, context }: Person): Promise<void> {
    await page.goto(`${lead}/visits/new?unit=${unit}`)
    await page.fill('#day', tomorrow)
    await page.fill('#from', '15:00')
    await page.fill('#to', '16:00')
    await page.locator('main form.form button.button-main').click()
    await page.waitForURL(/\/leads\/visits\/[0-9a-f]{24}$/)
    const calendar = await context.request.get(`${pathOf(page)}/calendar.ics`)
    expect(calendar.ok(), 'the calendar file').to.equal(true)
  }

  async function convert({ page }: Person): Promise<string> {
    await page.goto(`${lead}/conversion`)
    expect(await page.inputValue('#newName')).to.equal(COMPANY)
    expect(await page.inputValue('[name="lines[0][unit]"]')).to.equal(String(unit))
    await page.waitForFunction(() => /\d,\d{3}\.\d{2}/.test(document.querySelector('#preview')?.textContent ?? ''))
    await page.click('#lease-form button.button-main')
    await page.waitForURL(/\/leases\/[0-9a-f]{24}$/)
    return pathOf(page)
  }

  const press = async (page: Page, step: string): Promise<void> => {
    await page.locator(`form[action$="/${step}"] button:not([type="button"]):visible`).first().click()
    await page.locator('.notice-good').waitFor()
  }

  it('goes all the way, and the hold becomes the claim', async () => {
    const promotion = await site.open('promotion.dongxin')
    const manager = await site.open('manager2.dongxin')
    await call(promotion)
    await claim(promotion)
    await hold(promotion)
    await offer(promotion)
    await visit(promotion)
    await promotion.page.goto(lead)
    await clean(promotion)
    const lease = await convert(promotion)
    expect(
      (await claims()).filter(one => one['kind'] === 'hold'),
      'held until it is submitted',
    ).to.have.length(1)
    await press(promotion.page, 'submission')
    const now = await claims()
    expect(now.filter(one => one['kind'] === 'hold')).to.have.length(0)
    expect(now.filter(one => one['kind'] === 'lease' && one['stage'] === 'review')).to.have.length(1)
    await manager.page.goto(lease)
    await press(manager.page, 'approval')
    await manager.page.goto(lease)
    const form = manager.page.locator('form[action$="/signing"]')
    if (!(await form.locator('[name="on"]').isVisible()))
      await manager.page.locator('details:has(form[action$="/signing"]) > summary').click()
    await form.locator('[name="on"]').fill(today())
    await press(manager.page, 'signing')
    const after = (await collection('leads').findOne({ _id: new ObjectId(lead.split('/').at(-1)!) }))!
    expect([after['state'], after['stage'], `/parks/dongxin/leases/${after['lease']}`]).to.deep.equal(['converted', 'signing', lease])
    expect(site.faults()).to.deep.equal([])
  })

  it('makes leads of everybody who signed up for a briefing, in one step and once', async () => {
    const park = '/parks/jindong-hangzhou'
    const guest = await site.open(null, VIEWS.find(view => view.width < 500)!)
    for (const n of [1, 2]) {
      const { page } = guest
      await page.goto(`${park}/events/winter-briefing`)
      await page.fill('#name', `来宾 ${n}(示例)`)
      await page.fill('#phone', `0571-0000870${n}`)
      await page.fill('#email', `briefing-${n}@example.com`)
      await page.fill('#organisation', `金华来宾 ${n} 有限公司·示例`)
      await page.check('#consent')
      await page.locator('#sign-up form button.button-main').click()
      await page.waitForURL(/\/attendance\/[\w-]{32}$/)
    }
    const staff = await site.open('promotion.jindong-hangzhou')
    const leads = () => collection('leads').countDocuments({ park: 'jindong-hangzhou' })
    const before = await leads()
    const { page } = staff
    await page.goto(`${park}/programme/winter-briefing/leads`)
    await clean(staff)
    const rows = await page
      .locator('select[name$="[into]"]')
      .evaluateAll(all => all.filter(one => (one as HTMLSelectElement).value === 'new').length)
    expect(rows).to.be.at.least(2)
    await page.locator('main form button.button-main').click()
    await page.waitForURL(/\/outcome$/)
    await page.locator('.notice-good').waitFor()
    expect(await leads()).to.equal(before + rows)
    const made = (await collection('leads').findOne({ park: 'jindong-hangzhou', name: '金华来宾 1 有限公司·示例' }))!
    expect([made['source'], made['contacts'][0]['name']]).to.deep.equal(['event', '来宾 1(示例)'])
    await page.goto(`${park}/programme/winter-briefing/leads`)
    expect(await page.locator('select[name$="[into]"]').count(), 'nobody is left').to.equal(0)
    expect(site.faults()).to.deep.equal([])
  })
})
