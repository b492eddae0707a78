/** The lease form: a suggested unit fills the next line, a chosen unit brings its rate and desks. The preview is htmx's work. */
const lines = document.querySelector('#lines')

function complete(row, { rate, desks }) {
  const [rateInput, desksInput] = row.querySelectorAll('input')
  if (rate && !rateInput.value) rateInput.value = rate
  if (desks && desksInput && !desksInput.value) desksInput.value = desks
}

function emptyRow() {
  const free = [...lines.children].find(row => !row.querySelector('select').value)
  if (free) return free
  document.querySelector('[data-add-row="#lines"]').click()
  return lines.lastElementChild
}

document.addEventListener('click', event => {
  const button = event.target.closest('[data-unit]')
  if (!button || !lines) return
  const row = emptyRow()
  const select = row.querySelector('select')
  select.value = button.dataset.unit
  select.dispatchEvent(new Event('change', { bubbles: true }))
})

lines?.addEventListener('change', event => {
  const option = event.target.selectedOptions?.[0]
  if (option?.value) complete(event.target.closest('[data-row]'), option.dataset)
})
