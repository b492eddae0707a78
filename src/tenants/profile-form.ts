import type { Request } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { today } from '../lib/days.ts'
import { halfWidth } from '../lib/text.ts'
import { INDUSTRIES } from '../parks/park.ts'
import { f } from '../web/fields.ts'
import type { Profile, ProfileOptions } from './profile.ts'
import { FOUNDERS, TAXPAYERS, TENANT_KINDS, Tenant } from './tenant.ts'

/** The form of a tenant's profile: what it reads, and what its page needs besides the fields. */
const CAPITAL = /^\d{1,9}(\.\d{1,4})?$/

/** 10,000 yuan as typed → a number; a registered capital may have parts of a yuan. */
const capital = f.optionalText(20).transform((text, ctx): number | null => {
  if (text === null) return null
  const plain = halfWidth(text).replace(/,/g, '')
  if (CAPITAL.test(plain)) return Number(plain)
  ctx.addIssue({ code: 'custom', message: 'error.tenant.capital' })
  return z.NEVER
})

const pastDay = f.optionalDay().refine(day => day === null || day <= today(), 'error.dayFuture')
const choice = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.preprocess(value => (value === '' || value === undefined ? null : value), z.enum(values, 'error.choose').nullable())

const fields = {
  name: f.text(120),
  shortName: f.optionalText(40),
  creditCode: f.optionalText(60),
  kind: f.choice(TENANT_KINDS),
  industry: f.choice(INDUSTRIES),
  field: f.optionalText(60),
  foundedOn: pastDay,
  enteredOn: f.optionalDay(),
  legalRep: f.optionalText(60),
  capital,
  address: f.optionalText(200),
  taxpayer: choice(TAXPAYERS),
  founder: choice(FOUNDERS),
  intro: f.optionalText(1000),
  overrideReason: f.optionalText(300),
  sameName: f.check(),
}

export const newForm = z.object(fields)
export const editForm = z.object({ ...fields, version: f.version() })

/** The profile, and what of the rules was set aside: a failing code only by somebody who may. */
export function split(form: z.output<typeof newForm>, mayOverride: boolean): { profile: Profile; options: ProfileOptions } {
  const { overrideReason, sameName, ...profile } = form
  return { profile, options: { overrideReason: mayOverride ? overrideReason : null, sameName } }
}

/** A code or name that is another tenant's: which one, as a link in the message. */
async function twinOf(req: Request): Promise<{ _id: Types.ObjectId; name: string } | null> {
  const id = req.failed?.problems.map(problem => problem.params?.['id']).find(value => typeof value === 'string')
  return id ? Tenant.findOne({ park: req.park._id, _id: new Types.ObjectId(id as string) }, { name: 1 }).lean() : null
}

const failedBy = (req: Request, key: string): boolean => req.failed?.problems.some(problem => problem.key === key) ?? false

/** Choices, and the two exceptions: each shows only where it is needed. */
export async function formLocals(req: Request, mayOverride: boolean, before: Tenant | null) {
  const typed = (name: string) => Boolean(req.failed?.values[name])
  return {
    kinds: TENANT_KINDS,
    industries: INDUSTRIES,
    taxpayers: TAXPAYERS,
    founders: FOUNDERS,
    twin: await twinOf(req),
    askReason: mayOverride && (failedBy(req, 'error.creditCode.check') || typed('overrideReason')),
    askSameName: failedBy(req, 'error.tenant.sameName') || typed('sameName'),
    override: before?.codeOverride ?? null,
  }
}
