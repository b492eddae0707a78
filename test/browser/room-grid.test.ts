import { expect } from 'chai'
import { ObjectId } from 'mongodb'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { addDays, today, weekday } from '../../src/lib/days.ts'
import { signIn, useDemo, VIEWS } from './demo.ts'

/** The grid of rooms under the hand: dragging, the keyboard, a finger, no JavaScript, and somebody else's booking turning up. */
const ROOMS = '/parks/dongxin/rooms'
const BOOKING = /\/bookings\/[0-9a-f]{24}$/

/** A workday that is far enough away for every room's notice. */
const onDay = (after: number): string => {
  const day = addDays(today(), after)
  return weekday(day) > 5 ? addDays(day, 8 - weekday(day)) : day
}

interface Run {
  room: string
  from: number
}

/** Free half hours in a row: `count` of them, in one room or any. */
const freeRun = (page: Page, count: number, room = '', after = 0): Promise<Run> =>
  page.evaluate(
    ([wanted, only, least]) => {
      for (const row of document.querySelectorAll<HTMLTableRowElement>('.room-grid tr[data-room]')) {
        if (only && row.dataset['room'] !== only) continue
        let run: number[] = []
        for (const cell of [...row.cells].slice(1)) {
          const from = Number(new URL(cell.querySelector('a')?.href ?? 'x:', location.href).searchParams.get('from'))
          run = cell.className || !from || from < least ? [] : [...run, from]
          if (run.length === wanted) return { room: row.dataset['room']!, from: run[0]! }
        }
      }
      throw new Error('no free time on this day')
    },
    [count, room, after] as const,
  )

const freeCell = (page: Page, { room, from }: Run) => page.locator(`tr[data-room="${room}"] td > a[href$="&from=${from}"]`)
const asked = (page: Page): [string | null, string | null, string | null] => {
  const { searchParams } = new URL(page.url())
  return [searchParams.get('room'), searchParams.get('from'), searchParams.get('to')]
}

async function drag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 })
  await page.mouse.move(to.x, to.y, { steps: 4 })
  await page.locator('.room-tip').waitFor()
  await page.mouse.up()
}

/** Sends the form of a new booking; answers the booking's id. */
async function fill(page: Page, title: string): Promise<string> {
  await page.fill('#booking-form [name="title"]', title)
  await page.click('#booking-form .series-once')
  await page.waitForURL(BOOKING)
  return page.url().slice(-24)
}

