import type { LoopTimes } from './loop.ts'
import { percentile, perSecond, type Sample } from './measure.ts'
import type { SubmitTimes } from './submit.ts'

/** What was measured, as a table for people and one JSON object for programs. */
export interface Measured {
  page: string
  size: number
  connections: number
  own: Sample
  bare: Sample
}

export interface Row {
  page: string
  size: number
  connections: number
  rps: number
  p50: number
  p99: number
  floorRps: number
  /** The page's requests/s as a share of the floor's; of a submission, the bare writes' p50 as a share of its own. */
  ratio: number
  /** At ×100: p50 as a multiple of that at ×1. */
  growth: number | null
  /** What is judged: the least ratio at ×1; at ×100 the largest growth for one who asks alone. Null: not judged. */
  target: number | null
  ok: boolean
}

export interface Report {
  pages: Row[]
  memory: { size: number; now: number; peak: number }[]
  loop: LoopTimes | null
  skipped: string[]
}

const RATIO = 0.4
const GROWTH = 1.25
const SUBMIT = 1 / 3
const MEMORY = 200
/** Nobody waits longer than this for the process itself while it prints and exports. */
const LOOP_P99 = 100
const round = (value: number, digits = 2): number => Math.round(value * 10 ** digits) / 10 ** digits

function judge(ratio: number, growth: number | null, connections: number, least: number): { target: number | null; ok: boolean } {
  if (growth === null) return { target: least, ok: ratio >= least }
  return connections === 1 ? { target: GROWTH, ok: growth <= GROWTH } : { target: null, ok: true }
}

/** `targets`: pages that must reach another share of the floor than the usual one. */
export function rowsOf(measured: Measured[], targets: Record<string, number> = {}): Row[] {
  return measured.map(({ page, size, connections, own, bare }) => {
    const p50 = percentile(own.times, 0.5)
    const ratio = perSecond(own) / perSecond(bare)
    const small = measured.find(one => one.page === page && one.connections === connections && one.size === 1)
    const growth = size > 1 && small ? p50 / percentile(small.own.times, 0.5) : null
    const common = { page, size, connections, rps: round(perSecond(own), 1), p50: round(p50), p99: round(percentile(own.times, 0.99)) }
    const judged = judge(ratio, growth, connections, targets[page] ?? RATIO)
    return {
      ...common,
      floorRps: round(perSecond(bare), 1),
      ratio: round(ratio),
      growth: growth === null ? null : round(growth),
      ...judged,
    }
  })
}

export const submitRow = (size: number, times: SubmitTimes, before: Row[]): Row => workRow('submit a lease', SUBMIT, size, times, before)

/** Writes that were timed one by one: the share of the bare writes' time. */
export function workRow(page: string, least: number, size: number, { app, bare }: SubmitTimes, before: Row[]): Row {
  const p50 = percentile(app, 0.5)
  const ratio = percentile(bare, 0.5) / p50
  const small = before.find(row => row.page === page && row.size === 1)
  const growth = small ? p50 / small.p50 : null
  return {
    page,
    size,
    connections: 1,
    rps: round(1000 / p50, 1),
    p50: round(p50),
    p99: round(percentile(app, 0.99)),
    floorRps: round(1000 / percentile(bare, 0.5), 1),
    ratio: round(ratio),
    growth: growth === null ? null : round(growth),
    target: growth === null ? round(least, 3) : GROWTH,
    ok: ratio >= least && (growth === null || growth <= GROWTH),
  }
}

const HEAD = ['page', 'size', 'conn', 'req/s', 'p50 ms', 'p99 ms', 'floor/s', 'ratio', 'growth', 'target', '']

function table(rows: string[][]): string {
  const widths = HEAD.map((_, i) => Math.max(...rows.map(row => row[i]!.length)))
  return rows.map(row => row.map((cell, i) => (i ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join('  ')).join('\n')
}

const verdict = (ok: boolean, judged: boolean): string => (judged ? (ok ? 'ok' : 'MISSED') : '')

/** Prints the report; true when every target is met. */
export function show(report: Report, { json, judged }: { json: boolean; judged: boolean }): boolean {
  const print = (line: string): void => {
    process.stdout.write(`${line}\n`)
  }
  const cells = report.pages.map(row => [
    row.page,
    `×${row.size}`,
    String(row.connections),
    row.rps.toFixed(0),
    row.p50.toFixed(2),
    row.p99.toFixed(2),
    row.floorRps.toFixed(0),
    row.ratio.toFixed(2),
    row.growth === null ? '' : row.growth.toFixed(2),
    row.target === null ? '' : row.growth === null ? `≥ ${row.target.toFixed(2)}` : `≤ ${row.target.toFixed(2)}×`,
    row.target === null ? '' : verdict(row.ok, judged),
  ])
  print(table([HEAD, ...cells]))
  let ok = report.pages.every(row => row.ok) && !report.skipped.length
  for (const { size, now, peak } of report.memory) {
    const fits = peak <= MEMORY
    ok &&= fits
    print(`memory of the server ×${size}: ${now} MiB, at most ${peak} MiB (≤ ${MEMORY}) ${verdict(fits, judged)}`)
  }
  if (report.loop) {
    const { idle, busy, page, seconds } = report.loop
    const p99 = percentile(busy, 0.99)
    const fits = p99 <= LOOP_P99
    ok &&= fits
    const ms = (times: number[], share: number) => percentile(times, share).toFixed(1)
    print(`20 PDFs and a 50,000-row export took ${seconds.toFixed(1)} s; meanwhile /healthz answered in p50 ${ms(busy, 0.5)} ms,`)
    print(
      `  p99 ${ms(busy, 0.99)} ms, at most ${ms(busy, 1)} ms (≤ ${LOOP_P99} at p99; alone p50 ${ms(idle, 0.5)} ms) ${verdict(fits, judged)};`,
    )
    print(`  the stacking plan in p50 ${ms(page, 0.5)} ms, p99 ${ms(page, 0.99)} ms`)
  }
  for (const name of report.skipped) print(`not measured: ${name}`)
  if (json) print(JSON.stringify({ ...report, loop: report.loop && summaryOf(report.loop), ok }))
  return ok
}

const summaryOf = ({ busy, page, seconds }: LoopTimes) => ({
  seconds: round(seconds, 1),
  healthP50: round(percentile(busy, 0.5)),
  healthP99: round(percentile(busy, 0.99)),
  pageP50: round(percentile(page, 0.5)),
  pageP99: round(percentile(page, 0.99)),
})
