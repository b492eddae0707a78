import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { addDays, today } from '../../src/lib/days.ts'
import { dayKind } from '../../src/parks/calendar.ts'
import { checkCharacter } from '../../src/tenants/credit-code.ts'
import { useDatabase } from '../setup/database.ts'
import { PNG } from '../setup/pictures.ts'
import { useDemo, VIEWS } from './demo.ts'

/** A student founds a company here, from the public page to the first room that is booked; another leaves half-way and goes on by phone. */
const PARK = '/parks/dongxin'
const PHONE = VIEWS.find(view => view.width < 500)!
const PASSWORD = 'a long enough password'
const BODY = '91330103MA7BRWW51'
const CODE = BODY + checkCharacter(BODY)
const picture = (name: string) => ({ name, mimeType: 'image/png', buffer: PNG })
const go = (page: Page) => page.click('main form.form button[name="go"]')
const done = (page: Page) => page.locator('.notice-good').first().waitFor()

async function signUp(page: Page, name: string, email: string): Promise<void> {
  await page.goto(`${PARK}/start`)
  await page.locator('a[href*="/applications/new"]').first().click()
  await page.waitForURL(/\/sign-in/)
  await page.locator('main a[href^="/sign-up"]').click()
  await page.fill('#name', name)
  await page.fill('#email', email)
  await page.fill('#password', PASSWORD)
  await page.click('main form button.button-main')
  await page.waitForURL(/\/applications\/new/)
  await page.click('main form.form button.button-main')
  await page.waitForURL(/\/tasks$/)
}

async function sayStudies(page: Page): Promise<void> {
  await page.locator('.task-list a').first().click()
  await page.check('[name="status"][value="studying"]')
  await page.fill('#school', 'Zhejiang University')
  await go(page)
}

async function nameFounder(page: Page, name: string, email: string | null): Promise<void> {
  await page.waitForURL(/\/tasks\/founders$/)
  const cell = (part: string) => page.locator(`[name="answers[founders][0][${part}]"]`)
  await cell('name').fill(name)
  await cell('idNumber').fill('11010519491231002X')
  await cell('phone').fill('13900001234')
  if (email) await cell('email').fill(email)
  await cell('share').fill('100')
  await go(page)
}

async function nameCompany(page: Page, name: string): Promise<void> {
  await page.waitForURL(/\/tasks\/company$/)
  for (const [part, more] of [
    ['first', ''],
    ['second', ' Two'],
    ['third', ' Three'],
  ])
    await page.fill(`[name="answers[names][${part}]"]`, `${name}${more}`)
  await page.fill('[name="answers[capital]"]', '100000')
  await page.fill('[name="answers[scope]"]', 'Software')
  await page.locator('[name="answers[legal-rep]"]').first().check()
  await go(page)
}

async function chooseAddress(page: Page): Promise<void> {
  await page.waitForURL(/\/tasks\/address$/)
  await page.locator('.premises-card input').first().check()
  await go(page)
}

async function sayTheRest(page: Page): Promise<void> {
  await page.waitForURL(/\/tasks\/form$/)
  await page.locator('[name="answers[type]"]').first().check()
  await page.fill('[name="answers[phone]"]', '13900001234')
  await go(page)
}

/** A picture for each document that must have one and has none that counts. */
async function handIn(page: Page): Promise<void> {
  await page.waitForURL(/\/tasks\/documents$/)
  for (const slot of ['identity', 'student']) {
    const form = page.locator(`form.paper-form:has(input[value="${slot}"])`)
    await form.locator('input[type="file"]').setInputFiles(picture(`${slot}.png`))
    await form.locator('button').click()
    await done(page)
  }
}

/** Ends the present step; answers once the page says so. */
async function finish(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await page.locator('form[action$="/finish"] button.button-main').click()
  await done(page)
}

/** The second working day from now: no room is booked on a holiday by everybody's rules. */
function workday(): string {
  let day = addDays(today(), 2)
  while (dayKind(day) !== 'workday') day = addDays(day, 1)
  return day
}

async function bookRoom(page: Page): Promise<void> {
  await page.goto(`${PARK}/rooms/find?on=${workday()}&from=10:00&minutes=60&people=2`)
  await page.locator('main a.button-main[href*="/bookings/new"]').first().click()
  await page.fill('#booking-form [name="title"]', 'Our first meeting')
  await page.click('#booking-form .series-once')
  await page.waitForURL(/\/bookings\/[0-9a-f]{24}$/)
  expect(await page.locator('main').textContent()).to.include('Our first meeting')
}

