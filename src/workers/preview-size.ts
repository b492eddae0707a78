/** A size in points, whole and at least one. */
export interface Size {
  width: number
  height: number
}

/** The file's content is broken, locked or too large to be drawn. */
export class Undrawable extends Error {
  override name = 'Undrawable'
}

const LONGEST = 1600
/** Smaller pictures are enlarged, or the words over them couldn't be read. */
const SHORTEST = 800

/** The size at which a picture or a page is shown: its longer side between 800 and 1,600 points. */
export function fitted({ width, height }: Size, usual?: number): Size {
  const longer = Math.max(width, height)
  const scale = (usual ?? Math.min(LONGEST, Math.max(SHORTEST, longer))) / longer
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** A page has no points of its own: it gets as many as fit. */
export const fittedPage = (size: Size): Size => fitted(size, LONGEST)
