import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import type { z } from 'zod'
import { notFound, type Problem } from '../lib/rule-error.ts'
import { translateAny } from '../locales/index.ts'

/** What was typed doesn't fit the form. */
export class FormError extends Error {
  readonly problems: Problem[]
  readonly status = 422
  constructor(problems: Problem[]) {
    super(`form: ${problems.map(problem => problem.field).join(', ')}`)
    this.name = 'FormError'
    this.problems = problems
  }
}

/** ['lines', 0, 'rate'] → lines[0][rate], as the input is named. */
const fieldOf = (path: PropertyKey[]): string => path.map(String).reduce((name, part, i) => (i ? `${name}[${part}]` : part), '')

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === ''

function valueAt(body: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part], body)
}

export function problemOf(issue: z.core.$ZodIssue, body: unknown): Problem {
  const field = fieldOf(issue.path)
  const params = (issue as { params?: Record<string, unknown> }).params
  if (issue.message.startsWith('error.')) return { key: issue.message, params, field }
  if (isEmpty(valueAt(body, issue.path))) return { key: 'error.required', field }
  if (issue.code === 'too_big') return { key: 'error.tooBig', params: { max: Number(issue.maximum) }, field }
  if (issue.code === 'too_small') return { key: 'error.tooSmall', params: { min: Number(issue.minimum) }, field }
  return { key: 'error.invalid', field }
}

function parse<S extends z.ZodType>(input: unknown, schema: S): z.output<S> {
  const result = schema.safeParse(input)
  if (!result.success) throw new FormError(result.error.issues.map(issue => problemOf(issue, input)))
  return result.data
}

/** The posted form, checked. Fields the schema doesn't name vanish. */
export const readForm = <S extends z.ZodType>(req: Request, schema: S): z.output<S> => parse(req.body ?? {}, schema)

/** The query string, checked leniently: a value that doesn't fit is as if it weren't there. Repeated values count once. */
export function readQuery<S extends z.ZodObject>(req: Request, schema: S): z.output<S> {
  const single: Record<string, unknown> = {}
  for (const key of Object.keys(schema.shape)) {
    const value = (req.query as Record<string, unknown>)[key]
    const plain = Array.isArray(value) ? value[0] : value
    if (typeof plain === 'string' && plain !== '') single[key] = plain
  }
  const result = schema.safeParse(single)
  if (result.success) return result.data
  for (const issue of result.error.issues) delete single[String(issue.path[0])]
  return schema.parse(single)
}

/** All values of a parameter that may be given many times (checkboxes of a list): short texts, 200 at most. */
export function readMany(req: Request, name: string): string[] {
  const value = (req.query as Record<string, unknown>)[name]
  const list = Array.isArray(value) ? value : [value]
  return list.filter((one): one is string => typeof one === 'string' && one !== '' && one.length <= 100).slice(0, 200)
}

/** A route parameter that is a record's id; anything else is a record that doesn't exist. */
export function idParam(req: Request, name: string): Types.ObjectId {
  const value = req.params[name]
  if (typeof value !== 'string' || !/^[0-9a-f]{24}$/.test(value)) throw notFound()
  return new Types.ObjectId(value)
}

export function param(req: Request, name: string): string {
  const value = req.params[name]
  if (typeof value !== 'string') throw notFound()
  return value
}

export interface FormState {
  values: Record<string, unknown>
  errors: Record<string, string>
  problems: { field: string; text: string }[]
  /** Somebody saved in between: `current` holds what stands now, field by field. */
  current: Record<string, unknown> | null
  key: string
}

/** What a form view draws: the record's values, or what was typed when it was refused, with the reasons. */
export function formState(req: Request, defaults: object = {}): FormState {
  const failed = req.failed
  const record = defaults as Record<string, unknown>
  if (!failed) return { values: record, errors: {}, problems: [], current: null, key: randomUUID() }
  const problems = failed.problems.map(problem => ({
    field: problem.field ?? '',
    text: problemText(req, problem),
  }))
  const errors = Object.fromEntries(problems.filter(problem => problem.field).map(problem => [problem.field, problem.text]))
  // The version goes on to what stands now only when both values are shown: an input that is refused for another reason must not
  // make the next one overwrite what was never seen.
  const version = failed.stale ? record['version'] : (failed.values['version'] ?? record['version'])
  const values = { ...record, ...failed.values, version }
  return { values, errors, problems, current: failed.stale ? record : null, key: keyOf(failed.values) ?? randomUUID() }
}

/** What a problem says, in the reader's language. */
export const problemText = (req: Request, { key, params }: Problem): string => translateAny(req.lang, key, localised(req, params))

/** Parameters of a message may themselves be keys ({ state: 'lease.state.draft' }) or days and amounts already formatted. */
function localised(req: Request, params: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  if (!params) return undefined
  const text = (value: unknown) => (typeof value === 'string' && value.startsWith('key:') ? translateAny(req.lang, value.slice(4)) : value)
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, text(value)]))
}

export const keyOf = (body: unknown): string | null => {
  const key = (body as { _key?: unknown } | undefined)?._key
  return typeof key === 'string' && /^[\w-]{8,64}$/.test(key) ? key : null
}

/** Where a form wanted to go after success: only inside this site. */
export function localPath(value: unknown, fallback: string): string {
  return typeof value === 'string' && /^\/(?![/\\])[^\s\\]*$/.test(value) ? value : fallback
}

export const seeOther = (res: Response, path: string): void => res.redirect(303, path)
