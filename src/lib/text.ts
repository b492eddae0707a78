/** Texts that staff publish: Chinese, and English where somebody wrote it. Names of companies and people are plain strings. */
export interface Bilingual {
  zh: string
  en?: string | null
}

/** Schema fields of a bilingual text. */
export const bilingual = { zh: { type: String, required: true }, en: { type: String, default: null } }

/** The text in `lang`, and the language it is really in: the view marks a fallback with a `lang` attribute. */
export function textIn(text: Bilingual | null | undefined, lang: string): { text: string; lang: 'zh-CN' | 'en' } {
  if (!text) return { text: '', lang: 'zh-CN' }
  return lang === 'en' && text.en ? { text: text.en, lang: 'en' } : { text: text.zh, lang: 'zh-CN' }
}

/** A text in one shape, however it was stored or typed: null without Chinese, which English can't stand in for. */
export const plainText = (text: Bilingual | null | undefined): Bilingual | null => (text?.zh ? { zh: text.zh, en: text.en || null } : null)

/** Full-width letters, digits and brackets to half width; spaces folded. For comparing names and reading codes. */
export function halfWidth(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** What two spellings of one company have in common: brackets, spaces, dots and case don't count. */
export function normalName(name: string): string {
  return halfWidth(name)
    .toLowerCase()
    .replace(/[\s()[\]{}·.,'"\-_&]/g, '')
}

/** For a RegExp built from what a person typed. */
export const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

const UNPRINTABLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
/** Without what XML can't hold and no font can draw, which would break a file: control characters and halves of characters go. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, '')
