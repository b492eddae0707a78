import type { Lease } from '../../leases/lease.ts'
import { now, setClock } from '../../lib/clock.ts'
import { addDays, addMonths, type Day, later, monthStart } from '../../lib/days.ts'
import { claimUnit } from '../../spaces/claims.ts'
import { byCode } from '../../spaces/plan-layout.ts'
import { isActive } from '../../spaces/state.ts'
import { Unit } from '../../spaces/unit.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import { at, realToday, type Staff, seedAmendment, seedLease, seedRenewal, seedTermination } from './leases.ts'
import { type Random, randomOf } from './random.ts'

/** Puts tenants into units so that every state of a lease and a unit can be seen (issue A, demo data), relative to the day of the start. */
interface Stage {
  park: string
  staff: Staff
  random: Random
  today: Day
  units: Unit[]
  tenants: Tenant[]
  next(): Tenant
}

const unitsOf = async (park: string, on: Day): Promise<Unit[]> =>
  ((await Unit.find({ park }).lean()) as Unit[])
    .filter(unit => isActive(unit, on) && unit.activeTo === '9999-12-31')
    .sort((a, b) => byCode(a, b))

async function stageOf(park: string, tenants: Tenant[], staff: Staff, seed: number): Promise<Stage> {
  const today = realToday()
  const random = randomOf(seed)
  const units = await unitsOf(park, today)
  for (let i = units.length - 1; i > 0; i--) {
    const j = random.whole(0, i)
    ;[units[i], units[j]] = [units[j]!, units[i]!]
  }
  // Units younger than the building can't carry the older leases: they come after those, before the ones that stay empty.
  const old = units.filter(unit => !unit.lineage)
  units.splice(0, units.length, ...old.slice(0, -7), ...units.filter(unit => unit.lineage), ...old.slice(-7))
  let turn = 0
  return { park, staff, random, today, units, tenants, next: () => tenants[turn++ % tenants.length]! }
}

/** Units that are no longer drawn from: the next `count`, or those of the codes named. */
const take = (stage: Stage, count: number): Unit[] => stage.units.splice(0, count)
const takeCode = (stage: Stage, code: string): Unit[] => {
  const found = stage.units.findIndex(unit => unit.code === code)
  return found < 0 ? [] : stage.units.splice(found, 1)
}

/** Units let by area: what a lease of several units, or an amendment, is made of. */
function takePlain(stage: Stage, count: number): Unit[] {
  const found = stage.units.filter(unit => unit.product !== 'workstation').slice(0, count)
  stage.units = stage.units.filter(unit => !found.includes(unit))
  return found
}

const one = (stage: Stage, units: Unit[], from: Day, months: number, rest: Partial<Parameters<typeof seedLease>[1]> = {}): Promise<Lease> =>
  seedLease(stage.park, { units, tenant: stage.next()._id, from, months, ...rest }, stage.staff)

async function ownUse(stage: Stage): Promise<void> {
  at('2019-01-02')
  const uses: [string, string][] = [
    ['101', '公共服务大厅'],
    ['102', '多功能会议室'],
    ['B101', '员工食堂'],
    ['B102', '健身活动中心'],
  ]
  for (const [code, label] of uses)
    for (const unit of takeCode(stage, code))
      await claimUnit(stage.park, unit._id, { kind: 'own', from: '2019-01-01', to: '9999-12-31', label, by: stage.staff.manager.name })
  setClock(null)
}

async function blocks(stage: Stage): Promise<void> {
  const { park, today, staff } = stage
  const [works, held, late, gone] = take(stage, 4)
  await claimUnit(park, works!._id, {
    kind: 'works',
    from: addDays(today, -12),
    to: addDays(today, 33),
    label: '空调改造',
    by: staff.manager.name,
  })
  const hold = (unit: Unit, label: string, days: number) =>
    claimUnit(park, unit._id, {
      kind: 'hold',
      from: addDays(today, 20),
      to: addMonths(today, 14),
      label,
      expiresAt: new Date(Date.now() + days * 86_400_000),
      by: staff.promotion.name,
      holder: staff.promotion.id,
      madeAt: now(),
    })
  const holdNow = {
    kind: 'hold' as const,
    from: addDays(today, -3),
    to: addMonths(today, 13),
    by: staff.promotion.name,
    holder: staff.promotion.id,
  }
  await claimUnit(park, held!._id, { ...holdNow, label: '意向客户：智能传感（示例）', expiresAt: new Date(Date.now() + 9 * 86_400_000) })
  await hold(late!, '意向客户：冷链电商（示例）', 4)
  await claimUnit(park, gone!._id, { ...holdNow, label: '已过期的保留（示例）', expiresAt: new Date(Date.now() - 86_400_000) })
}

