import { Types } from 'mongoose'
import type { Actor } from '../../accounts/identity.ts'
import { Membership, User } from '../../accounts/user.ts'
import { saveBuffer, type Upload } from '../../files/store.ts'
import { setClock } from '../../lib/clock.ts'
import { type Day, dayBefore, startOfDay, today } from '../../lib/days.ts'
import { addToMonth, firstDay, lastDay, type Month, monthOf, monthsFrom } from '../../lib/months.ts'
import { addWorkdays, dayKind } from '../../parks/calendar.ts'
import { Park } from '../../parks/park.ts'
import { Tenant } from '../../tenants/tenant.ts'
import { attachAgreement, makeAgreement } from '../../trusteeship/agree.ts'
import type { Agreement, Terms } from '../../trusteeship/agreement.ts'
import { statutoryDay } from '../../trusteeship/due.ts'
import { addPapers, addReports, refusePaper, sayNone } from '../../trusteeship/papers.ts'
import { type ReportSlot, Round } from '../../trusteeship/round.ts'
import { editRules, rulesOf } from '../../trusteeship/rules.ts'
import { rank, type State } from '../../trusteeship/state.ts'
import { takeStep } from '../../trusteeship/steps.ts'
import { demoPage } from './page.ts'

/** Three companies whose books Dongxin keeps. That the park does so was published (FACTS); terms, papers and reports are made up. */
const MONTHS = 6
const TERMS: Omit<Terms, 'from'>[] = [
  {
    taxpayer: 'small',
    fee: 20_000,
    papers: [
      { key: 'bank', kind: 'bank', name: null, required: true },
      { key: 'sales', kind: 'sales', name: null, required: true },
      { key: 'purchase', kind: 'purchase', name: null, required: true },
      { key: 'payroll', kind: 'payroll', name: null, required: false },
    ],
  },
  {
    taxpayer: 'general',
    fee: 60_000,
    papers: [
      { key: 'bank', kind: 'bank', name: null, required: true },
      { key: 'sales', kind: 'sales', name: null, required: true },
      { key: 'purchase', kind: 'purchase', name: null, required: true },
      { key: 'payroll', kind: 'payroll', name: null, required: true },
      { key: 'other-1', kind: 'other', name: { zh: '研发费用明细', en: 'R&D expenses' }, required: false },
    ],
  },
  {
    taxpayer: 'small',
    fee: 0,
    papers: [
      { key: 'bank', kind: 'bank', name: null, required: true },
      { key: 'sales', kind: 'sales', name: null, required: true },
    ],
  },
]
const NAMES: Record<string, string> = { bank: '银行对账单', sales: '销项发票', purchase: '进项发票', payroll: '工资表' }
const REPORTS: [ReportSlot, string][] = [
  ['return', '增值税申报表'],
  ['balance', '资产负债表'],
  ['profit', '利润表'],
]

const stored = (park: string, name: string, words: string, by: Actor): Promise<Upload> =>
  saveBuffer(demoPage(`Demo: ${words}`), { park, name: `${name}.pdf`, type: 'application/pdf', by: by.id })

async function actorOf(email: string): Promise<Actor> {
  const user = await User.findOne({ email }).lean().orFail()
  return { id: String(user._id), name: user.name }
}

const atTen = (day: Day): void => setClock(new Date(startOfDay(day, 'Asia/Shanghai').getTime() + 10 * 3_600_000))

interface Scene {
  park: Park
  agreement: Agreement
  /** Who hands papers in, and who keeps the books. */
  tenant: Actor
  staff: Actor
  onBehalf: boolean
  real: Day
}

async function giveAll({ park, agreement, tenant, onBehalf }: Scene, month: Month): Promise<void> {
  const ref = { agreement: agreement._id, month }
  for (const { key, kind, name, required } of agreement.terms[0]!.papers) {
    const file = () => stored(park._id, `${month} ${name?.zh ?? NAMES[key] ?? key}`, `${kind} ${month}`, tenant)
    if (!required && month.endsWith('1')) await sayNone(park, ref, key, tenant, onBehalf)
    else await addPapers(park, ref, key, [await file()], tenant, onBehalf)
  }
}