describe('founding a company', function () {
  this.timeout(240_000)
  useDatabase()
  const site = useDemo()
  const open = async (who: string | null, view = VIEWS[0]!): Promise<Page> => (await site.open(who, view)).page

  it('leads from the public page to the licence and the first room, with a refused document on the way', async () => {
    const student = await open(null)
    await signUp(student, 'A student', 'browser.student@example.com')
    await sayStudies(student)
    await nameFounder(student, 'A student', 'browser.student@example.com')
    await nameCompany(student, 'Browser Works')
    await chooseAddress(student)
    await sayTheRest(student)
    await handIn(student)
    await student.goto(student.url().replace(/\/tasks\/documents.*$/, '/check'))
    await student.check('[name="consent"]')
    await student.click('form[action$="/submission"] button.button-main')
    await student.waitForURL(/\/applications\/[0-9a-f]{24}$/)
    const path = new URL(student.url()).pathname
    const number = /BL-\d{4}-\d{4}/.exec((await student.locator('main').textContent())!)![0]

    const reception = await open('reception.dongxin')
    await reception.goto(`${PARK}/applications`)
    await reception.locator(`a:has-text("${number}")`).click()
    await reception.locator('.application-refuse summary').first().click()
    await reception.locator('.application-refuse[open] textarea').fill('Too dark to read')
    await reception.locator('.application-refuse[open] button').click()
    await done(reception)
    expect(await reception.locator('form[action$="/finish"] button.button-main').isDisabled(), 'with a refused paper').to.equal(true)
    await reception.fill('#ask', 'Please take the photo again by daylight.')
    await reception.click('form[action$="/ask"] button')
    await done(reception)

    const phone = await open(null, PHONE)
    await phone.goto('/sign-in')
    await phone.fill('#email', 'browser.student@example.com')
    await phone.fill('#password', PASSWORD)
    await phone.click('main form button.button-main')
    await phone.waitForURL(url => url.pathname !== '/sign-in')
    await phone.goto(path)
    expect(await phone.locator('main').textContent()).to.include('by daylight')
    await phone.locator('.application-ask a').click()
    await phone.locator('.task-list a[href$="/documents"]').click()
    expect(await phone.locator('main').textContent()).to.include('Too dark to read')
    const form = phone.locator('form.paper-form:has(input[value="identity"])')
    await form.locator('input[type="file"]').setInputFiles(picture('again.png'))
    await form.locator('button').click()
    await done(phone)
    await phone.goto(`${path}/check`)
    await phone.fill('#text', 'Here it is.')
    await phone.click('form[action$="/answer"] button')
    await phone.waitForURL(new RegExp(`${path}$`))

    await finish(reception, path)
    expect(await reception.locator('main').textContent()).to.include('Browser Works')
    const promotion = await open('promotion.dongxin')
    await finish(promotion, path)
    await finish(promotion, path)
    await promotion.fill('#creditCode', CODE)
    await promotion.setInputFiles('#result', picture('licence.png'))
    await promotion.click('form[action$="/finish"] button.button-main')
    await done(promotion)

    await student.goto(path)
    expect(await student.locator('main').textContent()).to.include('licence.png')
    await student.locator('.notice-good a').first().click()
    await student.waitForURL(/\/desk$/)
    await bookRoom(student)
    expect(site.faults()).to.deep.equal([])
  })

  it('is left half-way and gone on with on a phone', async () => {
    const desk = await open(null)
    await signUp(desk, 'Another student', 'browser.half@example.com')
    await sayStudies(desk)
    await nameFounder(desk, 'Half Way', null)
    await desk.waitForURL(/\/tasks\/company$/)
    await desk.context().close()

    const phone = await open(null, PHONE)
    await phone.goto('/sign-in')
    await phone.fill('#email', 'browser.half@example.com')
    await phone.fill('#password', PASSWORD)
    await phone.click('main form button.button-main')
    await phone.waitForURL(url => url.pathname !== '/sign-in')
    await phone.goto(`${PARK}/applications`)
    await phone.locator('.application-cards a.button-main').click()
    await phone.waitForURL(/\/tasks$/)
    expect(await phone.locator('.task-list .badge-good').count(), 'what was saved').to.equal(2)
    await phone.locator('.task-list a[href$="/company"]').click()
    await nameCompany(phone, 'Half Way Works')
    await chooseAddress(phone)
    await sayTheRest(phone)
    await handIn(phone)
    await phone.goto(phone.url().replace(/\/tasks\/documents.*$/, '/check'))
    const wide = await phone.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    expect(wide, 'nothing is cut off').to.equal(0)
    await phone.check('[name="consent"]')
    await phone.click('form[action$="/submission"] button.button-main')
    await phone.waitForURL(/\/applications\/[0-9a-f]{24}$/)
    expect(await phone.locator('main').textContent()).to.match(/BL-\d{4}-\d{4}/)
    expect(site.faults()).to.deep.equal([])
  })
})
