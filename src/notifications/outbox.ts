import { model, Schema, type Types } from 'mongoose'
import { afterCommit, currentSession } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import type { Lang, Params } from '../locales/index.ts'

/** What a calendar takes from a mail: RFC 5546's method, and the iCalendar text. */
export interface MailCalendar {
  method: 'REQUEST' | 'PUBLISH' | 'CANCEL'
  text: string
}

/**
 * Mails waiting to be sent, written in the transaction of what they tell: no mail about what was rolled back, and none lost by
 * a crash. Sending is at least once; the Message-ID is the record's id, so a mail sent twice is one to the reader's program.
 */
export interface Mail {
  _id: Types.ObjectId
  to: string
  lang: Lang
  key: string
  params: Params
  path: string
  /** A link that opens an account: not shown to administrators. */
  secret: boolean
  calendar: MailCalendar | null
  /** Who answers for it, where answers go to a person and not to the product. */
  replyTo?: string | null
  at: Date
  nextAt: Date
  attempts: number
  sentAt: Date | null
  failed: boolean
  error: string | null
}

const schema = new Schema<Mail>(
  {
    to: { type: String, required: true },
    lang: { type: String, required: true },
    key: { type: String, required: true },
    params: { type: Object, default: {} },
    path: { type: String, default: '' },
    secret: { type: Boolean, default: false },
    calendar: { type: new Schema<MailCalendar>({ method: String, text: String }, { _id: false }), default: null },
    replyTo: { type: String, default: null },
    at: { type: Date, required: true },
    nextAt: { type: Date, required: true },
    attempts: { type: Number, default: 0 },
    sentAt: { type: Date, default: null },
    failed: { type: Boolean, default: false },
    error: { type: String, default: null },
  },
  { versionKey: false, minimize: false },
)
schema.index({ nextAt: 1 }, { partialFilterExpression: { sentAt: null, failed: false } })
schema.index({ sentAt: 1 }, { expireAfterSeconds: 180 * 86_400, partialFilterExpression: { sentAt: { $type: 'date' } } })
schema.index({ at: -1 })
export const Mail = model('Mail', schema, 'mails')

let nudge: () => void = () => {}
/** The sender of this process asks to be woken when a mail is written. */
export function onMail(wake: () => void): void {
  nudge = wake
}

export type NewMail = Pick<Mail, 'to' | 'lang' | 'key' | 'params' | 'path'> & {
  secret?: boolean
  calendar?: MailCalendar | null
  replyTo?: string | null
}

export async function enqueueMail(mails: NewMail[]): Promise<void> {
  const at = now()
  const fresh = { secret: false, calendar: null, replyTo: null, at, nextAt: at, attempts: 0, sentAt: null, failed: false, error: null }
  if (mails.length) await Mail.collection.insertMany(mails.map(mail => ({ ...fresh, ...mail })) as never, { session: currentSession() })
  afterCommit(() => nudge())
}
