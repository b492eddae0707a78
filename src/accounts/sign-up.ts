import type { Request, Response } from 'express'
import { z } from 'zod'
import { isDuplicateKey, transact } from '../db/transact.ts'
import { RuleError } from '../lib/rule-error.ts'
import { enqueueMail } from '../notifications/outbox.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, localPath, param, readForm, seeOther } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { grantRole } from './memberships.ts'
import { hashPassword, MIN_PASSWORD, refuseWeak } from './passwords.ts'
import { endSessions, readIdentity } from './sessions.ts'
import { openSession, startPage } from './sign-in.ts'
import { countOpenForm } from './throttle.ts'
import { findToken, issueToken, useToken } from './token.ts'
import { User } from './user.ts'

const RESET_HOURS = 2

const signUpForm = z.object({ name: f.text(60), email: f.email(), password: f.text(300), next: z.string().optional() })

function showSignUp(req: Request, res: Response): void {
  if (req.me && !req.failed) return seeOther(res, startPage(req.me))
  res.page('accounts/sign-up', {
    form: formState(req),
    next: localPath(req.query['next'] ?? req.failed?.values['next'], ''),
    min: MIN_PASSWORD,
  })
}

async function createUser(fields: { name: string; email: string; password: string; lang: 'zh-CN' | 'en' }) {
  refuseWeak(fields.password, fields)
  const password = await hashPassword(fields.password)
  try {
    const [user] = await User.create([{ ...fields, password }])
    return user!
  } catch (error) {
    if (isDuplicateKey(error)) throw new RuleError('user.taken', {}, { field: 'email', status: 409 })
    throw error
  }
}

async function signUp(req: Request, res: Response): Promise<void> {
  const { next, ...fields } = readForm(req, signUpForm)
  await countOpenForm(req, 'sign-up')
  const user = await transact(async () => {
    const made = await createUser({ ...fields, lang: req.lang })
    await grantRole(made._id, { role: 'applicant' }, { id: String(made._id), name: made.name })
    return made
  })
  await openSession(req, res, (await readIdentity(user._id))!)
  seeOther(res, localPath(next, '/'))
}

const forgotForm = z.object({ email: f.email() })

const showForgot = (req: Request, res: Response): void =>
  res.page('accounts/forgot', { form: formState(req), sent: req.query['sent'] === '1' })

/** The answer is the same whether the address is registered or not. */
async function forgot(req: Request, res: Response): Promise<void> {
  const { email } = readForm(req, forgotForm)
  await countOpenForm(req, 'forgot')
  await transact(async () => {
    const user = await User.findOne({ email, disabled: false }).lean()
    if (!user) return
    const token = await issueToken(
      { kind: 'reset', user: user._id, email, role: null, park: null, district: null, tenant: null, by: null },
      RESET_HOURS,
    )
    await enqueueMail([
      {
        to: email,
        lang: user.lang,
        key: 'mail.reset',
        params: { name: user.name, hours: RESET_HOURS },
        path: `/password/reset/${token}`,
        secret: true,
      },
    ])
  })
  seeOther(res, '/password/forgot?sent=1')
}

async function showReset(req: Request, res: Response): Promise<void> {
  const token = await findToken(param(req, 'token'), 'reset')
  if (!token) throw new RuleError('token.gone', {}, { status: 404 })
  res.page('accounts/reset', { form: formState(req), token: req.params['token'], min: MIN_PASSWORD })
}

const resetForm = z.object({ password: f.text(300), again: f.text(300) })

async function reset(req: Request, res: Response): Promise<void> {
  const { password, again } = readForm(req, resetForm)
  if (password !== again) throw new RuleError('password.mismatch', {}, { field: 'again' })
  const fresh = await hashPassword(password)
  await transact(async () => {
    const token = await useToken(param(req, 'token'), 'reset')
    const user = token && (await User.findById(token.user).lean())
    if (!user) throw new RuleError('token.gone', {}, { status: 404 })
    refuseWeak(password, user)
    await User.updateOne({ _id: user._id }, { password: fresh })
    // Whoever had the old password is out.
    await endSessions(user._id)
  })
  flash(res, 'accounts.reset.done')
  seeOther(res, '/sign-in')
}

async function showInvitation(req: Request, res: Response): Promise<void> {
  const token = await findToken(param(req, 'token'), 'invite')
  if (!token) throw new RuleError('token.gone', {}, { status: 404 })
  const known = await User.exists({ email: token.email })
  res.page('accounts/invitation', {
    form: formState(req),
    invitation: token,
    token: req.params['token'],
    known: Boolean(known),
    min: MIN_PASSWORD,
  })
}

const joinForm = z.object({ name: f.optionalText(60), password: f.optionalText(300) })

/** Somebody new sets a name and a password; somebody known signs in first. The role is given in the transaction that uses the link. */
async function acceptInvitation(req: Request, res: Response): Promise<void> {
  const form = readForm(req, joinForm)
  let made: string | null = null
  await commit(req, res, async () => {
    const token = await useToken(param(req, 'token'), 'invite')
    if (!token) throw new RuleError('token.gone', {}, { status: 409 })
    if (req.me && req.me.email !== token.email) throw new RuleError('token.otherUser', {}, { status: 403 })
    let user = await User.findOne({ email: token.email })
    if (user && !req.me) throw new RuleError('user.taken', {}, { status: 409 })
    if (!user) {
      if (!form.name) throw new RuleError('required', {}, { field: 'name' })
      if (!form.password) throw new RuleError('required', {}, { field: 'password' })
      user = await createUser({ name: form.name, email: token.email, password: form.password, lang: req.lang })
      made = String(user._id)
    }
    await grantRole(
      user._id,
      { role: token.role!, park: token.park, district: token.district, tenant: token.tenant },
      { id: token.by ?? 'system', name: '' },
    )
    flash(res, 'accounts.invitation.accepted')
    return made ? '/sign-in' : token.park ? `/parks/${token.park}/desk` : '/'
  })
}

export const signUpRoutes = routes(({ get, post }) => {
  get('/sign-up', 'public', showSignUp)
  post('/sign-up', 'public', signUp, { again: showSignUp })
  get('/password/forgot', 'public', showForgot)
  post('/password/forgot', 'public', forgot, { again: showForgot })
  get('/password/reset/:token', 'public', showReset)
  post('/password/reset/:token', 'public', reset, { again: showReset })
  get('/invitations/:token', 'public', showInvitation)
  post('/invitations/:token', 'public', acceptInvitation, { again: showInvitation })
})
