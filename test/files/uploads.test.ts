import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect as dial } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import mongoose from 'mongoose'
import { createApp } from '../../src/app.ts'
import { config } from '../../src/config.ts'
import { filesOf, openUpload, type StoredFile, saveBuffer, sweepFiles } from '../../src/files/store.ts'
import { setClock } from '../../src/lib/clock.ts'
import { SECRET, signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark, buildTenant } from '../setup/factories.ts'
import { Visitor } from '../setup/visitor.ts'

const PDF = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n')
const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), Buffer.from('JFIF\0'), Buffer.alloc(64)])
const HTML = Buffer.from('<!doctype html><script>alert(document.cookie)</script>')
const counts = async (): Promise<number[]> => {
  const db = mongoose.connection.db!
  return [await db.collection('files.files').countDocuments(), await db.collection('files.chunks').countDocuments()]
}

async function world(target?: Visitor) {
  const park = (await buildPark())._id
  const tenant = await buildTenant(park)
  const manager = await signedInAs('manager', { park }, target)
  const path = `/parks/${park}/tenants/${tenant._id}/documents`
  const send = (data: Buffer, name: string) => manager.upload(path, { slot: 'licence' }, [{ field: 'documents', data, name }])
  const stored = () => filesOf(park, 'tenant', tenant._id)
  return { park, tenant, manager, path, send, stored }
}

