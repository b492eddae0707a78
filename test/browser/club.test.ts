import { expect } from 'chai'
import { useDatabase } from '../setup/database.ts'
import { useDemo, VIEWS } from './demo.ts'

/** Staff write a notice, its reader opens it on a phone, staff see who has and remind the rest; a company lists itself and leaves again. */
const NOTICES = '/parks/dongxin/notices'
const PHONE = VIEWS.find(view => view.width < 500)!

describe('the club', function () {
  this.timeout(240_000)
  useDatabase()
  const site = useDemo()

  it('publishes a notice, counts its reader, and reminds the others once', async () => {
    const { page } = await site.open('promotion.dongxin')
    page.on('dialog', dialog => dialog.accept())
    await page.goto(`${NOTICES}/new`)
    await page.fill('#titleZh', 'Lift out of order')
    await page.fill('#textZh', 'Please take the stairs on Monday.')
    await page.setInputFiles('#files', { name: 'stairs.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n') })
    await page.locator('main form.form button.button-main').click()
    await page.waitForURL(/\/notices\/[0-9a-f]{24}$/)
    const here = new URL(page.url()).pathname
    await page.locator('form[action$="/publication"] button').click()
    await page.locator('.notice-good').waitFor()

    const owner = (await site.open('owner.dongxin', PHONE)).page
    await owner.goto('/parks/dongxin/desk')
    await owner.getByRole('link', { name: 'Lift out of order' }).click()
    await owner.waitForURL(here)
    expect(await owner.locator('main').textContent())
      .to.include('Please take the stairs')
      .and.include('stairs.pdf')
    await owner.goto('/parks/dongxin/desk')
    expect(await owner.getByRole('link', { name: 'Lift out of order' }).count(), 'read').to.equal(0)

    await page.goto(`${here}/readers?read=part`)
    const own = site.demo.database.db().collection('noticereads')
    expect(await own.countDocuments({ park: 'dongxin', notice: { $exists: true }, edition: 1 })).to.be.greaterThan(0)
    expect(await page.locator('tbody tr').count()).to.equal(1)
    await page.locator('form[action$="/reminder"] button').click()
    await page.locator('.notice-good').waitFor()
    expect(await page.locator('form[action$="/reminder"] button').isDisabled()).to.equal(true)
    expect(site.faults()).to.deep.equal([])
  })

  it('lists a company with a contact who agreed, and forgets it when it leaves', async () => {
    const owner = (await site.open('owner.dongxin', PHONE)).page
    owner.on('dialog', dialog => dialog.accept())
    await owner.goto('/parks/dongxin/company')
    await owner.locator('nav.tabs-page a[href$="/listing"]').click()
    await owner.fill('#offers', 'Quiet fans for server rooms')
    await owner.locator('form.form button.button-main').click()
    await owner.locator('[data-errors]').waitFor()
    await owner.check('#consent')
    await owner.locator('form.form button.button-main').click()
    await owner.locator('.notice-good').first().waitFor()

    const reader = (await site.open('applicant.dongxin')).page
    const search = '/parks/dongxin/directory?q=server+rooms'
    await reader.goto(search)
    await reader.locator('.club-cards h2 a').click()
    await reader.waitForURL(/\/directory\/[0-9a-f]{24}$/)
    expect(await reader.locator('main').textContent())
      .to.include('Quiet fans')
      .and.include('0571-0000')
    await owner.locator('form[action$="/withdrawal"] button').click()
    await owner.waitForFunction(() => document.querySelector('form[action$="/withdrawal"]') === null)
    await reader.goto(search)
    expect(await reader.locator('.club-cards').count()).to.equal(0)
    // The form that was refused.
    expect(site.faults().filter(fault => !/listing: .*422/.test(fault))).to.deep.equal([])
  })
})
