import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { parseArgs } from 'node:util'
import { SYSTEM } from '../src/accounts/identity.ts'
import { grantRole } from '../src/accounts/memberships.ts'
import { hashPassword, refuseWeak } from '../src/accounts/passwords.ts'
import { endSessions } from '../src/accounts/sessions.ts'
import { User } from '../src/accounts/user.ts'
import { config } from '../src/config.ts'
import { connect, disconnect } from '../src/db/connect.ts'
import { joinEmbedded } from '../src/db/embedded/serve.ts'
import { migrate } from '../src/db/migrate.ts'
import { transact } from '../src/db/transact.ts'
import { RuleError } from '../src/lib/rule-error.ts'
import { translateAny } from '../src/locales/index.ts'
// Indexes are made of the models that are known.
import '../src/mounts.ts'

/**
 * `npm run create-admin [-- --email … --name …]`: makes an administrator, or makes one of somebody who has an account. What isn't
 * given by flag or by ADMIN_EMAIL, ADMIN_NAME, ADMIN_PASSWORD is asked on the terminal. A password is never taken from a flag:
 * other users of the machine could read it in the list of processes.
 */
const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

class Refusal extends Error {}

async function ask(question: string, { hidden = false } = {}): Promise<string> {
  if (!process.stdin.isTTY) throw new Refusal(`There is no terminal to ask “${question}” on: see the flags and variables in README.md.`)
  const quiet = new Writable({ write: (_chunk, _encoding, done) => done() })
  process.stdout.write(`${question}: `)
  const line = createInterface({ input: process.stdin, output: hidden ? quiet : undefined, terminal: hidden })
  const answer = await line.question('')
  line.close()
  if (hidden) process.stdout.write('\n')
  return answer.trim()
}

async function askPassword(): Promise<string> {
  const given = process.env['ADMIN_PASSWORD']
  if (given) return given
  const first = await ask('Password (at least 10 characters)', { hidden: true })
  if (first !== (await ask('The same again', { hidden: true }))) throw new Refusal('The two passwords differ.')
  return first
}

interface Given {
  email: string
  name: string | undefined
}

/** Answers what was done. The password of an existing account is left alone unless one is given in the environment. */
async function createAdmin({ email, name }: Given): Promise<string> {
  const known = await User.findOne({ email }).lean()
  const fullName = known?.name ?? name ?? (await ask('Name'))
  if (!fullName) throw new Refusal('An administrator needs a name.')
  const password = known && !process.env['ADMIN_PASSWORD'] ? null : await askPassword()
  if (password) refuseWeak(password, { email, name: fullName })
  const hash = password && (await hashPassword(password))
  return transact(async () => {
    const [made] = known ? [] : await User.create([{ email, name: fullName, password: hash }])
    const _id = known?._id ?? made!._id
    if (known) await User.updateOne({ _id }, { disabled: false, ...(hash ? { password: hash } : {}) })
    // Whoever had the old password is out.
    if (known && hash) await endSessions(_id)
    await grantRole(_id, { role: 'admin' }, SYSTEM)
    return known ? `${email} is administrator now.` : `Created the administrator ${email}.`
  })
}

async function given(): Promise<Given> {
  const { values } = parseArgs({ options: { email: { type: 'string' }, name: { type: 'string' } } })
  const email = (values.email ?? process.env['ADMIN_EMAIL'] ?? (await ask('E-mail'))).trim().toLowerCase()
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) throw new Refusal(`“${email}” is no e-mail address.`)
  return { email, name: values.name ?? process.env['ADMIN_NAME'] }
}

async function main(): Promise<void> {
  const wanted = await given()
  const { dataDir, cacheDir, MONGOD_BINARY: binary } = config
  const embedded = config.MONGODB_URI ? null : await joinEmbedded({ dataDir, cacheDir, binary, say })
  try {
    await connect(config.MONGODB_URI ?? embedded!.uri, { appName: 'zhigu-create-admin', maxPoolSize: 5 })
    await migrate()
    say(await createAdmin(wanted))
  } finally {
    await disconnect()
    await embedded?.stop()
  }
}

const explain = (error: Error): string =>
  error instanceof RuleError ? translateAny('en', error.problem.key, error.problem.params) : error.message

await main().catch(error => {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
})
