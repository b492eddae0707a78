/** Rows that have an order: dragged by their grip, moved by two buttons. Without this file the numbers and buttons of the page do it. */
for (const list of document.querySelectorAll('[data-order]')) {
  const form = list.closest('form')
  const rows = () => [...list.querySelectorAll(':scope > [data-order-row]')]

  const prepare = () => {
    for (const one of list.querySelectorAll('[data-grip], [data-move]')) one.hidden = false
    for (const one of list.querySelectorAll('[data-at]')) one.hidden = true
    number()
  }

  /** The numbers go with the rows: what is saved is the order that is seen. */
  const number = () => {
    for (const [i, row] of rows().entries()) {
      const at = row.querySelector('[data-at] input')
      if (at) at.value = String(i + 1)
      const [up, down] = row.querySelectorAll('[data-move]')
      if (up) up.disabled = i === 0
      if (down) down.disabled = i === rows().length - 1
    }
  }

  list.addEventListener('click', event => {
    const button = event.target.closest('[data-move]')
    if (!button) return
    const row = button.closest('[data-order-row]')
    const other = button.dataset.move === '1' ? row.nextElementSibling : row.previousElementSibling
    if (!other) return
    if (button.dataset.move === '1') other.after(row)
    else other.before(row)
    number()
    // At either end the button can't be pressed again: the focus goes to its neighbour.
    const next = button.disabled ? row.querySelector(`[data-move="${button.dataset.move === '1' ? '-1' : '1'}"]`) : button
    next.focus()
  })

  let dragged = null
  let before = ''
  const order = () =>
    rows()
      .map(row => row.querySelector('input').value + row.querySelector('input').name)
      .join()
  // Only the grip drags: text in a field is still selected with the mouse.
  list.addEventListener('pointerdown', event => {
    const grip = event.target.closest('[data-grip]')
    if (grip) grip.closest('[data-order-row]').draggable = true
  })
  list.addEventListener('dragstart', event => {
    dragged = event.target.closest('[data-order-row]')
    if (!dragged) return
    before = order()
    event.dataTransfer.effectAllowed = 'move'
    event.dataTransfer.setData('text/plain', '')
    dragged.classList.add('is-dragged')
  })
  list.addEventListener('dragover', event => {
    const over = event.target.closest?.('[data-order-row]')
    if (!dragged || !over || over === dragged || over.parentElement !== list) return
    event.preventDefault()
    const { top, height } = over.getBoundingClientRect()
    if (event.clientY < top + height / 2) over.before(dragged)
    else over.after(dragged)
  })
  list.addEventListener('drop', event => event.preventDefault())
  list.addEventListener('dragend', () => {
    if (!dragged) return
    dragged.draggable = false
    dragged.classList.remove('is-dragged')
    dragged = null
    number()
    if (form?.matches('[data-order-form]') && order() !== before) form.requestSubmit()
  })

  new MutationObserver(prepare).observe(list, { childList: true })
  prepare()
}
for (const one of document.querySelectorAll('p[data-grip]')) one.hidden = false
