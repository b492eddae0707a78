/** Other people's changes on an open page: asks a stamp of the days shown every second, and takes over the grid when it differs. */
window.roomLive = (() => {
  const EVERY = 1000

  async function stampOf(holder) {
    const query = new URLSearchParams({ from: holder.dataset.on, to: holder.dataset.until ?? holder.dataset.on })
    if (holder.dataset.room) query.set('room', holder.dataset.room)
    const response = await fetch(`${location.pathname.replace(/\/rooms.*/, '/rooms/changes')}?${query}`)
    return response.ok ? (await response.json()).stamp : null
  }

  /** The cell in focus, by where it leads or where it stands: a redrawn grid keeps it. */
  function remember(holder) {
    const at = document.activeElement
    if (!holder.contains(at)) return () => {}
    const href = at.getAttribute('href')
    return fresh => [...fresh.querySelectorAll('a')].find(link => link.getAttribute('href') === href)?.focus()
  }

  async function take(grid, swapped) {
    const response = await fetch(location.href, { headers: { 'HX-Request': 'true' } })
    if (!response.ok) return
    const page = new DOMParser().parseFromString(await response.text(), 'text/html')
    const [old, fresh] = [grid(), page.querySelector('#grid')]
    if (!old || !fresh) return
    const focus = remember(old)
    const scroll = old.querySelector('.room-scroll')?.scrollLeft ?? 0
    old.replaceWith(fresh)
    const scroller = fresh.querySelector('.room-scroll')
    if (scroller) scroller.scrollLeft = scroll
    swapped()
    focus(fresh)
  }

  function watch({ grid, busy, swapped }) {
    if (!grid()) return
    let asking = false
    const look = async () => {
      if (asking || document.hidden || busy()) return
      asking = true
      try {
        const stamp = await stampOf(grid())
        if (stamp && stamp !== grid().dataset.stamp && !busy()) await take(grid, swapped)
      } catch {
        // No network for a moment: the next look will tell.
      } finally {
        asking = false
      }
    }
    setInterval(look, EVERY)
    document.addEventListener('visibilitychange', look)
  }

  return { watch }
})()
