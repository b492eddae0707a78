import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import pdfmake from 'pdfmake'

/** pdfmake with the embedded Chinese font, and nothing else it might read. */
const FOLDER = join(dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc')), '../fonts')
const font = (weight: string): string => join(FOLDER, `NotoSansHans-${weight}.otf`)
const [regular, bold] = [font('Regular'), font('Bold')]

pdfmake.setFonts({ NotoSans: { normal: regular, bold, italics: regular, bolditalics: bold } })
// Nothing in a document may make the server read addresses or other files.
pdfmake.setUrlAccessPolicy(() => false)
pdfmake.setLocalAccessPolicy((path: string) => path.startsWith(FOLDER))

export { pdfmake }
