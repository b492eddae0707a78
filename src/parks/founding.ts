import type { Actor } from '../accounts/identity.ts'
import { audit, NO_PARK } from '../audit/entry.ts'
import { isDuplicateKey, transact } from '../db/transact.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { District } from './district.ts'
import { Park, type WholePark } from './park.ts'

/** New parks and districts: made by an administrator, completed by their own people. */
export type NewPark = Pick<
  WholePark,
  '_id' | 'kind' | 'name' | 'shortName' | 'tagline' | 'city' | 'bureau' | 'homeDistrict' | 'hostDistrict'
>

async function demandDistrict(slug: string | null, field: string): Promise<void> {
  if (slug && !(await District.exists({ _id: slug }))) throw new RuleError('district.gone', {}, { field })
}

/** Throws park.slugTaken (409), district.gone. */
export async function createPark(park: NewPark, by: Actor): Promise<void> {
  await transact(async () => {
    await demandDistrict(park.homeDistrict, 'homeDistrict')
    await demandDistrict(park.hostDistrict, 'hostDistrict')
    await Park.create([park]).catch(error => {
      if (isDuplicateKey(error)) throw conflict('park.slugTaken', {}, 'slug')
      throw error
    })
    const { name, kind, homeDistrict, hostDistrict } = park
    const subject = { park: park._id, kind: 'park', ref: park._id, label: name.zh }
    await audit(by, 'park.create', subject, { after: { name, kind, homeDistrict, hostDistrict } })
  })
}

const recorded = ({ name, bureau, city, validFrom, validTo, successor, leadsKnown }: District) => ({
  name,
  bureau,
  city,
  validFrom,
  validTo,
  successor,
  leadsKnown: Boolean(leadsKnown),
})

async function checkDistrict(district: District): Promise<void> {
  if (district.validTo < district.validFrom) throw new RuleError('period.order', {}, { field: 'validTo' })
  if (district.successor === district._id) throw new RuleError('district.self', {}, { field: 'successor' })
  await demandDistrict(district.successor, 'successor')
}

const subject = ({ _id, name }: District) => ({ park: NO_PARK, kind: 'district', ref: _id, label: name.zh })

/** Throws district.slugTaken (409), period.order, district.self. */
export async function createDistrict(district: District, by: Actor): Promise<void> {
  await transact(async () => {
    await checkDistrict(district)
    await District.create([district]).catch(error => {
      if (isDuplicateKey(error)) throw conflict('district.slugTaken', {}, 'slug')
      throw error
    })
    await audit(by, 'district.create', subject(district), { after: recorded(district) })
  })
}

/** Changes a district; `seen` is what the form showed, so that a second editor's values aren't lost (error.stale). */
export async function editDistrict(district: District, seen: Date, by: Actor): Promise<void> {
  await transact(async () => {
    const before = (await District.findById(district._id).lean()) as District | null
    if (!before) throw notFound()
    await checkDistrict(district)
    const { matchedCount } = await District.updateOne({ _id: district._id, updatedAt: seen }, { $set: recorded(district) })
    if (!matchedCount) throw conflict('stale')
    await audit(by, 'district.edit', subject(district), { before: recorded(before), after: recorded(district) })
  })
}
