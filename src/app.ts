import compression from 'compression'
import cookieParser from 'cookie-parser'
import express, { type Application } from 'express'
import { config } from './config.ts'
import { mountAll } from './mounts.ts'
import { parkAhead } from './parks/scope.ts'
import { assets } from './web/assets.ts'
import { csrf } from './web/csrf.ts'
import { errors, unknownPage } from './web/errors.ts'
import { health } from './web/health.ts'
import { language } from './web/language.ts'
import { logRequests } from './web/log-requests.ts'
import { pages } from './web/page.ts'
import { security } from './web/security.ts'
import { sessions } from './web/session.ts'
import { views } from './web/views.ts'
import './web/context.ts'

/** Middleware in order, mounts, error handler. Building the app starts nothing: tests call it as the server does. */
export function createApp({ secret }: { secret: string }): Application {
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.set('query parser', 'simple')
  if (config.TRUST_PROXY) app.set('trust proxy', /^\d+$/.test(config.TRUST_PROXY) ? Number(config.TRUST_PROXY) : config.TRUST_PROXY)
  views(app)
  const tokens = csrf(secret)

  app.use(logRequests())
  app.use(health)
  app.use(assets)
  app.use(security())
  app.use(compression())
  app.use(parkAhead)
  app.use(cookieParser(secret))
  app.use(sessions(app, secret))
  app.use(language)
  app.use(pages(tokens))
  app.use(express.urlencoded({ extended: true, limit: '1mb', parameterLimit: 5000 }))
  app.use(tokens.check)
  mountAll(app)
  app.use(unknownPage)
  app.use(errors)
  return app
}
