/**
 * Floor drawings for the demo: an illustrative plan with bands of units along corridors and a core in the middle, areas in
 * proportion. Every floor gets its own variant, so that they don't look alike.
 */
export interface Drawing {
  svg: string
  width: number
  height: number
  outlines: Map<string, [number, number][]>
}

interface Sized {
  code: string
  gross: number
}

interface Band {
  y: number
  depth: number
  /** Free stretches along the band: left and right of the core, or the whole of it. */
  slots: { x: number; width: number }[]
}

const WIDTH = 1200
const EDGE = 24
const CORE = 132
const inner = WIDTH - 2 * EDGE

function bandsOf(rows: number, coreAt: number): { bands: Band[]; corridors: { y: number; depth: number }[]; height: number } {
  const left = { x: EDGE, width: coreAt - EDGE }
  const right = { x: coreAt + CORE, width: WIDTH - EDGE - coreAt - CORE }
  const whole = [{ x: EDGE, width: inner }]
  const bands: Band[] = []
  const corridors: { y: number; depth: number }[] = []
  let y = EDGE
  for (let row = 0; row < rows; row++) {
    const outside = row === 0 || row === rows - 1
    const depth = outside ? 150 : 124
    bands.push({ y, depth, slots: outside ? whole : [left, right] })
    y += depth
    const corridor = row % 2 === 0 && row < rows - 1
    if (corridor) {
      corridors.push({ y, depth: 46 })
      y += 46
    }
  }
  return { bands, corridors, height: y + EDGE }
}

/** Cuts the units, in order, into the slots by their share of the area. */
function fill(units: Sized[], bands: Band[]): { band: Band; slot: Band['slots'][number]; units: Sized[] }[] {
  const slots = bands.flatMap(band => band.slots.map(slot => ({ band, slot, room: slot.width * band.depth, units: [] as Sized[] })))
  const room = slots.reduce((sum, slot) => sum + slot.room, 0)
  const total = units.reduce((sum, unit) => sum + unit.gross, 0)
  let at = 0
  let used = 0
  for (const unit of units) {
    const share = (unit.gross / total) * room
    while (at < slots.length - 1 && slots[at]!.units.length && used + share / 2 > slots[at]!.room) {
      used -= slots[at]!.room
      at += 1
    }
    slots[at]!.units.push(unit)
    used += share
  }
  return slots.filter(slot => slot.units.length)
}

function outlinesOf(units: Sized[], bands: Band[]): Map<string, [number, number][]> {
  const outlines = new Map<string, [number, number][]>()
  for (const { band, slot, units: row } of fill(units, bands)) {
    const total = row.reduce((sum, unit) => sum + unit.gross, 0)
    let passed = 0
    for (const unit of row) {
      const x1 = Math.round(slot.x + (passed / total) * slot.width)
      passed += unit.gross
      const x2 = Math.round(slot.x + (passed / total) * slot.width)
      const y2 = band.y + band.depth
      outlines.set(unit.code, [
        [x1, band.y],
        [x2, band.y],
        [x2, y2],
        [x1, y2],
      ])
    }
  }
  return outlines
}

const box = (x: number, y: number, width: number, height: number, fill: string): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}" stroke="#7e8d99"/>`
const word = (x: number, y: number, text: string): string =>
  `<text x="${x}" y="${y}" font-family="sans-serif" font-size="13" fill="#55636f" text-anchor="middle">${text}</text>`

function core(x: number, bands: Band[]): string {
  return bands
    .filter(band => band.slots.length > 1)
    .map((band, i) => {
      const half = CORE / 2
      const names = i % 2 ? ['卫生间', '茶水间'] : ['楼梯', '电梯厅']
      const middle = band.y + band.depth / 2 + 4
      return `${box(x, band.y, half, band.depth, '#eef2f4')}${box(x + half, band.y, half, band.depth, '#e4eaee')}${word(x + half / 2, middle, names[0]!)}${word(x + half * 1.5, middle, names[1]!)}`
    })
    .join('')
}

export function drawFloor(floor: { code: string; level: number }, units: Sized[]): Drawing {
  const coreAt = [534, 430, 640, 500, 590][Math.abs(floor.level) % 5]!
  const { bands, corridors, height } = bandsOf(units.length > 12 ? 4 : 2, coreAt)
  const parts = [
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<rect x="${EDGE - 4}" y="${EDGE - 4}" width="${inner + 8}" height="${height - 2 * EDGE + 8}" fill="#f5f7f8" stroke="#44535f" stroke-width="5"/>`,
    ...corridors.map(({ y, depth }) => box(EDGE, y, inner, depth, '#fbfcfc') + word(110, y + depth / 2 + 4, '走廊')),
    core(coreAt, bands),
    word(WIDTH - 60, height - 6, `${floor.code} 示意图`),
  ]
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">${parts.join('')}</svg>`
  return { svg, width: WIDTH, height, outlines: outlinesOf(units, bands) }
}
