import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import mongoose from 'mongoose'
import { createApp } from '../src/app.ts'
import { en } from '../src/locales/en/index.ts'
import { zh } from '../src/locales/zh-CN/index.ts'
import { allRoutes } from '../src/web/router.ts'
import { useDatabase } from './setup/database.ts'

const ROOT = join(import.meta.dirname, '..')
const filesIn = (folder: string, ending: string): string[] =>
  (readdirSync(join(ROOT, folder), { recursive: true }) as string[]).filter(file => file.endsWith(ending)).map(file => join(folder, file))
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

const sources = filesIn('src', '.ts')
const views = filesIn('views', '.ejs')
const codeFiles = [
  ...sources,
  ...views,
  ...filesIn('test', '.ts'),
  ...filesIn('public/js', '.js'),
  ...filesIn('scripts', '.ts'),
  ...filesIn('scripts', '.mjs'),
]

/** Modules from the ground up: each may import what stands before it (DESIGN §4). */
const GROUND = ['lib', 'locales', 'config.ts', 'workers', 'web', 'db', 'files', 'audit', 'search', 'notifications', 'jobs']
const LADDER = [
  'accounts',
  'parks',
  'spaces',
  'tenants',
  'leases',
  'billing',
  'rooms',
  'services',
  'applications',
  'mentoring',
  'trusteeship',
  'events',
  'club',
  'leads',
  'districts',
]
const ABOVE = ['overview', 'imports', 'db/doctor.ts', 'db/seed', 'mounts.ts', 'app.ts', 'server.ts', 'jobs/start.ts']