describe('the grid of rooms', function () {
  this.timeout(300_000)
  const site = useDemo()
  let page: Page

  before(async () => {
    page = await as('member.dongxin')
  })
  async function as(who: string): Promise<Page> {
    const person = await site.open(who, VIEWS[0]!)
    return person.page
  }

  async function openWith(options: BrowserContextOptions): Promise<Page> {
    const context = await site.browser.newContext({ baseURL: site.demo.url, locale: 'zh-CN', ...options })
    const other = await context.newPage()
    other.setDefaultTimeout(30_000)
    const faults: string[] = []
    other.on('pageerror', error => faults.push(error.message))
    other.on('console', message => message.type() === 'error' && faults.push(message.text()))
    site.people.push({ context, page: other, faults })
    await signIn(other, 'member.dongxin', site.demo.password)
    return other
  }

  const bookings = () => site.demo.database.db().collection('bookings')
  const timesOf = async (id: string) => {
    const booking = await bookings().findOne({ _id: new ObjectId(id) })
    return { room: String(booking!['room']), from: booking!['from'] as number, to: booking!['to'] as number }
  }

  /** Books by hand what the test needs, and comes back to the grid. */
  async function bookOn(day: string, count: number, title: string): Promise<{ id: string; run: Run }> {
    await page.goto(`${ROOMS}?on=${day}`)
    const run = await freeRun(page, count)
    await page.goto(`/parks/dongxin/bookings/new?room=${run.room}&on=${day}&from=${run.from}&to=${run.from + 60}`)
    const id = await fill(page, title)
    await page.goto(`${ROOMS}?on=${day}`)
    return { id, run }
  }

  it('takes a time by dragging over free cells, says what it costs on the way, and leads to the form', async () => {
    await page.goto(`${ROOMS}?on=${onDay(3)}`)
    const run = await freeRun(page, 4)
    const cells = [freeCell(page, run), freeCell(page, { ...run, from: run.from + 60 })]
    await cells[0]!.scrollIntoViewIfNeeded()
    const [first, last] = await Promise.all(cells.map(async cell => (await cell.boundingBox())!))
    const middle = (box: { x: number; y: number; width: number; height: number }) => ({
      x: box.x + box.width / 2,
      y: box.y + box.height / 2,
    })
    await drag(page, middle(first!), middle(last!))
    await page.waitForURL(/\/bookings\/new\?/)
    expect(asked(page)).to.deep.equal([run.room, String(run.from), String(run.from + 90)])
    const id = await fill(page, '拖动预订')
    expect(await timesOf(id)).to.deep.equal({ ...run, to: run.from + 90 })
  })

  it('moves one’s own booking by dragging, when the question is answered', async () => {
    const { id, run } = await bookOn(onDay(4), 6, '拖动改期')
    const own = page.locator(`td[data-ref="${id}"]`)
    await own.scrollIntoViewIfNeeded()
    const box = (await own.boundingBox())!
    const half = box.width / 2
    const start = { x: box.x + 8, y: box.y + box.height / 2 }
    await drag(page, start, { x: start.x + half * 3, y: start.y })
    expect(await timesOf(id), 'nothing moves before the answer').to.deep.equal({ ...run, to: run.from + 60 })
    await page.locator('#grid-move button.button-main').click()
    await page.waitForURL(BOOKING)
    expect(await timesOf(id)).to.deep.equal({ room: run.room, from: run.from + 90, to: run.from + 150 })
  })

  it('makes it longer by its right edge, at a price said before, and without losing what somebody else did meanwhile', async () => {
    const { id, run } = await bookOn(onDay(10), 5, '拖动延长')
    const own = page.locator(`td[data-ref="${id}"]`)
    await own.scrollIntoViewIfNeeded()
    const box = (await own.boundingBox())!
    const edge = { x: box.x + box.width - 4, y: box.y + box.height / 2 }
    const stretch = () => drag(page, edge, { x: edge.x + box.width, y: edge.y })
    await stretch()
    await page.locator('#grid-move dl').waitFor()
    expect(await page.inputValue('#grid-move [name="version"]')).to.equal('0')
    await bookings().updateOne({ _id: new ObjectId(id) }, { $inc: { version: 1 } })
    await page.locator('#grid-move button.button-main').click()
    await page.locator('main [role="alert"]').waitFor()
    expect(await timesOf(id)).to.deep.equal({ ...run, to: run.from + 60 })

    await page.goto(`${ROOMS}?on=${onDay(10)}`)
    await stretch()
    await page.locator('#grid-move dl').waitFor()
    await page.locator('#grid-move button.button-main').click()
    await page.waitForURL(BOOKING)
    expect(await timesOf(id)).to.deep.equal({ ...run, to: run.from + 120 })
  })

  it('can be left without moving anything', async () => {
    const { id, run } = await bookOn(onDay(5), 5, '不改期')
    const own = page.locator(`td[data-ref="${id}"]`)
    await own.scrollIntoViewIfNeeded()
    const box = (await own.boundingBox())!
    await drag(page, { x: box.x + 8, y: box.y + 9 }, { x: box.x + 8 + box.width, y: box.y + 9 })
    await page.locator('#grid-move [data-close]').click()
    await page.locator('#grid-move').waitFor({ state: 'hidden' })
    expect(await timesOf(id)).to.deep.equal({ ...run, to: run.from + 60 })
    expect(await page.locator('.is-target').count()).to.equal(0)
  })

  it('is reached, chosen from, and moved on by keyboard alone', async () => {
    const { id, run } = await bookOn(onDay(6), 6, '键盘改期')
    const isInGrid = () => page.evaluate(() => Boolean(document.activeElement?.closest('.room-grid td')))
    for (let i = 0; i < 80 && !(await isInGrid()); i++) await page.keyboard.press('Tab')
    expect(await isInGrid()).to.equal(true)
    const again = await freeRun(page, 3)
    await freeCell(page, again).focus()
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('Shift+ArrowRight')
    expect(await page.locator('.is-chosen').count()).to.equal(3)
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/bookings\/new\?/)
    expect(asked(page)).to.deep.equal([again.room, String(again.from), String(again.from + 90)])

    await page.goto(`${ROOMS}?on=${onDay(6)}`)
    await page.locator(`td[data-ref="${id}"] > a`).focus()
    await page.keyboard.press('m')
    for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.locator('#grid-move[open]').waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(BOOKING)
    expect(await timesOf(id)).to.deep.equal({ room: run.room, from: run.from + 60, to: run.from + 120 })
  })

  it('books with a tap on a phone', async () => {
    const phone = await openWith({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
    await phone.goto(`${ROOMS}?on=${onDay(7)}`)
    const run = await freeRun(phone, 2)
    const cell = freeCell(phone, run)
    expect((await cell.boundingBox())!.height).to.be.at.least(44)
    await cell.tap()
    await phone.waitForURL(/\/bookings\/new\?/)
    const id = await fill(phone, '手机预订')
    expect(await timesOf(id)).to.include(run)
  })

  it('books without JavaScript', async () => {
    const plain = await openWith({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: false })
    await plain.goto(`${ROOMS}?on=${onDay(8)}`)
    const hrefs = await plain.locator('.room-grid td:not([class]) > a').all()
    const href = (await hrefs[0]!.getAttribute('href'))!
    await hrefs[0]!.click()
    await plain.waitForURL(/\/bookings\/new\?/)
    const id = await fill(plain, '无脚本预订')
    expect(href)
      .to.include(`room=${(await timesOf(id)).room}`)
      .and.match(new RegExp(`from=${(await timesOf(id)).from}$`))
    await plain.goto(`${ROOMS}?on=${onDay(8)}`)
    expect(await plain.locator(`.k-own a[href$="${id}"], .k-asked a[href$="${id}"]`).count()).to.be.at.least(1)
  })

  it('shows what somebody else books on an open page, without loading it again', async () => {
    const day = onDay(9)
    const desk = await as('reception.dongxin')
    await desk.goto(`${ROOMS}?on=${day}`)
    await desk.evaluate(() => document.body.setAttribute('data-same', 'yes'))
    await page.goto(`${ROOMS}?on=${day}`)
    const run = await freeRun(page, 2)
    await page.goto(`/parks/dongxin/bookings/new?room=${run.room}&on=${day}&from=${run.from}&to=${run.from + 60}`)
    const id = await fill(page, '别处可见')
    await desk.locator(`.room-grid a[href$="${id}"]`).first().waitFor({ timeout: 2000 })
    expect(await desk.getAttribute('body', 'data-same')).to.equal('yes')
  })

  it('leaves no word on the console', () => {
    // A browser itself names the one answer that is a refusal.
    expect(site.faults().filter(fault => !/move: .* 409 /.test(fault))).to.deep.equal([])
  })
})
