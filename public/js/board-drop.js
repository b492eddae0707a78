/** The board of leads: what a card and a column are, and moving one to the other. Without it each card has a page that moves it. */
window.leadBoard = (() => {
  const board = document.querySelector('[data-board]')
  if (!board) return null
  const words = board.dataset
  const live = document.querySelector('#board-live')
  const problem = document.querySelector('#board-problem')

  const columns = () => [...board.querySelectorAll(':scope > [data-stage]')]
  const columnOf = card => card.closest('[data-stage]')
  const columnFor = code => columns().find(one => one.dataset.stage === code)
  const takes = column => 'takes' in column.dataset
  const nameOf = card => card.querySelector('.board-name').textContent.trim()
  const stageOf = column => column.querySelector('[data-name]').textContent.trim()
  const fill = (text, values) => Object.entries(values).reduce((all, [name, value]) => all.replace(`{{${name}}}`, value), text)
  const say = (text, values = {}) => {
    // The same words twice in a row are read out only if the region was empty between.
    live.textContent = ''
    requestAnimationFrame(() => (live.textContent = fill(text, values)))
  }

  function complain(text) {
    problem.hidden = !text
    problem.lastElementChild.textContent = text
  }

  const tabFor = code => document.querySelector(`.board-tabs [data-tab="${code}"]`)

  /** On a phone one column is shown at a time. */
  function showColumn(code) {
    for (const one of columns()) one.classList.toggle('is-at', one.dataset.stage === code)
    for (const tab of document.querySelectorAll('.board-tabs [data-tab]')) {
      if (tab.dataset.tab === code) tab.setAttribute('aria-current', 'true')
      else tab.removeAttribute('aria-current')
    }
  }

  const areaText = area => `${(area / 100).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 2 })} ㎡`

  /** What a column counts, with a card more or less. */
  function count(column, card, sign) {
    const number = column.querySelector('[data-count]')
    const value = Number(number.textContent) + sign
    number.textContent = String(value)
    const tab = tabFor(column.dataset.stage)?.querySelector('[data-count]')
    if (tab) tab.textContent = String(value)
    const area = column.querySelector('header [data-area]')
    area.dataset.area = String(Number(area.dataset.area) + sign * Number(card.dataset.area))
    area.textContent = areaText(Number(area.dataset.area))
    if (!card.matches('.is-late')) return
    const late = column.querySelector('[data-overdue]')
    late.dataset.overdue = String(Number(late.dataset.overdue) + sign)
    late.hidden = late.dataset.overdue === '0'
    late.lastElementChild.textContent = late.dataset.text.replace('0', late.dataset.overdue)
  }

  function place(card, column, before) {
    const focused = card.contains(document.activeElement)
    count(columnOf(card), card, -1)
    column.querySelector('[data-cards]').insertBefore(card, before)
    count(column, card, 1)
    if (focused) card.querySelector('.board-name').focus()
  }

  async function post(card, from, to) {
    const body = new URLSearchParams({ from, to, _csrf: words.csrf })
    const headers = { accept: 'application/json' }
    const answer = await fetch(`${words.leads}/${card.dataset.lead}/stage`, { method: 'POST', headers, body }).catch(() => null)
    if (!answer) return words.failed
    // Whoever has been signed out is led to the sign-in page: nothing was moved.
    const data = answer.redirected ? null : await answer.json().catch(() => null)
    if (answer.ok && data?.to) return null
    return data?.error ? String(data.error) : words.failed
  }

  /** Moves a card at once, and puts it back with the reason where the server refuses. */
  async function move(card, column) {
    const [home, after] = [columnOf(card), card.nextElementSibling]
    const [from, to] = [home.dataset.stage, column.dataset.stage]
    complain('')
    if (home === column || card.ariaBusy === 'true') return
    if (!takes(column)) {
      complain(words.moved)
      return
    }
    // Both ask for more than a place on the board.
    if (to === 'signing') return location.assign(`${words.leads}/${card.dataset.lead}/conversion`)
    if (to === 'lost') return location.assign(`${words.leads}/${card.dataset.lead}#lost`)
    const [name, stage] = [nameOf(card), stageOf(column)]
    card.ariaBusy = 'true'
    place(card, column, column.querySelector('[data-cards]').firstElementChild)
    const why = await post(card, from, to)
    card.ariaBusy = null
    if (why) {
      const still = after?.parentElement === home.querySelector('[data-cards]') ? after : home.querySelector('.board-more')
      place(card, home, still)
      complain(fill(words.refused, { name, why }))
    } else {
      card.querySelector('[data-days]').textContent = words.today
      say(words.dropped, { name, stage })
    }
  }

  return { board, words, columns, columnOf, columnFor, takes, nameOf, stageOf, say, complain, showColumn, tabFor, move }
})()