/** Leases on their way: drafts and returned ones claim nothing, those in review and approved do. */
async function underWay(stage: Stage): Promise<void> {
  const soon = addDays(stage.today, 18)
  await one(stage, take(stage, 1), soon, 12, { until: 'draft' })
  await one(stage, take(stage, 1), addDays(soon, 9), 24, { until: 'returned' })
  for (let i = 0; i < 3; i++)
    await one(stage, takePlain(stage, i === 1 ? 2 : 1), addDays(soon, i * 5), [12, 24, 36][i]!, { until: 'review' })
  for (let i = 0; i < 2; i++) await one(stage, take(stage, 1), addDays(soon, 3 + i * 8), 24, { until: 'approved' })
  for (let i = 0; i < 2; i++) await one(stage, take(stage, 1), addDays(stage.today, 25 + i * 16), 24)
}

async function endings(stage: Stage): Promise<void> {
  const { today, park, staff } = stage
  const ending = (days: number, months: number) => addDays(addMonths(addDays(today, days + 1), -months), 0)
  for (const days of [12, 27, 48, 61, 79, 86]) await one(stage, take(stage, 1), ending(days, 24), 24)
  for (const days of [-9, -21, -47]) await one(stage, take(stage, 1), ending(days, 12), 12, { handedBack: false })
  for (const days of [-30, -75, -140, -210, -300]) await one(stage, take(stage, 1), ending(days, 24), 24)
  const [first, second] = [
    await one(stage, take(stage, 1), addMonths(today, -14), 36),
    await one(stage, take(stage, 1), addMonths(today, -9), 24),
  ]
  await seedTermination(park, first, addDays(today, -60), staff, true)
  await seedTermination(park, second, addDays(today, -6), staff, false)
}

async function chains(stage: Stage): Promise<void> {
  const { today, park, staff } = stage
  for (let i = 0; i < 7; i++) {
    const from = monthStart(addMonths(today, -32 + i))
    const old = await one(stage, take(stage, 1), from, 24, { handedBack: false })
    await seedRenewal(park, old, staff)
  }
  const soon = await one(stage, take(stage, 1), addMonths(addDays(today, 40), -12), 12)
  await seedRenewal(park, soon, staff, 'review')
  for (const [i, until] of (['signed', 'review'] as const).entries()) {
    const lease = await one(stage, takePlain(stage, 1), addMonths(today, -10 - i), 36)
    await seedAmendment(park, lease, takePlain(stage, 1)[0]!, monthStart(addMonths(today, i ? 2 : -2)), staff, until)
  }
}

/** Ordinary leases of all ages and kinds of terms, leaving a few units empty. */
async function ordinary(stage: Stage, empty: number): Promise<void> {
  const { random, today } = stage
  for (let i = 0; stage.units.length > empty; i++) {
    const pair = i % 9 === 4 && stage.units.length > empty + 2
    const units = pair ? takePlain(stage, 2) : take(stage, 1)
    const months = random.pick([12, 24, 24, 36, 36, 60])
    const wish =
      i % 2
        ? monthStart(addMonths(today, -random.whole(1, months - 6)))
        : addDays(addMonths(today, -random.whole(1, months - 6)), random.whole(0, 20))
    const from = units.reduce((day, unit) => later(day, unit.activeFrom), wish)
    const desks = units.every(unit => unit.product === 'workstation')
    const area = units.reduce((sum, unit) => sum + unit.chargeable, 0)
    const flat = { basis: 'month' as const, lines: units.map(unit => ({ unit: unit._id, rate: String(Math.round(area / 100) * 62) })) }
    const byMonth = { basis: 'sqm-month' as const, lines: units.map(unit => ({ unit: unit._id, rate: '58.50' })) }
    const more = {
      cycle: random.pick([1, 3, 3, 6, 12] as const),
      anchor: i % 2 ? ('calendar' as const) : ('start' as const),
      broken: random.pick(['actual', 'thirty', 'dayrate'] as const),
      ...(desks ? {} : i % 5 === 2 ? flat : i % 5 === 3 ? byMonth : {}),
      ...(i % 3 === 0 ? { rentFree: [{ from, to: addDays(addMonths(from, 1), -1) }] } : {}),
      ...(i % 6 === 1
        ? {
            reductions: [
              { name: '大学生创业房租补贴（示例）', kind: 'percent' as const, value: '30', from, to: addDays(addMonths(from, 12), -1) },
            ],
          }
        : {}),
    }
    await one(stage, units, from, months, { more })
  }
}

/** Dongxin: every state there is. */
export async function seedDongxin(tenants: Tenant[], staff: Staff): Promise<void> {
  const stage = await stageOf('dongxin', tenants, staff, 20_200_608)
  await ownUse(stage)
  await blocks(stage)
  await underWay(stage)
  await endings(stage)
  await chains(stage)
  await ordinary(stage, 7)
}

/** An enclave: a few companies moved in during the last months, the rest is free. */
export async function seedEnclave(park: string, tenants: Tenant[], staff: Staff): Promise<void> {
  const stage = await stageOf(park, tenants, staff, park.length)
  for (const [i] of tenants.entries())
    await one(stage, i % 3 === 2 ? takePlain(stage, 2) : take(stage, 1), monthStart(addMonths(stage.today, -1 - i)), 24)
  await one(stage, take(stage, 1), addDays(stage.today, 30), 12, { until: 'review' })
}
