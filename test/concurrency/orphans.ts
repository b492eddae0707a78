import mongoose from 'mongoose'

const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/**
 * A killed server leaves its transactions open, and whoever wants the same records waits until the database gives them up after a
 * minute. Here that is done at once, for transactions in which nothing has happened for longer than a living server pauses; one that
 * lives after all begins again, as after a write conflict.
 */
export async function giveUpOrphans(): Promise<void> {
  await wait(4000)
  const admin = mongoose.connection.getClient().db('admin')
  const idle = { desc: 'inactive transaction', 'transaction.timeInactiveMicros': { $gt: 3_000_000 } }
  const found = await admin
    .aggregate([{ $currentOp: { idleSessions: true } }, { $match: idle }], { readConcern: { level: 'local' } })
    .toArray()
  const patterns = found.map(({ lsid }) => ({ lsid: { id: lsid.id, uid: lsid.uid } }))
  if (patterns.length) await admin.command({ killAllSessionsByPattern: patterns })
}
