import { readFile } from 'node:fs/promises'
import { AxeBuilder } from '@axe-core/playwright'
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { today } from '../../src/lib/days.ts'
import { addToMonth, monthOf } from '../../src/lib/months.ts'
import { useDatabase } from '../setup/database.ts'
import { useDemo, VIEWS } from './demo.ts'

/** A month of a company's books under the hand: papers from a phone, one refused, step by step to the reports, and their download. */
const BOARD = '/parks/dongxin/trusteeship'
const PDF = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n')
const file = (name: string) => ({ name, mimeType: 'application/pdf', buffer: PDF })
const PHONE = VIEWS.find(view => view.width < 500)!

async function clean(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id} ${nodes.map(node => node.target.join(' ')).join(', ')}`)).to.deep.equal([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), page.url()).to.be.at.most(0)
}

describe('a month of a company’s books', function () {
  this.timeout(240_000)
  useDatabase()
  const site = useDemo()
  const upload = async (page: Page, key: string, name: string): Promise<void> => {
    await page.setInputFiles(`#papers-${key}`, file(name))
    await page.click(`#paper-${key} form[enctype] button`)
    await page.waitForSelector(`#paper-${key} .trustee-items a:text-is("${name}")`)
  }
  const press = async (page: Page, path: string): Promise<void> => {
    await page.click(`form[action$="/${path}"] button`)
    await page.waitForSelector('.notice-good')
  }

  it('goes from the phone to the reports', async () => {
    const month = addToMonth(monthOf(today()), -1)
    const owner = await site.open('owner.dongxin', PHONE)
    await owner.page.goto(BOARD)
    await clean(owner.page)
    const here = `${new URL(owner.page.url()).pathname}/${month}`
    await owner.page.goto(here)
    await clean(owner.page)
    expect(await owner.page.isDisabled('form[action$="/receipt"] button')).to.equal(true)
    for (const key of ['bank', 'sales']) await upload(owner.page, key, `${key}.pdf`)
    await owner.page.click('#paper-purchase form[action$="/none"] button')
    await owner.page.waitForSelector('#paper-purchase .badge-good')
    await press(owner.page, 'receipt')
    expect(await owner.page.$('form[action$="/receipt"]')).to.equal(null)
    await clean(owner.page)

    const staff = await site.open('finance.dongxin')
    await staff.page.goto(BOARD)
    await clean(staff.page)
    await staff.page.click(`.trustee-board a[href="${here}"]`)
    await staff.page.waitForURL(url => url.pathname === here)
    await staff.page.click('#paper-bank .trustee-refuse summary')
    await staff.page.fill('#paper-bank textarea', 'Not readable')
    await staff.page.click('#paper-bank .trustee-refuse form button')
    await staff.page.waitForSelector('.notice-good')
    await clean(staff.page)

    await owner.page.reload()
    expect(await owner.page.textContent('#paper-bank .trustee-reason')).to.include('Not readable')
    await upload(owner.page, 'bank', 'bank again.pdf')
    await press(owner.page, 'receipt')

    await staff.page.reload()
    await press(staff.page, 'booking')
    await press(staff.page, 'filing')
    expect(await staff.page.isDisabled('form[action$="/reporting"] button')).to.equal(true)
    await staff.page.selectOption('#slot', 'balance')
    await staff.page.setInputFiles('#report-files', file('balance.pdf'))
    await staff.page.click('form[action$="/reports"] button')
    await staff.page.waitForSelector('#reports a:text-is("balance.pdf")')
    await clean(staff.page)
    await press(staff.page, 'reporting')

    await owner.page.reload()
    await clean(owner.page)
    const [download] = await Promise.all([owner.page.waitForEvent('download'), owner.page.click('#reports a:text-is("balance.pdf")')])
    expect((await readFile(await download.path())).equals(PDF)).to.equal(true)
    await owner.page.goto(here.replace(`/${month}`, ''))
    const archive = owner.page.locator(`a[href$="/reports/${month.slice(0, 4)}"]`)
    const [zip] = await Promise.all([owner.page.waitForEvent('download'), archive.click()])
    expect((await readFile(await zip.path())).subarray(0, 2).toString()).to.equal('PK')
    expect([...owner.faults, ...staff.faults]).to.deep.equal([])
    await owner.context.close()
    await staff.context.close()
  })
})
