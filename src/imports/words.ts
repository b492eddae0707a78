import { halfWidth } from '../lib/text.ts'
import { LANGS, type Lang, translateAny } from '../locales/index.ts'
import type { Mapping } from './import.ts'
import type { Column, Kind } from './kinds.ts'

/** Headers and words in a file, in either language and as people write them, matched to columns and values. */
const fold = (text: string): string =>
  halfWidth(text)
    .toLowerCase()
    .replace(/\(.*?\)|[\s*:_/·.,-]/g, '')

const listed = (lang: Lang, key: string): string[] => {
  const text = translateAny(lang, key)
  return text === key ? [] : text.split('|')
}

const labelKey = (kind: Kind, column: Column): string => `imports.column.${kind.name}.${column.name}`
export const columnLabel = (lang: Lang, kind: Kind, column: Column): string => translateAny(lang, labelKey(kind, column))

/** What a column may be called: its name in both languages, then other words for it. */
function namesOf(kind: Kind, column: Column): string[] {
  const labels = LANGS.flatMap(lang => listed(lang, labelKey(kind, column)))
  const others = LANGS.flatMap(lang => listed(lang, `imports.also.${kind.name}.${column.name}`))
  return [column.name, ...labels, ...others].map(fold)
}

/** The columns that a file's header names, each header used once; an exact name comes before one that only contains it. */
export function guessMapping(kind: Kind, header: string[]): Mapping {
  const heads = header.map(fold)
  const taken = new Set<number>()
  const mapping: Mapping = Object.fromEntries(kind.columns.map(column => [column.name, null]))
  const ways: ((head: string, name: string) => boolean)[] = [
    (head, name) => head === name,
    (head, name) => name.length > 1 && head.includes(name),
  ]
  for (const fits of ways)
    for (const column of kind.columns) {
      if (mapping[column.name] !== null) continue
      const names = namesOf(kind, column)
      const at = heads.findIndex((head, i) => head !== '' && !taken.has(i) && names.some(name => fits(head, name)))
      if (at < 0) continue
      taken.add(at)
      mapping[column.name] = at
    }
  return mapping
}

const values = new WeakMap<Column, Map<string, string>>()

/** The value behind a word of a choice; null: no such word. */
export function valueFor(column: Column, word: string): string | null {
  const { choice } = column
  if (!choice) return word
  let words = values.get(column)
  if (!words) {
    words = new Map(choice.values.flatMap(value => [[fold(value), value] as const, ...wordsFor(choice.prefix, value)]))
    values.set(column, words)
  }
  return words.get(fold(word)) ?? null
}

function wordsFor(prefix: string, value: string): (readonly [string, string])[] {
  const also = `imports.words.${prefix.split('.').at(-1)}.${value}`
  return LANGS.flatMap(lang => [...listed(lang, `${prefix}.${value}`), ...listed(lang, also)]).map(word => [fold(word), value] as const)
}

/** “2026/1/5”, “2026.01.05”, or with the characters for year, month and day: all are 2026-01-05. */
export function plainDay(text: string): string {
  const found =
    /^(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})\D?(?:\s.*)?$/.exec(halfWidth(text)) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(halfWidth(text))
  return found ? `${found[1]}-${found[2]!.padStart(2, '0')}-${found[3]!.padStart(2, '0')}` : text
}

/** The template's example row says so in its first cell. */
export const isExample = (cells: string[]): boolean => {
  const first = halfWidth(cells.find(Boolean) ?? '').toLowerCase()
  return LANGS.some(lang => first.startsWith(halfWidth(translateAny(lang, 'imports.template.mark')).toLowerCase()))
}
