import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Where the Chinese font lies that PDFs embed and previews are marked with: Noto Sans (OFL). */
export const FONT_FOLDER = join(dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc')), '../fonts')
const file = (weight: string): string => join(FONT_FOLDER, `NotoSansHans-${weight}.otf`)
export const [REGULAR, BOLD] = [file('Regular'), file('Bold')]
