import { model, Schema, type Types } from 'mongoose'
import { isDuplicateKey, transact } from '../db/transact.ts'
import { addDays, type Day, today } from '../lib/days.ts'
import { type Month, monthOf, monthsFrom } from '../lib/months.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import { Park } from '../parks/park.ts'
import { Agreement, stateOf, termsFor } from './agreement.ts'
import { type Calendar, type Dues, duesFor, workdaysBefore } from './due.ts'
import { missingOf, Round } from './round.ts'
import { calendarOf, rulesOf, type TrusteeRules } from './rules.ts'
import { rank, type State } from './state.ts'
import { tellTenant, tellTrustee } from './tell.ts'

/** That a reminder of a month went out: its unique key makes it go out once, whoever runs the job and however often. */
export const REMINDERS = ['before', 'late', 'filing'] as const
export type ReminderKind = (typeof REMINDERS)[number]

interface Reminded extends ParkOwned {
  agreement: Types.ObjectId
  month: Month
  kind: ReminderKind
}

const schema = parkOwned<Reminded>(
  {
    agreement: { type: Schema.Types.ObjectId, required: true },
    month: { type: String, required: true },
    kind: { type: String, enum: REMINDERS, required: true },
  },
  { versionKey: false },
)
schema.index({ park: 1, agreement: 1, month: 1, kind: 1 }, { unique: true })
export const Reminded = model('TrusteeReminder', schema, 'trusteereminders')

/** Whoever has been late for longer has been told, or was before the park kept its books here. */
const STILL = 31

/** Which reminders of a month are to have gone out by a day: papers X working days before they are due and once they are late, a late filing. */
export function remindersOn(state: State, dues: Dues, rules: Pick<TrusteeRules, 'remind'>, on: Day, calendar?: Calendar): ReminderKind[] {
  const lately = (due: Day) => due < on && on <= addDays(due, STILL)
  const kinds: ReminderKind[] = []
  const { received, filed } = dues
  if (state === 'collecting' && on <= received && on >= workdaysBefore(received, rules.remind, calendar)) kinds.push('before')
  if (state === 'collecting' && lately(received)) kinds.push('late')
  if (rank(state) < rank('filed') && lately(filed)) kinds.push('filing')
  return kinds
}

/** Sends one reminder, if nobody has and it still holds. */
async function remind(agreement: Agreement, month: Month, kind: ReminderKind, dues: Dues): Promise<boolean> {
  const { park, _id } = agreement
  try {
    return await transact(async () => {
      const round = (await Round.findOne({ park, agreement: _id, month }, { state: 1, papers: 1 }).lean()) as Round | null
      const done = rank(round?.state ?? 'collecting') >= rank(kind === 'filing' ? 'filed' : 'received')
      if (done) return false
      await Reminded.create([{ park, agreement: _id, month, kind }])
      const missing = missingOf(termsFor(agreement, month).papers, round?.papers ?? []).length
      if (kind === 'filing') await tellTrustee(agreement, 'filing', month, () => ({ due: dues.filed }))
      else {
        const key = missing ? (kind === 'before' ? 'papersDue' : 'papersLate') : 'handOver'
        await tellTenant(agreement, key, month, () => ({ due: dues.received, missing }))
      }
      return true
    })
  } catch (error) {
    if (isDuplicateKey(error)) return false
    throw error
  }
}

async function remindPark(park: Park): Promise<number> {
  const on = today(park.zone)
  const current = monthOf(on)
  const agreements = (await Agreement.find({ park: park._id, open: true, from: { $lte: current } }).lean()) as Agreement[]
  if (!agreements.length) return 0
  const rules = await rulesOf(park._id)
  const first = agreements.reduce((min, { from }) => (from < min ? from : min), current)
  const calendar = await calendarOf(park, first, current)
  const duesIn = duesFor(rules, calendar)
  let sent = 0
  for (const agreement of agreements) {
    const last = agreement.end < current ? agreement.end : current
    for (const month of monthsFrom(agreement.from, last)) {
      const dues = duesIn(month)
      for (const kind of remindersOn(stateOf(agreement, month), dues, rules, on, calendar))
        if (await remind(agreement, month, kind, dues)) sent += 1
    }
  }
  return sent
}

/** Every morning: tells owners of papers that are missing, and who answers for it of a filing that is late. */
export async function remindOfPapers(): Promise<number> {
  let sent = 0
  for (const park of (await Park.find().lean()) as unknown as Park[]) sent += await remindPark(park)
  return sent
}
