/**
 * A key for each row that is typed: its own where it has a known one that isn't taken, else the first free “field-1”, “field-2” … A key
 * is given once, so that what refers to a row survives its being renamed or moved.
 */
export function keysFor(given: (string | null)[], known: readonly string[], prefix: string): string[] {
  const taken = new Set<string>(known)
  const used = new Set<string>()
  const own = given.map(key => {
    if (!key || !known.includes(key) || used.has(key)) return null
    used.add(key)
    return key
  })
  let n = 1
  return own.map(key => {
    if (key) return key
    while (taken.has(`${prefix}-${n}`)) n += 1
    taken.add(`${prefix}-${n}`)
    return `${prefix}-${n}`
  })
}
