/** The line of the hotline: what is understood is seen while it is typed, so that Enter saves. Without this file there is a page to confirm. */
const form = document.querySelector('[data-quick]')

if (form) {
  const direct = document.createElement('input')
  direct.type = 'hidden'
  direct.name = 'direct'
  direct.value = '1'
  form.append(direct)
  const line = form.querySelector('#line')
  line.focus()
  line.setSelectionRange(line.value.length, line.value.length)
  // Escape begins anew: the caller hung up, or it was a wrong number.
  line.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || !line.value) return
    line.value = ''
    line.dispatchEvent(new Event('input', { bubbles: true }))
  })
}
