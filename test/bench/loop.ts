import { MongoClient } from 'mongodb'
import { MEASURED } from './multiply.ts'
import type { BenchVisitor } from './visitor.ts'

/** While twenty lease documents are printed and 50,000 rows are exported, how long does somebody else wait? */
export interface LoopTimes {
  idle: number[]
  busy: number[]
  page: number[]
  seconds: number
  rows: number
}

const PDFS = 20
const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

async function leasesToPrint(uri: string): Promise<string[]> {
  const client = await new MongoClient(uri).connect()
  try {
    const found = client
      .db()
      .collection('leases')
      .find({ park: MEASURED, state: 'signed', end: { $gte: '2026-01-01' } }, { limit: PDFS })
    return (await found.toArray()).map(lease => String(lease['_id']))
  } finally {
    await client.close()
  }
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

async function fetched(visitor: BenchVisitor, path: string): Promise<number> {
  const response = await fetch(visitor.url + path, { headers: visitor.headers })
  let bytes = 0
  for await (const part of response.body!) bytes += part.length
  if (response.status !== 200) throw new Error(`${path}: ${response.status}`)
  return bytes
}

export async function measureLoop(uri: string, visitor: BenchVisitor): Promise<LoopTimes> {
  const leases = await leasesToPrint(uri)
  const health = () => fetched(visitor, '/healthz')
  const page = () => fetched(visitor, `/parks/${MEASURED}/buildings/a`)
  const times: LoopTimes = { idle: [], busy: [], page: [], seconds: 0, rows: 50_000 }
  for (let i = 0; i < 200; i++) times.idle.push(await time(health))
  const started = performance.now()
  let running = true
  const heavy = Promise.all([
    ...leases.map(lease => fetched(visitor, `/parks/${MEASURED}/leases/${lease}/document.pdf`)),
    fetched(visitor, `/parks/${MEASURED}/audit?format=xlsx`),
  ]).finally(() => {
    running = false
  })
  while (running) {
    times.busy.push(await time(health))
    times.page.push(await time(page))
    await wait(2)
  }
  await heavy
  times.seconds = (performance.now() - started) / 1000
  return times
}
