import type { Types } from 'mongoose'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { maskEmail } from '../lib/mask.ts'
import { conflict, notFound } from '../lib/rule-error.ts'
import type { Lang, Params } from '../locales/index.ts'
import { enqueueMail } from '../notifications/outbox.ts'
import type { Actor } from './identity.ts'
import type { Role } from './roles.ts'
import { issueToken, Token } from './token.ts'

const DAYS = 14

export interface Invitation {
  email: string
  role: Role
  park?: string | null
  district?: string | null
  tenant?: Types.ObjectId | null
}

/** Sends a link that gives a role when it is accepted. `place` names what invites, in the mail's language. */
export async function invite(invitation: Invitation, place: string, lang: Lang, by: Actor): Promise<void> {
  const { email, role, park = null, district = null, tenant = null } = invitation
  await transact(async () => {
    const token = await issueToken({ kind: 'invite', user: null, email, role, park, district, tenant, by: by.id }, DAYS * 24)
    const params: Params = { place, by: by.name, days: DAYS }
    await enqueueMail([{ to: email, lang, key: 'mail.invite', params, path: `/invitations/${token}`, secret: true }])
    if (park) await audit(by, 'member.invite', { park, kind: 'user', ref: tenant ?? park, label: maskEmail(email) }, { after: { role } })
  })
}

export const openInvitations = (filter: { park?: string; tenant?: Types.ObjectId | null }): Promise<Token[]> =>
  Token.find({ kind: 'invite', usedAt: null, expiresAt: { $gt: now() }, ...filter })
    .sort({ createdAt: -1 })
    .lean()

/** Takes an invitation back: its link stops working. */
export async function withdrawInvitation(filter: { park: string; tenant?: Types.ObjectId }, id: string): Promise<void> {
  const { matchedCount } = await Token.updateOne({ _id: id, kind: 'invite', usedAt: null, ...filter }, { usedAt: now() })
  if (matchedCount) return
  throw (await Token.exists({ _id: id, kind: 'invite', ...filter })) ? conflict('token.gone') : notFound()
}