describe('uploads (CASES 25)', () => {
  useDatabase()
  beforeEach(async () => {
    for (const name of ['files.files', 'files.chunks']) await mongoose.connection.collection(name).deleteMany({})
  })

  it('refuses an HTML file called licence.pdf by its content, and keeps nothing', async () => {
    const { send, stored } = await world()
    for (const [data, name] of [
      [HTML, 'licence.pdf'],
      [Buffer.from('MZ\u0090\0\u0003'), 'licence.pdf'],
      [Buffer.alloc(0), 'empty.pdf'],
      [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'), 'drawing.png'],
    ] as const) {
      const answer = await send(data, name)
      expect(answer.status, name).to.equal(422)
      expect(answer.text).to.include('<option value="licence" selected>')
    }
    expect(await stored()).to.deep.equal([])
    expect(await counts()).to.deep.equal([0, 0])
  })

  it('keeps the name of 学生证.jpg, and gives it back with the same bytes', async () => {
    const { send, stored, park, manager, path } = await world()
    expect((await send(JPEG, '学生证.jpg')).status).to.equal(303)
    const [file] = await stored()
    expect(file!.metadata).to.include({ name: '学生证.jpg', type: 'image/jpeg', park })
    expect((await manager.get(path)).text).to.include('学生证.jpg')
    const answer = await manager.bytes(`/parks/${park}/files/${file!._id}`)
    expect(answer.headers['content-disposition']).to.include(`filename*=UTF-8''${encodeURIComponent('学生证.jpg')}`)
    expect(answer.headers['x-content-type-options']).to.equal('nosniff')
    expect(answer.headers['content-security-policy']).to.include('sandbox')
    expect(Buffer.compare(answer.body as Buffer, JPEG)).to.equal(0)
  })

  it('stores ../../x under a generated name, its label without folders and with its true ending', async () => {
    const { send, stored } = await world()
    const names = ['../../x', '..\\..\\windows\\x.exe', 'a\u202efdp.exe', '.htaccess', 'x.jpg']
    for (const name of names) expect((await send(PDF, name)).status, name).to.equal(303)
    const found = (await stored()) as (StoredFile & { filename: string })[]
    expect(found.map(file => file.metadata.name)).to.deep.equal(['x.pdf', 'x.pdf', 'afdp.pdf', 'htaccess.pdf', 'x.pdf'])
    for (const { filename } of found) expect(filename).to.match(/^[0-9a-f-]{36}$/)
  })

  it('answers 413 to a file that is too large, and keeps nothing', async () => {
    const { send } = await world()
    const answer = await send(Buffer.concat([PDF, Buffer.alloc(config.UPLOAD_MIB * 1024 * 1024)]), 'large.pdf')
    expect(answer.status).to.equal(413)
    expect(answer.text).to.include(`${config.UPLOAD_MIB} MiB`)
    expect(await counts()).to.deep.equal([0, 0])
  })

  it('keeps nothing of a form that is refused for another field, for too many files or for none', async () => {
    const { manager, path } = await world()
    const file = { field: 'documents', data: PDF, name: 'a.pdf' }
    expect((await manager.upload(path, { slot: 'nonsense' }, [file])).status).to.equal(422)
    expect((await manager.upload(path, { slot: 'licence' }, Array(11).fill(file))).status).to.equal(422)
    expect((await manager.upload(path, { slot: 'licence' }, [{ ...file, field: 'other' }])).status).to.equal(422)
    expect((await manager.upload(path, { slot: 'licence' }, [file, { ...file, data: HTML }])).status).to.equal(422)
    expect((await manager.upload(path, { slot: 'licence' }, [])).status).to.equal(422)
    expect(await counts()).to.deep.equal([0, 0])
  })

  it('takes no byte of a file before the token, nor with a wrong one', async () => {
    const { manager, path } = await world()
    const post = () => manager.agent.post(path).redirects(0)
    const token = await manager.token()
    const answers = [
      await post().field('slot', 'licence').attach('documents', PDF, 'a.pdf'),
      await post().field('_csrf', 'wrong').field('slot', 'licence').attach('documents', PDF, 'a.pdf'),
      await post().attach('documents', PDF, 'a.pdf').field('_csrf', token).field('slot', 'licence'),
      await post().set('sec-fetch-site', 'cross-site').field('_csrf', token).field('slot', 'licence').attach('documents', PDF, 'a.pdf'),
    ]
    expect(answers.map(answer => answer.status)).to.deep.equal([403, 403, 403, 403])
    expect(await counts()).to.deep.equal([0, 0])
  })

  describe('cut off half-way', () => {
    let server: Server
    before(async () => {
      server = createServer(createApp({ secret: SECRET })).listen(0, '127.0.0.1')
      await once(server, 'listening')
    })
    after(() => server.close())

    it('leaves nothing', async () => {
      const { port } = server.address() as AddressInfo
      const { manager, path, stored } = await world(new Visitor(`http://127.0.0.1:${port}`))
      const token = await manager.token()
      const jar = (manager.agent as unknown as { jar: { getCookies(info: object): { toValueString(): string } } }).jar
      const cookies = jar.getCookies({ domain: '127.0.0.1', path: '/', secure: false, script: false }).toValueString()
      const part = (name: string, value: string) => `--cut\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
      const head = `${part('_csrf', token)}${part('slot', 'licence')}--cut\r\ncontent-disposition: form-data; name="documents"; filename="a.pdf"\r\ncontent-type: application/pdf\r\n\r\n`
      const socket = dial(port, '127.0.0.1')
      await once(socket, 'connect')
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncookie: ${cookies}\r\ncontent-type: multipart/form-data; boundary=cut\r\ncontent-length: 4000000\r\n\r\n`,
      )
      socket.write(Buffer.concat([Buffer.from(head), PDF, Buffer.alloc(900_000)]))
      // Some of it has been written by now: that is what must go.
      for (let i = 0; (await counts())[1] === 0 && i < 100; i++) await pause(50)
      expect((await counts())[1]).to.be.greaterThan(0)
      socket.destroy()
      for (let i = 0; (await counts())[1] !== 0 && i < 100; i++) await pause(50)
      expect(await counts()).to.deep.equal([0, 0])
      expect(await stored()).to.deep.equal([])
      expect((await manager.get(path)).status).to.equal(200)
    })
  })

  it('sweeps what stayed unlinked for a day and chunks without a file, and nothing younger', async () => {
    const { park, send, stored } = await world()
    await send(PDF, 'linked.pdf')
    await saveBuffer(PDF, { park, name: 'loose.pdf', type: 'application/pdf', by: 'x' })
    const broken = openUpload({ park, name: 'broken.pdf', type: 'application/pdf', by: 'x' })
    await new Promise<void>((resolve, reject) => broken.write(Buffer.alloc(300_000), error => (error ? reject(error) : resolve())))
    expect(await sweepFiles()).to.equal(0)
    setClock(new Date(Date.now() + 25 * 3_600_000))
    expect(await sweepFiles()).to.equal(2)
    expect(await counts()).to.deep.equal([1, 1])
    expect((await stored())[0]!.metadata.name).to.equal('linked.pdf')
  })
})
