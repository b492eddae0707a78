import { DOMParser, type Element, type Node } from '@xmldom/xmldom'
import type PizZip from 'pizzip'

/** Small readers for the XML parts of a Word file. Names are local ones: the `w:` prefix is a habit, not a rule. */
export type { Element }

export function readPart(zip: PizZip, path: string): Element | null {
  const file = zip.file(path)
  if (!file) return null
  return new DOMParser({ onError: () => {} }).parseFromString(file.asText(), 'application/xml').documentElement
}

const isElement = (node: Node): node is Element => node.nodeType === 1

export function children(parent: Element | null | undefined, ...names: string[]): Element[] {
  if (!parent) return []
  const found: Element[] = []
  for (let node = parent.firstChild; node; node = node.nextSibling) {
    if (isElement(node) && (!names.length || names.includes(node.localName!))) found.push(node)
  }
  return found
}

export function child(parent: Element | null | undefined, ...path: string[]): Element | undefined {
  let current: Element | undefined = parent ?? undefined
  for (const name of path) current = children(current, name)[0]
  return current
}

export function attribute(element: Element | undefined, name: string): string | undefined {
  if (!element) return undefined
  for (const { localName, value } of element.attributes) if (localName === name) return value
  return undefined
}

/** `<w:sz w:val="21"/>` → “21”. */
export const value = (parent: Element | undefined, ...path: string[]): string | undefined => attribute(child(parent, ...path), 'val')

export function amount(text: string | undefined): number | undefined {
  const number = text === undefined ? Number.NaN : Number(text)
  return Number.isFinite(number) ? number : undefined
}

/** `<w:b/>` is on, `<w:b w:val="0"/>` is off, and nothing says nothing. */
export function toggle(parent: Element | undefined, name: string): boolean | undefined {
  const found = child(parent, name)
  if (!found) return undefined
  return !['0', 'false', 'off', 'none'].includes(attribute(found, 'val') ?? '1')
}

/** Targets of a part's relationships by id; outside addresses are left out. */
export function relationsOf(zip: PizZip, part: string): Map<string, string> {
  const folder = part.slice(0, part.lastIndexOf('/') + 1)
  const links = readPart(zip, `${folder}_rels/${part.slice(folder.length)}.rels`)
  const inside = children(links, 'Relationship').filter(link => attribute(link, 'TargetMode') !== 'External')
  return new Map(
    inside.map(link => {
      const target = attribute(link, 'Target') ?? ''
      return [attribute(link, 'Id') ?? '', target.startsWith('/') ? target.slice(1) : folder + target]
    }),
  )
}
