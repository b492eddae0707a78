import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { transact } from '../db/transact.ts'
import { notFound, RuleError } from '../lib/rule-error.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, localPath, readForm, seeOther } from '../web/forms.ts'
import { LANG_COOKIE } from '../web/language.ts'
import { routes } from '../web/router.ts'
import { checkPassword, hashPassword, MIN_PASSWORD, refuseWeak } from './passwords.ts'
import { endSessions, refreshSessions } from './sessions.ts'
import { User } from './user.ts'

const own = (req: Request) => new Types.ObjectId(req.me!.id)

function show(req: Request, res: Response): void {
  res.page('accounts/account', {
    form: formState(req, { name: req.me!.name, lang: req.me!.lang, theme: req.me!.theme }),
    min: MIN_PASSWORD,
    narrow: true,
  })
}

async function change(req: Request, fields: Partial<Pick<User, 'name' | 'lang' | 'theme'>>): Promise<void> {
  await transact(async () => {
    await User.updateOne({ _id: own(req) }, fields)
    await refreshSessions(own(req))
  })
}

const profileForm = z.object({ name: f.text(60), lang: f.choice(['zh-CN', 'en']), theme: f.choice(['auto', 'light', 'dark']) })

async function saveProfile(req: Request, res: Response): Promise<void> {
  await change(req, readForm(req, profileForm))
  flash(res, 'app.saved')
  seeOther(res, '/account')
}

const langForm = z.object({ lang: f.choice(['zh-CN', 'en']), next: z.string().optional() })

async function saveLanguage(req: Request, res: Response): Promise<void> {
  const { lang, next } = readForm(req, langForm)
  await change(req, { lang })
  res.cookie(LANG_COOKIE, lang, { maxAge: 365 * 86_400_000, sameSite: 'lax', httpOnly: true })
  seeOther(res, localPath(next, '/account'))
}

const themeForm = z.object({ theme: f.choice(['auto', 'light', 'dark']), next: z.string().optional() })

async function saveTheme(req: Request, res: Response): Promise<void> {
  const { theme, next } = readForm(req, themeForm)
  await change(req, { theme })
  seeOther(res, localPath(next, '/account'))
}

const passwordForm = z.object({ current: f.text(300), password: f.text(300), again: f.text(300) })

async function changePassword(req: Request, res: Response): Promise<void> {
  const { current, password, again } = readForm(req, passwordForm)
  const user = await User.findById(own(req)).lean().orFail(notFound)
  if (!(await checkPassword(user.password, current))) throw new RuleError('password.wrong', {}, { field: 'current' })
  if (password !== again) throw new RuleError('password.mismatch', {}, { field: 'again' })
  refuseWeak(password, user)
  const fresh = await hashPassword(password)
  await transact(async () => {
    await User.updateOne({ _id: user._id }, { password: fresh })
    await endSessions(user._id, req.sessionID)
  })
  flash(res, 'accounts.account.passwordChanged')
  seeOther(res, '/account')
}

export const accountRoutes = routes(({ get, post }) => {
  get('/account', 'signed-in', show)
  post('/account', 'signed-in', saveProfile, { again: show })
  post('/account/language', 'signed-in', saveLanguage)
  post('/account/theme', 'signed-in', saveTheme)
  post('/account/password', 'signed-in', changePassword, { again: show })
})
