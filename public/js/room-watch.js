/** A page that only shows a grid keeps up with other people's changes. */
window.roomLive.watch({ grid: () => document.querySelector('#grid'), busy: () => false, swapped: () => {} })
