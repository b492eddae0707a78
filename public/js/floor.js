/** Zooming a floor plan in its own scroller. Without this file the drawing is as wide as the page, or scrolls on a phone. */
const bar = document.querySelector('[data-zoom]')
const scroller = document.querySelector('.floor-scroll')

/** Keeps the middle of what is seen in the middle. */
function zoom(by) {
  const canvas = scroller.querySelector('svg')
  const before = canvas.getBoundingClientRect().width
  const middle = [(scroller.scrollLeft + scroller.clientWidth / 2) / before, (scroller.scrollTop + scroller.clientHeight / 2) / before]
  const fit = scroller.clientWidth
  const width = by ? Math.min(fit * 8, Math.max(fit, before * by)) : fit
  canvas.style.width = `${width}px`
  scroller.scrollTo(middle[0] * width - scroller.clientWidth / 2, middle[1] * width - scroller.clientHeight / 2)
}

if (bar && scroller) {
  bar.hidden = false
  bar.addEventListener('click', event => {
    const button = event.target.closest('[data-zoom-by]')
    if (button) zoom(Number(button.dataset.zoomBy))
  })
  scroller.addEventListener(
    'wheel',
    event => {
      if (!event.ctrlKey) return
      event.preventDefault()
      zoom(event.deltaY < 0 ? 1.1 : 1 / 1.1)
    },
    { passive: false },
  )
}
