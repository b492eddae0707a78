import type { Transporter } from 'nodemailer'
import { config } from '../config.ts'
import { now } from '../lib/clock.ts'
import { log } from '../lib/log.ts'
import { translateAny } from '../locales/index.ts'
import { Mail, onMail } from './outbox.ts'

/** Sends what waits in the outbox. Without SMTP_URL mails are printed on the console: for trying out, and for tests. */
const MAX_ATTEMPTS = 8
const CLAIM_MS = 5 * 60_000

export interface Letter {
  from: string
  to: string
  subject: string
  text: string
  messageId: string
  replyTo?: string
  /** An invitation, its change or its end: mail programs offer it to the calendar. */
  icalEvent?: { method: string; filename: string; content: string }
}

type Send = (letter: Letter) => Promise<void>

const onConsole: Send = async letter => {
  const calendar = letter.icalEvent ? `\n[${letter.icalEvent.filename}: ${letter.icalEvent.method}]` : ''
  process.stdout.write(`--- mail to ${letter.to}\n${letter.subject}\n\n${letter.text}${calendar}\n---\n`)
}

function bySmtp(url: string): Send {
  // Loaded with the first mail: a server without SMTP never needs it.
  let transport: Promise<Transporter> | null = null
  return async letter => {
    transport ??= import('nodemailer').then(({ default: nodemailer }) => nodemailer.createTransport(url))
    await (await transport).sendMail(letter)
  }
}

let send: Send | null = null
/** Tests put their own sender in. */
export const setSender = (sender: Send | null): void => {
  send = sender
}

export function letterOf(mail: Mail, base: string): Letter {
  const params = mail.params as Record<string, unknown>
  const text = (part: string) => translateAny(mail.lang, `${mail.key}.${part}`, params)
  const link = mail.path ? `\n\n${base}${mail.path}` : ''
  return {
    from: config.MAIL_FROM,
    to: mail.to,
    // A name with a line break must not become a header.
    subject: text('title').replace(/[\r\n]+/g, ' '),
    text: `${text('text')}${link}\n\n${translateAny(mail.lang, 'mail.signature')}`,
    messageId: `<${mail._id}@zhigu>`,
    ...(mail.replyTo && { replyTo: mail.replyTo }),
    ...(mail.calendar && { icalEvent: { method: mail.calendar.method, filename: 'invite.ics', content: mail.calendar.text } }),
  }
}

const base = (): string => config.BASE_URL ?? `http://localhost:${config.PORT}`

async function claimOne(): Promise<Mail | null> {
  const at = now()
  return Mail.findOneAndUpdate(
    { sentAt: null, failed: false, nextAt: { $lte: at } },
    { $set: { nextAt: new Date(at.getTime() + CLAIM_MS) }, $inc: { attempts: 1 } },
    { sort: { nextAt: 1 }, returnDocument: 'after' },
  ).lean()
}

async function fail(mail: Mail, error: unknown): Promise<void> {
  const failed = mail.attempts >= MAX_ATTEMPTS
  const wait = 60_000 * 2 ** mail.attempts
  log.warn(
    { mail: String(mail._id), attempts: mail.attempts, reason: (error as Error).name },
    failed ? 'mail given up' : 'mail not sent, will be tried again',
  )
  await Mail.updateOne(
    { _id: mail._id },
    { failed, nextAt: new Date(now().getTime() + wait), error: String((error as Error).message).slice(0, 200) },
  )
}

/** Sends all that is due; answers how many went out. */
export async function sendMails(): Promise<number> {
  const out = send ?? (config.SMTP_URL ? (send = bySmtp(config.SMTP_URL)) : onConsole)
  let sent = 0
  for (let mail = await claimOne(); mail; mail = await claimOne()) {
    try {
      await out(letterOf(mail, base()))
      await Mail.updateOne({ _id: mail._id }, { sentAt: now() })
      sent += 1
    } catch (error) {
      await fail(mail, error)
    }
  }
  return sent
}

let timer: NodeJS.Timeout | null = null
let busy: Promise<unknown> = Promise.resolve()

export function startMailer(): void {
  const go = () => {
    busy = busy.then(() => sendMails()).catch(error => log.error({ err: error }, 'mailer'))
  }
  onMail(go)
  timer = setInterval(go, 20_000)
  timer.unref()
  go()
}

export async function stopMailer(): Promise<void> {
  if (timer) clearInterval(timer)
  onMail(() => {})
  await busy
}
