/** The board by pointer: a card is dragged with the mouse, by its grip with a finger, onto a column or the tab of one. */
if (window.leadBoard) {
  const { board, columnFor, columns, columnOf, move, showColumn, tabFor, takes } = window.leadBoard
  const FAR = 6
  const EDGE = 56

  const lost = columnFor('lost')
  const lostTab = tabFor('lost')
  lost.hidden = false

  let drag = null

  board.addEventListener('pointerdown', event => {
    const card = event.target.closest('.board-card[data-moves]')
    if (!card || event.button || card.ariaBusy === 'true') return
    // A finger on a card scrolls: its grip drags.
    const grip = event.target.closest('[data-grip]')
    if (event.pointerType !== 'mouse' && !grip) return
    drag = { card, id: event.pointerId, x: event.clientX, y: event.clientY, ghost: null, to: null }
  })

  function begin(event) {
    const box = drag.card.getBoundingClientRect()
    drag.dx = event.clientX - box.left
    drag.dy = event.clientY - box.top
    drag.ghost = drag.card.cloneNode(true)
    drag.ghost.classList.add('is-ghost')
    drag.ghost.setAttribute('aria-hidden', 'true')
    drag.ghost.inert = true
    drag.ghost.style.setProperty('width', `${box.width}px`)
    document.body.append(drag.ghost)
    drag.card.classList.add('is-dragged')
    board.classList.add('is-dragging')
    lostTab.hidden = false
    board.setPointerCapture(drag.id)
    requestAnimationFrame(roll)
  }

  function columnAt(x, y) {
    const hit = document.elementFromPoint(x, y)?.closest('[data-stage], [data-tab]')
    return hit ? columnFor(hit.dataset.stage ?? hit.dataset.tab) : null
  }

  function mark(column) {
    drag.to = column
    for (const one of columns()) {
      one.classList.toggle('is-target', one === column && takes(one))
      tabFor(one.dataset.stage)?.classList.toggle('is-target', one === column && takes(one))
    }
  }

  board.addEventListener('pointermove', event => {
    if (!drag || event.pointerId !== drag.id) return
    const [x, y] = [event.clientX, event.clientY]
    if (!drag.ghost && Math.hypot(x - drag.x, y - drag.y) < FAR) return
    if (!drag.ghost) begin(event)
    Object.assign(drag, { at: x, down: y })
    drag.ghost.style.setProperty('left', `${x - drag.dx}px`)
    drag.ghost.style.setProperty('top', `${y - drag.dy}px`)
    mark(columnAt(x, y))
  })

  /** Near an edge the board rolls on: seven columns are wider than most screens. */
  function roll() {
    if (!drag?.ghost) return
    const { left, right } = board.getBoundingClientRect()
    const before = board.scrollLeft
    if (drag.at > right - EDGE) board.scrollLeft += 14
    else if (drag.at < left + EDGE) board.scrollLeft -= 14
    // What lies under a pointer that stands still changes too.
    if (board.scrollLeft !== before) mark(columnAt(drag.at, drag.down))
    requestAnimationFrame(roll)
  }

  function end() {
    const { card, ghost, to } = drag
    ghost?.remove()
    card.classList.remove('is-dragged')
    board.classList.remove('is-dragging')
    if (ghost) mark(null)
    lostTab.hidden = true
    drag = null
    return { card, to: ghost ? to : null, was: Boolean(ghost) }
  }

  board.addEventListener('pointerup', event => {
    if (!drag || event.pointerId !== drag.id) return
    const { card, to, was } = end()
    // Letting go over the card's own link opens nothing.
    if (was) window.addEventListener('click', stop, { capture: true, once: true })
    if (was) setTimeout(() => window.removeEventListener('click', stop, { capture: true }))
    if (!to || to === columnOf(card)) return
    move(card, to)
  })
  const stop = event => {
    event.preventDefault()
    event.stopPropagation()
  }
  board.addEventListener('pointercancel', () => drag && end())
  document.addEventListener('keydown', event => event.key === 'Escape' && drag && end())
  // The browser's own dragging of links would end ours.
  board.addEventListener('dragstart', event => event.preventDefault())

  for (const tab of document.querySelectorAll('.board-tabs [data-tab]')) {
    tab.addEventListener('click', event => {
      event.preventDefault()
      showColumn(tab.dataset.tab)
      const url = new URL(location.href)
      url.searchParams.set('at', tab.dataset.tab)
      history.replaceState(null, '', url)
    })
  }
}
