import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import mongoose from 'mongoose'
import multer from 'multer'
import { log } from '../lib/log.ts'
import { HttpError, type Problem, RuleError } from '../lib/rule-error.ts'
import { CsrfError } from './csrf.ts'
import { FormError, problemText } from './forms.ts'

/** Errors of the body parsers carry a `type`; no other foreign status is trusted. */
const PARSER_STATUS: Record<string, number> = {
  'entity.too.large': 413,
  'entity.parse.failed': 400,
  'encoding.unsupported': 415,
  'charset.unsupported': 415,
  'request.aborted': 400,
  'request.size.invalid': 400,
  'parameters.too.many': 413,
  'querystring.parse.rangeError': 400,
}

function statusOf(error: unknown): number {
  if (error instanceof HttpError || error instanceof RuleError || error instanceof FormError) return error.status
  if (error instanceof mongoose.Error.CastError) return 404
  if (error instanceof multer.MulterError) return error.code === 'LIMIT_FILE_SIZE' ? 413 : 400
  if (error instanceof URIError) return 400
  const type = (error as { type?: unknown } | null)?.type
  return (typeof type === 'string' && PARSER_STATUS[type]) || 500
}

function problemsOf(error: unknown): Problem[] {
  if (error instanceof FormError) return error.problems
  if (error instanceof RuleError) return [error.problem]
  return []
}

function show(req: Request, res: Response, status: number, error: unknown): void {
  const expired = error instanceof CsrfError
  const problems = problemsOf(error).map(problem => problemText(req, problem))
  res.status(status)
  // A fragment is swapped into a page: there the message must stand alone.
  if (req.get('accept')?.includes('application/json')) {
    res.json({ error: problems[0] ?? status, request: req.id })
    return
  }
  res.page('shared/error', { status, expired, problems, request: req.id })
}

export const unknownPage: RequestHandler = () => {
  throw new HttpError(404)
}

export const errors: ErrorRequestHandler = (error, req, res, next) => {
  if (res.headersSent) {
    // Half an answer is cut off, so that it isn't taken for a whole one. Whoever went away is no error of ours.
    if (!res.closed) log.error({ err: error, request: req.id, route: req.pattern }, 'an answer broke off')
    return next(error)
  }
  const status = statusOf(error)
  if (status >= 500) log.error({ err: error, request: req.id, route: req.pattern }, 'unexpected error')
  if (status === 401) {
    const back = req.method === 'GET' ? req.originalUrl : '/'
    // A fragment can't be redirected into a sign-in page: the whole page goes there.
    if (req.get('hx-request')) res.set('HX-Redirect', '/sign-in').status(204).end()
    else res.redirect(303, `/sign-in?next=${encodeURIComponent(back)}`)
    return
  }
  try {
    show(req, res, status, error)
  } catch (broken) {
    log.error({ err: broken, request: req.id }, 'the error page failed')
    if (!res.headersSent) res.type('text/plain').send(`Error ${status}. Request ${req.id}`)
  }
}
