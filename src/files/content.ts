import { Transform } from 'node:stream'

/** What a file may be, judged by its content and never by its name. */
export const KINDS = {
  pdf: { mime: 'application/pdf', extensions: ['pdf'] },
  jpg: { mime: 'image/jpeg', extensions: ['jpg', 'jpeg'] },
  png: { mime: 'image/png', extensions: ['png'] },
  webp: { mime: 'image/webp', extensions: ['webp'] },
  docx: { mime: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', extensions: ['docx'] },
  xlsx: { mime: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', extensions: ['xlsx'] },
  svg: { mime: 'image/svg+xml', extensions: ['svg'] },
  csv: { mime: 'text/csv', extensions: ['csv', 'txt'] },
} as const
export type Kind = keyof typeof KINDS

export const DOCUMENT: Kind[] = ['pdf', 'jpg', 'png', 'webp', 'docx', 'xlsx']
export const SCAN: Kind[] = ['pdf', 'jpg', 'png', 'webp']
const HEAD = 4100

const looksLikeSvg = (head: Buffer): boolean =>
  /^\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i.test(head.toString('utf8').replace(/^\ufeff/, ''))

/** A table as text has lines and separators, no control characters, and doesn't begin as a page or a program does. */
const looksLikeCsv = (head: Buffer): boolean =>
  head.length > 0 &&
  !head.some(byte => byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) &&
  !/^(\ufeff|\u00ef\u00bb\u00bf|\s)*[<%{]/.test(head.toString('latin1')) &&
  /[,;\t\n]/.test(head.toString('latin1'))

async function kindOf(head: Buffer): Promise<Kind | null> {
  // Loaded with the first upload: it takes some ten MiB.
  const { fileTypeFromBuffer } = await import('file-type')
  const found = await fileTypeFromBuffer(head)
  const byMime = (Object.keys(KINDS) as Kind[]).find(kind => KINDS[kind].mime === found?.mime)
  if (byMime && byMime !== 'svg') return byMime
  // Office files are zips; their first entries tell which, but not always within the first bytes.
  if (found?.mime === 'application/zip') {
    const text = head.toString('latin1')
    if (text.includes('word/')) return 'docx'
    if (text.includes('xl/')) return 'xlsx'
  }
  if (looksLikeSvg(head)) return 'svg'
  return !found && looksLikeCsv(head) ? 'csv' : null
}

export class ContentError extends Error {
  override name = 'ContentError'
}

/** Passes a stream through, holding its first 4,100 bytes until they tell an allowed kind; anything else fails with ContentError. */
export class Sniff extends Transform {
  kind: Kind | null = null
  size = 0
  readonly #allowed: readonly Kind[]
  #held: Buffer[] = []
  #heldSize = 0
  #decided = false

  constructor(allowed: readonly Kind[]) {
    super()
    this.#allowed = allowed
  }

  async #decide(): Promise<void> {
    this.#decided = true
    const head = Buffer.concat(this.#held)
    this.kind = await kindOf(head.subarray(0, HEAD))
    if (!this.kind || !this.#allowed.includes(this.kind)) throw new ContentError('the content is not of an allowed kind')
    this.push(head)
    this.#held = []
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.size += chunk.length
    if (this.#decided) {
      // Pushed first: only then does the stream know that it is full, and waits.
      this.push(chunk)
      return done()
    }
    this.#held.push(chunk)
    this.#heldSize += chunk.length
    if (this.#heldSize < HEAD) return done()
    this.#decide().then(() => done(), done)
  }

  override _flush(done: (error?: Error | null) => void): void {
    if (this.#decided) return done()
    this.#decide().then(() => done(), done)
  }
}

/** A label without folders, control characters or a false ending; the file itself is stored under a generated name. */
export function labelOf(name: string, kind: Kind): string {
  const plain = name.normalize('NFC').split(/[/\\]/).pop()!
  const clean =
    plain
      .replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069"<>|:*?]/g, '')
      .slice(-120)
      .replace(/^\.+/, '')
      .trim() || 'file'
  const extension = /\.([a-z0-9]{1,5})$/i.exec(clean)?.[1]?.toLowerCase()
  const fits = extension && (KINDS[kind].extensions as readonly string[]).includes(extension)
  return fits ? clean : `${clean.replace(/\.[a-z0-9]{1,5}$/i, '')}.${KINDS[kind].extensions[0]}`
}
