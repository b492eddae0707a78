/** The stacking plan's slider, floor tabs and hover card. Without this file the date field, the links and the unit pages do it all. */
const DAY = 86_400_000
const toDate = day => Date.parse(`${day}T00:00:00Z`)
const toDay = stamp => new Date(stamp).toISOString().slice(0, 10)

function addSlider(curve) {
  if (!curve || curve.querySelector('input')) return
  const from = toDate(curve.dataset.from)
  const input = document.createElement('input')
  input.type = 'range'
  input.min = '0'
  input.max = String(Math.round((toDate(curve.dataset.to) - from) / DAY))
  input.value = String(Math.round((toDate(curve.dataset.on) - from) / DAY))
  input.setAttribute('aria-label', document.querySelector('label[for=plan-on]').textContent)
  const say = () => input.setAttribute('aria-valuetext', toDay(from + Number(input.value) * DAY))
  say()
  let timer = 0
  input.addEventListener('input', () => {
    say()
    const on = toDay(from + Number(input.value) * DAY)
    document.querySelector('#plan-on').value = on
    moveLine(curve, Number(input.value) / Number(input.max))
    clearTimeout(timer)
    timer = setTimeout(() => load(on), 120)
  })
  curve.append(input)
}

function moveLine(curve, share) {
  curve.querySelector('.on-line')?.setAttribute('d', `M${(share * 1000).toFixed(1)} 0V52`)
}

let asked = 0
/** Fetches the same page for another day and takes over what differs; the slider itself stays in the hand. */
async function load(on) {
  const url = new URL(location.href)
  url.searchParams.set('on', on)
  const mine = ++asked
  const response = await fetch(url, { headers: { 'HX-Request': 'true' } })
  if (!response.ok || mine !== asked) return
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html')
  hideCard()
  const page = document.querySelector('[data-plan]')
  const fits = PARTS.every(part => page.querySelectorAll(part).length === fresh.querySelectorAll(part).length)
  // A day with other parts (a floor nobody had drawn yet) is another page.
  if (!fits) return location.replace(url)
  for (const part of PARTS) swap(page, fresh, part)
  for (const field of document.querySelectorAll('.plan-filters [name=on]')) field.value = on
  history.replaceState(null, '', url)
}

const PARTS = [
  '.legend',
  '.page-head',
  '.plan-slider > .small',
  '.table tbody',
  '.tabs',
  '.floor-drawing',
  '.floor-list',
  '.plan > .plan-floor',
]

function swap(page, fresh, selector) {
  const old = [...page.querySelectorAll(selector)]
  const now = [...fresh.querySelectorAll(selector)]
  for (const [i, node] of old.entries()) node.replaceWith(now[i])
}

function showFloor(code) {
  for (const floor of document.querySelectorAll('.plan-floor')) floor.dataset.hidden = String(floor.dataset.floor !== code)
  for (const tab of document.querySelectorAll('[data-floor-tab]')) {
    if (tab.dataset.floorTab === code) tab.setAttribute('aria-current', 'true')
    else tab.removeAttribute('aria-current')
  }
  const url = new URL(location.href)
  url.searchParams.set('floor', code)
  history.replaceState(null, '', url)
}

const words = JSON.parse(document.querySelector('#card-words')?.dataset.words ?? '{}')
let card = null

function line(text, className) {
  const p = document.createElement('p')
  if (className) p.className = className
  p.textContent = text
  return p
}

/** What a block has no room for, while the pointer or the focus is on it. */
function showCard(block) {
  hideCard()
  const [code, state, ...rest] = block.getAttribute('aria-label').split(' · ')
  // A name may hold the sign that parts the others.
  const at = rest.findLastIndex(part => part.endsWith('㎡'))
  const [who, area, end] = [rest.slice(0, at).join(' · '), rest[at], rest[at + 1]]
  const [product, rate, from, number] = block.dataset.u.split('|')
  card = document.createElement('div')
  card.className = 'plan-card'
  card.setAttribute('aria-hidden', 'true')
  const title = document.createElement('h3')
  title.textContent = `${code} · ${state}`
  card.append(title)
  if (who && who !== state) card.append(line(who))
  card.append(line(`${area} · ${words.product?.[product] ?? ''}`, 'muted'))
  if (from) card.append(line(`${from} – ${end?.replace(/^\D+/, '') ?? ''} ${number}`, 'muted'))
  else if (end) card.append(line(end, 'muted'))
  if (rate) card.append(line(`${words.rate} ${rate} ${product === 'workstation' ? words.perDesk : words.perDay}`, 'muted'))
  document.body.append(card)
  const box = block.getBoundingClientRect()
  const left = Math.min(Math.max(8, box.left), document.documentElement.clientWidth - card.offsetWidth - 8)
  const below = box.bottom + 8 + card.offsetHeight < innerHeight
  // Positions are set through the object model: the policy forbids style attributes, not this.
  card.style.left = `${left + scrollX}px`
  card.style.top = `${(below ? box.bottom + 8 : box.top - 8 - card.offsetHeight) + scrollY}px`
}

function hideCard() {
  card?.remove()
  card = null
}

document.addEventListener('pointerover', event => {
  const block = event.target.closest?.('[data-u]')
  if (block && event.pointerType === 'mouse') showCard(block)
  else if (card && !block) hideCard()
})
document.addEventListener('focusin', event => {
  const block = event.target.closest?.('[data-u]')
  if (block?.matches(':focus-visible')) showCard(block)
  else hideCard()
})
document.addEventListener('keydown', event => event.key === 'Escape' && hideCard())
document.addEventListener('click', event => {
  const tab = event.target.closest('[data-floor-tab]')
  if (!tab) return
  event.preventDefault()
  showFloor(tab.dataset.floorTab)
})
document.querySelector('#plan-on')?.addEventListener('change', event => event.target.value && event.target.form.requestSubmit())
addSlider(document.querySelector('.curve'))
