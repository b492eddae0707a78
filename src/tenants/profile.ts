import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit, auditAll } from '../audit/entry.ts'
import { isDuplicateKey, transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { halfWidth, normalName } from '../lib/text.ts'
import { addEntries } from '../search/entry.ts'
import { codeProblem, normalCode } from './credit-code.ts'
import { renamed } from './hooks.ts'
import { indexTenant, tenantEntry } from './index-tenant.ts'
import { Tenant } from './tenant.ts'

export type Profile = Partial<
  Pick<
    Tenant,
    | 'shortName'
    | 'kind'
    | 'industry'
    | 'field'
    | 'foundedOn'
    | 'legalRep'
    | 'capital'
    | 'address'
    | 'taxpayer'
    | 'founder'
    | 'intro'
    | 'enteredOn'
  >
> & { name: string; creditCode: string | null }

export interface ProfileOptions {
  /** A code that fails the check is accepted with this reason; only a manager's form passes it on. */
  overrideReason?: string | null
  /** A second tenant of the same name is meant. */
  sameName?: boolean
  /** The search entries are written after the transaction, by tenantEntry(): thousands don't fit in it. */
  foundLater?: boolean
}

/** The code as it will be stored, or why not: wrong characters never, a wrong check character with a recorded reason (FACTS). */
function acceptCode(given: string | null, reason: string | null | undefined, by: Actor): Pick<Tenant, 'creditCode' | 'codeOverride'> {
  if (!given) return { creditCode: null, codeOverride: null }
  const creditCode = normalCode(given)
  const problem = codeProblem(creditCode)
  if (problem === 'shape') throw new RuleError('creditCode.shape', {}, { field: 'creditCode' })
  if (problem === 'check' && !reason) throw new RuleError('creditCode.check', {}, { field: 'creditCode' })
  return { creditCode, codeOverride: problem ? { reason: reason!, by: by.id, at: now() } : null }
}

type Named = { creditCode: string | null; normal: string }

/** A code and a name belong to one tenant of the park; `self` and, within a list, the ones before count as well. */
async function refuseTwins(park: string, list: Named[], self: Types.ObjectId | null, sameName: boolean): Promise<void> {
  const other = self ? { _id: { $ne: self } } : {}
  const codes = list.flatMap(one => one.creditCode ?? [])
  const byCode = codes.length ? await Tenant.find({ park, creditCode: { $in: codes }, ...other }, { name: 1, creditCode: 1 }).lean() : []
  const [twin] = byCode
  if (twin) throw conflict('creditCode.taken', { tenant: twin.name, id: String(twin._id) }, 'creditCode')
  if (new Set(codes).size < codes.length) throw conflict('creditCode.busy', {}, 'creditCode')
  if (sameName) return
  const names = list.map(one => one.normal)
  const [namesake] = await Tenant.find({ park, normal: { $in: names }, mergedInto: null, ...other }, { name: 1 }).lean()
  const again = names.find((name, i) => names.indexOf(name) < i)
  if (namesake || again)
    throw conflict('tenant.sameName', { tenant: namesake?.name ?? again!, id: namesake && String(namesake._id) }, 'name')
}

const asTaken = (error: unknown): never => {
  if (isDuplicateKey(error)) throw conflict('creditCode.busy', {}, 'creditCode')
  throw error
}

/** What of a tenant an audit entry shows. */
const shown = (tenant: Partial<Tenant>) => {
  const { name, shortName, creditCode, kind, industry, field, foundedOn, legalRep, capital, address, taxpayer, founder, intro, enteredOn } =
    tenant
  return { name, shortName, creditCode, kind, industry, field, foundedOn, legalRep, capital, address, taxpayer, founder, intro, enteredOn }
}

/** Adds a tenant. Throws creditCode.shape/check/taken and tenant.sameName with the existing one's name; another park's reveal nothing. */
export async function createTenant(park: string, profile: Profile, options: ProfileOptions, by: Actor): Promise<Tenant> {
  const [tenant] = await createTenants(park, [profile], options, by)
  return tenant!
}

/** Adds many tenants, all or none of them. */
export async function createTenants(park: string, profiles: Profile[], options: ProfileOptions, by: Actor): Promise<Tenant[]> {
  const list = profiles.map(profile => {
    const code = acceptCode(profile.creditCode, options.overrideReason, by)
    return { ...profile, ...code, park, name: tidyName(profile.name), normal: normalName(profile.name) }
  })
  return transact(async () => {
    await refuseTwins(park, list, null, options.sameName ?? false)
    const made = (await Tenant.insertMany(list).catch(asTaken)).map(tenant => tenant.toObject() as unknown as Tenant)
    if (!options.foundLater) await addEntries(made.map(tenantEntry))
    await auditAll(
      by,
      'tenant.create',
      made.map(tenant => {
        const subject = { park, kind: 'tenant', ref: tenant._id, label: tenant.name }
        return { ...subject, after: shown(tenant), note: tenant.codeOverride?.reason ?? null }
      }),
    )
    return made
  })
}

/** Changes a tenant's profile from the version the form showed; error.stale when somebody saved in between. */
export async function editTenant(
  park: string,
  _id: Types.ObjectId,
  version: number,
  profile: Profile,
  options: ProfileOptions,
  by: Actor,
): Promise<Tenant> {
  return transact(async () => {
    const before = await Tenant.findOne({ park, _id }).lean()
    if (!before) throw notFound()
    if (before.version !== version) throw conflict('stale')
    const kept = before.creditCode && normalCode(profile.creditCode ?? '') === before.creditCode
    const code = kept ? {} : acceptCode(profile.creditCode, options.overrideReason, by)
    const fields = { ...profile, creditCode: before.creditCode, ...code, name: tidyName(profile.name), normal: normalName(profile.name) }
    if (fields.creditCode !== before.creditCode || fields.normal !== before.normal)
      await refuseTwins(park, [fields], _id, options.sameName ?? fields.normal === before.normal)
    const after = (await Tenant.findOneAndUpdate(
      { park, _id, version },
      { $set: fields, $inc: { version: 1 } },
      { returnDocument: 'after' },
    )
      .lean()
      .catch(asTaken)) as Tenant | null
    if (!after) throw conflict('stale')
    await indexTenant(after)
    if (after.name !== before.name) await renamed(after)
    await audit(by, 'tenant.edit', { park, kind: 'tenant', ref: _id, label: after.name }, { before: shown(before), after: shown(after) })
    return after
  })
}

/** Names stay as entered, but for stray spaces: full-width brackets are part of many firms' names and are kept. */
const tidyName = (name: string): string => (/[\uff08\uff09]/.test(name) ? name.trim().replace(/\s+/g, ' ') : halfWidth(name))
