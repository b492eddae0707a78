import type { Types } from 'mongoose'
import type { Actor } from '../../accounts/identity.ts'
import { User } from '../../accounts/user.ts'
import { Event } from '../../events/event.ts'
import { createLead } from '../../leads/create.ts'
import { addLine } from '../../leads/entry.ts'
import { NO_WISH } from '../../leads/lead.ts'
import { MOVED, SIGNING } from '../../leads/setup.ts'
import { followUp, loadLead, loseLead, moveStage, planNext, writeLead } from '../../leads/steps.ts'
import { Lease } from '../../leases/lease.ts'
import { setClock } from '../../lib/clock.ts'
import { addDays, type Day, earlier } from '../../lib/days.ts'
import { Park } from '../../parks/park.ts'
import { Tenant } from '../../tenants/tenant.ts'
import { DONGXIN, type LeadPlan } from './lead-data.ts'
import { JINDONG, WUCHENG } from './lead-data-enclaves.ts'
import { realToday } from './leases.ts'

/** Leads of the demo, by the product's own functions on the days on which it would have happened. */
interface Scene {
  park: Park
  today: Day
  by: Actor
  owner: { _id: Types.ObjectId; name: string }
  /** The event some of them were met at. */
  event: Types.ObjectId | null
}

const at = (day: Day, hour: number): void => setClock(new Date(`${day}T${String(hour).padStart(2, '0')}:00:00+08:00`))
const AREA = 100

function wishOf({ area, budget, product, desks, moveIn, months, note }: LeadPlan, today: Day) {
  return {
    ...NO_WISH,
    ...{ areaFrom: area ? area[0] * AREA : null, areaTo: area ? area[1] * AREA : null, budget: budget ? budget * 100 : null },
    ...{ product: product ?? null, desks: desks ?? null, months: months ?? null, note: note ?? null },
    from: moveIn === undefined ? null : addDays(today, moveIn),
  }
}

/** Everything that happened with it, in order of the days. */
async function play(scene: Scene, plan: LeadPlan, n: number): Promise<void> {
  const { park, today, by, owner } = scene
  const day = (ago: number) => addDays(today, -ago)
  const [name, title] = plan.contact ?? [null, null]
  const phone = `0571-0000${String(4000 + n)}`
  at(day(plan.ago), 9)
  const facts = {
    ...{ name: plan.name, creditCode: null, source: plan.source, sourceNote: plan.sourceNote ?? null },
    contacts: name ? [{ name, title, phone, email: `lead-${n}@example.com` }] : [],
    ...{ industry: plan.industry ?? null, origin: plan.origin ?? null, wish: wishOf(plan, today) },
  }
  const event = plan.source === 'event' ? scene.event : null
  const { _id } = await createLead(
    park,
    facts,
    { owner: plan.pool ? null : owner, event, twin: true, next: { what: '首次联系', on: day(plan.ago) } },
    by,
  )
  const steps = [
    ...(plan.stages ?? []).map(([stage, ago]) => ({
      ago,
      hour: 15,
      run: async () => moveStage(park._id, _id, { from: (await loadLead(park._id, _id)).stage, to: stage }, by),
    })),
    ...(plan.said ?? []).map(([ago, kind, text]) => ({
      ago,
      hour: 11,
      run: async () => followUp(park, _id, { kind, text, next: { what: '继续跟进', on: day(Math.max(0, ago - 7)) } }, by),
    })),
  ].sort((a, b) => b.ago - a.ago || a.hour - b.hour)
  for (const { ago, hour, run } of steps) {
    at(day(ago), hour)
    await run()
  }
  if (plan.lost) {
    const [reason, note, ago] = plan.lost
    at(day(ago), 16)
    await loseLead(park._id, _id, { reason, note }, by)
  }
  if (!plan.next) return
  const [what, inDays] = plan.next
  // What is overdue today was planned when it wasn't.
  at(day(Math.max(0, -inDays + 3)), 17)
  await planNext(park, _id, { what, on: addDays(today, inDays) }, by)
}

/** A company that moved in came as a lead: it is entered with the lease it led to. */
async function movedIn(scene: Scene, lease: Lease, n: number): Promise<void> {
  const { park, by, owner } = scene
  const tenant = await Tenant.findOne({ park: park._id, _id: lease.tenant }).lean().orFail()
  const drafted = earlier(addDays(lease.from, -26), addDays(scene.today, -4))
  at(addDays(drafted, -62 + n * 5), 10)
  const wish = { ...NO_WISH, areaFrom: Math.round(lease.area * 0.9), areaTo: Math.round(lease.area * 1.1), from: lease.from }
  const facts = {
    ...{ name: tenant.name, creditCode: null, contacts: [], source: n % 2 ? ('outreach' as const) : ('event' as const), sourceNote: null },
    ...{ industry: tenant.industry, origin: '金华市婺城区', wish },
  }
  const { _id } = await createLead(park, facts, { owner, twin: true }, by)
  for (const [i, stage] of ['contact', 'viewing', 'intent', 'negotiation'].entries()) {
    at(addDays(drafted, -50 + n * 4 + i * 11), 14)
    await moveStage(park._id, _id, { from: (await loadLead(park._id, _id)).stage, to: stage }, by)
  }
  at(drafted, 16)
  const lead = await loadLead(park._id, _id)
  await Lease.updateOne({ park: park._id, _id: lease._id }, { $set: { lead: _id } })
  const set = { state: 'converted' as const, stage: SIGNING, tenant: tenant._id, lease: lease._id, next: null }
  const converted = await writeLead(lead, set, SIGNING)
  await addLine(lead, 'converted', { params: { what: 'drafted', number: lease.number, tenant: tenant.name }, ref: lease._id }, by)
  const handed = lease.handovers.find(one => one.kind === 'in')
  if (!handed) return
  at(handed.on, 14)
  await writeLead(converted, { stage: MOVED }, MOVED)
  await addLine(lead, 'converted', { params: { what: 'moved', number: lease.number }, ref: lease._id }, by)
}

const PLANS: Record<string, LeadPlan[]> = { dongxin: DONGXIN, 'jindong-hangzhou': JINDONG, 'wucheng-hangzhou': WUCHENG }
const BRIEFING = 'autumn-briefing'

export async function seedLeads(slug: string): Promise<void> {
  const park = (await Park.findById(slug).orFail().lean()) as Park
  const user = await User.findOne({ email: `promotion.${slug}@example.com` })
    .lean()
    .orFail()
  const briefing = await Event.findOne({ park: slug, code: BRIEFING }, { _id: 1 }).lean()
  const by = { id: String(user._id), name: user.name }
  const scene: Scene = { park, today: realToday(), by, owner: { _id: user._id, name: user.name }, event: briefing?._id ?? null }
  for (const [n, plan] of PLANS[slug]!.entries()) await play(scene, plan, n)
  if (slug === 'wucheng-hangzhou') {
    const leases = (await Lease.find({ park: slug, state: 'signed', renewalOf: null }).sort({ from: 1, _id: 1 }).lean()) as Lease[]
    const first = [...new Map(leases.reverse().map(lease => [String(lease.tenant), lease])).values()]
    for (const [n, lease] of first.entries()) await movedIn(scene, lease, n)
  }
  setClock(null)
}
