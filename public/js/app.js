/** Small things on every page. Everything works without this file. */
const $ = (selector, root = document) => root.querySelector(selector)
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)]

// “/” goes to the search box, Escape closes an open menu.
document.addEventListener('keydown', event => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
    const box = $('#head-q')
    if (box) {
      event.preventDefault()
      box.focus()
      box.select()
    }
  }
  if (event.key === 'Escape') for (const menu of $$('details.menu[open]')) menu.open = false
  if (event.key === 'Escape') event.target.closest('.head-search')?.querySelector('[data-hits]').replaceChildren()
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') walkHits(event)
})

// Arrow keys go from the search box into what it found, and back.
function walkHits(event) {
  const box = event.target.closest('.head-search')
  const hits = $$('a', box?.querySelector('[data-hits]') ?? event.target.closest('[data-hits]') ?? document.createElement('i'))
  if (!hits.length) return
  event.preventDefault()
  const to = hits.indexOf(event.target) + (event.key === 'ArrowDown' ? 1 : -1)
  if (to < 0) $('#head-q').focus()
  else hits[to]?.focus()
}

document.addEventListener('click', event => {
  for (const menu of $$('details.menu[open]')) if (!menu.contains(event.target)) menu.open = false
  const fill = event.target.closest('[data-fill]')
  if (fill) {
    const input = $(fill.dataset.fill)
    input.value = fill.dataset.value
    input.focus()
  }
  const side = event.target.closest('[data-toggle-side]')
  if (side) {
    event.preventDefault()
    $('#side').classList.toggle('is-open')
  } else if (!event.target.closest('#side')) $('#side')?.classList.remove('is-open')
  const add = event.target.closest('[data-add-row]')
  if (add) addRow(add)
  const drop = event.target.closest('[data-drop-row]')
  if (drop) {
    const form = drop.form
    drop.closest('[data-row]').remove()
    form?.dispatchEvent(new Event('change', { bubbles: true }))
  }
})

/** Repeated rows: a <template> whose names carry __i__ is filled with the next number. */
function addRow(button) {
  const rows = $(button.dataset.addRow)
  const template = $(`${button.dataset.addRow}-template`)
  const index = Number(rows.dataset.next ?? rows.children.length)
  rows.dataset.next = String(index + 1)
  const holder = document.createElement('template')
  holder.innerHTML = template.innerHTML.replaceAll('__i__', String(index))
  const row = holder.content.firstElementChild
  rows.append(row)
  window.htmx?.process(row)
  $('input, select', row)?.focus()
}

// A destructive step says what it does before it does it.
document.addEventListener('submit', event => {
  const text = event.target.dataset.confirm
  if (text && !window.confirm(text)) event.preventDefault()
  // What is sent may be read, or written, or end the session: the bell asks again.
  else sessionStorage.removeItem('unread')
})

// The summary of what was refused gets the focus, and leads to each field.
$('[data-errors]')?.focus()

// How many notifications are unread: asked once a minute at most, not with every page.
const bell = $('[data-bell]')
if (bell) showUnread()
async function showUnread() {
  const kept = JSON.parse(sessionStorage.getItem('unread') ?? 'null')
  const fresh = kept && Date.now() - kept.at < 60_000 && location.pathname !== '/notifications'
  const unread = fresh ? kept.unread : await fetchUnread()
  if (!unread) return
  const badge = document.createElement('span')
  badge.className = 'bell-count'
  badge.textContent = unread > 99 ? '99+' : String(unread)
  bell.append(badge)
}
async function fetchUnread() {
  try {
    const response = await fetch('/notifications/count', { headers: { accept: 'application/json' } })
    if (!response.ok) return 0
    const { unread } = await response.json()
    sessionStorage.setItem('unread', JSON.stringify({ unread, at: Date.now() }))
    return unread
  } catch {
    return 0
  }
}

// Ranges of checkboxes with shift, and how many are chosen.
let lastBox = null
document.addEventListener('click', event => {
  const box = event.target
  if (!(box instanceof HTMLInputElement) || !box.matches('[data-select]')) return
  const boxes = $$('[data-select]')
  if (event.shiftKey && lastBox) {
    const [from, to] = [boxes.indexOf(lastBox), boxes.indexOf(box)].sort((a, b) => a - b)
    for (const one of boxes.slice(from, to + 1)) one.checked = box.checked
  }
  lastBox = box
  const count = boxes.filter(one => one.checked).length
  for (const bar of $$('[data-bulk]')) {
    bar.hidden = count === 0
    const label = $('[data-bulk-count]', bar)
    if (label) label.textContent = label.dataset.text.replace('0', String(count))
  }
})
