import type { Types } from 'mongoose'
import { z } from 'zod'
import { normalName } from '../lib/text.ts'
import { INDUSTRIES } from '../parks/park.ts'
import { codeProblem, normalCode } from '../tenants/credit-code.ts'
import { tenantEntry } from '../tenants/index-tenant.ts'
import { createTenants, editTenant, type Profile } from '../tenants/profile.ts'
import { newForm } from '../tenants/profile-form.ts'
import { FOUNDERS, TAXPAYERS, TENANT_KINDS, Tenant } from '../tenants/tenant.ts'
import { f } from '../web/fields.ts'
import type { Column, Decision, Kind, Ledger, SourceRow } from './kinds.ts'
import { readRow } from './read-row.ts'

/**
 * Tenants: by credit code, or by name where there is none. Whoever is there is brought up to date with the cells that are filled;
 * a name or code that belongs to somebody else is refused, never guessed.
 */
const COLUMNS: Column[] = [
  { name: 'name', required: true, example: '', width: 32 },
  { name: 'creditCode', example: '91350100M000100Y43', width: 24 },
  { name: 'shortName', example: '', width: 14 },
  { name: 'kind', choice: { values: TENANT_KINDS, prefix: 'record.profile.kinds' }, example: 'company', width: 14 },
  { name: 'industry', choice: { values: INDUSTRIES, prefix: 'record.profile.industries' }, example: 'software', width: 18 },
  { name: 'field', example: '', width: 18 },
  { name: 'foundedOn', day: true, example: '2024-03-01', width: 14 },
  { name: 'legalRep', example: '', width: 14 },
  { name: 'capital', example: '100', width: 16 },
  { name: 'address', example: '', width: 30 },
  { name: 'taxpayer', choice: { values: TAXPAYERS, prefix: 'record.profile.taxpayers' }, example: 'small', width: 16 },
  { name: 'founder', choice: { values: FOUNDERS, prefix: 'record.profile.founders' }, example: '', width: 16 },
  { name: 'enteredOn', day: true, example: '2026-01-01', width: 14 },
  { name: 'intro', example: '', width: 30 },
]

// The form's own fields; what it asks somebody to confirm can't be confirmed in a row.
const { overrideReason: _reason, sameName: _same, ...fields } = newForm.shape
const schema = z.object({ ...fields, kind: f.blankOr(fields.kind), industry: f.blankOr(fields.industry) })
type Typed = z.output<typeof schema>
type Field = keyof Typed

const FIELDS = COLUMNS.map(column => column.name) as Field[]
type Known = Pick<Tenant, '_id' | 'version' | 'normal'> & Profile
const PROJECTION = { ...Object.fromEntries(FIELDS.map(name => [name, 1])), normal: 1, version: 1 }

interface Update {
  tenant: Known
  profile: Profile
}

const filled = (typed: Partial<Typed>): Partial<Profile> =>
  Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== null)) as Partial<Profile>

/** An existing tenant with what the row says besides its name, which changes on its own page. */
function compare(tenant: Known, typed: Typed, row: number): Decision {
  const { name: _name, ...rest } = typed
  const said = filled(rest) as Record<string, unknown>
  const changed = Object.keys(said).some(field => said[field] !== tenant[field as keyof Known])
  if (!changed) return { row, does: 'same' }
  const kept = Object.fromEntries(FIELDS.map(field => [field, tenant[field]]))
  return { row, does: 'update', value: { tenant, profile: { ...kept, ...said } as Profile } satisfies Update }
}

async function open(park: string): Promise<Ledger> {
  const tenants = (await Tenant.find({ park, mergedInto: null }, PROJECTION).lean()) as Known[]
  const byCode = new Map(tenants.flatMap(one => (one.creditCode ? [[one.creditCode, one] as const] : [])))
  const byName = new Map(tenants.map(one => [one.normal, one]))
  const seen = new Map<string, number>()

  function decide(source: SourceRow): Decision {
    const { row } = source
    const read = readRow<Typed>(tenantKind, source)
    if ('problems' in read) return { row, does: 'bad', problems: read.problems }
    const creditCode = read.value.creditCode && normalCode(read.value.creditCode)
    const typed = { ...read.value, creditCode }
    const normal = normalName(typed.name)
    const bad = (column: Field, key: string, params: Record<string, unknown> = {}): Decision => ({
      row,
      does: 'bad',
      problems: [{ column, key: `error.${key}`, params, value: String(typed[column] ?? '') }],
    })
    const problem = creditCode && codeProblem(creditCode)
    if (problem) return bad('creditCode', `creditCode.${problem}`)
    for (const [column, key] of [
      ['creditCode', creditCode],
      ['name', `name:${normal}`],
    ] as const) {
      const twin = key && seen.get(key)
      if (twin) return bad(column, 'import.duplicateRow', { row: twin })
      if (key) seen.set(key, row)
    }
    const holder = creditCode ? byCode.get(creditCode) : undefined
    if (holder && holder.normal !== normal) return bad('creditCode', 'creditCode.taken', { tenant: holder.name })
    const namesake = holder ?? byName.get(normal)
    if (namesake?.creditCode && creditCode && namesake.creditCode !== creditCode)
      return bad('creditCode', 'import.otherCode', { tenant: namesake.name, code: namesake.creditCode })
    if (namesake) return compare(namesake, typed, row)
    return { row, does: 'create', value: { ...filled(typed), name: typed.name, creditCode } satisfies Profile }
  }

  const apply: Ledger['apply'] = async (decisions, by, { foundLater }) => {
    const fresh = decisions.flatMap(one => (one.does === 'create' ? [one.value as Profile] : []))
    if (fresh.length) await createTenants(park, fresh, { foundLater }, by)
    for (const one of decisions) {
      if (one.does !== 'update') continue
      const { tenant, profile } = one.value as Update
      await editTenant(park, tenant._id, tenant.version, profile, {}, by)
    }
  }

  return { decide, apply }
}

const ids = (park: string) => Tenant.distinct('_id', { park, mergedInto: null }) as Promise<Types.ObjectId[]>
const entries = async (park: string, some: Types.ObjectId[]) =>
  ((await Tenant.find({ park, mergedInto: null, _id: { $in: some } }).lean()) as Tenant[]).map(tenantEntry)

export const tenantKind: Kind = { name: 'tenants', action: 'tenant.edit', columns: COLUMNS, schema, open, found: 'tenant', ids, entries }