/** Walks a month as far as `to`, each step in time; what would be still to come is left. */
async function walk(scene: Scene, month: Month, to: State): Promise<void> {
  const { park, agreement, tenant, staff, real } = scene
  const ref = { agreement: agreement._id, month }
  const filed = addWorkdays(addWorkdays(lastDay(month), 7), 2)
  const days = { received: addWorkdays(lastDay(month), 3), booked: addWorkdays(lastDay(month), 7), filed, reported: addWorkdays(filed, 2) }
  if (rank(to) < rank('received') || days.received > real) return
  atTen(days.received)
  await giveAll(scene, month)
  await takeStep(park, ref, 'received', tenant)
  for (const step of ['booked', 'filed', 'reported'] as const) {
    if (rank(step) > rank(to) || days[step] > real) return
    atTen(days[step])
    if (step === 'reported')
      for (const [slot, name] of REPORTS)
        await addReports(park, ref, slot, [await stored(park._id, `${month} ${name}（示例）`, `${slot} ${month}`, staff)], staff)
    await takeStep(park, ref, step, staff)
  }
}

/** This month has only begun: some papers came early, and one of them was refused. */
async function beginMonth({ park, agreement, tenant, staff, onBehalf, real }: Scene): Promise<void> {
  atTen(real)
  const ref = { agreement: agreement._id, month: monthOf(real) }
  await addPapers(park, ref, 'bank', [await stored(park._id, '银行对账单（模糊）', 'bank, blurred', tenant)], tenant, onBehalf)
  const [item] = (
    await Round.findOne({ park: park._id, ...ref })
      .lean()
      .orFail()
  ).papers
  await refusePaper(park, ref, item!._id, '扫描件看不清，请重新上传原件。', staff)
}

/** The tax bureau extended last month's return: to the last working day of this one. */
async function extend(park: Park, month: Month, by: Actor): Promise<void> {
  let day = lastDay(addToMonth(month, 1))
  while (dayKind(day) !== 'workday') day = dayBefore(day)
  const { version, ...rules } = await rulesOf(park._id)
  if (day > statutoryDay(month)) await editRules(park._id, version, { ...rules, filing: [{ month, day }] }, by)
}

/** The first company is the one the demo's owner belongs to: its last month waits for papers, and is late once they are due. */
export async function seedTrusteeships(slug: string): Promise<void> {
  setClock(null)
  const park = (await Park.findById(slug).lean().orFail()) as Park
  const real = today(park.zone)
  const current = monthOf(real)
  const [owner, finance, manager] = [
    await actorOf(`owner.${slug}@example.com`),
    await actorOf(`finance.${slug}@example.com`),
    await actorOf(`manager2.${slug}@example.com`),
  ]
  const own = await Membership.findOne({ user: owner.id, park: slug, role: 'owner' }).lean()
  const others = await Tenant.find({ park: slug, _id: { $ne: own?.tenant }, creditCode: { $ne: null }, mergedInto: null })
    .sort({ name: 1 })
    .limit(2)
    .lean()
  const tenants = [...(own?.tenant ? [own.tenant] : []), ...others.map(one => one._id)]
  const from = addToMonth(current, -MONTHS)
  const last = addToMonth(current, -1)
  await extend(park, last, finance)
  for (const [i, tenant] of tenants.entries()) {
    const [staff, ours] = [i === 2 ? manager : finance, i === 0]
    atTen(firstDay(from))
    const wish = { tenant, from, end: null, staff: new Types.ObjectId(staff.id), ...TERMS[i]! }
    const agreement = await makeAgreement(slug, wish, staff)
    await attachAgreement(slug, agreement._id, [await stored(slug, '财务委托协议（示例）', agreement.number, staff)], staff)
    const scene: Scene = { park, agreement, tenant: ours ? owner : staff, staff, onBehalf: !ours, real }
    const reached = (month: Month): State => (month < last ? 'reported' : ours ? 'collecting' : i === 1 ? 'booked' : 'filed')
    for (const month of monthsFrom(from, last)) await walk(scene, month, reached(month))
    if (i === 1) await beginMonth(scene)
  }
  setClock(null)
}
