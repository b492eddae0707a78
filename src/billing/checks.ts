import { AuditEntry } from '../audit/entry.ts'
import { Lease } from '../leases/lease.ts'
import type { Check, Report, Subject } from '../lib/check.ts'
import { eachRecord } from '../parks/each.ts'
import { Tenant } from '../tenants/tenant.ts'
import { Charge } from './charge.ts'
import { chargeKey, reversalKey } from './charging.ts'

/** What must hold of charges, whatever wrote them: nothing changed, nothing reversed twice, sums that come out. */
const chargeSubject = ({ park, _id, label }: Charge): Subject => ({ park, kind: 'charge', id: _id, label })

function checkAlone(charge: Charge, report: Report): void {
  const tell = (message: string) => report(message, chargeSubject(charge))
  const { kind, fen, from, to, reverses } = charge
  if (from > to) tell(`runs ${from}…${to}`)
  if (!Number.isSafeInteger(fen) || fen === 0) tell(`is of ${fen} fen`)
  if (!reverses && kind !== 'adjustment' && fen > 0 === (kind === 'reduction')) tell(`is a ${kind} of ${fen} fen`)
}

/** What a reversal must share with what it reverses, letter for letter. */
const SHARED = ['tenant', 'kind', 'unit', 'item', 'from', 'to', 'dueOn', 'label'] as const

async function checkReversal(charge: Charge, report: Report): Promise<void> {
  const { park, reverses, fen, key } = charge
  if (!reverses) return
  const tell = (message: string) => report(message, chargeSubject(charge))
  if (key !== reversalKey(reverses)) tell(`reverses ${reverses} under the key ${key}`)
  const original = (await Charge.findOne({ park, _id: reverses }).lean()) as Charge | null
  if (!original) return tell(`reverses ${reverses}, which isn't there`)
  if (original.reverses) tell(`reverses ${reverses}, which is a reversal`)
  if (fen !== -original.fen) tell(`reverses ${original.fen} fen by ${fen}`)
  if (String(original.source.ref) !== String(charge.source.ref)) tell(`reverses a charge of ${original.source.ref}`)
  for (const field of SHARED)
    if (String(charge[field]) !== String(original[field]))
      tell(`its ${field} is ${charge[field]}, what it reverses says ${original[field]}`)
}

/** Of one source, kind, unit, item and period at most one charge stands; the ones before it were reversed, each once. */
async function checkTurns(charge: Charge, report: Report): Promise<void> {
  const { park, _id, reverses, key } = charge
  if (reverses) return
  const reversals = await Charge.countDocuments({ park, reverses: _id })
  if (reversals > 1) report(`is reversed ${reversals} times`, chargeSubject(charge))
  const turn = Number(key.split(':').at(-1))
  if (key !== chargeKey(charge, turn)) return report(`its key says ${key}`, chargeSubject(charge))
  if (!turn) return
  const before = await Charge.findOne({ park, key: chargeKey(charge, turn - 1) }, { _id: 1 }).lean()
  if (!before || !(await Charge.exists({ park, reverses: before._id })))
    report('stands beside an equal one that was not reversed', chargeSubject(charge))
}

async function checkSource(charge: Charge, report: Report): Promise<void> {
  const { park, source, tenant } = charge
  const tell = (message: string) => report(message, chargeSubject(charge))
  if (source.kind === 'lease' && !(await Lease.exists({ park, _id: source.ref }))) tell(`is of lease ${source.ref}, which isn't there`)
  if (tenant && !(await Tenant.exists({ park, _id: tenant }))) tell(`is owed by tenant ${tenant}, who isn't there`)
}

async function checkTrail(charge: Charge, report: Report): Promise<void> {
  const { park, _id, fen, reverses } = charge
  const action = reverses ? 'charge.reverse' : 'charge.add'
  const entry = await AuditEntry.findOne({ park, kind: 'charge', ref: _id, action }).lean()
  if (!entry) return report('has no entry in the trail', chargeSubject(charge))
  const said = entry.changes.find(change => change.field === 'fen')?.after
  if (said !== fen) report(`is of ${fen} fen; the trail says ${said}`, chargeSubject(charge))
}

const ofCharges = (name: string, work: (charge: Charge, report: Report) => unknown): Check => ({
  name,
  run: report => eachRecord<Charge>(Charge, charge => work(charge, report)),
})

export const checks: Check[] = [
  ofCharges('Charges are whole amounts with a period', checkAlone),
  ofCharges('Reversals are the opposite of what they reverse', checkReversal),
  ofCharges('A charge stands once and is reversed once', checkTurns),
  ofCharges('Charges are of a record and a tenant of their park', checkSource),
  ofCharges('Every charge left a trail', checkTrail),
]
