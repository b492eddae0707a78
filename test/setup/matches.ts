import { Types } from 'mongoose'
import { NO_WISH, type Wish } from '../../src/leads/lead.ts'
import { type Asking, type MatchUnit, wishedPeriod } from '../../src/leads/match-reasons.ts'
import type { Claim } from '../../src/spaces/unit.ts'
import { NO_HOLD } from './factories.ts'

/** Units and wishes for what is computed without a database. */
export const TODAY = '2027-01-15'
export const NOW = new Date('2027-01-15T04:00:00Z')
export const SOON = new Date('2027-02-01T00:00:00Z')
export const GONE = new Date('2027-01-15T03:59:59Z')

export const wish = (more: Partial<Wish> = {}): Wish => ({ ...NO_WISH, ...more })

let serial = 0
export const unitWith = (more: Partial<MatchUnit> = {}): MatchUnit => ({
  ...{ _id: new Types.ObjectId(), building: 'a', floor: '1F', code: `${100 + ++serial}`, product: 'office' },
  ...{ gross: 10_000, chargeable: 10_000, desks: null, listRate: '2.00', activeFrom: '2020-01-01', activeTo: '9999-12-31', claims: [] },
  ...more,
})

export const claimWith = (more: Partial<Claim> = {}): Claim => ({
  ...{ _id: new Types.ObjectId(), kind: 'lease', from: '2026-01-01', to: '2027-12-31', lease: new Types.ObjectId(), number: 'HT-1' },
  ...{ tenant: new Types.ObjectId(), tenantName: 'Somebody', stage: 'signed', vacatedOn: null, continued: false, of: null },
  ...{ movedInOn: null, lead: null, label: null, expiresAt: null, by: null, ...NO_HOLD },
  ...more,
})
export const holdWith = (more: Partial<Claim> = {}): Claim =>
  claimWith({
    kind: 'hold',
    lease: null,
    number: null,
    tenant: null,
    tenantName: null,
    stage: null,
    label: 'Other',
    expiresAt: SOON,
    ...more,
  })

export const asking = (given: Wish, more: Partial<Asking> = {}): Asking => ({
  ...{ period: wishedPeriod(given, TODAY), today: TODAY, now: NOW, lead: null },
  ...more,
})
