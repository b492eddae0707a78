import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import type { Response } from 'express'
import yauzl from 'yauzl'
import { saveBuffer } from '../../src/files/store.ts'
import { apart, sendZip } from '../../src/files/zip-write.ts'
import { useDatabase } from '../setup/database.ts'
import { newId } from '../setup/factories.ts'

/** What an archive holds, by its own directory. */
const contentsOf = (archive: Buffer): Promise<Record<string, string>> =>
  new Promise((resolve, reject) => {
    yauzl.fromBuffer(archive, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error)
      const found: Record<string, string> = {}
      zip.on('error', reject)
      zip.on('end', () => resolve(found))
      zip.on('entry', (entry: yauzl.Entry) =>
        zip.openReadStream(entry, (broken, stream) => {
          if (broken) return reject(broken)
          const parts: Buffer[] = []
          stream.on('data', (part: Buffer) => parts.push(part))
          stream.on('end', () => {
            found[entry.fileName] = Buffer.concat(parts).toString()
            zip.readEntry()
          })
        }),
      )
      zip.readEntry()
    })
  })

describe('archives of stored files', () => {
  useDatabase()

  async function archiveOf(entries: Parameters<typeof sendZip>[2]): Promise<Buffer> {
    const server = createServer((_req, res) => {
      const answer = Object.assign(res, {
        set: (headers: Record<string, string>) => Object.entries(headers).map(one => res.setHeader(...one)),
      })
      void sendZip(answer as unknown as Response, 'Books 2026', entries)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    try {
      const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
      expect(answer.headers.get('content-disposition')).to.include("filename*=UTF-8''Books%202026.zip")
      return Buffer.from(await answer.arrayBuffer())
    } finally {
      server.close()
    }
  }
  const stored = async (words: string) =>
    (await saveBuffer(Buffer.from(words), { park: 'p', name: 'a.pdf', type: 'application/pdf', by: 'x' })).id
  const at = new Date('2026-10-08T02:00:00Z')

  it('hold every file under its name, in Chinese too, and tell equal names apart', async () => {
    const large = 'x'.repeat(3_000_000)
    const entries = [
      { name: '2026-09/a.pdf', file: await stored('one'), at },
      { name: '2026-09/a.pdf', file: await stored('two'), at },
      { name: '2026-10/利润表.pdf', file: await stored(large), at },
    ]
    const found = await contentsOf(await archiveOf(entries))
    expect(Object.keys(found)).to.deep.equal(['2026-09/a.pdf', '2026-09/a (2).pdf', '2026-10/利润表.pdf'])
    expect([found['2026-09/a.pdf'], found['2026-09/a (2).pdf']]).to.deep.equal(['one', 'two'])
    expect(found['2026-10/利润表.pdf'] === large).to.equal(true)
    expect(apart(['a', 'a', 'b.c/d', 'b.c/d'])).to.deep.equal(['a', 'a (2)', 'b.c/d', 'b.c/d (2)'])
  })

  it('break off where a file is gone, instead of looking whole', async () => {
    const entries = [
      { name: 'a.pdf', file: await stored('one'), at },
      { name: 'b.pdf', file: newId(), at },
    ]
    const whole = await archiveOf(entries).then(
      () => true,
      () => false,
    )
    expect(whole).to.equal(false)
  })
})
