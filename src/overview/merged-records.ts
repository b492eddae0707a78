import type { Contact, Tenant } from '../tenants/tenant.ts'

/** What the kept tenant holds after a merge: its own, what it lacks from the other, and every row only the other has. */
const PROFILE = [
  'shortName',
  'field',
  'foundedOn',
  'legalRep',
  'capital',
  'address',
  'taxpayer',
  'founder',
  'intro',
] as const satisfies (keyof Tenant)[]

const sameContact = (a: Contact, b: Contact): boolean => a.name === b.name && (a.phone === b.phone || a.email === b.email)

function contactsOf(kept: Tenant, other: Tenant): Contact[] {
  const added = other.contacts.filter(one => !kept.contacts.some(own => sameContact(own, one)))
  const first = kept.contacts.some(contact => contact.primary)
  return [...kept.contacts, ...added.map(one => ({ ...one, primary: one.primary && !first }))]
}

export function mergedRecords(kept: Tenant, other: Tenant): Partial<Tenant> {
  const blank = PROFILE.filter(name => kept[name] === null || kept[name] === undefined)
  const filled = Object.fromEntries(blank.map(name => [name, other[name] ?? null])) as Partial<Tenant>
  const coded = kept.creditCode ? {} : { creditCode: other.creditCode, codeOverride: other.codeOverride }
  const same = (a: Tenant['qualifications'][number], b: typeof a) =>
    a.kind === b.kind && a.number === b.number && a.grantedOn === b.grantedOn
  const entered = [kept.enteredOn, other.enteredOn].filter(day => day !== null && day !== undefined).sort()
  return {
    ...filled,
    ...coded,
    enteredOn: entered[0] ?? null,
    contacts: contactsOf(kept, other),
    qualifications: [...kept.qualifications, ...other.qualifications.filter(one => !kept.qualifications.some(own => same(own, one)))],
    figures: [...kept.figures, ...other.figures.filter(row => !kept.figures.some(own => own.year === row.year))].sort(
      (a, b) => b.year - a.year,
    ),
    incubation: kept.incubation ?? other.incubation,
  }
}

/** Years for which both have figures: the kept one's stay. */
export const sharedYears = (kept: Tenant, other: Tenant): number[] =>
  kept.figures.map(row => row.year).filter(year => other.figures.some(row => row.year === year))
