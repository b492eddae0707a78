import { User } from '../../accounts/user.ts'
import { holdForLead } from '../../leads/holds.ts'
import { Lead } from '../../leads/lead.ts'
import { suggestUnits } from '../../leases/suggest.ts'
import { setClock } from '../../lib/clock.ts'
import { addDays, addMonths, later } from '../../lib/days.ts'
import { Park } from '../../parks/park.ts'
import { realToday } from './leases.ts'

/** Units kept for leads that have come far: one for which a manager is asked, and one that runs out tomorrow. */
const KEPT = [40, 1]
const RIGHTS = { leads: false, approves: false }

export async function seedHolds(slug: string): Promise<void> {
  const park = await Park.findById(slug).orFail().lean()
  const user = await User.findOne({ email: `promotion.${slug}@example.com` })
    .lean()
    .orFail()
  const by = { id: String(user._id), name: user.name }
  const today = realToday()
  const open = { park: slug, owner: user._id, state: 'open' as const, stage: { $in: ['viewing', 'intent', 'negotiation'] } }
  const leads = await Lead.find(open).sort({ stage: 1, number: 1 }).limit(KEPT.length).lean()
  setClock(null)
  for (const [i, lead] of leads.entries()) {
    const from = later(lead.wish.from ?? today, today)
    const period = { from, to: addMonths(from, lead.wish.months ?? 12) }
    const fitting = await suggestUnits(slug, { ...period, area: lead.wish.areaFrom, product: lead.wish.product })
    const [unit] = fitting.length ? fitting : await suggestUnits(slug, period)
    if (unit) await holdForLead(park, { ...period, unit: unit._id, keptUntil: addDays(today, KEPT[i]!) }, lead._id, by, RIGHTS)
  }
}