const moduleOf = (path: string): string => {
  const inside = path.replace(/^src\//, '')
  return ABOVE.find(name => inside === name || inside.startsWith(`${name}/`)) ?? inside.split('/')[0]!
}
const rank = (module: string): number => (ABOVE.includes(module) ? 99 : GROUND.includes(module) ? -1 : LADDER.indexOf(module))

function importsOf(file: string): { path: string; typeOnly: boolean }[] {
  const found = [...read(file).matchAll(/^import (type )?[^'"]*?['"](\.[^'"]+)['"]/gms)]
  return found.map(match => ({ path: join(file, '..', match[2]!), typeOnly: Boolean(match[1]) }))
}

const without = (pattern: RegExp, files: string[]): string[] => files.filter(file => pattern.test(read(file)))
const HAN = /\p{Script=Han}/u

describe('architecture', () => {
  useDatabase()

  it('keeps files short: 250 lines at most', () => {
    const long = codeFiles.filter(file => read(file).split('\n').length > 251)
    expect(long).to.deep.equal([])
  })

  it('imports point down', () => {
    const wrong: string[] = []
    for (const file of sources) {
      const own = moduleOf(file)
      for (const { path, typeOnly } of importsOf(file)) {
        const other = moduleOf(path)
        if (rank(own) === 99 || other === own) continue
        // The web layer reads who asks and where; types cost nothing at run time.
        const asks = rank(own) === -1 && (typeOnly || ['accounts', 'parks'].includes(other))
        if (!asks && rank(other) > rank(own)) wrong.push(`${file} → ${path}`)
      }
    }
    expect(wrong).to.deep.equal([])
  })

  it('knows every module’s place', () => {
    expect([...new Set(sources.map(moduleOf))].filter(name => !GROUND.includes(name) && rank(name) === -1)).to.deep.equal([])
  })

  it('makes routers, reads bodies and queries in one place each', () => {
    expect(without(/import[^;]*\bRouter\b[^;]*from 'express'/, sources)).to.deep.equal(['src/web/router.ts'])
    const readers = without(/req(uest)?\.(body|query)\b/, sources)
    const allowed = ['src/web/forms.ts', 'src/web/router.ts', 'src/web/once.ts', 'src/web/csrf.ts', 'src/web/language.ts']
    const accounts = ['src/accounts/sign-in.ts', 'src/accounts/sign-up.ts']
    expect(readers.filter(file => !allowed.includes(file) && !accounts.includes(file))).to.deep.equal([])
  })

  it('has no Han characters outside of texts, demo data and facts', () => {
    const rules = sources.filter(file => !file.startsWith('src/locales/') && !file.startsWith('src/db/seed/'))
    expect(without(HAN, [...rules, ...views, ...filesIn('public/js', '.js'), ...filesIn('public/css', '.css')])).to.deep.equal([])
  })

  it('has no inline script, style or handler in a view, and no unescaped text', () => {
    expect(without(/<script(?![^>]*\bsrc=)/, views)).to.deep.equal([])
    expect(without(/<style|\sstyle=|\son[a-z]+=["']/, views)).to.deep.equal([])
    const raw = views.flatMap(file =>
      [...read(file).matchAll(/<%-\s*([^%]*?)\s*%>/g)].map(match => match[1]!).filter(code => !/^(include|it\.icon|icon)\(/.test(code)),
    )
    expect(raw).to.deep.equal([])
  })

  it('keeps every collection in a park, or on this short list', () => {
    const shared = ['District', 'Park', 'User', 'Membership', 'Mail', 'Notification', 'FormKey', 'JobRun', 'Token', 'Counter']
    const wide = mongoose
      .modelNames()
      .filter(name => !mongoose.model(name).schema.path('park')?.options['immutable'])
      .filter(name => !shared.includes(name))
    expect(wide).to.deep.equal([])
  })

  it('starts every index of a park-owned collection with the park', () => {
    const wrong = mongoose
      .modelNames()
      .filter(name => mongoose.model(name).schema.path('park')?.options['immutable'])
      .flatMap(name =>
        mongoose
          .model(name)
          .schema.indexes()
          .filter(([fields]) => Object.keys(fields)[0] !== 'park')
          .map(([fields]) => `${name} ${JSON.stringify(fields)}`),
      )
    expect(wrong).to.deep.equal([])
  })

  it('uses only texts that exist', () => {
    const has = (tree: unknown, key: string): boolean => {
      const found = key.split('.').reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], tree)
      const plural = key.split('.').reduce<unknown>((node, part, i, all) => {
        const parent = node as Record<string, unknown> | undefined
        return i === all.length - 1 ? parent?.[`${part}_other`] : parent?.[part]
      }, tree)
      return typeof found === 'string' || typeof plural === 'string'
    }
    const used = views.flatMap(file =>
      [...read(file).matchAll(/\b(?:it\.)?(?:t|any)\('([a-zA-Z][\w]*(?:\.[\w]+)+)'\s*[,)]/g)].map(match => ({ file, key: match[1]! })),
    )
    expect(used.length).to.be.greaterThan(100)
    expect(used.filter(({ key }) => !has(zh, key)).map(({ file, key }) => `${file}: ${key}`)).to.deep.equal([])
    const thrown = sources.flatMap(file =>
      [...read(file).matchAll(/(?:new RuleError|conflict)\(\s*'([\w.]+)'/g)].map(match => ({ file, key: `error.${match[1]}` })),
    )
    expect(thrown.filter(({ key }) => !has(zh, key) || !has(en, key)).map(({ file, key }) => `${file}: ${key}`)).to.deep.equal([])
  })

  it('sets Chinese texts with Chinese marks (GB/T 15834): half-width ones stand between digits and Latin letters only', () => {
    const leaves = (tree: object, path = ''): [string, string][] =>
      Object.entries(tree).flatMap(([name, value]): [string, string][] =>
        typeof value === 'string' ? [[`${path}${name}`, value]] : leaves(value as object, `${path}${name}.`),
      )
    const shown = leaves(zh)
    const half = /[\p{Script=Han}」》”）}] ?[,:;?!()]|[,:;(] ?[\p{Script=Han}「《“（{]/u
    expect(shown.length).to.be.greaterThan(2000)
    expect(shown.filter(([, text]) => half.test(text)).map(([key, text]) => `${key}: ${text}`)).to.deep.equal([])
  })

  it('leaves nothing half done: no TODO, no skipped or focused test, no machine path', () => {
    const own = codeFiles.filter(file => file !== join('test', 'architecture.test.ts'))
    expect(without(/\b(TODO|FIXME|XXX)\b|(?:it|describe)\.(?:only|skip)\(/, own)).to.deep.equal([])
    expect(without(/\/(?:home|Users|root|work)\/[a-z]/, own)).to.deep.equal([])
  })

  it('leaves the park’s scope only in jobs, the doctor and the driver’s own reads', () => {
    const wide = without(/acrossParks/, sources).filter(file => !/(checks|doctor|park-scope)\.ts$|^src\/jobs\//.test(file))
    expect(wide).to.deep.equal([])
    expect(without(/\.bulkWrite\(|\.bulkSave\(/, sources)).to.deep.equal([])
  })

  it('guards every route', () => {
    createApp({ secret: 'a secret for the architecture test only' })
    expect(allRoutes.length).to.be.greaterThan(30)
    const open = allRoutes.filter(route => route.access === 'public' && route.method === 'post').map(route => route.path)
    expect(
      open.every(path =>
        /^\/(sign-in|sign-up|sign-out|password|invitations|parks\/:park\/(door|events|attendance|inquiries)\b)/.test(path),
      ),
      open.join(' '),
    ).to.equal(true)
  })
})
