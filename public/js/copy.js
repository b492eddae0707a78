/** Buttons that copy what stands in a field. Without this file the field can be selected by hand. */
for (const button of document.querySelectorAll('[data-copy]')) {
  const field = document.querySelector(button.dataset.copy)
  button.hidden = false
  button.addEventListener('click', async () => {
    field.select()
    try {
      await navigator.clipboard.writeText(field.value)
    } catch {
      // Without a secure connection the clipboard is closed: what is selected can be copied by key.
      if (!document.execCommand('copy')) return
    }
    const text = button.querySelector('span')
    const before = text.textContent
    text.textContent = button.dataset.copied
    setTimeout(() => {
      text.textContent = before
    }, 2000)
  })
}
