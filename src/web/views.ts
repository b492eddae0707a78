import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ejs from 'ejs'
import type { Application } from 'express'
import { config } from '../config.ts'
import { ROOT } from '../lib/root.ts'

/**
 * ejs without `with`: it renders about three times faster, and a misspelt local is an error in the page's own terms. Locals are
 * `it.…`; partials are found beside the view that includes them, or from the views folder. ejs makes the code of a view; finding
 * and including partials is done here: a page has dozens, and for each of them ejs asks the disk and copies all locals one by one
 * (a tenth of a page's time).
 */
export const VIEWS = join(ROOT, 'views')

type Locals = Record<string, unknown>
type Template = (locals: Locals) => string
type Include = (name: string, more?: Locals) => string
type Code = (it: Locals, escapeFn: (value: unknown) => string, include: Include) => string | undefined

/** In development a view is read anew each time, and its errors name the line. */
const KEPT = config.NODE_ENV !== 'development'
const OPTIONS = { _with: false, localsName: 'it', views: [VIEWS] }
const SPECIAL = /[&<>"']/
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' }

function escaped(value: unknown): string {
  if (typeof value === 'number') return `${value}`
  if (value === undefined || value === null) return ''
  const text = String(value)
  return SPECIAL.test(text) ? text.replace(/[&<>"']/g, sign => ENTITIES[sign]!) : text
}

function codeOf(file: string): Code {
  const made = new ejs.Template(readFileSync(file, 'utf8'), { ...OPTIONS, filename: file, compileDebug: false } as never)
  made.compile()
  // Stack traces and profiles name the view.
  return new Function('it', 'escapeFn', 'include', `${made.source}\n//# sourceURL=views/${relative(VIEWS, file)}`) as Code
}

const templates = new Map<string, Template>()

function find(name: string, folder: string): string {
  const beside = join(folder, `${name}.ejs`)
  return existsSync(beside) ? beside : join(VIEWS, `${name}.ejs`)
}

function compile(file: string): Template {
  if (!KEPT) return ejs.compile(readFileSync(file, 'utf8'), { ...OPTIONS, filename: file } as never) as unknown as Template
  const code = codeOf(file)
  const folder = dirname(file)
  const partials = new Map<string, Template>()
  const partial = (name: string): Template => {
    let found = partials.get(name)
    if (!found) partials.set(name, (found = template(find(name, folder))))
    return found
  }
  // A view that ends early has nothing to show.
  return locals => code(locals, escaped, (name, more) => partial(name)(more ? { ...locals, ...more } : locals)) ?? ''
}

function template(file: string): Template {
  let found = templates.get(file)
  if (!found) {
    found = compile(file)
    if (KEPT) templates.set(file, found)
  }
  return found
}

/** A view of the views folder as text. */
export const renderView = (name: string, locals: Locals): string => template(join(VIEWS, `${name}.ejs`))(locals)

/** For `res.render`: the few answers that are no pages. */
export function views(app: Application): void {
  app.engine('ejs', (file, options, done) => {
    try {
      done(null, template(file)(options as Locals))
    } catch (error) {
      done(error)
    }
  })
  app.set('views', VIEWS)
  app.set('view engine', 'ejs')
}
