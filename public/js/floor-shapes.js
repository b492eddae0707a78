/** Geometry of the outline editor: corners as text, snapping, overlaps. Lengths are in the drawing's units. */
window.floorShapes = (() => {
  const round = value => Math.round(value * 10) / 10
  const read = text =>
    text
      .trim()
      .split(/\s+/)
      .filter(Boolean)
      .map(pair => pair.split(',').map(Number))
      .filter(corner => corner.length === 2 && corner.every(Number.isFinite))
  const write = corners => corners.map(corner => corner.map(round).join(',')).join(' ')
  const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1])

  /** The corner of `corners` nearest to a point, within `reach`; -1 where none is. */
  function nearest(corners, point, reach) {
    let best = -1
    for (const [i, corner] of corners.entries()) {
      const far = distance(corner, point)
      if (far <= reach && (best < 0 || far < distance(corners[best], point))) best = i
    }
    return best
  }

  const middles = corners =>
    corners.map((corner, i) => {
      const next = corners[(i + 1) % corners.length]
      return [(corner[0] + next[0]) / 2, (corner[1] + next[1]) / 2]
    })

  /** To a neighbour's corner; else in line with the own corners; else to the grid. */
  function snap(point, { others, own, reach, grid }) {
    const at = nearest(others, point, reach)
    if (at >= 0) return [...others[at]]
    return point.map((value, axis) => {
      const line = own.map(corner => corner[axis]).find(other => Math.abs(other - value) <= reach)
      return line ?? Math.round(value / grid) * grid
    })
  }

  function stretches(corners, y) {
    const crossings = []
    for (const [i, [x1, y1]] of corners.entries()) {
      const [x2, y2] = corners[(i + 1) % corners.length]
      if (y1 <= y !== y2 <= y) crossings.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1))
    }
    return crossings.sort((a, b) => a - b)
  }

  const contains = (corners, [x, y]) => stretches(corners, y).filter(at => at < x).length % 2 === 1

  function areaOf(corners) {
    const twice = corners.reduce((sum, [x, y], i) => {
      const [nextX, nextY] = corners[(i + 1) % corners.length]
      return sum + x * nextY - nextX * y
    }, 0)
    return Math.abs(twice) / 2
  }

  function shared(a, b, y) {
    const [one, two] = [stretches(a, y), stretches(b, y)]
    let sum = 0
    for (let i = 0; i + 1 < one.length; i += 2) {
      for (let k = 0; k + 1 < two.length; k += 2) sum += Math.max(0, Math.min(one[i + 1], two[k + 1]) - Math.max(one[i], two[k]))
    }
    return sum
  }

  /** Do two outlines lie over each other by more than a fiftieth of the smaller? The server judges the same way. */
  function overlap(a, b) {
    if (a.length < 3 || b.length < 3) return false
    const ys = corners => corners.map(corner => corner[1])
    const top = Math.max(Math.min(...ys(a)), Math.min(...ys(b)))
    const bottom = Math.min(Math.max(...ys(a)), Math.max(...ys(b)))
    if (bottom <= top) return false
    const step = (bottom - top) / 48
    let sum = 0
    for (let i = 0; i < 48; i++) sum += shared(a, b, top + (i + 0.5) * step) * step
    return sum > 0.02 * Math.min(areaOf(a), areaOf(b))
  }

  return { read, write, nearest, middles, snap, contains, overlap, distance }
})()
