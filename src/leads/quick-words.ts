import { LANGS, translateAny } from '../locales/index.ts'

/** The word lists of the texts as pieces of regular expressions: of both languages, whichever the page is in. */
const read = (name: string): string[] => [
  ...new Set(LANGS.flatMap(lang => translateAny(lang, `leadIntake.words.${name}`).toLowerCase().split('|')).filter(Boolean)),
]

const lists = new Map<string, string[]>()
export function wordsOf(name: string): string[] {
  let found = lists.get(name)
  if (!found) lists.set(name, (found = read(name)))
  return found
}

/** A dash needs no escape here, and with the flag for whole characters may have none. */
const literal = (word: string): string => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** A Latin word ends where its letters end; a Chinese one ends with itself. */
const bounded = (word: string): string =>
  `${/^[a-z]/.test(word) ? '(?<![a-z])' : ''}${literal(word)}${/[a-z0-9]$/.test(word) ? '(?![a-z0-9])' : ''}`

const known = new Map<string, string>()

/** One of the words of a list, the longest first. A list that is empty in both languages fits nothing. */
export function oneOf(...names: string[]): string {
  const key = names.join(' ')
  let found = known.get(key)
  if (found === undefined) {
    const words = names.flatMap(wordsOf).sort((a, b) => b.length - a.length)
    found = words.length ? `(?:${words.map(bounded).join('|')})` : '(?!)'
    known.set(key, found)
  }
  return found
}

/** A number as it is said: 1,200 or 0.5. */
export const NUMBER = '(?<![\\d.])(?<!\\d,)((?:\\d{1,3}(?:,\\d{3})+|\\d{1,9})(?:\\.\\d{1,4})?)'
export const AFTER_RANGE = '((?:\\d{1,3}(?:,\\d{3})+|\\d{1,9})(?:\\.\\d{1,4})?)'
export const range = (): string => `\\s*(?:[-~\u2013\u2014\u2212]+|${oneOf('range')})\\s*`

/** What stands between two things that are said. The mark stands for what is understood already. */
export const MARK = '\u0001'
export const GAP = `\\s,;|/:\u3001\u3002\\u0001`
export const alone = (pattern: string): string => `(?<![^${GAP}])${pattern}(?![^${GAP}])`

/**
 * A text that is understood piece by piece: `plain` is what is left of it, in one spelling and as long as the original, so that what
 * nobody takes is kept as it was typed.
 */
export class Line {
  readonly original: string
  plain: string

  constructor(text: string) {
    this.original = text
    this.plain = Array.from({ length: text.length }, (_, i) => plainUnit(text[i]!)).join('')
  }

  /** The first place where `pattern` fits and `read` makes something of it; it is taken out of the line. */
  take<T>(pattern: string, read: (match: RegExpExecArray) => T | null): T | null {
    for (const match of this.plain.matchAll(compiled(pattern))) {
      const value = read(match as RegExpExecArray)
      if (value === null) continue
      this.drop(match.index, match.index + match[0].length)
      return value
    }
    return null
  }

  drop(from: number, to: number): void {
    this.plain = this.plain.slice(0, from) + MARK.repeat(to - from) + this.plain.slice(to)
  }
}

const expressions = new Map<string, RegExp>()
function compiled(pattern: string): RegExp {
  let found = expressions.get(pattern)
  if (!found) expressions.set(pattern, (found = new RegExp(pattern, 'gu')))
  return found
}

/** Full-width signs and capitals in one spelling, one for one. */
function plainUnit(unit: string): string {
  if (/[\u0000-\u001f\u200b-\u200f\u2028-\u202e\u2060\ufeff]/.test(unit)) return ' '
  const folded = unit.normalize('NFKC').toLowerCase()
  return folded.length === 1 ? folded : unit
}
