/** The page at a door looks every 15 seconds; without this file the browser reloads it each minute. The day sheet's print button. */
const door = document.querySelector('[data-door]')
const EVERY = 15_000

/** Nobody's typing is swapped away under their fingers. */
const busy = () => {
  const field = door.querySelector('#code')
  return Boolean(field && (field.value !== '' || document.activeElement === field))
}

function offline(yes) {
  door.querySelector('[data-door-offline]').hidden = !yes
  door.querySelector('[data-door-updated]').hidden = yes
}

let typing = 0

async function look() {
  // A code that was begun and left is forgotten after a minute.
  typing = busy() ? typing + 1 : 0
  if (typing > 0 && typing < 5) return
  try {
    const answer = await fetch(door.dataset.door, { headers: { 'hx-request': 'true' }, cache: 'no-store' })
    // The address was revoked, or the page is another one now.
    if (answer.status === 404) return location.reload()
    if (!answer.ok) return offline(true)
    // A move with the keyboard stays where it is: what had the focus is found again.
    const focused = door.contains(document.activeElement) ? document.activeElement : null
    const at = focused && [...door.querySelectorAll('a, button, input')].indexOf(focused)
    door.innerHTML = await answer.text()
    if (focused) door.querySelectorAll('a, button, input')[at]?.focus()
    typing = 0
  } catch {
    offline(true)
  }
}

if (door) {
  setInterval(look, EVERY)
  document.addEventListener('visibilitychange', () => document.hidden || look())
  // After a form was refused the address is that of the form: a reload would send it again.
  if (location.pathname !== door.dataset.door) history.replaceState(null, '', door.dataset.door)
}

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}
