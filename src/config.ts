import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'

/** The environment, read once. A wrong value stops the start and names its variable. */
const flag = (fallback: boolean) =>
  z
    .enum(['0', '1', 'true', 'false', ''])
    .optional()
    .transform(value => (value === undefined || value === '' ? fallback : value === '1' || value === 'true'))

const schema = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  HOST: z.string().optional(),
  BASE_URL: z.url().optional(),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'must start with mongodb:// or mongodb+srv://')
    .optional(),
  DATA_DIR: z.string().default('./data'),
  CACHE_DIR: z.string().optional(),
  MONGOD_BINARY: z.string().optional(),
  DEMO: flag(true),
  SESSION_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  TRUST_PROXY: z.string().optional(),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must start with smtp:// or smtps://')
    .optional(),
  MAIL_FROM: z.string().default('Zhigu <no-reply@localhost>'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  SHUTDOWN_SECONDS: z.coerce.number().int().min(1).max(600).default(20),
  UPLOAD_MIB: z.coerce.number().int().min(1).max(200).default(20),
  JOBS: flag(true),
})

function parse(env: NodeJS.ProcessEnv) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const result = schema.safeParse(given)
  if (!result.success) {
    const lines = result.error.issues.map(issue => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`The environment is not usable:\n${lines.join('\n')}`)
  }
  return result.data
}

export function readConfig(env: NodeJS.ProcessEnv = process.env) {
  const raw = parse(env)
  const embedded = !raw.MONGODB_URI
  const production = raw.NODE_ENV === 'production'
  if (production && !embedded && !raw.SESSION_SECRET) {
    throw new Error('The environment is not usable:\n  SESSION_SECRET: is required in production with MONGODB_URI')
  }
  const demo = embedded && raw.DEMO
  return {
    ...raw,
    embedded,
    production,
    demo,
    host: raw.HOST ?? (demo ? '127.0.0.1' : '0.0.0.0'),
    dataDir: resolve(raw.DATA_DIR),
    cacheDir: raw.CACHE_DIR ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'zhigu'),
  }
}

export type Config = ReturnType<typeof readConfig>

/** The line that names the variable, and no stack under it: whoever starts the program can do something about it. */
function readOrStop(): Config {
  try {
    return readConfig()
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    process.exit(1)
  }
}

export const config = readOrStop()
