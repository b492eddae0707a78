import { model } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import type { Day } from '../lib/days.ts'
import { addToMonth, lastDay, type Month } from '../lib/months.ts'
import { writeParkDocument } from '../lib/park-document.ts'
import { type ParkOwned, parkOwned, scopedOne } from '../lib/park-scope.ts'
import { RuleError } from '../lib/rule-error.ts'
import { ownDays } from '../parks/calendar.ts'
import type { Park } from '../parks/park.ts'
import { type Calendar, calendarSpan, type DueRules } from './due.ts'

/** When the steps of a month are due in a park, as it decides; one document a park, none until it decides otherwise. */
export interface TrusteeRules extends DueRules {
  /** So many working days before papers are due their owner is reminded. */
  remind: number
  version: number
}

const DEFAULTS: TrusteeRules = { papers: 5, booked: 10, reported: 3, remind: 2, filing: [], version: 0 }

const whole = { type: Number, required: true, min: 0, validate: Number.isSafeInteger }
const schema = parkOwned<TrusteeRules & ParkOwned>(
  {
    papers: whole,
    booked: whole,
    reported: whole,
    remind: whole,
    filing: { type: [{ _id: false, month: String, day: String }], default: [] },
    version: { type: Number, default: 0 },
  },
  { versionKey: false },
)
schema.index({ park: 1 }, { unique: true })
export const TrusteeSettings = model('TrusteeSettings', schema, 'trusteesettings')

const plain = ({ papers, booked, reported, remind, filing, version }: TrusteeRules): TrusteeRules => ({
  ...{ papers, booked, reported, remind, version },
  filing: filing.map(({ month, day }) => ({ month, day })),
})

export async function rulesOf(park: string): Promise<TrusteeRules> {
  const found = await scopedOne<TrusteeRules>(TrusteeSettings, { park })
  return found ? plain(found) : DEFAULTS
}

/** The park's calendar, as far as the months of a range need it. */
export async function calendarOf({ _id, zone }: Pick<Park, '_id' | 'zone'>, first: Month, last: Month): Promise<Calendar> {
  const { from, to } = calendarSpan(first, last)
  return { own: await ownDays(_id, from, to), zone }
}

/** The filing day of a month lies within the three months after it, and is given once. Throws trustee.filing, trustee.filingTwice. */
function checkFiling(filing: { month: Month; day: Day }[]): void {
  for (const [i, { month, day }] of filing.entries()) {
    const field = `filing[${i}][day]`
    if (day <= lastDay(month) || day > lastDay(addToMonth(month, 3))) throw new RuleError('trustee.filing', { month }, { field })
    if (filing.findIndex(one => one.month === month) !== i)
      throw new RuleError('trustee.filingTwice', { month }, { field: `filing[${i}][month]` })
  }
}

const shown = ({ papers, booked, reported, remind, filing }: Omit<TrusteeRules, 'version'>) => ({
  ...{ paperDays: papers, bookDays: booked, reportDays: reported, remindDays: remind },
  filing: filing.map(({ month, day }) => `${month} → ${day}`),
})

/** Writes from the version the form showed; stale (409) when somebody saved in between. Counts at once, for all months. */
export async function editRules(park: string, version: number, rules: Omit<TrusteeRules, 'version'>, by: Actor): Promise<void> {
  checkFiling(rules.filing)
  const filing = [...rules.filing].sort((a, b) => (a.month < b.month ? 1 : -1))
  await transact(async () => {
    const before = await rulesOf(park)
    const set = { ...rules, filing }
    await writeParkDocument(TrusteeSettings, park, version, set)
    await audit(by, 'trusteeship.rules', { park, kind: 'trusteeship', ref: park, label: '' }, { before: shown(before), after: shown(set) })
  })
}
