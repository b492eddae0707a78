import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Makes public/icons.svg: the icons the views use, from Tabler Icons (MIT). Run after adding a name here: `npm run icons`. */
const NAMES =
  `layout-dashboard building building-community building-skyscraper door file-text settings history search bell user users logout login plus minus
download upload printer map table x chevron-down chevron-left chevron-right check alert-triangle info-circle calendar pencil trash arrows-split arrows-join
ruler-measure phone menu-2 language sun moon key mail paperclip eye filter arrow-right arrow-left clock ban refresh briefcase map-pin train stack-2 id-badge
certificate chart-bar lock user-plus folder link copy school coffee tools-kitchen-2 barbell ball-football armchair headset device-projector report-money
heart-handshake rocket presentation dots list bulb qrcode circle-check circle-x home world star archive arrow-back-up circle-number-8 photo arrow-up arrow-down
grip-vertical clipboard-list speakerphone address-book target-arrow message note file-dollar message-question calendar-event thumb-up thumb-down walk calendar-plus layout-kanban`
    .split(/\s+/)
    .filter(Boolean)

const folder = join(dirname(createRequire(import.meta.url).resolve('@tabler/icons/package.json')), 'icons/outline')
const symbols = NAMES.map(name => {
  const svg = readFileSync(join(folder, `${name}.svg`), 'utf8')
  const body = svg
    .replace(/[\s\S]*?<svg[^>]*>/, '')
    .replace('</svg>', '')
    .replace(/\s*\n\s*/g, '')
    .trim()
  return `<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`
})
writeFileSync(
  join(import.meta.dirname, '../public/icons.svg'),
  `<!-- Tabler Icons, MIT License, https://tabler.io/icons -->\n<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`,
)
