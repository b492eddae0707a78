/** Drawing and mending units' outlines on a floor plan. Without this file the same form has a list of corners per unit. */
{
  const { read, write, middles, snap, overlap, distance } = window.floorShapes
  const editor = document.querySelector('[data-editor]')
  const words = JSON.parse(editor.dataset.words)
  const canvas = editor.querySelector('.editor-canvas')
  const [sheetWidth, sheetHeight] = [Number(canvas.dataset.width), Number(canvas.dataset.height)]
  const grid = Math.max(1, Math.round(Number(editor.dataset.scale) * 5))
  const form = document.querySelector('[data-outline-form]')
  const units = [...document.querySelectorAll('[data-unit]')].map(row => ({
    row,
    code: row.dataset.code,
    field: row.querySelector('textarea'),
    corners: read(row.querySelector('textarea').value),
  }))
  const past = []
  /** `draft`: corners set so far of a new outline; `picked`: the corner the keys move; `cross`: where the keys draw. */
  const state = { chosen: null, mode: 'move', draft: [], picked: 0, cross: [sheetWidth / 2, sheetHeight / 2], unsaved: false }

  const fill = (text, values) => Object.entries(values).reduce((said, [name, value]) => said.replaceAll(`{${name}}`, String(value)), text)
  const say = (key, values = {}) => {
    editor.querySelector('[data-say]').textContent = fill(words[key], { unit: state.chosen?.code ?? '', ...values })
  }
  /** Units of the drawing per pixel on the screen, at the zoom of now. */
  const perPixel = () => sheetWidth / canvas.getBoundingClientRect().width

  function put(parent, name, attributes) {
    const node = document.createElementNS('http://www.w3.org/2000/svg', name)
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value)
    parent.append(node)
    return node
  }

  function drawShapes(parent) {
    for (const unit of units) {
      if (unit.corners.length < 3) continue
      put(parent, 'polygon', { points: write(unit.corners), class: unit === state.chosen ? 'sketch is-chosen' : 'sketch' })
      const [x, y] = unit.corners.reduce((sum, corner) => [sum[0] + corner[0], sum[1] + corner[1]], [0, 0])
      const label = put(parent, 'text', {
        x: x / unit.corners.length,
        y: y / unit.corners.length,
        class: 'sketch-label',
        'font-size': 12 * perPixel(),
      })
      label.textContent = unit.code
    }
  }

  function draw() {
    const shapes = canvas.querySelector('[data-shapes]')
    const handles = canvas.querySelector('[data-handles]')
    shapes.replaceChildren()
    handles.replaceChildren()
    drawShapes(shapes)
    const size = perPixel()
    if (state.draft.length) put(handles, 'polyline', { points: write([...state.draft, state.cross]), class: 'draft' })
    for (const corner of state.draft) put(handles, 'circle', { cx: corner[0], cy: corner[1], r: 5 * size, class: 'handle' })
    if (state.mode !== 'move' && state.chosen) put(handles, 'path', { d: crossPath(state.cross, 9 * size), class: 'cross' })
    if (state.mode === 'move' && state.chosen) {
      for (const [x, y] of middles(state.chosen.corners))
        put(handles, 'circle', { cx: x, cy: y, r: 3.5 * size, class: 'handle handle-middle' })
      for (const [i, [x, y]] of state.chosen.corners.entries())
        put(handles, 'circle', { cx: x, cy: y, r: 6 * size, class: i === state.picked ? 'handle is-picked' : 'handle' })
    }
    for (const button of document.querySelectorAll('[data-mode]'))
      button.setAttribute('aria-pressed', String(button.dataset.mode === state.mode))
    for (const unit of units) {
      unit.button.setAttribute('aria-pressed', String(unit === state.chosen))
      unit.count.textContent = unit.corners.length ? fill(words.drawn, { count: unit.corners.length }) : words.none
    }
  }

  const crossPath = ([x, y], arm) => `M${x - arm} ${y}H${x + arm}M${x} ${y - arm}V${y + arm}`
  const inside = ([x, y]) => [Math.min(sheetWidth, Math.max(0, x)), Math.min(sheetHeight, Math.max(0, y))]

  function place(point) {
    if (!document.querySelector('[data-snap]').checked) return inside(point)
    const others = units.filter(unit => unit !== state.chosen).flatMap(unit => unit.corners)
    const own = state.draft.length
      ? [state.draft.at(-1), state.draft[0]]
      : (state.chosen?.corners.filter((_, i) => i !== state.picked) ?? [])
    return inside(snap(point, { others, own, reach: 8 * perPixel(), grid }))
  }

  function keep(corners, key = null) {
    past.push([state.chosen, state.chosen.corners])
    apply(state.chosen, corners)
    const over = units.filter(unit => unit !== state.chosen && overlap(unit.corners, corners)).map(unit => unit.code)
    if (over.length) say('overlap', { others: over.join(', ') })
    else if (key) say(key, { count: corners.length })
  }

  function apply(unit, corners) {
    unit.corners = corners
    unit.field.value = write(corners)
    state.unsaved = true
    state.picked = Math.max(0, Math.min(state.picked, corners.length - 1))
    draw()
  }

  function setMode(next) {
    state.mode = next
    state.draft = []
    draw()
    if (!state.chosen) return say('choose')
    say({ draw: 'drawing', rect: 'drawingRect', move: 'moving' }[next])
  }

  function choose(unit) {
    state.chosen = unit
    state.picked = 0
    setMode(unit.corners.length ? 'move' : 'draw')
  }

  function finish() {
    if (state.mode !== 'draw') return
    if (state.draft.length < 3) return say('few')
    const corners = state.draft
    state.draft = []
    state.mode = 'move'
    keep(corners, 'done')
  }

  function addCorner(point) {
    if (state.mode === 'rect') return addRect(point)
    if (state.draft.length > 2 && distance(state.draft[0], point) <= 9 * perPixel()) return finish()
    if (state.draft.length < 60) state.draft.push(point)
    state.cross = point
    draw()
  }

  function addRect(point) {
    const [from] = state.draft
    if (!from) {
      state.draft = [point]
      return draw()
    }
    state.draft = []
    if (from[0] === point[0] || from[1] === point[1]) return draw()
    state.mode = 'move'
    keep([from, [point[0], from[1]], point, [from[0], point[1]]], 'done')
  }

  const doing = {
    close: finish,
    undo() {
      if (state.draft.length) state.draft.pop()
      else {
        const [unit, corners] = past.pop() ?? []
        if (!unit) return
        state.chosen = unit
        state.mode = 'move'
        apply(unit, corners)
      }
      say('undone')
      draw()
    },
    erase() {
      if (!state.chosen?.corners.length) return
      keep([], 'erased')
      state.mode = 'draw'
      draw()
    },
    insert() {
      if (state.mode !== 'move' || !state.chosen?.corners.length || state.chosen.corners.length >= 60) return
      state.picked += 1
      keep(state.chosen.corners.toSpliced(state.picked, 0, middles(state.chosen.corners)[state.picked - 1]))
      sayCorner()
    },
    drop() {
      if (state.mode !== 'move' || !state.chosen) return
      if (state.chosen.corners.length <= 3) return say('few')
      keep(state.chosen.corners.toSpliced(state.picked, 1))
      sayCorner()
    },
  }

  function sayCorner() {
    const [x, y] = state.chosen.corners[state.picked]
    say('at', { n: state.picked + 1, count: state.chosen.corners.length, x: Math.round(x), y: Math.round(y) })
  }

  // What floor-input.js needs: pointer and keys live there.
  window.floorEditor = {
    state,
    canvas,
    units,
    form,
    grid,
    doing,
    draw,
    choose,
    setMode,
    place,
    keep,
    apply,
    finish,
    addCorner,
    sayCorner,
    perPixel,
    inside,
    say,
  }
}
