import { expect } from 'chai'
import { Types } from 'mongoose'
import type { Actor } from '../../src/accounts/identity.ts'
import { Charge } from '../../src/billing/charge.ts'
import { saveBuffer, type Upload } from '../../src/files/store.ts'
import { today } from '../../src/lib/days.ts'
import { addToMonth, type Month, monthOf } from '../../src/lib/months.ts'
import { Park } from '../../src/parks/park.ts'
import { makeAgreement, type NewAgreement } from '../../src/trusteeship/agree.ts'
import type { Agreement, Paper } from '../../src/trusteeship/agreement.ts'
import { checks } from '../../src/trusteeship/checks.ts'
import { addPapers, addReports } from '../../src/trusteeship/papers.ts'
import { Round } from '../../src/trusteeship/round.ts'
import { rank, STEPS, type State } from '../../src/trusteeship/state.ts'
import { takeStep } from '../../src/trusteeship/steps.ts'
import { BY, buildPark, buildTenant, buildUser } from './factories.ts'

/** Agreements and their months for tests, made through the product's own functions. */
export const PDF = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n')
export const BANK: Paper = { key: 'bank', kind: 'bank', name: null, required: true }
export const SALES: Paper = { key: 'sales', kind: 'sales', name: null, required: false }

/** The month so many before this one. */
export const ago = (count: number): Month => addToMonth(monthOf(today()), -count)

export const parkOf = async (slug: string): Promise<Park> => (await Park.findById(slug).orFail().lean()) as Park

type Options = Partial<NewAgreement> & { park?: string }

export async function wishFor(park: string, more: Options = {}): Promise<NewAgreement> {
  const tenant = more.tenant ?? (await buildTenant(park))._id
  const staff = more.staff ?? (await buildUser('finance', { park }))._id
  return {
    from: ago(3),
    end: null,
    taxpayer: 'small',
    fee: 20_000,
    papers: [BANK, SALES],
    ...more,
    tenant,
    staff: new Types.ObjectId(staff),
  }
}

/** An agreement since three months, with one required paper, in a park of its own unless one is named. */
export async function buildAgreement({ park: slug, ...more }: Options = {}): Promise<Agreement> {
  const park = slug ?? (await buildPark())._id
  return makeAgreement(park, await wishFor(park, more), BY)
}

export const pdf = (park: string, name = 'paper.pdf', by: Actor = BY): Promise<Upload> =>
  saveBuffer(PDF, { park, name, type: 'application/pdf', by: by.id })

/** Walks a month to a state, with what each step needs. */
export async function walkTo({ park: slug, _id }: Agreement, month: Month, to: State): Promise<void> {
  const park = await parkOf(slug)
  const ref = { agreement: _id, month }
  if (rank(to) >= rank('received')) await addPapers(park, ref, 'bank', [await pdf(slug)], BY, true)
  for (const step of STEPS.filter(one => rank(one) <= rank(to))) {
    if (step === 'reported') await addReports(park, ref, 'balance', [await pdf(slug, 'balance.pdf')], BY)
    await takeStep(park, ref, step, BY)
  }
}

export const roundOf = async ({ park, _id }: Agreement, month: Month): Promise<Round> =>
  (await Round.findOne({ park, agreement: _id, month }).orFail().lean()) as Round

/** Charges of an agreement that stand, by month. */
export async function standingCharges({ park, _id }: Agreement): Promise<Record<Month, number[]>> {
  const all = (await Charge.find({ park, 'source.ref': _id }).lean()) as Charge[]
  const reversed = new Set(all.map(charge => String(charge.reverses)))
  const standing: Record<Month, number[]> = {}
  for (const { _id: id, reverses, item, fen } of all) if (!reverses && !reversed.has(String(id))) (standing[item] ??= []).push(fen)
  return standing
}

/** The doctor finds nothing; and of the rules, found another way: no step skipped, one charge for each closed month. */
export async function expectSoundBooks(park: string, told = ''): Promise<void> {
  const findings: string[] = []
  for (const check of checks)
    await check.run((message, subject) => {
      if (subject?.park === park) findings.push(`${check.name}: ${subject.label ?? subject.id} ${message}`)
    })
  expect(findings.join('\n'), told).to.equal('')
  for (const round of (await Round.find({ park }).lean()) as Round[]) {
    const walked = ['collecting', ...round.log.map(entry => entry.to)].map(state => rank(state as State))
    expect(walked.every((at, i) => i === 0 || Math.abs(at - walked[i - 1]!) === 1)).to.equal(true)
    const charges = (await Charge.find({ park, 'source.ref': round.agreement, item: round.month }).lean()) as Charge[]
    const sum = charges.reduce((total, { fen }) => total + fen, 0)
    expect(sum > 0, `${told} ${round.month} is ${round.state}, charged ${sum}`).to.equal(round.state === 'reported')
  }
}

/** What a rule says no with; “done” where it doesn’t. */
export const refusal = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'done'
  } catch (error) {
    return (error as { problem?: { key: string } }).problem?.key.replace('error.', '') ?? String((error as Error).message)
  }
}
