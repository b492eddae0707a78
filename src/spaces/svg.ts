import { SaxesParser, type SaxesTagNS } from 'saxes'
import { RuleError } from '../lib/rule-error.ts'
import { ELEMENTS, OPENED, safeAttribute, safeStyles } from './svg-allowed.ts'

/**
 * An uploaded SVG is never kept as it came. A strict XML parser reads it (no entities of its own, no DTD), and a new file is
 * written from what svg-allowed.ts names. Throws drawing.broken for anything that isn't a well-formed SVG with a size.
 */
interface Node {
  name: string
  attributes: Map<string, string>
  children: (Node | string)[]
}

const SVG = 'http://www.w3.org/2000/svg'
const XLINK = 'http://www.w3.org/1999/xlink'
const XML = 'http://www.w3.org/XML/1998/namespace'
const DEEP = 200
/** Elements drawn, counting what `use` repeats: a few nested uses could ask a browser for billions. */
const HEAVY = 200_000
/** Elements of the file itself: a floor's plan has thousands, and reading takes time nobody else gets. */
const MANY = 60_000

export const broken = (): RuleError => new RuleError('drawing.broken', {}, { field: 'drawing' })

function attributesOf(tag: SaxesTagNS): Map<string, string> {
  const kept = new Map<string, string>()
  for (const { local, uri, value } of Object.values(tag.attributes)) {
    if (uri === XML && local === 'space' && value === 'preserve') kept.set('xml:space', value)
    if (uri !== '' && !(uri === XLINK && local === 'href')) continue
    const safe = safeAttribute(tag.local, local, value)
    if (safe !== null) kept.set(local, safe)
  }
  return kept
}

const isDrawn = (tag: SaxesTagNS): boolean => (tag.uri === SVG || tag.uri === '') && ELEMENTS.has(tag.local)
const isOpened = (tag: SaxesTagNS): boolean => (tag.uri === SVG || tag.uri === '') && OPENED.has(tag.local)

function treeOf(text: string): Node {
  const holder: Node = { name: '', attributes: new Map(), children: [] }
  // Where children go; null inside of what is left out.
  const path: (Node | null)[] = [holder]
  let count = 0
  const parser = new SaxesParser({ xmlns: true })
  const add = (chunk: string) => path.at(-1)?.children.push(chunk)
  parser.on('error', error => {
    throw error
  })
  parser.on('doctype', type => {
    if (type.includes('[')) throw broken()
  })
  parser.on('opentag', tag => {
    count += 1
    if (path.length > DEEP || count > MANY) throw broken()
    const parent = path.at(-1)!
    if (!parent || isOpened(tag)) return path.push(parent)
    if (!isDrawn(tag)) return path.push(null)
    const node: Node = { name: tag.local, attributes: attributesOf(tag), children: [] }
    parent.children.push(node)
    return path.push(node)
  })
  parser.on('closetag', () => path.pop())
  parser.on('text', add)
  parser.on('cdata', add)
  parser.write(text).close()
  const [root] = holder.children.filter(child => typeof child !== 'string')
  if (root?.name !== 'svg') throw broken()
  return root
}

/** Refuses files whose references repeat too much, or go in a circle. */
function refuseBombs(root: Node): void {
  const byId = new Map<string, Node>()
  const weights = new Map<Node, number>()
  const index = (node: Node): void => {
    const id = node.attributes.get('id')
    if (id) byId.set(id, node)
    for (const child of node.children) if (typeof child !== 'string') index(child)
  }
  const weigh = (node: Node): number => {
    const known = weights.get(node)
    if (known !== undefined) return known
    weights.set(node, Number.POSITIVE_INFINITY)
    const target = node.name === 'use' ? byId.get(node.attributes.get('href')?.slice(1) ?? '') : undefined
    let weight = 1 + (target ? weigh(target) : 0)
    for (const child of node.children) if (typeof child !== 'string') weight += weigh(child)
    weights.set(node, weight)
    return weight
  }
  index(root)
  if (!(weigh(root) <= HEAVY)) throw broken()
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, sign => ESCAPES[sign]!)

function write(node: Node): string {
  const attributes = [...node.attributes].map(([name, value]) => ` ${name}="${escaped(value)}"`).join('')
  if (node.name === 'style')
    return `<style>${escaped(safeStyles(node.children.filter(child => typeof child === 'string').join('')))}</style>`
  const inside = node.children.map(child => (typeof child === 'string' ? escaped(child) : write(child))).join('')
  return inside ? `<${node.name}${attributes}>${inside}</${node.name}>` : `<${node.name}${attributes}/>`
}

/** CSS pixels. */
const UNITS: Record<string, number> = { '': 1, px: 1, pt: 4 / 3, pc: 16, mm: 96 / 25.4, cm: 96 / 2.54, in: 96 }

function lengthOf(value: string | undefined): number | null {
  const match = /^\s*(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*([a-z]*)\s*$/i.exec(value ?? '')
  const unit = match && UNITS[match[2]!.toLowerCase()]
  return unit ? Number(match[1]) * unit : null
}

function boxOf(root: Node): [number, number, number, number] {
  const box = (root.attributes.get('viewBox') ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number)
  const [x, y, width, height] = box
  if (box.length === 4 && box.every(Number.isFinite) && width! > 0 && height! > 0) return [x!, y!, width!, height!]
  const [w, h] = [lengthOf(root.attributes.get('width')), lengthOf(root.attributes.get('height'))]
  if (!w || !h) throw broken()
  return [0, 0, w, h]
}

/** The cleaned file and the size of its view box in its own units. */
export function cleanSvg(bytes: Buffer): { svg: (width: number, height: number) => Buffer; width: number; height: number } {
  let root: Node
  try {
    root = treeOf(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    refuseBombs(root)
  } catch {
    throw broken()
  }
  const [x, y, width, height] = boxOf(root)
  const svg = (w: number, h: number): Buffer => {
    const attributes = new Map(root.attributes)
    attributes.set('viewBox', [x, y, width, height].join(' '))
    attributes.set('width', String(w))
    attributes.set('height', String(h))
    attributes.set('preserveAspectRatio', 'none')
    const text = write({ ...root, attributes })
    return Buffer.from(`<svg xmlns="${SVG}"${text.slice('<svg'.length)}`)
  }
  return { svg, width, height }
}
