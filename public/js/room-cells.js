/** The cells of the grid of rooms: what is free, what it would cost, and what lies over it. */
window.roomCells = (() => {
  const MINUTE = 60
  const grid = () => document.querySelector('#grid')
  const words = document.querySelector('#grid-words')?.dataset
  const live = document.querySelector('#grid-live')
  const say = text => {
    if (live) live.textContent = text
  }

  const clock = minute => `${String(Math.floor(minute / MINUTE)).padStart(2, '0')}:${String(minute % MINUTE).padStart(2, '0')}`
  const fromOf = cell => Number(new URL(cell.firstElementChild.href).searchParams.get('from'))
  const isFree = cell => cell?.matches?.('td:not([class])') || cell?.matches?.('td.is-chosen, td.is-target')
  const lengthOf = cell => cell.colSpan * Number(grid().dataset.step)
  const span = cell => ({ from: fromOf(cell), to: fromOf(cell) + lengthOf(cell) })

  /** What the chosen time would cost, as far as the page knows: the form says it exactly. */
  function priceOf(row, minutes) {
    const price = Number(row.dataset.price)
    if (!price) return words.freeWord
    const free = 'hours' in row.dataset ? Math.min(minutes, Number(grid().dataset.free || 0)) : 0
    if (free >= minutes) return words.freeHours
    const yuan = `¥${((price * (minutes - free)) / 6000).toFixed(2)}`
    return free ? `${yuan} + ${clock(free)} ${words.freeHours}` : yuan
  }

  const nameOf = row => row.querySelector('th a').textContent
  const told = (text, values) => Object.entries(values).reduce((all, [name, value]) => all.replace(`{{${name}}}`, value), text)

  const clear = () => {
    for (const cell of document.querySelectorAll('.is-chosen, .is-target')) {
      cell.classList.remove('is-chosen', 'is-target')
      if (!cell.className) cell.removeAttribute('class')
    }
  }

  /** Free cells of a row that follow one another from one cell to another. */
  function stretch(one, other) {
    const cells = [...one.parentElement.cells]
    const [a, b] = [cells.indexOf(one), cells.indexOf(other)].sort((x, y) => x - y)
    const chosen = cells.slice(a, b + 1)
    return chosen.every(isFree) ? chosen : null
  }

  const timesOf = cells => ({ from: span(cells[0]).from, to: span(cells.at(-1)).to })
  const mark = (cells, name) => {
    clear()
    for (const cell of cells) cell.classList.add(name)
  }

  function book(cells) {
    const { from, to } = timesOf(cells)
    const url = new URL(cells[0].firstElementChild.href)
    url.searchParams.set('to', String(to))
    url.searchParams.set('from', String(from))
    location.assign(url)
  }

  /** A booking's own place, and what is kept for preparing it, go along with it. */
  const goesAlong = (cell, ref) => {
    const near = cell.matches('.k-gap') ? [cell.previousElementSibling, cell.nextElementSibling] : [cell]
    return near.some(one => one?.dataset.ref === ref)
  }

  /** Cells of a row that cover a time, counting the booking's own place as free. */
  function coverOf(row, from, to, ref) {
    const cells = [...row.cells].slice(1)
    const step = Number(grid().dataset.step)
    const covered = []
    let minute = Number(row.dataset.begin ?? beginOf(row))
    for (const cell of cells) {
      const end = minute + cell.colSpan * step
      if (end > from && minute < to) {
        if (!isFree(cell) && !goesAlong(cell, ref)) return null
        covered.push(cell)
      }
      minute = end
    }
    return covered.length && minute >= to ? covered : null
  }

  const beginOf = row => Number(row.closest('table').querySelector('thead th[colspan]').textContent.slice(0, 2)) * MINUTE

  const dialog = document.querySelector('#grid-move')
  function askMove(ref, row, from, to) {
    const form = dialog.querySelector('form')
    form.action = `${form.dataset.action}${ref}/move`
    form.elements.room.value = row.dataset.room
    form.elements.from.value = String(from)
    form.elements.to.value = String(to)
    dialog.querySelector('[data-when]').textContent = `${clock(from)}–${clock(to)}`
    dialog.querySelector('[data-where]').textContent = nameOf(row)
    form.elements.version.value = ''
    dialog.querySelector('[data-now]').textContent = ''
    dialog.querySelector('[data-quote]').replaceChildren()
    dialog.showModal()
    quote(ref, { room: row.dataset.room, on: form.elements.day.value, from, to })
  }

  /** Where the booking is now, what the move would cost and what stands in its way, as its own page says it. */
  async function quote(ref, asked) {
    const response = await fetch(`bookings/${ref}/move?${new URLSearchParams(asked)}`, { headers: { 'HX-Request': 'true' } })
    if (!response.ok) return
    const page = new DOMParser().parseFromString(await response.text(), 'text/html')
    dialog.querySelector('[name="version"]').value = page.querySelector('[name="version"]').value
    dialog.querySelector('[data-now]').textContent = page.querySelector('.page-head h1 + p').textContent
    page.querySelector('.booking-quote .booking-when')?.remove()
    dialog.querySelector('[data-quote]').replaceChildren(...page.querySelector('.booking-quote [aria-live]').childNodes)
  }

  return { grid, words, say, clock, isFree, priceOf, nameOf, told, clear, stretch, timesOf, mark, book, coverOf, beginOf, dialog, askMove }
})()
