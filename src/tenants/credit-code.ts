import { halfWidth } from '../lib/text.ts'

/** Unified social credit code, GB 32100-2015 (FACTS): 18 characters without I, O, S, V, Z; the last checks the others. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
const SHAPE = new RegExp(`^[${ALPHABET}]{18}$`)

/** One spelling for comparing and storing: half width, upper case, no spaces or dashes. */
export const normalCode = (text: string): string => halfWidth(text).toUpperCase().replace(/[\s-]/g, '')

/** What the check character of the first 17 must be. */
export function checkCharacter(code: string): string {
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * ALPHABET.indexOf(code[i]!), 0)
  return ALPHABET[(31 - (sum % 31)) % 31]!
}

/** 'shape': not 18 allowed characters; 'check': the check character is another (a manager may override with a reason). */
export function codeProblem(code: string): 'shape' | 'check' | null {
  if (!SHAPE.test(code)) return 'shape'
  return checkCharacter(code) === code[17] ? null : 'check'
}
