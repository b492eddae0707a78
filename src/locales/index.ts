import i18next from 'i18next'
import { en } from './en/index.ts'
import { zh } from './zh-CN/index.ts'

export const LANGS = ['zh-CN', 'en'] as const
export type Lang = (typeof LANGS)[number]
export const isLang = (value: unknown): value is Lang => value === 'zh-CN' || value === 'en'

type Join<P extends string, K extends string> = P extends '' ? K : `${P}.${K}`
type Leaves<T, P extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? Join<P, K> : Leaves<T[K], Join<P, K>>
}[keyof T & string]

type Plural<K extends string> = K extends `${infer Base}_other` ? Base : K
/** Every key of the Chinese texts; English has the same ones or doesn't compile. */
export type Key = Plural<Leaves<typeof zh>>
export type Params = Record<string, string | number>
export type Translate = (key: Key, params?: Params) => string

await i18next.init({
  lng: 'zh-CN',
  fallbackLng: false,
  supportedLngs: [...LANGS],
  resources: { 'zh-CN': { translation: zh }, en: { translation: en } },
  // Views escape; a mail or a sheet must not see HTML entities.
  interpolation: { escapeValue: false },
  returnNull: false,
  showSupportNotice: false,
} as never)

const HOLE = /\{\{(\w+)\}\}/

/** A text cut at its {{holes}}: odd parts are names. Null for what only i18next itself can fill (nesting, formats). */
function partsOf(lang: Lang, keys: string[]): string[] | null {
  for (const key of keys) {
    const text: unknown = i18next.getResource(lang, 'translation', key)
    if (typeof text !== 'string') continue
    const parts = text.split(HOLE)
    return text.includes('$t(') || parts.some((part, i) => i % 2 === 0 && part.includes('{{')) ? null : parts
  }
  return null
}

function build(lang: Lang): Translate {
  const fixed = i18next.getFixedT(lang)
  const plurals = new Intl.PluralRules(lang)
  // i18next costs 4–23 µs a call and a page has hundreds (its garbage was a quarter of what a page left behind): texts are kept
  // in pieces, by their plural form where they have one.
  const known = new Map<string, string[] | null>()
  return (key, params) => {
    const count = params?.['count']
    const form = typeof count === 'number' ? `${key}_${plurals.select(count)}` : key
    let parts = known.get(form)
    if (parts === undefined) known.set(form, (parts = partsOf(lang, form === key ? [key] : [form, `${key}_other`, key])))
    if (!parts) return fixed(key as never, params as never) as unknown as string
    let text = parts[0]!
    for (let i = 1; i < parts.length; i += 2) text += `${params?.[parts[i]!] ?? ''}${parts[i + 1]!}`
    return text
  }
}

const translators: Record<Lang, Translate> = { 'zh-CN': build('zh-CN'), en: build('en') }
export const translator = (lang: Lang): Translate => translators[lang]

/** A key that came from data (a rule error, a notification): unknown ones answer themselves. */
export const translateAny = (lang: Lang, key: string, params?: Record<string, unknown>): string =>
  translators[lang](key as Key, params as Params | undefined)
