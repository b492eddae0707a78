/**
 * The lease form: units that are taken in the wanted period are marked, a suggested unit fills the next line, a chosen unit brings
 * its rate and desks, the list of companies can be searched. Charges are previewed by htmx; the form works without this file.
 */
const form = document.querySelector('#lease-form')
const lines = document.querySelector('#lines')
const changed = field => field.dispatchEvent(new Event('change', { bubbles: true }))

/** A list rate goes with the price basis it is quoted in: another basis takes it away again. What was typed or agreed stays. */
function complete(row) {
  const { rate = '', desks = '', basis } = row.querySelector('select').selectedOptions[0]?.dataset ?? {}
  const [rateInput, desksInput] = row.querySelectorAll('input')
  const fits = !form || form.elements.basis.value === basis
  fill(rateInput, fits ? rate : '')
  if (desksInput) fill(desksInput, desks)
}

function fill(input, listed) {
  if (input.value && input.value !== input.dataset.listed) return
  input.value = listed
  input.dataset.listed = listed
}

/** Workstations are priced by the desk: a lease of nothing else starts with that basis. */
function suggestBasis() {
  const chosen = [...lines.querySelectorAll('select[data-units]')].map(select => select.selectedOptions[0]?.dataset.basis).filter(Boolean)
  if (form?.elements.basis.value !== 'sqm-day' || !chosen.length || chosen.includes('sqm-day')) return
  form.elements.basis.value = 'desk-month'
  showBasis()
}

function emptyRow() {
  const free = [...lines.querySelectorAll('[data-row]')].find(row => !row.querySelector('select').value)
  if (free) return free
  document.querySelector('[data-add-row="#lines"]').click()
  return lines.lastElementChild
}

function markRows() {
  for (const select of lines?.querySelectorAll('select[data-units]') ?? []) {
    const taken = select.selectedOptions[0]?.hasAttribute('data-taken') ?? false
    select.closest('[data-row]').classList.toggle('is-taken', taken)
  }
}

lines?.addEventListener('change', event => {
  if (!event.target.matches('select[data-units]')) return
  suggestBasis()
  if (event.target.value) complete(event.target.closest('[data-row]'))
  markRows()
})

/** The units that are free when the dates have changed: every list of units says so, the one for rows to come too. */
async function refreshUnits() {
  const { from, to } = Object.fromEntries(new FormData(form))
  if (!from || !to || to < from) return
  const asks = new URLSearchParams({ from, to })
  const answer = await fetch(`${form.dataset.suggestions}?${asks}`, { headers: { accept: 'application/json' } })
  if (!answer.ok) return
  const free = new Set((await answer.json()).units)
  const roots = [document, ...[...document.querySelectorAll('template')].map(one => one.content)]
  for (const option of roots.flatMap(root => [...root.querySelectorAll('select[data-units] option[data-words]')])) {
    const taken = !free.has(option.value)
    option.toggleAttribute('data-taken', taken)
    option.textContent = taken ? `${option.dataset.words} · ${form.dataset.taken}` : option.dataset.words
  }
  markRows()
}

/** The last day of so many months from a day, clamped to the month's length. */
function lastDay(from, months) {
  const [year, month, day] = from.split('-').map(Number)
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate()
  const next = new Date(Date.UTC(year, month - 1 + months, Math.min(day, last)))
  return new Date(next.getTime() - 86_400_000).toISOString().slice(0, 10)
}

/** The unit of the rates follows the price basis, and desks are asked for only where they are paid for. */
function showBasis() {
  const basis = form.elements.basis.value
  const words = JSON.parse(form.dataset.rates)[basis]
  for (const root of [document, document.querySelector('#lines-template').content]) {
    for (const input of root.querySelectorAll('input[name$="[rate]"]')) input.nextElementSibling.textContent = words
    for (const input of root.querySelectorAll('input[name$="[desks]"]')) input.closest('.field').hidden = basis !== 'desk-month'
  }
}

