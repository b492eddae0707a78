import type { Shape } from '../shape.ts'
import type { zh } from '../zh-CN/index.ts'
import { accounts } from './accounts.ts'
import { admin } from './admin.ts'
import { audit } from './audit.ts'
import { charge } from './billing.ts'
import { common } from './common.ts'
import { district } from './districts.ts'
import { drawing } from './drawings.ts'
import { error } from './errors.ts'
import { imports } from './imports.ts'
import { leaseLife } from './lease-life.ts'
import { leaseStep } from './lease-steps.ts'
import { leases } from './leases.ts'
import { notice } from './notices.ts'
import { overview } from './overview.ts'
import { parks } from './parks.ts'
import { settings } from './settings.ts'
import { shared } from './shared.ts'
import { spaces } from './spaces.ts'
import { structure } from './structure.ts'
import { record } from './tenant-records.ts'
import { tenants } from './tenants.ts'
import { unit } from './units.ts'

export const en = {
  ...common,
  ...notice,
  ...shared,
  error,
  admin,
  audit,
  district,
  settings,
  accounts,
  parks,
  space: spaces,
  structure,
  tenant: tenants,
  record,
  drawing,
  leaseStep,
  lease: leases,
  imports,
  unit,
  leaseLife,
  charge,
  ...overview,
} as const satisfies Shape<typeof zh>
