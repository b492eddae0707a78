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

function build(lang: Lang): Translate {
  const fixed = i18next.getFixedT(lang)
  // A look-up costs 4–9 µs, and a page has hundreds: keys without values are remembered.
  const plain = new Map<string, string>()
  return (key, params) => {
    if (params) return fixed(key as never, params as never) as unknown as string
    let text = plain.get(key)
    if (text === undefined) plain.set(key, (text = fixed(key as never) as unknown as string))
    return text
  }
}

const translators: Record<Lang, Translate> = { 'zh-CN': build('zh-CN'), en: build('en') }
export const translator = (lang: Lang): Translate => translators[lang]

/** A key that came from data (a rule error, a notification): unknown ones answer themselves. */
export const translateAny = (lang: Lang, key: string, params?: Record<string, unknown>): string =>
  translators[lang](key as Key, params as Params | undefined)