/** Companies to search: a text box over the select, which stays what the form sends. */
function combo(holder) {
  const select = holder.querySelector('select')
  const companies = [...select.options].filter(option => option.value)
  const box = document.createElement('input')
  const list = document.createElement('ul')
  const frame = document.createElement('div')
  frame.className = 'combo'
  Object.assign(box, { type: 'text', id: select.id, autocomplete: 'off', placeholder: select.options[0].textContent })
  Object.assign(list, { id: `${select.id}-list`, className: 'combo-list', hidden: true, role: 'listbox' })
  list.setAttribute('aria-label', holder.querySelector('label').textContent)
  for (const [name, value] of [
    ['role', 'combobox'],
    ['aria-expanded', 'false'],
    ['aria-controls', list.id],
    ['aria-autocomplete', 'list'],
  ])
    box.setAttribute(name, value)
  for (const name of ['aria-invalid', 'aria-describedby']) if (select.hasAttribute(name)) box.setAttribute(name, select.getAttribute(name))
  select.removeAttribute('id')
  select.hidden = true
  frame.append(box, list)
  select.after(frame)
  const named = () => (select.selectedOptions[0]?.value ? select.selectedOptions[0].textContent : '')
  let at = -1

  const items = () => [...list.querySelectorAll('[role="option"]:not([aria-disabled])')]
  const close = () => {
    list.hidden = true
    box.setAttribute('aria-expanded', 'false')
    box.removeAttribute('aria-activedescendant')
  }
  const point = index => {
    at = index
    items().forEach((item, i) => {
      item.setAttribute('aria-selected', String(i === at))
      if (i !== at) return
      box.setAttribute('aria-activedescendant', item.id)
      item.scrollIntoView({ block: 'nearest' })
    })
  }
  const item = (text, value, i) => {
    const row = document.createElement('li')
    Object.assign(row, { textContent: text, id: `${list.id}-${i}`, role: 'option' })
    row.dataset.value = value
    if (!value) row.setAttribute('aria-disabled', 'true')
    return row
  }
  const open = () => {
    const asked = box.value === named() ? '' : box.value.trim().toLowerCase()
    const found = companies.filter(option => option.textContent.toLowerCase().includes(asked)).slice(0, 50)
    list.replaceChildren(
      ...(found.length ? found.map((option, i) => item(option.textContent, option.value, i)) : [item(holder.dataset.none, '', 0)]),
    )
    list.hidden = false
    box.setAttribute('aria-expanded', 'true')
    point(asked && found.length ? 0 : -1)
  }
  const choose = value => {
    select.value = value
    box.value = named()
    close()
    changed(select)
  }

  box.value = named()
  box.addEventListener('focus', open)
  box.addEventListener('input', open)
  box.addEventListener('blur', () => {
    if (!box.value.trim() && select.value) choose('')
    box.value = named()
    close()
  })
  box.addEventListener('keydown', event => {
    const count = items().length
    if (event.key === 'Escape') close()
    else if (event.key === 'Enter' && !list.hidden && at >= 0) choose(items()[at].dataset.value)
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (list.hidden) open()
      else if (count) point((at + (event.key === 'ArrowDown' ? 1 : -1) + count) % count)
    } else return
    if (event.key !== 'Escape') event.preventDefault()
  })
  // Before the box loses the focus: a click would come after.
  list.addEventListener('mousedown', event => {
    event.preventDefault()
    const value = event.target.closest('[role="option"]')?.dataset.value
    if (value) choose(value)
  })
}

document.addEventListener('click', event => {
  const unit = event.target.closest('[data-unit]')
  if (unit && lines) {
    const select = emptyRow().querySelector('select')
    select.value = unit.dataset.unit
    changed(select)
    unit.disabled = true
  }
  const panel = document.querySelector('#vacant')
  if (event.target.closest('[data-close-vacant]')) panel.replaceChildren()
  const vacant = event.target.closest('[data-vacant]')
  if (vacant && window.htmx && !event.ctrlKey && !event.metaKey) {
    event.preventDefault()
    const { from, to } = Object.fromEntries(new FormData(form))
    window.htmx.ajax('GET', `${form.dataset.suggestions}?${new URLSearchParams({ from, to })}`, { target: '#vacant', swap: 'innerHTML' })
  }
  const months = event.target.closest('[data-months]')?.dataset.months
  if (months && form.elements.from.value) {
    form.elements.to.value = lastDay(form.elements.from.value, Number(months))
    changed(form.elements.to)
  }
})

if (form) {
  for (const holder of form.querySelectorAll('[data-combo]')) combo(holder)
  form.querySelector('[data-lengths]').hidden = false
  showBasis()
  form.addEventListener('change', event => {
    if (event.target.name === 'from' || event.target.name === 'to') refreshUnits()
    if (event.target.name !== 'basis') return
    showBasis()
    for (const row of lines.querySelectorAll('[data-row]')) complete(row)
  })
}
markRows()
