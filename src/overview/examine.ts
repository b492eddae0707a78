import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Check, Subject } from '../lib/check.ts'

/**
 * Re-checks every rule over the connected database (DESIGN §3). Every module's checks.ts is found by its place: a module brings
 * its checks with it.
 */
export interface Finding {
  module: string
  check: string
  level: 'violation' | 'note'
  message: string
  subject: Subject | null
}

export interface Examination {
  checks: number
  findings: Finding[]
}

const SOURCE = join(import.meta.dirname, '..')
/** Long enough for a transaction that was being committed between two reads. */
const SETTLE_MS = 300

async function allChecks(): Promise<{ module: string; check: Check }[]> {
  const found: { module: string; check: Check }[] = []
  for (const module of readdirSync(SOURCE).sort()) {
    // A compiled copy of the program brings them as .js.
    const file = ['checks.ts', 'checks.js'].map(name => join(SOURCE, module, name)).find(existsSync)
    if (!file) continue
    const { checks } = (await import(pathToFileURL(file).href)) as { checks: Check[] }
    found.push(...checks.map(check => ({ module, check })))
  }
  return found
}

async function run(module: string, check: Check): Promise<Finding[]> {
  const findings: Finding[] = []
  const level = check.level ?? 'violation'
  await check.run((message, subject) => findings.push({ module, check: check.name, level, message, subject: subject ?? null }))
  return findings
}

const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/**
 * A check reads one record after the other while people work, so what it finds counts if it finds it twice. `tell` hears of each
 * check when it is done.
 */
export async function examine(tell: (check: string, findings: Finding[]) => void = () => {}): Promise<Examination> {
  const all = await allChecks()
  const findings: Finding[] = []
  for (const { module, check } of all) {
    let found = await run(module, check)
    if (found.length) {
      await wait(SETTLE_MS)
      const again = new Set((await run(module, check)).map(finding => JSON.stringify(finding)))
      found = found.filter(finding => again.has(JSON.stringify(finding)))
    }
    tell(check.name, found)
    findings.push(...found)
  }
  return { checks: all.length, findings }
}
