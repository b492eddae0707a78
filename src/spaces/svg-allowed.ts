/**
 * What of an uploaded SVG is kept: shapes, text, paint and references inside the file. Everything else (scripts, handlers,
 * foreign content, animation, filters, links, other files) is left out because it isn't named here, not because it is.
 */
const words = (text: string): Set<string> => new Set(text.split(/\s+/).filter(Boolean))

export const ELEMENTS = words(`svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textPath image style
  linearGradient radialGradient stop pattern clipPath mask marker title desc`)

/** Elements left out whose children are kept: a link is no more than a group here. */
export const OPENED = words('a switch')

export const ATTRIBUTES =
  words(`id class x y x1 y1 x2 y2 cx cy r rx ry fx fy fr dx dy width height d points transform viewBox preserveAspectRatio
  pathLength rotate textLength lengthAdjust startOffset offset gradientUnits gradientTransform spreadMethod patternUnits
  patternContentUnits patternTransform clipPathUnits maskUnits maskContentUnits markerUnits markerWidth markerHeight orient refX refY`)

/** Presentation attributes, which are CSS properties too. */
export const PAINT = words(`fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit
  stroke-dasharray stroke-dashoffset opacity color display visibility font-family font-size font-weight font-style font-stretch
  font-variant text-anchor text-decoration letter-spacing word-spacing dominant-baseline alignment-baseline baseline-shift
  writing-mode clip-path clip-rule mask marker marker-start marker-mid marker-end stop-color stop-opacity paint-order
  vector-effect shape-rendering text-rendering image-rendering overflow`)

const REFERENCE = /^#[\w.:-]{1,200}$/
const PICTURE = /^data:image\/(png|jpeg|webp);base64,[a-z0-9+/=\s]+$/i
/** No functions but colours and references inside the file, no escapes, no quotes that could hide either. */
const FUNCTIONS = words('rgb rgba hsl hsla url translate scale rotate matrix skewx skewy')

export function isSafeValue(value: string): boolean {
  if (/[\\@<>{};]|\/\*|javascript:|expression/i.test(value)) return false
  const inside = value.replace(/url\(\s*(['"]?)#[\w.:-]{1,200}\1\s*\)/gi, ' ')
  if (/url\s*\(/i.test(inside)) return false
  return [...inside.matchAll(/([\w-]*)\s*\(/g)].every(match => FUNCTIONS.has(match[1]!.toLowerCase()))
}

/** `fill: red; background: url(x)` → `fill:red`. */
export function safeDeclarations(text: string): string {
  return text
    .split(';')
    .map(part => /^\s*([a-z-]+)\s*:\s*([\s\S]*?)\s*(?:!important\s*)?$/i.exec(part))
    .filter(match => match !== null && PAINT.has(match[1]!.toLowerCase()) && isSafeValue(match[2]!))
    .map(match => `${match![1]!.toLowerCase()}:${match![2]}`)
    .join(';')
}

/** A style sheet with plain rules only: at-rules, escapes and anything not understood are left out. */
export function safeStyles(text: string): string {
  const plain = text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/<!--|-->/g, ' ')
  if (plain.includes('\\')) return ''
  const kept: string[] = []
  for (const [, selector, body] of plain.matchAll(/([^{}]*)\{([^{}]*)\}/g)) {
    const name = selector!.replace(/^[^;]*;/g, '').trim()
    const rules = safeDeclarations(body!)
    if (rules && /^[\w\s.#,*>+~:()-]+$/.test(name)) kept.push(`${name}{${rules}}`)
  }
  return kept.join('\n')
}

/** The attribute's value as it may be kept, or null. */
export function safeAttribute(element: string, name: string, value: string): string | null {
  if (name === 'href') {
    if (element === 'image') return PICTURE.test(value) ? value.replace(/\s/g, '') : null
    return REFERENCE.test(value) ? value : null
  }
  if (name === 'style') return safeDeclarations(value) || null
  if (PAINT.has(name)) return isSafeValue(value) ? value : null
  return ATTRIBUTES.has(name) && isSafeValue(value) ? value : null
}
