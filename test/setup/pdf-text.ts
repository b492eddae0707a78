import { inflateSync } from 'node:zlib'

/**
 * The text of a PDF without a library: its streams are inflated, each embedded font brings a table from glyphs to characters
 * (ToUnicode), and the glyphs shown are looked up in them. Spaces and line breaks don't count.
 */
export function pdfText(pdf: Buffer): string {
  const raw = pdf.toString('latin1')
  const streams = [...raw.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].map(match => {
    try {
      return inflateSync(Buffer.from(match[1]!, 'latin1')).toString('latin1')
    } catch {
      return match[1]!
    }
  })
  const maps = streams.filter(stream => stream.includes('begincmap')).map(glyphsOf)
  const pages = streams.filter(stream => /\bTJ\b/.test(stream) && !stream.includes('begincmap'))
  // Which of the fonts a text is in isn't followed: the readings by every font stand one after the other.
  return maps
    .flatMap(map => pages.map(page => [...page.matchAll(/<([0-9a-f]+)>/gi)].map(match => read(match[1]!, map)).join('')))
    .join('\n')
    .replace(/\s/g, '')
}

const read = (hex: string, map: Map<string, string>): string => (hex.match(/.{4}/g) ?? []).map(code => map.get(code) ?? '').join('')
const utf16 = (hex: string): string => Buffer.from(hex, 'hex').swap16().toString('utf16le')

function glyphsOf(cmap: string): Map<string, string> {
  const map = new Map<string, string>()
  for (const block of cmap.matchAll(/beginbfrange([\s\S]*?)endbfrange/g))
    for (const [, from, , list] of block[1]!.matchAll(/<([0-9a-f]+)>\s*<([0-9a-f]+)>\s*\[([^\]]*)\]/gi))
      [...list!.matchAll(/<([0-9a-f ]+)>/gi)].forEach(([, text], i) => {
        map.set((Number.parseInt(from!, 16) + i).toString(16).padStart(4, '0'), utf16(text!.replace(/ /g, '')))
      })
  return map
}
