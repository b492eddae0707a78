/**
 * The grid of rooms: choosing a time by dragging, moving and resizing one's own bookings, the keyboard, and other people's changes.
 * Without this file every free cell is a link to the form, and each booking to its page.
 */
{
  const { askMove, beginOf, book, clear, clock, coverOf, dialog, grid, isFree, mark, priceOf, say, stretch, timesOf, words } =
    window.roomCells
  const { isKeying, listen, restore } = window.roomKeys
  const { watch } = window.roomLive

  let tip = null
  function showTip(event, text) {
    if (!tip) {
      tip = document.createElement('div')
      tip.className = 'room-tip'
      document.body.append(tip)
    }
    tip.textContent = text
    const box = tip.getBoundingClientRect()
    const left = Math.min(event.clientX + 14, innerWidth - box.width - 8)
    const place = [`left:${left}px`, `top:${event.clientY + 16}px`]
    // A rule in a sheet of our own: the page's policy forbids style attributes.
    place.forEach(one => {
      const [name, value] = one.split(':')
      tip.style.setProperty(name, value)
    })
  }
  const hideTip = () => {
    tip?.remove()
    tip = null
  }

  /** Which minute of a row a point lies over. */
  function minuteAt(row, x) {
    const first = row.cells[1].getBoundingClientRect()
    const last = row.cells[row.cells.length - 1].getBoundingClientRect()
    const columns = [...row.cells].slice(1).reduce((sum, cell) => sum + cell.colSpan, 0)
    const share = (x - first.left) / (last.right - first.left)
    return beginOf(row) + share * columns * Number(grid().dataset.step)
  }

  let drag = null
  let moved = false

  function startDrag(event) {
    moved = false
    if (event.button || !words || dialog.open) return
    const cell = event.target.closest('.room-grid td')
    if (!cell) return
    // A finger scrolls; it drags after a long press.
    if (event.pointerType === 'touch' && !event.detailLong) return waitLong(event, cell)
    // On a phone rooms are blocks of buttons: there is no scale to drag along.
    if (getComputedStyle(cell).display !== 'table-cell') return
    if (isFree(cell)) drag = { kind: 'new', cell, cells: [cell] }
    else if (cell.dataset.ref) {
      const edge = cell.getBoundingClientRect().right - event.clientX < 10
      const [from, to] = [Number(cell.dataset.from), Number(cell.dataset.to)]
      drag = {
        kind: edge ? 'size' : 'move',
        cell,
        ref: cell.dataset.ref,
        from,
        to,
        hold: minuteAt(cell.parentElement, event.clientX) - from,
      }
    } else return
    drag.x = event.clientX
    drag.y = event.clientY
  }

  let long = 0
  function waitLong(event, cell) {
    clearTimeout(long)
    const { clientX, clientY, pointerId } = event
    long = setTimeout(() => {
      startDrag({ button: 0, target: cell, clientX, clientY, detailLong: true, pointerType: 'touch' })
      cell.setPointerCapture?.(pointerId)
      navigator.vibrate?.(15)
    }, 350)
  }

  /** A finger that drags doesn't scroll, nor open the menu of a link. */
  const hold = event => drag && event.preventDefault()

  const snap = minute => Math.round(minute / 30) * 30

  function moveDrag(event) {
    if (!drag) return
    if (!moved && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 5) return
    moved = true
    event.preventDefault()
    document.body.classList.add('is-dragging')
    const over = document.elementFromPoint(event.clientX, event.clientY)?.closest('.room-grid td')
    if (drag.kind === 'new') {
      const cells = over && over.parentElement === drag.cell.parentElement ? stretch(drag.cell, over) : null
      if (cells) drag.cells = cells
      mark(drag.cells, 'is-chosen')
      const { from, to } = timesOf(drag.cells)
      return showTip(event, `${clock(from)}–${clock(to)} · ${priceOf(drag.cell.parentElement, to - from)}`)
    }
    const row = drag.kind === 'size' ? drag.cell.parentElement : (over?.parentElement ?? drag.cell.parentElement)
    const at = minuteAt(row, event.clientX)
    const from = drag.kind === 'size' ? drag.from : snap(at - drag.hold)
    const to = drag.kind === 'size' ? Math.max(from + 30, snap(at)) : from + drag.to - drag.from
    const cells = coverOf(row, from, to, drag.ref)
    drag.target = cells ? { row, from, to } : null
    clear()
    if (cells) mark(cells, 'is-target')
    showTip(event, cells ? `${clock(from)}–${clock(to)} · ${priceOf(row, to - from)}` : words.taken)
  }

  function endDrag() {
    clearTimeout(long)
    document.body.classList.remove('is-dragging')
    hideTip()
    const done = drag
    drag = null
    if (!done || !moved) return
    if (done.kind === 'new') return book(done.cells)
    const { target } = done
    clear()
    if (target && (target.from !== done.from || target.to !== done.to || target.row !== done.cell.parentElement))
      askMove(done.ref, target.row, target.from, target.to)
  }

  function giveUp() {
    drag = null
    endDrag()
    clear()
  }

  /** The click that ends a drag isn't a click. */
  function swallow(event) {
    if (!moved || !event.target.closest?.('.room-grid')) return
    event.preventDefault()
    moved = false
  }

  if (words) {
    document.addEventListener('pointerdown', startDrag)
    document.addEventListener('pointermove', moveDrag)
    document.addEventListener('pointerup', endDrag)
    document.addEventListener('pointercancel', giveUp)
    document.addEventListener('keydown', event => event.key === 'Escape' && drag && giveUp())
    document.addEventListener('touchmove', hold, { passive: false })
    document.addEventListener('contextmenu', hold)
    document.addEventListener('dragstart', event => event.target.closest?.('.room-grid') && event.preventDefault())
    document.addEventListener('click', swallow, true)
    dialog?.querySelector('[data-close]').addEventListener('click', () => dialog.close())
    dialog?.addEventListener('close', clear)
    listen()
  }

  function swapped() {
    if (!words) return
    restore()
    say(words.changed)
  }

  watch({ grid, busy: () => Boolean(drag || isKeying() || dialog?.open), swapped })
}
