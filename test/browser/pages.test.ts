import { AxeBuilder } from '@axe-core/playwright'
import { expect } from 'chai'
import { createApp } from '../../src/app.ts'
import { allRoutes } from '../../src/web/router.ts'
import { SECRET } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { addressesOf } from './addresses.ts'
import { useDemo, VIEWS, type View } from './demo.ts'

/** Every page of the product on the demo data, at every width and in both languages: axe, console, CSP, and nothing wider than the screen. */
const label = ({ width, lang }: View): string => `${lang} ${width}`

describe('every page', function () {
  this.timeout(900_000)
  useDatabase()
  const site = useDemo()
  let addresses: Record<string, [route: string, path: string][]>

  before(async () => {
    createApp({ secret: SECRET })
    await bringIn()
    addresses = await addressesOf(
      site.demo.database,
      allRoutes.filter(route => route.method === 'get').map(route => route.path),
    )
  })
  /** Two files brought in: one whose columns are not named yet, one that was checked and has a bad row. */
  async function bringIn(): Promise<void> {
    const { page, context } = await site.open('manager.dongxin')
    const csv = 'floor,code,gross\n3F,399,120.5\n99F,1,x\n'
    for (const check of [false, true]) {
      await page.goto('/parks/dongxin/imports/new?kind=units')
      await page.setInputFiles('input[type="file"]', { name: 'units.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
      await page.click('main form button.button-main')
      await page.waitForURL(/\/imports\/[0-9a-f]{24}/)
      if (!check) continue
      for (const [i, name] of ['floor', 'code', 'gross'].entries()) await page.selectOption(`select[name="${name}"]`, String(i))
      await page.click('main form button.button-main')
      await page.waitForFunction(() => document.querySelector('form[action$="/commit"]') !== null)
    }
    await context.close()
  }

  it('is on the list', () => {
    const listed = Object.values(addresses).flat().length
    expect(listed).to.be.greaterThan(60)
  })

  for (const view of VIEWS) {
    it(`is clean for axe, the console and the CSP, and fits: ${label(view)}`, async () => {
      const wrong: string[] = []
      for (const [who, list] of Object.entries(addresses)) {
        const person = await site.open(who === 'anonymous' ? null : who, view)
        for (const [route, path] of list) {
          const answer = await person.page.goto(path, { waitUntil: 'load' })
          if (answer?.status() !== 200) wrong.push(`${who} ${route}: status ${answer?.status()}`)
          const wider = await person.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
          if (wider > 0) wrong.push(`${who} ${path}: ${wider} px wider than the screen`)
          const { violations } = await new AxeBuilder({ page: person.page }).analyze()
          for (const { id, nodes } of violations)
            wrong.push(`${who} ${path}: ${id} at ${nodes.map(node => node.target.join(' ')).join(', ')}`)
        }
        wrong.push(...person.faults)
        await person.context.close()
      }
      expect(wrong.join('\n')).to.equal('')
    })
  }
})
