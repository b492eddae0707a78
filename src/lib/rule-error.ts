/** What an error tells the person: a locale key, its values, and the field it belongs to. */
export interface Problem {
  key: string
  params?: Record<string, unknown>
  field?: string
}

/** A rule of the domain said no. 422: the input can be mended; 409: somebody else was there first. */
export class RuleError extends Error {
  readonly problem: Problem
  readonly status: number

  constructor(key: string, params: Record<string, unknown> = {}, { field, status = 422 }: { field?: string; status?: number } = {}) {
    super(`${key} ${JSON.stringify(Object.keys(params))}`)
    this.name = 'RuleError'
    this.problem = { key: `error.${key}`, params, field }
    this.status = status
  }
}

/** Somebody changed or took it in the meantime. */
export const conflict = (key: string, params: Record<string, unknown> = {}, field?: string): RuleError =>
  new RuleError(key, params, { field, status: 409 })

export class HttpError extends Error {
  readonly status: number
  constructor(status: number, message = `HTTP ${status}`) {
    super(message)
    this.name = 'HttpError'
    this.status = status
  }
}

/** For `.orFail(notFound)`: a record of another park, district or tenant doesn't exist for this person. */
export const notFound = (): HttpError => new HttpError(404)
export const forbidden = (): HttpError => new HttpError(403)
