/** The booking form: an end that isn't after the start says that it is the next day's. The form works without this file. */
const slot = document.querySelector('[data-slot]')

function nameEnds() {
  const from = slot.querySelector('[name="from"]').value
  const until = slot.querySelector('[name="until"]')?.value
  for (const option of slot.querySelector('[name="to"]').options) {
    const next = !until && option.value <= from
    option.textContent = next ? `${slot.dataset.next}${option.value}` : option.value
  }
}

if (slot) {
  slot.addEventListener('change', nameEnds)
  nameEnds()
}
