import { Types } from 'mongoose'
import { SAMPLE } from '../locales/lease-template.ts'
import type { Park } from '../parks/park.ts'
import { type LeasePaper, leasePaper } from './document.ts'
import { firstVersion } from './draft.ts'
import type { Lease } from './lease.ts'

/** A lease that has everything a lease can have: an uploaded template must be able to print it. */
export function samplePaper(park: Park): LeasePaper {
  const unit = new Types.ObjectId()
  const line = { unit, floor: '3F', code: '301', area: 12_345, desks: 12, rate: '1.2000', since: '2027-01-01' }
  const version = firstVersion({
    no: 1,
    from: '2027-01-01',
    lines: [line, { ...line, code: '302', area: 8_000 }],
    rentFree: [{ from: '2027-01-01', to: '2027-02-28' }],
    escalation: [{ from: '2028-01-01', percent: '5' }],
    reductions: [{ name: SAMPLE.reduction, kind: 'percent', value: '50', from: '2027-03-01', to: '2027-12-31' }],
    deposit: 2_000_000,
    note: SAMPLE.reduction,
  })
  const amended = { ...version, no: 2, from: '2027-06-01' }
  const lease: Partial<Lease> = {
    number: 'HT-2027-0000',
    tenantName: SAMPLE.tenant,
    state: 'draft',
    from: '2027-01-01',
    to: '2028-12-31',
    end: '2028-12-31',
    basis: 'sqm-day',
    anchor: 'start',
    broken: 'actual',
    cycle: 3,
    purpose: null,
    versions: [version, amended],
    depositCarried: 1_000_000,
  }
  const contact = { _id: unit, name: SAMPLE.person, title: null, phone: '13800000000', email: null, primary: true, version: 0 }
  const tenant = { name: SAMPLE.tenant, creditCode: null, legalRep: SAMPLE.person, address: SAMPLE.address, contacts: [contact] }
  return leasePaper(lease as Lease, tenant, park, 2)
}
