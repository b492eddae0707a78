import { hash, verify } from '@node-rs/argon2'
import { RuleError } from '../lib/rule-error.ts'

/** argon2id with the OWASP parameters: 19 MiB, two passes. It runs off the request thread. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
export const MIN_PASSWORD = 10

export const hashPassword = (password: string): Promise<string> => hash(password, OPTIONS)

// Unknown accounts cost the same time, or the answer's delay would tell which addresses are registered.
let decoy: string | null = null

export async function checkPassword(stored: string | null, given: string): Promise<boolean> {
  if (!stored) {
    decoy ??= await hashPassword('a password nobody has')
    await verify(decoy, given).catch(() => false)
    return false
  }
  return verify(stored, given).catch(() => false)
}

/** Length beats rules; what stands in the person's own name or address is no password. */
export function refuseWeak(password: string, { email, name }: { email: string; name: string }, field = 'password'): void {
  if (password.length < MIN_PASSWORD) throw new RuleError('password.short', { min: MIN_PASSWORD }, { field })
  if (password.length > 200) throw new RuleError('tooLong', {}, { field })
  const plain = password.toLowerCase()
  const local = email.split('@')[0]!
  if (new Set(plain).size < 5 || plain === local || plain.includes(email) || plain === name.toLowerCase())
    throw new RuleError('password.weak', {}, { field })
}
