import type { Types } from 'mongoose'
import { z } from 'zod'
import { plainYuan } from '../lib/money.ts'
import { ANCHORS, BROKEN } from '../parks/park.ts'
import { f, listIn } from '../web/fields.ts'
import type { LeaseInput } from './input.ts'
import { BASES, type Cycle } from './terms.ts'

/** The form of a lease, and of what renews or amends one: fields as they are typed ↔ the input of the domain. */
const day = f.day
const versionFields = {
  lines: f.rows(z.object({ unit: f.id(), rate: f.rate(), desks: f.optionalWhole(1, 9999) })),
  rentFree: f.rows(z.object({ from: day(), to: day() }), 40),
  escalation: f.rows(z.object({ from: day(), percent: f.percent() }), 40),
  reductions: f.rows(z.object({ name: f.text(80), kind: f.choice(['percent', 'monthly']), value: f.rate(), from: day(), to: day() }), 40),
  deposit: f.optionalMoney().transform(fen => fen ?? 0),
  note: f.optionalText(1000),
}

const termFields = {
  from: day(),
  to: day(),
  basis: f.choice(BASES),
  anchor: f.choice(ANCHORS),
  broken: f.choice(BROKEN),
  cycle: f.choice(['1', '3', '6', '12']).transform(months => Number(months) as Cycle),
  purpose: f.optionalText(200),
}

/** A tenant of the list, or a company that isn't in it yet. */
export const leaseForm = z.object({
  tenant: f.optionalId(),
  newName: f.optionalText(120),
  newCode: f.optionalText(40),
  sameName: f.check(),
  version: f.optionalWhole(0, 999_999_999),
  ...termFields,
  ...versionFields,
})

export type LeaseForm = z.output<typeof leaseForm>

/** What the form says, without what it needs to find the tenant and the version it started from. */
export const inputOf = (form: LeaseForm, tenant: Types.ObjectId): LeaseInput => {
  const { newName: _name, newCode: _code, sameName: _same, version: _version, ...rest } = form
  return { ...rest, tenant }
}

/** An amendment keeps term and price basis; it says from when it holds. */
export const amendmentForm = z.object({ version: f.version(), from: day(), ...versionFields })

/** A renewal's tenant and first day are the old lease's. */
export const renewalForm = z.object({ ...termFields, from: f.optionalDay(), ...versionFields })

type Shown = Omit<LeaseInput, 'tenant' | 'note'> & { tenant?: unknown; note?: string | null }

/** A lease or its proposal as the form shows it. */
export const formValues = (input: Partial<Shown>): Record<string, unknown> => ({
  ...input,
  tenant: input.tenant ? String(input.tenant) : '',
  cycle: input.cycle ? String(input.cycle) : '3',
  deposit: input.deposit === undefined ? '' : plainYuan(input.deposit),
  lines: input.lines?.map(line => ({ unit: String(line.unit), rate: line.rate, desks: line.desks ?? '' })) ?? [],
})

/** The rows of a repeated group, as typed or as recorded; empty ones are left out as the form's reader does, so that numbers agree. */
export function rowsIn(values: Record<string, unknown>, name: string): Record<string, unknown>[] {
  return listIn(values[name]).filter(
    row => row && typeof row === 'object' && Object.values(row).some(cell => cell !== '' && cell !== undefined && cell !== null),
  )
}
