/** While typing: what of a unit's area is still to be placed in its parts, and the sum of units to merge. */
const parse = text => Math.round(Number(String(text).replace(/[,\s]/g, '')) * 100) || 0
const show = area => `${(area / 100).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 2 })} ㎡`

const split = document.querySelector('[data-parts]')
const left = document.querySelector('[data-parts-left]')
function balance() {
  const sums = { gross: 0, chargeable: 0 }
  for (const row of split.querySelectorAll('[data-row]')) {
    const value = name => row.querySelector(`[name$="[${name}]"]`).value
    sums.gross += parse(value('gross'))
    sums.chargeable += parse(value('chargeable') || value('gross'))
  }
  const words = ['gross', 'chargeable'].map(name => {
    const rest = Number(split.dataset[name]) - sums[name]
    const word = rest === 0 ? left.dataset.even : `${rest > 0 ? left.dataset.left : left.dataset.over} ${show(Math.abs(rest))}`
    return `${left.dataset[`${name}Word`]}: ${word}`
  })
  left.textContent = words.join(' · ')
  left.hidden = false
}
if (split && left) {
  split.addEventListener('input', balance)
  split.addEventListener('change', balance)
  balance()
}

const total = document.querySelector('[data-merge-total]')
function add() {
  const chosen = [...document.querySelectorAll('[data-merge]:checked')]
  total.textContent = `${total.dataset.word} ${show(chosen.reduce((sum, box) => sum + Number(box.dataset.merge), 0))}`
  total.hidden = chosen.length === 0
}
if (total) {
  document.addEventListener('change', add)
  add()
}
