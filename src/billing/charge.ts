import { model, Schema, type Types } from 'mongoose'
import type { Day } from '../lib/days.ts'
import type { Fen } from '../lib/money.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'

/**
 * What a lease, a booking or a service makes payable, with its period (DESIGN §3). Append-only: a charge is never changed or
 * removed, a correction is a reversal. The only way in is charging.ts.
 */
export const CHARGE_SOURCES = ['lease', 'booking', 'service', 'trusteeship'] as const
export type ChargeSource = (typeof CHARGE_SOURCES)[number]

export const CHARGE_KINDS = ['rent', 'reduction', 'deposit', 'clawback', 'fee', 'adjustment'] as const
export type ChargeKind = (typeof CHARGE_KINDS)[number]

export interface Charge extends ParkOwned {
  _id: Types.ObjectId
  /** What makes it one of a kind: a retry of the same charge, or of the same reversal, meets it here. */
  key: string
  source: { kind: ChargeSource; ref: Types.ObjectId }
  tenant: Types.ObjectId | null
  kind: ChargeKind
  unit: Types.ObjectId | null
  /** Tells charges of one source, kind, unit and period apart: which reduction, which fee. Empty where there is only one. */
  item: string
  /** What people know it by: the number of the lease and the unit, say. */
  label: string
  from: Day
  to: Day
  /** A reduction is below zero, a reversal the exact opposite of what it reverses. Rents, not deposits, are income (FACTS). */
  fen: Fen
  dueOn: Day
  reverses: Types.ObjectId | null
  reason: string | null
  by: { id: string; name: string }
  at: Date
}

export class AppendOnlyError extends Error {
  override name = 'AppendOnlyError'
}

const refuse = (): never => {
  throw new AppendOnlyError('charges are append-only: reverse it instead')
}

const id = { type: Schema.Types.ObjectId, default: null }
const day = { type: String, required: true }

const schema = parkOwned<Charge>(
  {
    key: { type: String, required: true },
    source: { kind: { type: String, enum: CHARGE_SOURCES, required: true }, ref: { type: Schema.Types.ObjectId, required: true } },
    tenant: id,
    kind: { type: String, enum: CHARGE_KINDS, required: true },
    unit: id,
    item: { type: String, default: '' },
    label: { type: String, required: true },
    from: day,
    to: day,
    fen: { type: Number, required: true, validate: Number.isSafeInteger },
    dueOn: day,
    reverses: id,
    reason: { type: String, default: null },
    by: { id: String, name: String },
    at: { type: Date, required: true },
  },
  { timestamps: false, versionKey: false },
)
schema.pre(/^(update|replace|delete|findOneAnd)/, { query: true, document: true }, refuse)
schema.pre('save', function () {
  if (!this.isNew) refuse()
})
schema.index({ park: 1, key: 1 }, { unique: true })
// However many press at once, a charge is reversed by one.
schema.index({ park: 1, reverses: 1 }, { unique: true, partialFilterExpression: { reverses: { $type: 'objectId' } } })
schema.index({ park: 1, 'source.kind': 1, 'source.ref': 1, from: 1 })
schema.index({ park: 1, tenant: 1, dueOn: 1 })
schema.index({ park: 1, dueOn: 1 })

export const Charge = model('Charge', schema, 'charges')
