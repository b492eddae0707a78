/** Pointer, keys and buttons of the outline editor. */
{
  const {
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
  } = window.floorEditor
  const { nearest, middles, contains } = window.floorShapes
  let drag = null

  function pointOf(event) {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(canvas.getScreenCTM().inverse())
    return [at.x, at.y]
  }

  /** What the pointer takes hold of: a corner, or a new one in the middle of an edge. */
  function grab(point) {
    const { chosen } = state
    if (!chosen) return false
    const reach = 12 * perPixel()
    const before = chosen.corners
    const corner = nearest(before, point, reach)
    if (corner >= 0) state.picked = corner
    else {
      const middle = nearest(middles(before), point, reach)
      if (middle < 0 || before.length >= 60) return false
      state.picked = middle + 1
      chosen.corners = before.toSpliced(middle + 1, 0, point)
    }
    drag = { before, moved: corner < 0 }
    draw()
    return true
  }

  canvas.addEventListener('pointerdown', event => {
    if (event.button !== 0) return
    const point = pointOf(event)
    canvas.focus({ preventScroll: true })
    if (state.mode === 'move') {
      if (grab(point)) return canvas.setPointerCapture(event.pointerId)
      const under = units.find(unit => unit.corners.length > 2 && contains(unit.corners, point))
      if (under && under !== state.chosen) choose(under)
      return
    }
    if (!state.chosen) return
    if (state.mode === 'rect') {
      state.draft = []
      canvas.setPointerCapture(event.pointerId)
    }
    addCorner(place(point))
  })

  canvas.addEventListener('pointermove', event => {
    if (!state.chosen) return
    const point = place(pointOf(event))
    if (drag) {
      drag.moved = true
      state.chosen.corners = state.chosen.corners.with(state.picked, point)
      draw()
    } else if (state.mode !== 'move') {
      state.cross = point
      draw()
    }
  })

  canvas.addEventListener('pointerup', event => {
    if (drag) {
      const { before, moved } = drag
      drag = null
      const { corners } = state.chosen
      state.chosen.corners = before
      if (moved) keep(corners)
      sayCorner()
    } else if (state.mode === 'rect' && state.draft.length) {
      const point = place(pointOf(event))
      const [from] = state.draft
      // A click sets one corner, the next click the other; a drag does both.
      if (Math.abs(from[0] - point[0]) > grid || Math.abs(from[1] - point[1]) > grid) addCorner(point)
    }
  })

  canvas.addEventListener('pointercancel', () => {
    if (!drag) return
    state.chosen.corners = drag.before
    drag = null
    draw()
  })

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

  function arrow([x, y], far) {
    const step = far ? 1 : grid
    const shift = corner => inside([corner[0] + x * step, corner[1] + y * step])
    if (state.mode === 'move') {
      keep(state.chosen.corners.with(state.picked, shift(state.chosen.corners[state.picked])))
      return sayCorner()
    }
    state.cross = shift(state.cross)
    draw()
    const [left, top] = state.cross.map(Math.round)
    window.floorEditor.say('cross', { x: left, y: top })
  }

  function nextCorner(back) {
    const count = state.chosen.corners.length
    state.picked = (state.picked + (back ? count - 1 : 1)) % count
    draw()
    sayCorner()
  }

  const keys = {
    ' ': event => (state.mode === 'move' ? nextCorner(event.shiftKey) : addCorner(place(state.cross))),
    Enter: finish,
    Escape: () => setMode('move'),
    Backspace: () => (state.mode === 'move' ? doing.drop() : doing.undo()),
    Delete: doing.drop,
    Insert: doing.insert,
  }

  canvas.addEventListener('keydown', event => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'z') {
      event.preventDefault()
      return doing.undo()
    }
    if (!state.chosen || event.ctrlKey || event.altKey || event.metaKey) return
    if (state.mode === 'move' && !state.chosen.corners.length && event.key !== 'Escape') return
    const move = ARROWS[event.key]
    const key = keys[event.key]
    if (!move && !key) return
    event.preventDefault()
    if (move) arrow(move, event.shiftKey)
    else key(event)
  })

  /** The list of units becomes a list of buttons; the corner lists stay in the form, out of sight. */
  for (const unit of units) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'unit-pick'
    const name = document.createElement('strong')
    name.textContent = unit.code
    const area = document.createElement('span')
    area.className = 'muted'
    area.textContent = unit.row.dataset.area
    unit.count = document.createElement('span')
    unit.count.className = 'small muted'
    unit.button = button
    button.append(name, area, unit.count)
    button.addEventListener('click', () => {
      choose(unit)
      if (matchMedia('(max-width: 1080px)').matches) canvas.scrollIntoView({ block: 'center' })
    })
    unit.row.prepend(button)
    const refused = unit.field.getAttribute('aria-invalid')
    unit.row.querySelector('.field').hidden = !refused
    unit.field.addEventListener('change', () => apply(unit, window.floorShapes.read(unit.field.value)))
  }
  document.querySelector('#corners-help').hidden = !document.querySelector('[data-unit] [aria-invalid]')
  document.querySelector('[data-tools]').hidden = false
  canvas.setAttribute('tabindex', '0')
  canvas.setAttribute('role', 'application')
  canvas.classList.add('is-live')

  document.querySelector('[data-tools]').addEventListener('click', event => {
    const button = event.target.closest('button')
    if (!button) return
    if (button.dataset.mode) setMode(button.dataset.mode)
    else if (button.dataset.do) doing[button.dataset.do]()
    else if (button.dataset.zoomBy) zoom(Number(button.dataset.zoomBy))
  })

  function zoom(by) {
    const fit = canvas.parentElement.clientWidth
    const width = Math.min(fit * 8, Math.max(fit, canvas.getBoundingClientRect().width * by))
    canvas.style.width = `${width}px`
    draw()
  }

  form.addEventListener('submit', () => {
    state.unsaved = false
  })
  window.addEventListener('beforeunload', event => state.unsaved && event.preventDefault())
  setMode('move')
}
