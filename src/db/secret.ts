import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'

/** SESSION_SECRET, or one made on the first start and kept in the data folder, so that a restart signs nobody out. */
export async function secretFor(config: Pick<Config, 'SESSION_SECRET' | 'embedded' | 'dataDir'>): Promise<string> {
  if (config.SESSION_SECRET) return config.SESSION_SECRET
  if (!config.embedded) return randomBytes(32).toString('hex')
  return keptValue(join(config.dataDir, 'session-secret'), () => randomBytes(32).toString('hex'))
}

/** A value made once and kept in a file only this user can read. */
export async function keptValue(path: string, make: () => string): Promise<string> {
  const kept = await readFile(path, 'utf8').catch(() => '')
  if (kept.trim()) return kept.trim()
  const value = make()
  await writeFile(path, `${value}\n`, { mode: 0o600 })
  return value
}
