import type { RequestHandler } from 'express'
import { ping } from '../db/connect.ts'
import { isMigrated } from '../db/migrate.ts'

let draining = false
export const startDraining = (): void => {
  draining = true
}

/** /healthz: the process is up. /readyz: it can serve (database reachable, migrations done, not shutting down). */
export const health: RequestHandler = async (req, res, next) => {
  if (req.path !== '/healthz' && req.path !== '/readyz') return next()
  res.set('cache-control', 'no-store')
  if (req.path === '/healthz') {
    res.json({ ok: true })
    return
  }
  const checks = { database: await ping(), migrations: isMigrated(), accepting: !draining }
  const ok = Object.values(checks).every(Boolean)
  res.status(ok ? 200 : 503).json({ ok, ...checks })
}
