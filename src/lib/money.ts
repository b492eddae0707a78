import { exact, roundHalfUp } from './exact.ts'

/** Money is integer fen (1 yuan = 100 fen). */
export type Fen = number

/** “1,234.5” or “1234.50” yuan as fen; null when it is no amount or has parts of a fen. */
export function parseYuan(text: string): Fen | null {
  const plain = text.replace(/[,，\s¥￥]/g, '')
  if (!/^-?\d{1,12}(\.\d{1,2})?$/.test(plain)) return null
  return roundHalfUp(exact(plain).mul(100))
}

/** Fen as “1234.50”, for form fields and exports. */
export function plainYuan(fen: Fen): string {
  const sign = fen < 0 ? '-' : ''
  const abs = Math.abs(fen)
  return `${sign}${Math.floor(abs / 100)}.${String(abs % 100).padStart(2, '0')}`
}
