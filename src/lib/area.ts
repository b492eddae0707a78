import { exact, roundHalfUp } from './exact.ts'

/** Areas are integers of 0.01 ㎡, so that a floor adds up exactly. */
export type Area = number

/** “1,234.5” ㎡ as hundredths; null when it is no area. */
export function parseArea(text: string): Area | null {
  const plain = text.replace(/[,，\s㎡]/g, '')
  if (!/^\d{1,9}(\.\d{1,2})?$/.test(plain)) return null
  return roundHalfUp(exact(plain).mul(100))
}

/** Hundredths as “1234.5”, for form fields and exports. */
export function plainArea(area: Area): string {
  return (area / 100).toFixed(2).replace(/\.?0+$/, '')
}
