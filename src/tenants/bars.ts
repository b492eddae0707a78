/** A small bar chart as numbers for SVG: oldest year left, the last one marked, an empty place where a year has no figure. */
export interface Bar {
  year: number
  value: number | null
  x: number
  y: number
  width: number
  height: number
  last: boolean
}

const WIDTH = 320
const HEIGHT = 92
const TOP = 20
const SHOWN = 6

export function barsOf(rows: [year: number, value: number | null][]): Bar[] {
  const shown = [...rows].sort((a, b) => a[0] - b[0]).slice(-SHOWN)
  const most = Math.max(1, ...shown.map(([, value]) => value ?? 0))
  const step = WIDTH / Math.max(shown.length, 3)
  return shown.map(([year, value], i) => {
    const height = Math.round(((HEIGHT - TOP) * Math.max(0, value ?? 0)) / most)
    const x = Math.round(i * step + step * 0.2)
    return { year, value, x, y: HEIGHT - height, width: Math.round(step * 0.6), height, last: i === shown.length - 1 }
  })
}
