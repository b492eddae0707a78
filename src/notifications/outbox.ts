import { model, Schema, type Types } from 'mongoose'
import { afterCommit } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import type { Lang, Params } from '../locales/index.ts'

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
    path: { type: String, required: true },
    secret: { type: Boolean, default: false },
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

export type NewMail = Pick<Mail, 'to' | 'lang' | 'key' | 'params' | 'path'> & { secret?: boolean }

export async function enqueueMail(mails: NewMail[]): Promise<void> {
  const at = now()
  await Mail.insertMany(mails.map(mail => ({ ...mail, at, nextAt: at })))
  afterCommit(() => nudge())
}
