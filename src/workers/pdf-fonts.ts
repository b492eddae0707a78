import pdfmake from 'pdfmake'
import { BOLD, FONT_FOLDER, REGULAR } from './font-files.ts'

/** pdfmake with the embedded Chinese font, and nothing else it might read. */
pdfmake.setFonts({ NotoSans: { normal: REGULAR, bold: BOLD, italics: REGULAR, bolditalics: BOLD } })
// Nothing in a document may make the server read addresses or other files.
pdfmake.setUrlAccessPolicy(() => false)
pdfmake.setLocalAccessPolicy((path: string) => path.startsWith(FONT_FOLDER))

export { pdfmake }
