/** The only source of “now”, so that a test can move it. */
let shift = 0

export const now = (): Date => new Date(Date.now() + shift)

/** Tests only: makes now() answer `instant` and go on from there; null returns to the real time. */
export function setClock(instant: Date | null): void {
  shift = instant ? instant.getTime() - Date.now() : 0
}
