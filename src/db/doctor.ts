import { config } from '../config.ts'
import type { Subject } from '../lib/check.ts'
import { examine, type Finding } from '../overview/examine.ts'
import { connect, disconnect } from './connect.ts'
import { joinEmbedded } from './embedded/serve.ts'
// Every model must be known, so that every collection is looked through.
import '../mounts.ts'

/**
 * `npm run doctor [-- --json]`: re-checks every rule over a whole database, names each record that breaks one, and exits with 1
 * if there is any (2 when it could not look). It joins a running server's embedded database, or starts it.
 */
const json = process.argv.includes('--json')
const say = (line: string): void => {
  if (!json) process.stdout.write(`${line}\n`)
}

const place = ({ park, kind, id, label }: Subject): string =>
  [park ?? 'no park', kind, String(id), label && `(${label})`].filter(Boolean).join(' ')

function show(check: string, findings: Finding[]): void {
  const broken = findings.some(finding => finding.level === 'violation')
  say(`${findings.length ? (broken ? 'BROKEN' : 'note  ') : 'ok    '} ${check}`)
  for (const { subject, message } of findings) say(`         ${subject ? `${place(subject)}: ` : ''}${message}`)
}

async function main(): Promise<number> {
  const { dataDir, cacheDir, MONGOD_BINARY: binary } = config
  const embedded = config.MONGODB_URI ? null : await joinEmbedded({ dataDir, cacheDir, binary, say })
  try {
    await connect(config.MONGODB_URI ?? embedded!.uri, { appName: 'zhigu-doctor', maxPoolSize: 5 })
    const { checks, findings } = await examine(show)
    const violations = findings.filter(finding => finding.level === 'violation').length
    const notes = findings.length - violations
    if (json) process.stdout.write(`${JSON.stringify({ checks, violations, notes, findings })}\n`)
    say(`${checks} checks: ${violations} violations, ${notes} notes`)
    return violations ? 1 : 0
  } finally {
    await disconnect()
    await embedded?.stop()
  }
}

process.exitCode = await main().catch(error => {
  process.stderr.write(`The doctor could not look: ${error.message}\n`)
  return 2
})
