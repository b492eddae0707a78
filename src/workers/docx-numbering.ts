import Nzh from 'nzh'
import type PizZip from 'pizzip'
import { amount, attribute, children, type Element, readPart, value } from './docx-xml.ts'

/** Word's automatic numbers (“Article 1”, “(2)”, “a.”): each list counts for itself, a deeper level begins anew under a higher one. */
export interface Numbering {
  next(id: string, level: number): string
}

interface Level {
  start: number
  format: string
  text: string
}

const letter = (count: number): string =>
  count < 1 ? '' : letter(Math.floor((count - 1) / 26)) + String.fromCharCode(97 + ((count - 1) % 26))

function roman(count: number): string {
  const signs: [number, string][] = [
    [100, 'c'],
    [90, 'xc'],
    [50, 'l'],
    [40, 'xl'],
    [10, 'x'],
    [9, 'ix'],
    [5, 'v'],
    [4, 'iv'],
    [1, 'i'],
  ]
  let [left, text] = [count, '']
  for (const [size, sign] of signs) for (; left >= size; left -= size) text += sign
  return text
}

function shown(count: number, format: string): string {
  if (/chinese|ideographDigital|japaneseCounting|taiwanese/i.test(format)) return Nzh.cn.encodeS(String(count), { tenMin: true })
  if (format === 'lowerLetter') return letter(count)
  if (format === 'upperLetter') return letter(count).toUpperCase()
  if (format === 'lowerRoman') return roman(count)
  if (format === 'upperRoman') return roman(count).toUpperCase()
  return String(count)
}

function levelOf(element: Element): Level {
  return {
    start: amount(value(element, 'start')) ?? 1,
    format: value(element, 'numFmt') ?? 'decimal',
    text: value(element, 'lvlText') ?? '',
  }
}

export function readNumbering(zip: PizZip): Numbering {
  const root = readPart(zip, 'word/numbering.xml')
  const kinds = new Map(children(root, 'abstractNum').map(kind => [attribute(kind, 'abstractNumId'), children(kind, 'lvl').map(levelOf)]))
  const lists = new Map(children(root, 'num').map(list => [attribute(list, 'numId'), value(list, 'abstractNumId')]))
  const counts = new Map<string, number[]>()
  return {
    next(id, level) {
      const kind = lists.get(id)
      const levels = kinds.get(kind)
      const own = levels?.[level]
      if (!levels || !own || kind === undefined) return ''
      if (own.format === 'bullet') return '\u2022'
      const count = counts.get(kind) ?? []
      count[level] = (count[level] ?? own.start - 1) + 1
      counts.set(kind, count.slice(0, level + 1))
      return own.text.replace(/%([1-9])/g, (_all, digit: string) => {
        const at = Number(digit) - 1
        return shown(count[at] ?? levels[at]?.start ?? 1, levels[at]?.format ?? 'decimal')
      })
    },
  }
}
