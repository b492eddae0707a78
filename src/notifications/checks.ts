import mongoose from 'mongoose'
import { User } from '../accounts/user.ts'
import type { Check, Report } from '../lib/check.ts'
import { now } from '../lib/clock.ts'
import { zh } from '../locales/zh-CN/index.ts'
import { Notification } from './notification.ts'
import { Mail } from './outbox.ts'

/** What must hold of notices and of the mails that wait. Addresses stay out of what is reported. */
const DAY = 86_400_000

/** A notice is a text, or a subject and a body. */
const isText = (key: string): boolean =>
  key.split('.').reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], zh) !== undefined

async function checkNotices(report: Report): Promise<void> {
  const users = new Set((await User.find({}, { _id: 1 }).lean()).map(user => String(user._id)))
  for await (const { _id, user, park, key } of Notification.find({}, { user: 1, park: 1, key: 1 }).lean().cursor()) {
    const subject = { park, kind: 'notification', id: _id }
    if (!users.has(String(user))) report(`is for user ${user}, who isn't there`, subject)
    if (!isText(`notice.${key}`)) report(`has the text ${key}, which isn't there`, subject)
  }
}

async function checkMails(report: Report): Promise<void> {
  for await (const { _id, key } of Mail.find({ sentAt: null }, { key: 1 }).lean().cursor())
    if (!isText(key)) report(`has the text ${key}, which isn't there`, { park: null, kind: 'mail', id: _id })
}

async function checkAttachments(report: Report): Promise<void> {
  const files = mongoose.connection.collection('files.files')
  const waiting = Mail.find({ sentAt: null, failed: false, 'attachments.0': { $exists: true } }, { attachments: 1 })
  for await (const { _id, attachments } of waiting.lean().cursor())
    for (const { file } of attachments)
      if (!(await files.findOne({ _id: file, 'metadata.link': { $ne: null } }, { projection: { _id: 1 } })))
        report(`is to take along the file ${file}, which isn't there or belongs to nothing`, { park: null, kind: 'mail', id: _id })
}

async function noteUnsent(report: Report): Promise<void> {
  const late = new Date(now().getTime() - DAY)
  const failed = await Mail.countDocuments({ sentAt: null, failed: true })
  const waiting = await Mail.countDocuments({ sentAt: null, failed: false, nextAt: { $lt: late } })
  if (failed) report(`${failed} mails were given up: is SMTP_URL right?`)
  if (waiting) report(`${waiting} mails wait for more than a day: does a process with JOBS=1 run?`)
}

export const checks: Check[] = [
  { name: 'Notices are for people who exist, in texts that exist', run: checkNotices },
  { name: 'Mails are of texts that exist', run: checkMails },
  { name: 'What goes with a mail is there', run: checkAttachments },
  { name: 'Mails go out', level: 'note', run: noteUnsent },
]
