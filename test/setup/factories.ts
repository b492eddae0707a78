import { Types } from 'mongoose'
import type { Actor } from '../../src/accounts/identity.ts'
import { grantRole } from '../../src/accounts/memberships.ts'
import { hashPassword } from '../../src/accounts/passwords.ts'
import type { Role } from '../../src/accounts/roles.ts'
import { User } from '../../src/accounts/user.ts'
import { draftLease } from '../../src/leases/draft.ts'
import type { LeaseInput } from '../../src/leases/input.ts'
import type { Lease } from '../../src/leases/lease.ts'
import { approveLease, loadLease, submitLease } from '../../src/leases/review.ts'
import { signLease } from '../../src/leases/signing.ts'
import { addDays, addMonths, type Day, dayBefore, today } from '../../src/lib/days.ts'
import { Park, type WholePark } from '../../src/parks/park.ts'
import { Building } from '../../src/spaces/building.ts'
import { createUnit } from '../../src/spaces/structure.ts'
import type { Unit } from '../../src/spaces/unit.ts'
import { createTenant } from '../../src/tenants/profile.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'

/** Records for tests, made through the product's own functions; what they need and isn't given is made as well. */
export const BY: Actor = { id: 'tester', name: 'Tester' }
export const OTHER: Actor = { id: 'other', name: 'Other' }
export const PASSWORD = 'a long enough password'

let serial = 0
const next = (): number => (serial += 1)
const text = (zh: string) => ({ zh, en: zh })

export async function buildPark(slug = `park-${next()}`, more: Partial<WholePark> = {}): Promise<WholePark> {
  const [park] = await Park.create([
    {
      _id: slug,
      kind: 'park',
      name: text(`Park ${slug}`),
      shortName: text(slug),
      city: text('Hangzhou'),
      bureau: { name: text('Bureau'), phone: null },
      homeDistrict: 'xiacheng',
      tagline: text('A park'),
      ...more,
    },
  ])
  return park!.toObject() as WholePark
}

export async function buildBuilding(park: string, { code = 'a', floors = ['1F'], area = 1_000_000 } = {}): Promise<Building> {
  const [building] = await Building.create([
    { park, code, name: text('Building'), floors: floors.map((floor, i) => ({ code: floor, level: i + 1, area, common: [] })) },
  ])
  return building!.toObject() as Building
}

type UnitOptions = { park?: string; building?: string; floor?: string; code?: string; gross?: number; from?: Day; listRate?: string }

/** A unit in a park of its own, unless one is named. */
export async function buildUnit(options: UnitOptions = {}): Promise<Unit> {
  const park = options.park ?? (await buildPark())._id
  const { building = 'a', floor = '1F', code = `U${next()}`, gross = 10_000, from = '2020-01-01', listRate = '2.00' } = options
  if (!(await Building.exists({ park, code: building }))) await buildBuilding(park, { code: building, floors: [floor] })
  const part = { code, product: 'office' as const, gross, chargeable: gross, listRate }
  return (await createUnit({ park, building, floor }, part, from, BY)) as unknown as Unit
}

export const buildTenant = (park: string, name = `Tenant ${next()} 示例`): Promise<Tenant> =>
  createTenant(park, { name, creditCode: null }, {}, BY)

export interface LeaseOptions {
  unit?: Unit
  tenant?: Tenant
  from?: Day
  to?: Day
  rate?: string
  stage?: 'draft' | 'review' | 'approved' | 'signed'
  more?: Partial<LeaseInput>
}

export const termsFor = (unit: Pick<Unit, '_id'>, tenant: Pick<Tenant, '_id'>, options: LeaseOptions = {}): LeaseInput => {
  const from = options.from ?? today()
  return {
    tenant: tenant._id,
    from,
    to: options.to ?? dayBefore(addMonths(from, 12)),
    basis: 'sqm-day',
    anchor: 'start',
    broken: 'actual',
    cycle: 1,
    purpose: null,
    lines: [{ unit: unit._id, rate: options.rate ?? '2.00' }],
    rentFree: [],
    escalation: [],
    reductions: [],
    deposit: 0,
    ...options.more,
  }
}

/** A lease that has come as far as `stage`: drafted and submitted by one, approved by another. */
export async function buildLease(options: LeaseOptions = {}): Promise<{ lease: Lease; unit: Unit; tenant: Tenant; park: string }> {
  const unit = options.unit ?? (await buildUnit())
  const { park } = unit
  const tenant = options.tenant ?? (await buildTenant(park))
  const { _id } = await draftLease(park, termsFor(unit, tenant, options), BY)
  const stage = options.stage ?? 'signed'
  if (stage !== 'draft') await submitLease(park, _id, BY)
  if (stage === 'approved' || stage === 'signed') await approveLease(park, _id, OTHER)
  const from = options.from ?? today()
  if (stage === 'signed') await signLease(park, _id, { on: from < today() ? from : today(), scans: [] }, OTHER)
  return { lease: await loadLease(park, _id), unit, tenant, park }
}

let hash: string | null = null

/** A user with a role, and their password PASSWORD. */
export async function buildUser(
  role: Role | null,
  { park = null, district = null, tenant = null }: { park?: string | null; district?: string | null; tenant?: Types.ObjectId | null } = {},
): Promise<User> {
  hash ??= await hashPassword(PASSWORD)
  const [user] = await User.create([
    { email: `${role ?? 'nobody'}${next()}@example.com`, name: `${role ?? 'Nobody'} ${serial}`, password: hash },
  ])
  if (role) await grantRole(user!._id, { role, park, district, tenant }, BY)
  return user!.toObject() as User
}

/** What a claim has that isn't a hold. */
export const NO_HOLD = { holder: null, madeAt: null, askedUntil: null, askedBy: null, toldFor: null, replaced: null }

export const inDays = (count: number): Day => addDays(today(), count)
export const newId = (): Types.ObjectId => new Types.ObjectId()
