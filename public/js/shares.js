/** What the founders' shares add up to while they are typed; the server decides. */
const rows = document.querySelector('[data-shares]')
const output = document.querySelector('[data-sum]')
const WHOLE = 1_000_000

/** In ten-thousandths of a percent: sums are exact. */
function shareOf(text) {
  const match = /^(\d{1,3})(?:\.(\d{1,4}))?\s*%?$/.exec(text.normalize('NFKC').trim())
  return match ? Number(match[1]) * 10_000 + Number((match[2] ?? '').padEnd(4, '0')) : 0
}

function show() {
  const shares = [...rows.querySelectorAll('input[name$="[share]"]')].map(input => shareOf(input.value))
  const sum = shares.reduce((total, share) => total + share, 0)
  output.textContent = String(sum / 10_000)
  output.classList.toggle('is-off', sum !== WHOLE)
}

if (rows && output) {
  const { form } = rows.querySelector('input')
  for (const kind of ['input', 'change']) form.addEventListener(kind, show)
}
