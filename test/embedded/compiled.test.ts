import { execFileSync } from 'node:child_process'
import { cpSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { PNG } from '../setup/pictures.ts'
import { Visitor } from '../setup/visitor.ts'
import { cleanUp, newFolder, ROOT, type Server, serve } from './process.ts'

const PARK = '/parks/dongxin'
const FELL_BACK = 'could not be compiled'

/** The program's folder with a file where dist/ would be: nothing can be written there, by root neither. */
function unwritable(): string {
  const folder = newFolder()
  cpSync(join(ROOT, 'scripts'), join(folder, 'scripts'), { recursive: true })
  for (const name of ['src', 'views', 'public', 'node_modules', 'package.json']) symlinkSync(join(ROOT, name), join(folder, name))
  writeFileSync(join(folder, 'dist'), '')
  return folder
}

describe('npm start', function () {
  this.timeout(240_000)
  let server: Server
  let manager: Visitor
  before(async () => {
    server = await serve({ DATA_DIR: newFolder(), DEMO: '1' })
    const [, password] = /Demo password: (\S+)/.exec(server.output)!
    manager = await new Visitor(server.url).signIn('manager.dongxin@example.com', password!)
  })
  after(cleanUp)

  const bytesOf = async (path: string): Promise<Buffer> => {
    const answer = await manager.bytes(path)
    expect(answer.status, path).to.equal(200)
    return answer.body as Buffer
  }

  it('runs the compiled program: pages, assets, and threads that print and write sheets', async () => {
    expect(server.output).not.to.include(FELL_BACK)
    const list = (await manager.get(`${PARK}/leases?status=active`)).text
    const style = /href="(\/assets\/[^"]+\.css)"/.exec(list)![1]!
    expect((await manager.get(style)).status).to.equal(200)
    const lease = new RegExp(`${PARK}/leases/[0-9a-f]{24}`).exec(list)![0]
    expect((await bytesOf(`${lease}/document.pdf`)).subarray(0, 5).toString()).to.equal('%PDF-')
    expect((await bytesOf(`${PARK}/leases?format=xlsx`)).subarray(0, 2).toString()).to.equal('PK')
  })

  it('draws previews in a compiled thread, which finds its libraries and its font', () => {
    const folder = execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs')], { encoding: 'utf8' })
    const script = `const { inWorker } = await import(${JSON.stringify(join(folder, 'workers/pool.js'))})
      const bytes = Buffer.from('${PNG.toString('base64')}', 'base64')
      const result = await inWorker('preview', { bytes, pdf: false, words: 'x', page: 1 })
      const page = await inWorker('preview', { bytes, pdf: true, words: 'x', page: 1 })
      process.stdout.write(JSON.stringify([result.pages, result.bytes.length > 1000, page.undrawable]))`
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', timeout: 60_000 })
    expect(JSON.parse(said)).to.deep.equal([1, true, 'Undrawable: not a document that can be opened (3)'])
  })

  it('hands the signal to the server itself', async () => {
    expect(await server.signal('SIGTERM'), server.output).to.equal(0)
  })

  it('runs its source where it may not write, and says so', async () => {
    const other = await serve({ DATA_DIR: newFolder() }, unwritable())
    expect(other.output).to.include(FELL_BACK)
    expect((await fetch(`${other.url}/healthz`)).status).to.equal(200)
    expect(await other.signal('SIGTERM'), other.output).to.equal(0)
  })
})
