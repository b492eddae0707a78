import type { Request, Response } from 'express'
import { z } from 'zod'
import { User } from '../accounts/user.ts'
import { audit, NO_PARK } from '../audit/entry.ts'
import { showTrail } from '../audit/trail.ts'
import { config } from '../config.ts'
import { transact } from '../db/transact.ts'
import { JobRun } from '../jobs/runner.ts'
import { JOBS } from '../jobs/start.ts'
import { now } from '../lib/clock.ts'
import { DEFAULT_ZONE } from '../lib/days.ts'
import { maskEmail } from '../lib/mask.ts'
import { notFound } from '../lib/rule-error.ts'
import { translateAny } from '../locales/index.ts'
import { Mail } from '../notifications/outbox.ts'
import { District } from '../parks/district.ts'
import { Park } from '../parks/park.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { idParam, readQuery } from '../web/forms.ts'
import { COUNT_LIMIT, linkWith, listOf, pageSchema } from '../web/list.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'

/** What keeps the system running: an overview, the mail outbox, jobs, and the trail of what belongs to no park. */
const SIZE = 50
const WAITING = { sentAt: null, failed: false }
const FAILED = { sentAt: null, failed: true }
const STATES = { waiting: WAITING, failed: FAILED, sent: { sentAt: { $ne: null } } }

async function index(_req: Request, res: Response): Promise<void> {
  const [users, disabled, parks, districts, waiting, failed, lastRun] = await Promise.all([
    User.estimatedDocumentCount(),
    User.countDocuments({ disabled: true }),
    Park.estimatedDocumentCount(),
    District.estimatedDocumentCount(),
    Mail.countDocuments(WAITING),
    Mail.countDocuments(FAILED),
    JobRun.findOne().sort({ startedAt: -1 }).lean(),
  ])
  res.page('overview/admin', { users, disabled, parks, districts, waiting, failed, lastRun })
}

const mailQuery = z.object({ state: z.enum(['waiting', 'failed', 'sent']).optional(), page: pageSchema.page })

/** A mail as the list shows it. One that opens an account names neither its link nor what it says. */
function mailRow(req: Request, mail: Mail) {
  const subject = mail.secret ? null : translateAny(req.lang, `${mail.key}.title`, mail.params)
  const state = mail.sentAt ? 'sent' : mail.failed ? 'failed' : 'waiting'
  return {
    _id: mail._id,
    to: maskEmail(mail.to),
    subject,
    state,
    at: mail.at,
    sentAt: mail.sentAt,
    attempts: mail.attempts,
    error: mail.error,
  }
}

async function mails(req: Request, res: Response): Promise<void> {
  const { state, page } = readQuery(req, mailQuery)
  const filter = state ? STATES[state] : {}
  const [found, total] = await Promise.all([
    Mail.find(filter)
      .sort({ at: -1 })
      .skip((page - 1) * SIZE)
      .limit(SIZE)
      .lean(),
    Mail.countDocuments(filter).limit(COUNT_LIMIT),
  ])
  const items = found.map(mail => mailRow(req, mail as Mail))
  const link = (change: Record<string, string | null>) => linkWith(req, change)
  res.page('overview/admin-mails', { list: listOf(req, { items, total, page, size: SIZE }), state, link, console: !config.SMTP_URL })
}

async function retry(req: Request, res: Response): Promise<void> {
  await commit(req, res, async () => {
    const mail = await Mail.findOneAndUpdate(
      { _id: idParam(req, 'mail'), ...FAILED },
      { failed: false, attempts: 0, nextAt: now(), error: null },
    ).lean()
    if (!mail) throw notFound()
    await transact(() => audit(actor(req), 'mail.retry', { park: NO_PARK, kind: 'mail', ref: mail._id, label: maskEmail(mail.to) }))
    flash(res, 'admin.mailRetried')
    return '/admin/mails?state=waiting'
  })
}

async function jobs(_req: Request, res: Response): Promise<void> {
  // Of what runs every minute only what failed is worth a row.
  const often = JOBS.filter(job => job.at.startsWith('* ')).map(job => job.name)
  const runs = await JobRun.find({ $or: [{ name: { $nin: often } }, { state: 'failed' }] })
    .sort({ startedAt: -1 })
    .limit(SIZE)
    .lean()
  const last = await Promise.all(JOBS.map(job => JobRun.findOne({ name: job.name }).sort({ startedAt: -1 }).lean()))
  res.page('overview/admin-jobs', { jobs: JOBS.map((job, i) => ({ name: job.name, at: job.at, last: last[i] })), runs })
}

async function trail(req: Request, res: Response): Promise<void> {
  await showTrail(req, res, { park: NO_PARK, zone: DEFAULT_ZONE, root: '', people: [] })
}

export const adminSystemRoutes = routes(({ get, post }) => {
  get('/', 'admin.system', index)
  get('/mails', 'admin.system', mails)
  post('/mails/:mail/retry', 'admin.system', retry)
  get('/jobs', 'admin.system', jobs)
  get('/audit', 'admin.system', trail)
})
