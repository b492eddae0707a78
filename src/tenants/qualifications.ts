import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import type { Day } from '../lib/days.ts'
import { notFound, RuleError } from '../lib/rule-error.ts'
import { changeTenant, type RowRef, rowOf } from './records.ts'
import type { Qualification } from './tenant.ts'

/** Recognitions of a tenant. Whether one holds is a question of the day. */
export type QualificationInput = Pick<Qualification, 'kind' | 'number' | 'grantedOn' | 'validTo'>

export const holdsOn = ({ grantedOn, validTo }: Pick<Qualification, 'grantedOn' | 'validTo'>, on: Day): boolean =>
  grantedOn <= on && (!validTo || on <= validTo)

const shown = ({ kind, number, grantedOn, validTo }: QualificationInput) => ({ qualification: kind, number, grantedOn, validTo })

function checked(input: QualificationInput): QualificationInput {
  if (input.validTo && input.validTo < input.grantedOn) throw new RuleError('period.order', {}, { field: 'validTo' })
  return input
}

const inOrder = (rows: Qualification[]): Qualification[] => rows.sort((a, b) => b.grantedOn.localeCompare(a.grantedOn))

/** Throws period.order. */
export async function addQualification(park: string, tenant: Types.ObjectId, input: QualificationInput, by: Actor): Promise<void> {
  const fresh = { ...checked(input), _id: new Types.ObjectId(), version: 0 }
  await changeTenant(park, tenant, 'tenant.qualification.add', by, ({ qualifications }) => ({
    set: { qualifications: inOrder([...qualifications, fresh]) },
    after: shown(input),
  }))
}

/** Throws period.order, and stale when somebody saved it in between. */
export async function editQualification(
  park: string,
  tenant: Types.ObjectId,
  ref: RowRef,
  input: QualificationInput,
  by: Actor,
): Promise<void> {
  checked(input)
  await changeTenant(park, tenant, 'tenant.qualification.edit', by, ({ qualifications }) => {
    const old = rowOf(qualifications, ref)
    const fresh = { ...old, ...input, version: ref.version + 1 }
    const rows = qualifications.map(one => (one === old ? fresh : one))
    return { set: { qualifications: inOrder(rows) }, before: shown(old), after: shown(fresh) }
  })
}

export async function removeQualification(park: string, tenant: Types.ObjectId, _id: Types.ObjectId, by: Actor): Promise<void> {
  await changeTenant(park, tenant, 'tenant.qualification.remove', by, ({ qualifications }) => {
    const old = qualifications.find(one => one._id.equals(_id))
    if (!old) throw notFound()
    return {
      set: { qualifications: qualifications.filter(one => one !== old) },
      before: shown(old),
      after: { qualification: null, number: null, grantedOn: null, validTo: null },
    }
  })
}
