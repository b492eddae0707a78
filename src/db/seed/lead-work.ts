import type { Types } from 'mongoose'
import type { Actor } from '../../accounts/identity.ts'
import { User } from '../../accounts/user.ts'
import { Event } from '../../events/event.ts'
import { inviteLeads } from '../../leads/event-invitations.ts'
import { Lead } from '../../leads/lead.ts'
import { createOffer } from '../../leads/offer-draft.ts'
import { printForSending } from '../../leads/offer-paper.ts'
import { sendOffer } from '../../leads/offer-steps.ts'
import { recordOutcome } from '../../leads/visit-outcome.ts'
import { planVisit } from '../../leads/visits.ts'
import { suggestUnits } from '../../leases/suggest.ts'
import { setClock } from '../../lib/clock.ts'
import { addDays, addMonths, type Day, dayBefore, later } from '../../lib/days.ts'
import { Park } from '../../parks/park.ts'
import type { Unit } from '../../spaces/unit.ts'
import { at, realToday } from './leases.ts'

/** What is being done with the demo's leads: visits behind and ahead, offers on paper, and who is asked to the next event. */
interface Scene {
  park: Park
  today: Day
  by: Actor
  host: Types.ObjectId
}

async function unitsFor({ park, today }: Scene, { wish }: Lead): Promise<{ from: Day; to: Day; units: Unit[] }> {
  const from = later(wish.from ?? addDays(today, 30), today)
  const to = dayBefore(addMonths(from, wish.months ?? 24))
  const fitting = await suggestUnits(park._id, { from, to, area: wish.areaFrom, product: wish.product ?? 'office' })
  return { from, to, units: fitting.slice(0, 3) }
}

async function show(scene: Scene, lead: Lead, units: Unit[], days: number): Promise<void> {
  const { park, today, by, host } = scene
  const guest = lead.contacts[0]
  const guests = guest ? [{ name: guest.name, email: guest.email }] : []
  const facts = {
    ...{ day: addDays(today, days), from: 600, to: 660, units: units.map(unit => unit._id), place: '一楼服务大厅', host, companions: [] },
    ...{ guests, people: 2, note: null },
  }
  // A visit is planned some days ahead; its outcome is written down when it is over.
  at(addDays(today, Math.min(days, 0) - 3), 3)
  const visit = await planVisit(park, lead._id, facts, by)
  if (days >= 0) return
  at(addDays(today, days), 4)
  const seen = units.map((unit, i) => ({ unit: unit._id, liked: i === 0, why: i ? '采光一般' : '采光和层高都满意' }))
  const next = { what: lead.next?.what || '回访', on: addDays(today, 2) }
  await recordOutcome(park, visit._id, visit.version, { state: 'done', text: '看房顺利，倾向第一套。', units: seen, next }, by)
}

async function offer(scene: Scene, lead: Lead, { from, to, units }: { from: Day; to: Day; units: Unit[] }, out: boolean): Promise<void> {
  const { park, today, by } = scene
  const [unit] = units
  const addressee = lead.contacts[0]
  if (!unit || !addressee) return
  const { anchor, broken } = park.settings
  const terms = {
    ...{
      from,
      to,
      basis: 'sqm-day' as const,
      anchor,
      broken,
      cycle: 3 as const,
      purpose: null,
      note: null,
      escalation: [],
      deposit: 2_000_000,
    },
    lines: [{ unit: unit._id, rate: unit.listRate ?? '2.00', desks: null }],
    rentFree: [{ from, to: dayBefore(addMonths(from, 1)) }],
    reductions: [{ name: '孵化企业租金优惠', kind: 'percent' as const, value: '10', from, to: dayBefore(addMonths(from, 12)) }],
  }
  const facts = {
    ...{ tenantName: lead.name, addressee: { name: addressee.name, email: addressee.email, phone: null }, lang: 'zh-CN' as const, terms },
    ...{ validUntil: addDays(today, 12), greeting: null, remarks: null, replaces: null },
  }
  const doer = { by, leads: false }
  at(addDays(today, -2), 3)
  const draft = await createOffer(park, lead._id, facts, doer)
  // The newest is still being written.
  if (!out) return
  const issuer = { name: by.name, email: null }
  const printed = await printForSending(park, draft, issuer, by.id)
  await sendOffer(park, printed, { version: draft.version, mail: false, replyTo: null }, doer)
}

export async function seedLeadWork(slug: string): Promise<void> {
  const park = (await Park.findById(slug).orFail().lean()) as Park
  const user = await User.findOne({ email: `promotion.${slug}@example.com` })
    .lean()
    .orFail()
  const scene: Scene = { park, today: realToday(), by: { id: String(user._id), name: user.name }, host: user._id }
  const open = { park: slug, owner: user._id, state: 'open' as const, 'wish.areaFrom': { $ne: null } }
  const leads = (await Lead.find(open).sort({ number: 1 }).limit(4).lean()) as Lead[]
  for (const [i, lead] of leads.entries()) {
    const wanted = await unitsFor(scene, lead)
    if (wanted.units.length) await show(scene, lead, wanted.units, [-4, 1, 2, 3][i]!)
    if (i < 3) await offer(scene, (await Lead.findOne({ park: slug, _id: lead._id }).lean()) as Lead, wanted, i < 2)
  }
  setClock(null)
  const coming = (await Event.findOne({
    park: slug,
    state: 'published',
    kind: { $in: ['briefing', 'roadshow'] },
    startsAt: { $gt: new Date() },
  }).lean()) as Event | null
  const asked = await Lead.find({ park: slug, state: 'open', owner: user._id }, { _id: 1 }).sort({ number: 1 }).limit(8).lean()
  if (coming)
    await inviteLeads(
      park,
      coming,
      asked.map(one => one._id),
      'phone',
      scene.by,
    )
}
