/** The grid by keyboard: arrows move, Shift+arrows choose a time, Enter books, M moves one's own booking. */
window.roomKeys = (() => {
  const { askMove, book, clear, clock, coverOf, isFree, mark, nameOf, priceOf, say, stretch, timesOf, told, words } = window.roomCells

  /** One cell of the grid can be reached with Tab; arrows go on from there. */
  const stops = () => [...document.querySelectorAll('.room-grid tbody td > a')]
  function rove(target) {
    for (const stop of stops()) stop.tabIndex = stop === target ? 0 : -1
  }

  function neighbour(cell, key) {
    const rows = [...cell.closest('tbody').rows]
    const row = rows.indexOf(cell.parentElement)
    if (key === 'ArrowLeft' || key === 'ArrowRight') {
      let next = cell
      do next = key === 'ArrowRight' ? next.nextElementSibling : next.previousElementSibling
      while (next && !next.querySelector(':scope > a'))
      return next?.tagName === 'TD' ? next : null
    }
    const middle = cell.getBoundingClientRect().left + 4
    for (let i = row + (key === 'ArrowDown' ? 1 : -1); rows[i]; i += key === 'ArrowDown' ? 1 : -1) {
      const hit = [...rows[i].cells].find(
        one => one.tagName === 'TD' && one.getBoundingClientRect().right > middle && one.querySelector(':scope > a'),
      )
      if (hit) return hit
    }
    return null
  }

  let chosen = null
  let moving = null

  function onKey(event) {
    const cell = event.target.closest?.('.room-grid td')
    if (!cell) return
    if (moving) return keyMove(event)
    if (event.key.startsWith('Arrow')) {
      event.preventDefault()
      const next = neighbour(cell, event.key)
      if (event.shiftKey && next && isFree(cell) && next.parentElement === cell.parentElement) {
        const start = chosen?.start ?? cell
        const cells = stretch(start, next)
        if (!cells) return say(words.taken)
        chosen = { start, cells }
        mark(cells, 'is-chosen')
        const { from, to } = timesOf(cells)
        say(told(words.chosen, { when: `${clock(from)}–${clock(to)}`, price: priceOf(cell.parentElement, to - from) }))
      } else {
        chosen = null
        clear()
      }
      if (!next) return
      rove(next.firstElementChild)
      next.firstElementChild.focus()
    } else if (event.key === 'Enter' && chosen) {
      event.preventDefault()
      book(chosen.cells)
    } else if (event.key === 'Escape' && chosen) {
      chosen = null
      clear()
      say(words.cancelled)
    } else if (event.key.toLowerCase() === 'm' && cell.dataset.ref) {
      event.preventDefault()
      const [from, to] = [Number(cell.dataset.from), Number(cell.dataset.to)]
      moving = { ref: cell.dataset.ref, row: cell.parentElement, from, to }
      showMoving()
    }
  }

  function showMoving() {
    const { row, from, to, ref } = moving
    const cells = coverOf(row, from, to, ref)
    clear()
    if (cells) mark(cells, 'is-target')
    say(cells ? told(words.moving, { when: `${nameOf(row)} ${clock(from)}–${clock(to)}` }) : words.taken)
  }

  function keyMove(event) {
    event.preventDefault()
    const shift = { ArrowLeft: -30, ArrowRight: 30 }[event.key]
    if (shift) Object.assign(moving, { from: moving.from + (event.shiftKey ? 0 : shift), to: moving.to + shift })
    if (event.key === 'ArrowUp') moving.row = moving.row.previousElementSibling ?? moving.row
    if (event.key === 'ArrowDown') moving.row = moving.row.nextElementSibling ?? moving.row
    if (event.key === 'Escape') {
      moving = null
      clear()
      return say(words.cancelled)
    }
    if (event.key === 'Enter') {
      const { row, from, to, ref } = moving
      if (!coverOf(row, from, to, ref)) return say(words.taken)
      moving = null
      return askMove(ref, row, from, to)
    }
    showMoving()
  }

  const isKeying = () => Boolean(moving || chosen)

  function listen() {
    document.addEventListener('keydown', onKey)
    document.addEventListener('focusin', event => event.target.matches('.room-grid tbody td > a') && rove(event.target))
    rove(stops()[0])
  }

  /** A redrawn grid has no stop yet. */
  const restore = () => rove(stops()[0])

  return { isKeying, listen, restore }
})()
