import Docxtemplater from 'docxtemplater'
import PizZip from 'pizzip'

/** Fills a Word template with plain data. What is wrong with a template is told in words that name the tag. */
export class TemplateError extends Error {
  override name = 'TemplateError'
}

/** The XML text of a filled document's parts, and its bytes. */
export interface Filled {
  zip: PizZip
  bytes(): Uint8Array
}

const own = (tag: string) => ({
  // Own properties only: `constructor` or `__proto__` in a template reads nothing.
  get: (scope: unknown): unknown => {
    if (tag === '.') return scope
    return scope !== null && typeof scope === 'object' && Object.hasOwn(scope, tag) ? (scope as Record<string, unknown>)[tag] : undefined
  },
})

interface Problem {
  message: string
  properties?: { explanation?: string; errors?: Problem[]; file?: string }
}

function told(error: unknown): TemplateError {
  const { message, properties } = error as Problem
  const reasons = (properties?.errors ?? []).map(one => one.properties?.explanation ?? one.message)
  const all = reasons.length ? reasons : [properties?.explanation ?? message]
  return new TemplateError([...new Set(all)].slice(0, 5).join('; ').slice(0, 600))
}

const MARK = (text: string): string =>
  `<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:b/><w:color w:val="B42318"/><w:sz w:val="24"/></w:rPr><w:t>${text}</w:t></w:r></w:p>`

/** A draft says so on its first line, whatever the template looks like. */
function mark(zip: PizZip, text: string): void {
  const xml = zip.file('word/document.xml')!.asText()
  zip.file(
    'word/document.xml',
    xml.replace(/<w:body(\s[^>]*)?>/, found => found + MARK(text)),
  )
}

export function fillTemplate(template: Uint8Array, data: object, note: string | null): Filled {
  try {
    const source = new PizZip(template)
    if (!source.file('word/document.xml')) throw new Error('word/document.xml is missing: not a Word document')
    const document = new Docxtemplater(source, {
      paragraphLoop: true,
      linebreaks: true,
      errorLogging: false,
      parser: own,
      nullGetter: (part: { value: string }) => {
        throw new TemplateError(`unknown tag {${part.value}}`)
      },
    })
    document.render(data)
    const zip = document.getZip() as PizZip
    if (note) mark(zip, note)
    return { zip, bytes: () => zip.generate({ type: 'uint8array', compression: 'DEFLATE' }) }
  } catch (error) {
    throw error instanceof TemplateError ? error : told(error)
  }
}
