import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import chromium from '@sparticuz/chromium'
import { MongoClient } from 'mongodb'
import { type Browser, type BrowserContext, type Page, chromium as playwright } from 'playwright-core'

/** The product as a newcomer starts it: an empty folder, the embedded database, demo data. */
export interface Demo {
  url: string
  password: string
  database: MongoClient
  stop(): Promise<void>
}

async function startDemo(): Promise<Demo> {
  const folder = await mkdtemp(join(process.env['TEST_FOLDER'] ?? tmpdir(), 'demo-'))
  const { MONGODB_URI: _none, ...env } = process.env
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/server.ts'], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...env, NODE_ENV: 'production', DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'error', JOBS: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { url, password } = await new Promise<{ url: string; password: string }>((resolve, reject) => {
    let output = ''
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString()
      const found = /Zhigu is ready: (\S+)[\s\S]*Demo password: (\S+)/.exec(output)
      if (found) resolve({ url: found[1]!, password: found[2]! })
    })
    child.once('exit', code => reject(new Error(`the server stopped (${code}):\n${output}`)))
  })
  const { uri } = JSON.parse(await readFile(join(folder, 'database.json'), 'utf8')) as { uri: string }
  const database = await new MongoClient(uri).connect()
  const stop = async () => {
    await database.close()
    const gone = new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGTERM')
    await gone
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
  return { url, password, database, stop }
}

/** Its own arguments would switch off what is to be seen here: CSP faults, and a second context. */
const launch = async (): Promise<Browser> =>
  playwright.launch({ executablePath: await chromium.executablePath(), args: ['--no-sandbox', '--font-render-hinting=none'] })

export interface View {
  width: number
  lang: 'zh-CN' | 'en'
}

export const VIEWS: View[] = [
  { width: 1280, lang: 'zh-CN' },
  { width: 390, lang: 'zh-CN' },
  { width: 1280, lang: 'en' },
]

/** A browser of one person. What the console or the CSP says against a page is collected in `faults`. */
export interface Person {
  context: BrowserContext
  page: Page
  faults: string[]
}

async function open(browser: Browser, demo: Demo, who: string | null, view: View = VIEWS[0]!): Promise<Person> {
  const context = await browser.newContext({
    baseURL: demo.url,
    viewport: { width: view.width, height: view.width < 600 ? 844 : 900 },
    locale: view.lang,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const faults: string[] = []
  page.on('pageerror', error => faults.push(`${page.url()}: ${error.message}`))
  page.on('console', message => {
    if (message.type() === 'error') faults.push(`${page.url()}: ${message.text()}`)
  })
  if (who) await signIn(page, who, demo.password)
  if (who) await speak(page, view.lang)
  return { context, page, faults }
}

/** A demo and a browser for one suite, and the people it opens in it. */
export function useDemo() {
  let demo: Demo
  let browser: Browser
  const people: Person[] = []
  before(async () => {
    demo = await startDemo()
    browser = await launch()
  })
  after(async () => {
    await browser?.close()
    await demo?.stop()
  })
  return {
    people,
    get demo() {
      return demo
    },
    get browser() {
      return browser
    },
    async open(who: string | null, view?: View): Promise<Person> {
      const person = await open(browser, demo, who, view)
      people.push(person)
      return person
    },
    faults: (): string[] => people.flatMap(person => person.faults),
  }
}

export async function signIn(page: Page, who: string, password: string): Promise<void> {
  await page.goto('/sign-in')
  await page.fill('#email', `${who}@example.com`)
  await page.fill('#password', password)
  await page.click('main form button.button-main')
  await page.waitForURL(url => url.pathname !== '/sign-in')
}

/** The language is kept in the account: set it by the form every page has in its head. */
async function speak(page: Page, lang: View['lang']): Promise<void> {
  if ((await page.getAttribute('html', 'lang')) === lang) return
  await page.click('details.menu summary')
  await page.click('form[action="/account/language"] button')
  await page.waitForFunction(wanted => document.documentElement.lang === wanted, lang)
}
