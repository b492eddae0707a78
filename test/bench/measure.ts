import autocannon from 'autocannon'

/** Short slices, app and floor in turn, so that whatever else the machine does meets both alike. */
export interface Target {
  url: string
  path: string
  headers: Record<string, string>
}

export interface Sample {
  times: number[]
  seconds: number
  requests: number
}

const empty = (): Sample => ({ times: [], seconds: 0, requests: 0 })

/** One slice against one target, added to its sample. Any answer but 200 ends the bench: an error page is fast. */
function slice(target: Target, connections: number, seconds: number, into: Sample | null): Promise<void> {
  return new Promise((resolve, reject) => {
    let wrong = 0
    const times: number[] = []
    const run = autocannon(
      { url: target.url + target.path, connections, duration: seconds, headers: target.headers, timeout: 20 },
      (error, result) => {
        if (error) return reject(error)
        if (wrong || result.errors) return reject(new Error(`${target.path}: answered ${wrong || 'with an error'}`))
        if (into) {
          for (const time of times) into.times.push(time)
          into.seconds += result.duration
          into.requests += times.length
        }
        resolve()
      },
    )
    run.on('response', (_client, status, _bytes, time) => {
      if (status !== 200) wrong = status
      times.push(time)
    })
  })
}

interface Plan {
  warm: number
  seconds: number
  rounds: number
}

/** Pairs of app and floor in turn, many times over: whatever disturbs the machine disturbs all of them. Samples in the pairs' order. */
export async function inTurn(
  pairs: { app: Target; floor: Target }[],
  connections: number,
  { warm, seconds, rounds }: Plan,
): Promise<{ own: Sample; bare: Sample }[]> {
  const all = pairs.map(pair => ({ ...pair, own: empty(), bare: empty() }))
  for (const { app, floor } of all) {
    await slice(app, 8, warm, null)
    await slice(floor, 8, warm, null)
  }
  for (let round = 0; round < rounds; round++)
    for (const { app, floor, own, bare } of all) {
      await slice(app, connections, seconds, own)
      await slice(floor, connections, seconds, bare)
    }
  return all
}

export function percentile(times: number[], share: number): number {
  if (!times.length) return Number.NaN
  const sorted = Float64Array.from(times).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}

export const perSecond = (sample: Sample): number => sample.requests / (sample.seconds || 1)
