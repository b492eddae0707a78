import { User } from '../accounts/user.ts'
import { standingCharges } from '../billing/charging.ts'
import { findLinked } from '../files/store.ts'
import { type Check, groupBy, type Report, type Subject } from '../lib/check.ts'
import { addToMonth, firstDay, type Month } from '../lib/months.ts'
import { everyPark } from '../parks/each.ts'
import { Tenant } from '../tenants/tenant.ts'
import { isOpen } from './agree.ts'
import { Agreement, stateOf, termsFor } from './agreement.ts'
import { missingOf, PAPER_LINK, REPORT_LINK, Round } from './round.ts'
import { rank, type State } from './state.ts'
import { sourceOf } from './steps.ts'

/** What must hold of trusteeships, whatever wrote them. */
const subjectOf = ({ park, _id, number }: Agreement): Subject => ({ park, kind: 'trusteeship', id: _id, label: number })
const roundOf = ({ park, _id, month }: Round): Subject => ({ park, kind: 'trusteeround', id: _id, label: month })

async function eachPark(work: (park: string) => Promise<void>): Promise<void> {
  for (const { _id: park } of await everyPark()) await work(park)
}

const agreementsOf = async (park: string): Promise<Agreement[]> => (await Agreement.find({ park }).sort({ from: 1 }).lean()) as Agreement[]

async function checkAlone(report: Report): Promise<void> {
  await eachPark(async park => {
    for (const of of groupBy(await agreementsOf(park), one => String(one.tenant)).values())
      for (const [i, one] of of.entries())
        for (const other of of.slice(i + 1))
          if (one.from <= other.end && other.from <= one.end) report(`runs at the same time as ${other.number}`, subjectOf(one))
  })
}

async function checkTerms(report: Report): Promise<void> {
  await eachPark(async park => {
    for (const one of await agreementsOf(park)) {
      const tell = (message: string) => report(message, subjectOf(one))
      const tenant = await Tenant.findOne({ park, _id: one.tenant }, { name: 1, mergedInto: 1 }).lean()
      if (!tenant || tenant.mergedInto) tell(`is of tenant ${one.tenant}, which isn’t there`)
      else if (tenant.name !== one.tenantName) tell(`calls its tenant “${one.tenantName}”`)
      if (!(await User.exists({ _id: one.staff }))) tell(`is answered for by ${one.staff}, who isn’t there`)
      if (one.end < one.from) tell(`runs ${one.from}…${one.end}`)
      if (one.terms[0]?.from !== one.from) tell('has no terms for its first month')
      if (one.terms.some((terms, i) => i > 0 && terms.from <= one.terms[i - 1]!.from)) tell('has terms out of order')
      if (one.open !== isOpen(one)) tell(`says that it is ${one.open ? '' : 'not '}open, wrongly`)
    }
  })
}

/** A log is a walk: one step at a time, back only with a reason, days in order, and it ends where the month is. */
function checkLog(round: Round, report: Report): void {
  let [state, on] = ['collecting' as State, '']
  for (const entry of round.log) {
    const ahead = rank(entry.to) - rank(state)
    if (Math.abs(ahead) !== 1) report(`went from ${state} to ${entry.to}`, roundOf(round))
    if (ahead < 0 && !entry.reason) report(`went back to ${entry.to} without a reason`, roundOf(round))
    if (entry.on < on) report(`went to ${entry.to} on ${entry.on}, after ${on}`, roundOf(round))
    ;[state, on] = [entry.to, entry.on]
  }
  if (state !== round.state) report(`is ${round.state}; its log says ${state}`, roundOf(round))
}

/** Papers that stand are complete once they were received; somebody reported something back. */
function checkPapers(round: Round, agreement: Agreement, report: Report): void {
  const { papers } = termsFor(agreement, round.month)
  if (round.state !== 'collecting' && missingOf(papers, round.papers).length)
    report(`is ${round.state} with papers missing`, roundOf(round))
  if (round.state === 'reported' && !round.reports.length) report('is reported with nothing to read', roundOf(round))
  if (rank(round.state) >= rank('booked') && round.month > agreement.from) {
    const previous = addToMonth(round.month, -1)
    if (rank(stateOf(agreement, previous)) < rank('booked')) report(`is ${round.state} before ${previous} is booked`, roundOf(round))
  }
}

async function checkFiles(round: Round, report: Report): Promise<void> {
  const files = [
    ...round.papers.flatMap(({ file }) => (file ? [{ file, kind: PAPER_LINK }] : [])),
    ...round.reports.map(({ file }) => ({ file, kind: REPORT_LINK })),
  ]
  for (const { file, kind } of files)
    if (!(await findLinked(round.park, file, kind, round._id))) report(`shows file ${file}, which isn’t its own`, roundOf(round))
}

async function chargesOf(park: string, { _id }: Agreement): Promise<Map<Month, number>> {
  const sums = new Map<Month, number>()
  for (const { item } of await standingCharges(park, sourceOf(_id))) sums.set(item, (sums.get(item) ?? 0) + 1)
  return sums
}

async function checkRounds(report: Report): Promise<void> {
  await eachPark(async park => {
    for (const agreement of await agreementsOf(park)) {
      const rounds = (await Round.find({ park, agreement: agreement._id }).sort({ month: 1 }).lean()) as Round[]
      const charges = await chargesOf(park, agreement)
      const told = agreement.months.map(({ month, state }) => `${month} ${state}`).join()
      const found = rounds.filter(one => one.state !== 'collecting').map(({ month, state }) => `${month} ${state}`)
      if (told !== found.join()) report(`says ${told}; its months say ${found.join()}`, subjectOf(agreement))
      for (const round of rounds) {
        const { month, state } = round
        const used = state !== 'collecting' || round.papers.some(item => !item.ended)
        if (month < agreement.from || (month > agreement.end && used)) report(`is no month of ${agreement.number}`, roundOf(round))
        if (!round.tenant.equals(agreement.tenant)) report(`is of another tenant than ${agreement.number}`, roundOf(round))
        checkLog(round, report)
        checkPapers(round, agreement, report)
        await checkFiles(round, report)
        const wanted = state === 'reported' && termsFor(agreement, month).fee > 0 ? 1 : 0
        if ((charges.get(month) ?? 0) !== wanted) report(`is ${state} and charged ${charges.get(month) ?? 0} times`, roundOf(round))
        charges.delete(month)
      }
      for (const month of charges.keys()) report(`is charged for ${firstDay(month)}, which was never closed`, subjectOf(agreement))
    }
  })
}

async function checkOwners(report: Report): Promise<void> {
  await eachPark(async park => {
    for await (const round of Round.find({ park }, { agreement: 1, month: 1, park: 1 }).lean().cursor())
      if (!(await Agreement.exists({ park, _id: round.agreement }))) report('is of an agreement that isn’t there', roundOf(round as Round))
  })
}

export const checks: Check[] = [
  { name: 'A tenant’s books are kept by one agreement at a time', run: checkAlone },
  { name: 'Trusteeships have a tenant, a trustee and terms', run: checkTerms },
  { name: 'Months of trusteeships went step by step, complete and charged once', run: checkRounds },
  { name: 'Months belong to a trusteeship', run: checkOwners },
]
