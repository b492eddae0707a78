import type { Area } from '../lib/area.ts'
import type { Day } from '../lib/days.ts'
import type { ForecastMonth } from './forecast.ts'

/** Numbers of a report as places in an SVG; the same numbers stand in a table beside it. */
export const BOX = { width: 760, height: 240, base: 200, top: 16, left: 64 } as const

const tenth = (n: number): number => Math.round(n * 10) / 10

/** Round steps from nothing to at least `most`: four or five lines. */
export function stepsTo(most: number): number[] {
  const rough = Math.max(most, 1) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const size = Math.max(1, [1, 2, 2.5, 5, 10].map(n => n * power).find(n => n >= rough)!)
  const count = Math.max(1, Math.ceil(most / size))
  return Array.from({ length: count + 1 }, (_, i) => Math.round(i * size))
}

interface Tick {
  y: number
  value: number
}

interface Scale {
  ticks: Tick[]
  y(value: number): number
  x(i: number): number
  bar: number
}

function scaleFor(most: number, count: number): Scale {
  const steps = stepsTo(most)
  const top = steps.at(-1)!
  const y = (value: number) => tenth(BOX.base - (value / top) * (BOX.base - BOX.top))
  const step = (BOX.width - BOX.left) / Math.max(1, count)
  const x = (i: number) => tenth(BOX.left + i * step + step * 0.14)
  return { ticks: steps.map(value => ({ y: y(value), value })), y, x, bar: tenth(step * 0.72) }
}

export interface ForecastBar extends ForecastMonth {
  x: number
  letY: number
  letHeight: number
  weightedY: number
  weightedHeight: number
  labelled: boolean
}

/** Bars of what is let with what may come on top, and the lettable area as a line with steps. Areas in hundredths of a square metre. */
export function forecastChart(months: ForecastMonth[]): {
  ticks: { y: number; value: Area }[]
  bars: ForecastBar[]
  bar: number
  line: string
} {
  // The ticks are to be round in square metres.
  const most = Math.max(...months.map(({ let: taken, weighted, lettable }) => Math.max(lettable, taken + weighted))) / 100
  const scale = scaleFor(most, months.length)
  const y = (area: Area) => scale.y(area / 100)
  const bars = months.map((month, i) => {
    const [letY, top] = [y(month.let), y(month.let + month.weighted)]
    const heights = { letHeight: tenth(BOX.base - letY), weightedHeight: tenth(letY - top) }
    return { ...month, x: scale.x(i), letY, weightedY: top, ...heights, labelled: i % 3 === 0 }
  })
  const half = scale.bar * 0.19
  const line = bars.map((bar, i) => `${i ? 'L' : 'M'}${tenth(bar.x - half)} ${y(bar.lettable)}H${tenth(bar.x + scale.bar + half)}`).join('')
  return { ticks: scale.ticks.map(({ y: at, value }) => ({ y: at, value: value * 100 })), bars, bar: scale.bar, line }
}

export interface CountBar {
  day: Day
  count: number
  x: number
  y: number
  height: number
  labelled: boolean
}

/** Bars of counts, month by month. */
export function countChart(months: { month: string; total: number }[]): { ticks: Tick[]; bars: CountBar[]; bar: number } {
  const scale = scaleFor(Math.max(1, ...months.map(month => month.total)), months.length)
  const every = Math.ceil(months.length / 12)
  const bars = months.map(({ month, total }, i) => {
    const y = scale.y(total)
    return { day: month, count: total, x: scale.x(i), y, height: tenth(BOX.base - y), labelled: i % every === 0 }
  })
  return { ticks: scale.ticks, bars, bar: scale.bar }
}
