/** The board by keyboard: one card can be reached with Tab, arrows go on from there; Space picks one up, arrows choose, Space drops. */
if (window.leadBoard) {
  const { board, columns, columnOf, complain, move, nameOf, say, showColumn, stageOf, takes, words } = window.leadBoard

  const names = () => [...board.querySelectorAll('.board-name')]
  let current = null
  /** Links of a card go with it: only those of the card one is at are stops. */
  function rove(name) {
    current = name
    for (const one of names()) {
      const here = one === name
      one.tabIndex = here ? 0 : -1
      const link = one.closest('.board-card').querySelector('.board-move')
      if (link) link.tabIndex = here ? 0 : -1
    }
  }

  const prepare = () => {
    for (const one of names()) one.setAttribute('aria-describedby', 'board-help')
    rove(current?.isConnected ? current : names()[0])
  }

  const namesIn = column => [...column.querySelectorAll('.board-name')]
  function go(name) {
    if (!name) return
    showColumn(columnOf(name).dataset.stage)
    rove(name)
    name.focus()
  }

  /** The card beside: as far down as there are cards, past columns that have none. */
  function beside(name, way) {
    const all = columns()
    const row = namesIn(columnOf(name)).indexOf(name)
    for (let i = all.indexOf(columnOf(name)) + way; all[i]; i += way) {
      const found = namesIn(all[i])
      if (found.length) return found[Math.min(row, found.length - 1)]
    }
    return null
  }

  let picked = null
  const targets = () => columns().filter(one => takes(one) || one === columnOf(picked.card))

  function mark(column) {
    for (const one of columns()) one.classList.toggle('is-target', one === column)
    column?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }

  function pick(name) {
    const card = name.closest('.board-card')
    if (!('moves' in card.dataset)) return say(words.fixed)
    picked = { card, to: columnOf(card) }
    card.classList.add('is-picked')
    complain('')
    mark(picked.to)
    say(words.picked, { name: nameOf(card), stage: stageOf(picked.to) })
  }

  function leave() {
    picked.card.classList.remove('is-picked')
    picked = null
    mark(null)
  }

  function cancel() {
    const { card } = picked
    leave()
    say(words.cancelled, { name: nameOf(card), stage: stageOf(columnOf(card)) })
  }

  function choose(way) {
    const all = targets()
    const to = all[all.indexOf(picked.to) + way]
    if (!to) return
    picked.to = to
    mark(to)
    say(words.over, { stage: stageOf(to), at: all.indexOf(to) + 1, of: all.length })
  }

  async function drop() {
    const { card, to } = picked
    if (to === columnOf(card)) return cancel()
    leave()
    const done = move(card, to)
    showColumn(columnOf(card).dataset.stage)
    await done
    if (card.contains(document.activeElement) || document.activeElement === document.body) go(card.querySelector('.board-name'))
  }

  const ways = { ArrowLeft: -1, ArrowRight: 1 }
  function onPicked(event) {
    const { key } = event
    if (key === 'Tab') return cancel()
    event.preventDefault()
    if (ways[key]) choose(ways[key])
    else if (key === ' ' || key === 'Enter') drop()
    else if (key === 'Escape') cancel()
  }

  board.addEventListener('keydown', event => {
    const name = event.target.closest?.('.board-name')
    if (!name || event.ctrlKey || event.metaKey || event.altKey) return
    if (picked) return onPicked(event)
    const column = namesIn(columnOf(name))
    const at = column.indexOf(name)
    const next = {
      ArrowDown: () => column[at + 1],
      ArrowUp: () => column[at - 1],
      Home: () => column[0],
      End: () => column.at(-1),
      ArrowLeft: () => beside(name, -1),
      ArrowRight: () => beside(name, 1),
    }[event.key]
    if (event.key !== ' ' && !next) return
    event.preventDefault()
    if (next) go(next())
    else pick(name)
  })
  board.addEventListener('focusin', event => event.target.matches('.board-name') && event.target !== current && rove(event.target))
  board.addEventListener('focusout', () => picked && setTimeout(() => picked && !picked.card.contains(document.activeElement) && leave()))
  // More cards of a column have no stop yet.
  new MutationObserver(prepare).observe(board, { childList: true, subtree: true })
  prepare()
}
