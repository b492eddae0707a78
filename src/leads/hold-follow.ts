import { now } from '../lib/clock.ts'
import { Park } from '../parks/park.ts'
import { holdsOfLead, isAsked, moveHolds } from '../spaces/holds.ts'
import { isLive } from '../spaces/state.ts'
import { onHoldTurn } from '../spaces/turn-holds.ts'
import { Unit } from '../spaces/unit.ts'
import { lastDayOf, tellLead } from './hold-rules.ts'
import { dropWithWord } from './holds.ts'
import { onMerged } from './merge.ts'
import { onLost } from './steps.ts'

/** What follows a lead: its holds end with it, go where it is merged into, and say on its timeline that its lease has used them. */
const zoneOf = async (park: string): Promise<string> => (await Park.findById(park, { zone: 1 }).lean().orFail()).zone

onLost(async (lead, by) => {
  const own = await holdsOfLead(lead.park, lead._id)
  const zone = await zoneOf(lead.park)
  // Those that have run out stay to be read.
  for (const holding of own) if (isLive(holding.hold, now()) || isAsked(holding.hold)) await dropWithWord(zone, holding, by)
})

onMerged((park, gone, kept) => moveHolds(park, gone, kept._id, kept.name))

onHoldTurn(async (what, { park, _id }, holds, by) => {
  const unit = await Unit.findOne({ park, _id }, { code: 1 }).lean().orFail()
  const zone = await zoneOf(park)
  for (const { lead, expiresAt } of holds)
    await tellLead(park, lead, { what, unit, until: expiresAt ? lastDayOf(expiresAt, zone) : '\u2013' }, by)
})
