import { randomBytes } from 'node:crypto'
import type { Db } from 'mongodb'
import type { SubmitTimes } from '../submit.ts'
import type { BenchVisitor } from '../visitor.ts'
import { draftOf, MEASURED } from './data.ts'

/** Papers handed in: the app's form beside the same bytes streamed bare into GridFS, one after the other in turn. */
const MIB = 1024 * 1024

/** Begins as a PDF does; the rest can't be compressed. */
const pdf = (mib: number): Blob => new Blob([Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(mib * MIB)])])

async function timed(work: () => Promise<number>, wanted: number): Promise<number> {
  const started = performance.now()
  const status = await work()
  if (status !== wanted) throw new Error(`an upload was answered with ${status}`)
  return performance.now() - started
}

export async function measureUpload(
  db: Db,
  visitor: BenchVisitor,
  { email, floor, mib, rounds }: { email: string; floor: string; mib: number; rounds: number },
): Promise<SubmitTimes> {
  const { _id, document } = await draftOf(db, email)
  const times: SubmitTimes = { app: [], bare: [] }
  const warm = Math.ceil(rounds / 4)
  for (let i = 0; i < rounds + warm; i++) {
    const file = pdf(mib)
    const path = `/parks/${MEASURED}/applications/${_id}/papers`
    const own = await timed(
      () => visitor.upload(path, { document, founder: '', _key: `bench-upload-${mib}-${i}` }, 'papers', file, 'bench.pdf'),
      303,
    )
    const headers = { 'x-session': visitor.session }
    const send = async () => {
      const response = await fetch(`${floor}/upload?park=${MEASURED}`, { method: 'POST', headers, body: file })
      await response.arrayBuffer()
      return response.status
    }
    const bare = await timed(send, 200)
    // A draft keeps two hundred papers at most: each is taken away again, unmeasured.
    await db.collection('applications').updateOne({ park: MEASURED, _id }, { $set: { papers: [] } })
    if (i < warm) continue
    times.app.push(own)
    times.bare.push(bare)
  }
  return times
}
