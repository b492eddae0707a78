import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import passport from 'passport'
import { Strategy } from 'passport-local'
import { z } from 'zod'
import { config } from '../config.ts'
import { RuleError } from '../lib/rule-error.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, localPath, readForm, seeOther } from '../web/forms.ts'
import { routes } from '../web/router.ts'
import { enterSession, SESSION_COOKIE } from '../web/session.ts'
import { type Identity, parksFilter } from './identity.ts'
import { checkPassword } from './passwords.ts'
import { roleMay } from './roles.ts'
import { endSessions, readIdentity, settleSignIn } from './sessions.ts'
import { countFailure, forgetFailures, refuseThrottled, rememberDevice } from './throttle.ts'
import { User } from './user.ts'

passport.use(
  new Strategy({ usernameField: 'email' }, async (email, password, done) => {
    try {
      const user = await User.findOne({ email: email.trim().toLowerCase() }).lean()
      const right = await checkPassword(user?.disabled ? null : (user?.password ?? null), password)
      done(null, right && user ? ((await readIdentity(user._id)) ?? false) : false)
    } catch (error) {
      done(error)
    }
  }),
)

const authenticate = (req: Request, res: Response): Promise<Identity | false> =>
  new Promise((resolve, reject) => {
    passport.authenticate('local', (error: unknown, user: Identity | false) => (error ? reject(error) : resolve(user)))(req, res, reject)
  })

/** A new session id for the identity, stored before the answer goes out. */
export async function openSession(req: Request, res: Response, identity: Identity): Promise<void> {
  await enterSession(req, res)
  await new Promise<void>((resolve, reject) => req.logIn(identity, error => (error ? reject(error) : resolve())))
  await new Promise<void>((resolve, reject) => req.session.save(error => (error ? reject(error) : resolve())))
  // express-session would store a new session once more when the answer ends, over whatever was changed in it since.
  Object.defineProperty(req.session, 'save', { value: (done?: () => void) => done?.() })
  await settleSignIn(new Types.ObjectId(identity.id), identity.version)
}

/** Where somebody begins: the desk of their park, or the list of parks when there are several or none. */
export function startPage(who: Identity): string {
  if (parksFilter(who) === null) return '/'
  // An applicant's park has no desk for them.
  const parks = new Set(who.grants.filter(grant => roleMay(grant.role, 'desk.read')).flatMap(grant => grant.park ?? []))
  const district = who.grants.find(grant => grant.district)?.district
  const advised = who.grants.filter(grant => grant.role === 'mentor').flatMap(grant => grant.park ?? [])
  if (!parks.size && !district && advised.length === 1) return `/parks/${advised[0]}/mentoring/own`
  if (parks.size === 1 && !district) return `/parks/${[...parks][0]}/desk`
  return district && !parks.size ? `/districts/${district}` : '/'
}

const DEMO = [
  'manager.dongxin',
  'promotion.dongxin',
  'owner.dongxin',
  'reception.dongxin',
  'finance.dongxin',
  'mentor.dongxin',
  'official.xiacheng',
  'admin',
]

async function show(req: Request, res: Response): Promise<void> {
  if (req.me && !req.failed) return seeOther(res, startPage(req.me))
  const demo = config.demo ? DEMO.map(name => `${name}@example.com`) : []
  res.page('accounts/sign-in', {
    form: formState(req, { email: '' }),
    next: localPath(req.query['next'] ?? req.failed?.values['next'], ''),
    demo,
  })
}

const schema = z.object({ email: f.text(200), password: f.text(200), next: z.string().optional() })

async function signIn(req: Request, res: Response): Promise<void> {
  const form = readForm(req, schema)
  const email = form.email.toLowerCase()
  await refuseThrottled(req, email)
  const identity = await authenticate(req, res)
  if (!identity) {
    await countFailure(req, email)
    throw new RuleError('signIn.failed', {}, { field: 'email' })
  }
  await forgetFailures(req, email)
  await openSession(req, res, identity)
  rememberDevice(req, res, email)
  seeOther(res, localPath(form.next, startPage(identity)))
}

async function signOut(req: Request, res: Response): Promise<void> {
  await enterSession(req, res)
  await new Promise<void>(resolve => req.session.destroy(() => resolve()))
  res.clearCookie(SESSION_COOKIE)
  seeOther(res, '/')
}

async function signOutElsewhere(req: Request, res: Response): Promise<void> {
  await endSessions(new Types.ObjectId(req.me!.id), req.sessionID)
  flash(res, 'accounts.account.elsewhereDone')
  seeOther(res, '/account')
}

export const signInRoutes = routes(({ get, post }) => {
  get('/sign-in', 'public', show)
  post('/sign-in', 'public', signIn, { again: show })
  post('/sign-out', 'public', signOut)
  post('/account/sign-out-elsewhere', 'signed-in', signOutElsewhere)
})
