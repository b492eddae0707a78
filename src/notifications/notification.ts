import { model, Schema, type Types } from 'mongoose'
import type { User } from '../accounts/user.ts'
import { now } from '../lib/clock.ts'
import type { Key, Lang, Params } from '../locales/index.ts'
import { enqueueMail, type MailCalendar } from './outbox.ts'

/** What somebody should know: in the bell, and by mail. Written in the transaction of what happened. */
export interface Notification {
  _id: Types.ObjectId
  user: Types.ObjectId
  park: string | null
  /** Locale key below `notice.`; the text is made when it is read, in the reader's language. */
  key: string
  params: Params
  path: string
  at: Date
  readAt: Date | null
}

const schema = new Schema<Notification>(
  {
    user: { type: Schema.Types.ObjectId, required: true },
    park: { type: String, default: null },
    key: { type: String, required: true },
    params: { type: Object, default: {} },
    path: { type: String, required: true },
    at: { type: Date, required: true },
    readAt: { type: Date, default: null },
  },
  { versionKey: false, minimize: false },
)
schema.index({ user: 1, at: -1 })
schema.index({ user: 1, readAt: 1 })
export const Notification = model('Notification', schema, 'notifications')

export interface Notice {
  park: string | null
  key: string
  params?: Params
  path: string
  /** Goes with the mail only. */
  calendar?: MailCalendar | null
  /** False: in the bell only. */
  mail?: boolean
}

export const noticeKey = (key: string): Key => `notice.${key}` as Key

/** Tells each of `users` once; nobody is told of what they did themselves. */
export async function notify(
  users: Pick<User, '_id' | 'email' | 'lang'>[],
  { calendar = null, mail = true, ...notice }: Notice,
  except?: string,
): Promise<void> {
  const told = users.filter(user => String(user._id) !== except)
  if (!told.length) return
  const at = now()
  await Notification.insertMany(told.map(user => ({ user: user._id, ...notice, params: notice.params ?? {}, at })))
  if (!mail) return
  await enqueueMail(
    told.map(user => ({
      to: user.email,
      lang: user.lang,
      key: `notice.${notice.key}`,
      params: notice.params ?? {},
      path: notice.path,
      calendar,
    })),
  )
}

/** Who answers for something: a user, or without an account the address that was left. */
export interface Contact {
  _id: Types.ObjectId | null
  email: string
  lang: Lang
  name: string
}

export const contactFrom = (user: User | null): Contact | null =>
  user && { _id: user._id, email: user.email, lang: user.lang, name: user.name }

/** Who does something is written to all the same (a confirmation to keep), but finds nothing new in the bell. */
export async function tellContact({ _id, email, lang }: Contact, notice: Notice, by: string): Promise<void> {
  if (_id && String(_id) !== by) return notify([{ _id, email, lang }], notice)
  const { key, params = {}, path, calendar = null } = notice
  // Without an account there is no page to open.
  await enqueueMail([{ to: email, lang, key: `notice.${key}`, params, path: _id ? path : '', calendar }])
}

export const unreadCount = (user: string): Promise<number> => Notification.countDocuments({ user, readAt: null }).limit(100)
