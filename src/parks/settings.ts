import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { conflict, notFound } from '../lib/rule-error.ts'
import { plainText } from '../lib/text.ts'
import { Park, type ParkSettings, type WholePark } from './park.ts'

/** Changing what a park says about itself and the rules it decides. Slug, kind, districts and zone are not its own to change. */
const FACTS = [
  'name',
  'shortName',
  'alias',
  'tagline',
  'intro',
  'city',
  'address',
  'area',
  'hours',
  'hotline',
  'access',
  'bureau',
  'operator',
  'ruleBook',
  'products',
  'industries',
  'amenities',
  'services',
  'provisional',
] as const
export type ParkFacts = Pick<WholePark, (typeof FACTS)[number]>

/** Facts a park may publish as provisional: the public page marks them. */
export const MAY_BE_PROVISIONAL = ['name', 'city', 'address', 'area', 'access', 'products', 'industries', 'hotline', 'operator'] as const

/** The facts in one shape, however they were stored, so that only what differs is recorded as changed. */
export function factsOf(park: ParkFacts): ParkFacts {
  return {
    name: plainText(park.name)!,
    shortName: plainText(park.shortName)!,
    alias: plainText(park.alias),
    tagline: plainText(park.tagline)!,
    intro: plainText(park.intro),
    city: plainText(park.city)!,
    address: plainText(park.address),
    area: park.area ?? null,
    hours: plainText(park.hours),
    hotline: park.hotline ?? null,
    access: park.access.map(text => plainText(text)!),
    bureau: { name: plainText(park.bureau.name)!, phone: park.bureau.phone ?? null },
    operator: plainText(park.operator),
    ruleBook: plainText(park.ruleBook),
    products: park.products.map(text => plainText(text)!),
    industries: [...park.industries],
    amenities: park.amenities.map(({ code, name, text }) => ({ code, name: plainText(name)!, text: plainText(text) })),
    services: park.services.map(({ code, name, text, free }) => ({
      code,
      name: plainText(name)!,
      text: plainText(text),
      free: Boolean(free),
    })),
    provisional: [...park.provisional],
  }
}

interface Change {
  action: 'park.edit' | 'park.settings'
  set: object
  shown(park: WholePark): object
}

/** Writes from the version the form showed; error.stale when somebody saved in between. */
async function save(slug: string, version: number, { action, set, shown }: Change, by: Actor): Promise<void> {
  await transact(async () => {
    const before = (await Park.findById(slug).lean()) as WholePark | null
    if (!before) throw notFound()
    const after = (await Park.findOneAndUpdate(
      { _id: slug, version },
      { $set: set, $inc: { version: 1 } },
      { returnDocument: 'after', runValidators: true },
    ).lean()) as WholePark | null
    if (!after) throw conflict('stale')
    const subject = { park: slug, kind: 'park', ref: slug, label: after.name.zh }
    await audit(by, action, subject, { before: shown(before), after: shown(after) })
  })
}

/** Changes what the public page tells. */
export const editParkFacts = (slug: string, version: number, facts: ParkFacts, by: Actor): Promise<void> =>
  save(slug, version, { action: 'park.edit', set: factsOf(facts), shown: factsOf }, by)

const settingsOf = ({ settings }: Pick<Park, 'settings'>): ParkSettings => {
  const { selfApproval, reminderDays, expiringDays, anchor, broken, incubationRule, freeMinutes } = settings
  // A park of the time before rooms grants nothing until it says so.
  const free = { tenant: freeMinutes?.tenant ?? 0, student: freeMinutes?.student ?? 0 }
  return { selfApproval, reminderDays: [...reminderDays], expiringDays, anchor, broken, incubationRule, freeMinutes: free }
}

/** The rules as their entry in the trail shows them, one field each. */
function rulesShown(park: Pick<Park, 'settings'>): object {
  const { freeMinutes, ...rules } = settingsOf(park)
  return { ...rules, freeTenant: freeMinutes.tenant, freeStudent: freeMinutes.student }
}

/** Changes the park's own rules. They count for what is decided from now on: leases keep the convention they were made with. */
export const editParkSettings = (slug: string, version: number, settings: ParkSettings, by: Actor): Promise<void> =>
  save(slug, version, { action: 'park.settings', set: { settings: settingsOf({ settings }) }, shown: rulesShown }, by)
