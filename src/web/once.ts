import type { Request, Response } from 'express'
import { model, Schema } from 'mongoose'
import { currentSession, isDuplicateKey, transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { keyOf, seeOther } from './forms.ts'

/** A form's one-time key, and where its first submission led. Kept a week: back and submit again makes no second record. */
interface FormKey {
  _id: string
  to: string
  at: Date
}

const schema = new Schema<FormKey>(
  { _id: String, to: { type: String, default: '' }, at: { type: Date, required: true } },
  { versionKey: false },
)
schema.index({ at: 1 }, { expireAfterSeconds: 7 * 86_400 })
export const FormKey = model('FormKey', schema, 'formkeys')

const isTaken = (error: unknown): boolean => isDuplicateKey(error) && /formkeys/.test(error.message)

/**
 * Does the work of a form in one transaction and answers 303 to the path it returns. With a one-time key a double submit, “back
 * and submit again” and two tabs do the work once and are all led to the same record: the key is written first, in the same
 * transaction, so that parallel twins wait for each other instead of running into each other's rules.
 */
export async function commit(req: Request, res: Response, work: () => Promise<string>): Promise<void> {
  const given = keyOf(req.body)
  const key = given && `${req.me?.id ?? req.ip}:${given}`
  try {
    const to = await transact(async () => {
      if (key) await FormKey.collection.insertOne({ _id: key as never, to: '', at: now() }, { session: currentSession() })
      const path = await work()
      if (key) await FormKey.collection.updateOne({ _id: key as never }, { $set: { to: path } }, { session: currentSession() })
      return path
    })
    seeOther(res, to)
  } catch (error) {
    if (!key || !isTaken(error)) throw error
    const first = await FormKey.findById(key).orFail()
    seeOther(res, first.to)
  }
}
