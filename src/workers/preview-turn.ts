import type { Size } from './preview-size.ts'

/** How a camera held it, by the numbers of Exif: 1 upright … 6 to be turned right, 8 to be turned left; even the mirrored ones. */
type Row = [x: -1 | 0 | 1, y: -1 | 0 | 1]
const ROWS: Record<number, [Row, Row]> = {
  2: [
    [-1, 0],
    [0, 1],
  ],
  3: [
    [-1, 0],
    [0, -1],
  ],
  4: [
    [1, 0],
    [0, -1],
  ],
  5: [
    [0, 1],
    [1, 0],
  ],
  6: [
    [0, -1],
    [1, 0],
  ],
  7: [
    [0, -1],
    [-1, 0],
  ],
  8: [
    [0, 1],
    [-1, 0],
  ],
}

export const isTurned = (orientation = 1): boolean => orientation in ROWS

/** Its sides change places. */
export const isAcross = (orientation: number): boolean => orientation >= 5 && isTurned(orientation)

/** The matrix (by rows) that turns what is drawn as stored upright into a sheet of `size`. */
export function turning(orientation: number, { width, height }: Size): number[] {
  const [right, down] = ROWS[orientation] ?? [
    [1, 0],
    [0, 1],
  ]
  const start = (row: number[], side: number) => (row.includes(-1) ? side : 0)
  return [...right, start(right, width), ...down, start(down, height), 0, 0, 1]
}

/**
 * Hides the note of the camera, in place: the library would turn the picture before it is made small, which takes twice the
 * memory and more time than all the rest.
 */
export function hideNote(bytes: Uint8Array): void {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf('Exif\0\0', 0, 'latin1')
  if (at >= 0) bytes[at] = 0
}
