import type { Actor } from '../../accounts/identity.ts'
import { Membership, User } from '../../accounts/user.ts'
import { type Application, Application as Applications } from '../../applications/application.ts'
import { beginApplication, saveAnswers, saveStudies, submit } from '../../applications/apply.ts'
import { contentOf } from '../../applications/change.ts'
import { type Answers, checkSign, type Founder, shareText, WHOLE } from '../../applications/founders.ts'
import { addPapers, judgePaper } from '../../applications/paper-change.ts'
import { slotsOf } from '../../applications/papers.ts'
import { rate } from '../../applications/reply.ts'
import { addressChoices } from '../../applications/units.ts'
import { askForMore, finishStep } from '../../applications/work.ts'
import { saveBuffer, type Upload } from '../../files/store.ts'
import { setClock } from '../../lib/clock.ts'
import { type Day, dayBefore } from '../../lib/days.ts'
import { dayKind } from '../../parks/calendar.ts'
import { Park } from '../../parks/park.ts'
import type { ServiceContent } from '../../services/content.ts'
import { checkCharacter } from '../../tenants/credit-code.ts'
import { APPLICATIONS, type ApplicationPlan, type CompanyPlan } from './application-data.ts'
import { at, realToday } from './leases.ts'
import { demoPage } from './page.ts'

/** Applications of the demo, by the product's own functions on the working days they would have taken. */
/** A number of the right shape that belongs to nobody: district 000000 doesn't exist. */
function idNumber(born: string, serial: number): string {
  const plain = `000000${born}${String(serial).padStart(3, '0')}`
  return plain + checkSign(plain)
}

/** The working day `count` working days before a day. */
function workdaysAgo(today: Day, count: number): Day {
  let day = dayKind(today) === 'workday' ? today : workdaysAgo(dayBefore(today), 0)
  for (let left = count; left > 0; ) {
    day = dayBefore(day)
    if (dayKind(day) === 'workday') left -= 1
  }
  return day
}

const actorOf = async (email: string): Promise<Actor> => {
  const user = await User.findOne({ email: `${email}@example.com` })
    .lean()
    .orFail()
  return { id: String(user._id), name: user.name }
}

const ownerOf = async ({ owner }: Application): Promise<Actor> => {
  const user = await User.findById(owner).lean().orFail()
  return { id: String(user._id), name: user.name }
}

const reload = async ({ park, _id }: Application): Promise<Application> =>
  (await Applications.findOne({ park, _id }).lean().orFail()) as Application

const page = (park: string, words: string, name: string, by: Actor): Promise<Upload> =>
  saveBuffer(demoPage(`Demo: ${words}`), { park, name: `${name}.pdf`, type: 'application/pdf', by: by.id })

function foundersFor({ founders }: CompanyPlan, n: number): Founder[] {
  return founders.map(({ name, share, born }, i) => ({
    ...{
      key: `founder-${i + 1}`,
      name,
      idNumber: idNumber(born, n * 20 + i * 2 + 1),
      phone: `1390000${String(n * 10 + i).padStart(4, '0')}`,
    },
    ...{ email: null, share: (share * WHOLE) / 100 },
  }))
}

async function answersFor(park: Park, content: ServiceContent, plan: ApplicationPlan, n: number): Promise<Answers> {
  const { company } = plan
  const [unit] = company ? (await addressChoices(park)).filter(one => one.product !== 'retail').slice(n * 3) : []
  const answers: Answers = {}
  for (const { key, kind } of content.fields) {
    if (kind === 'phone') answers[key] = `1380000${String(n).padStart(4, '0')}`
    if (kind === 'long' && plan.what) answers[key] = plan.what
    if (!company) continue
    if (kind === 'founders') answers[key] = foundersFor(company, n)
    if (kind === 'names') answers[key] = { first: company.names[0], second: company.names[1], third: company.names[2] }
    if (kind === 'choice') answers[key] = 'limited'
    if (kind === 'capital') answers[key] = company.capital * 100
    if (kind === 'scope') answers[key] = company.scope
    if (kind === 'legalRep') answers[key] = 'founder-1'
    if (kind === 'address' && unit) answers[key] = { unit: unit.id as never, code: unit.code }
  }
  return answers
}

async function handIn(park: Park, application: Application, content: ServiceContent, by: Actor): Promise<void> {
  for (const { document, founder } of slotsOf(application, content)) {
    if (!document.required) continue
    const name = founder ? `${document.name.zh} ${founder.name}` : document.name.zh
    const file = await page(park._id, `${document.key} ${founder ? shareText(founder.share) : ''}`, name, by)
    await addPapers(park, application._id, { document: document.key, founder: founder?.key ?? null }, [file], by)
  }
}

interface Play {
  park: Park
  plan: ApplicationPlan
  n: number
  today: Day
}

async function begin({ park, plan, n, today }: Play, by: Actor): Promise<{ application: Application; content: ServiceContent }> {
  const membership = await Membership.findOne({ user: by.id, park: park._id, tenant: { $ne: null } }).lean()
  const who = { user: (await User.findById(by.id).lean().orFail())._id, name: by.name, tenant: membership?.tenant ?? null }
  let application = await beginApplication(park, plan.service, who, by)
  const content = await contentOf(application)
  const { _id } = application
  if (plan.studies) application = await saveStudies(park, _id, application.version, plan.studies(today), by)
  const answers = await answersFor(park, content, plan, n)
  // Half-way: who they are and who founds it.
  const given = plan.ends === 'draft' ? Object.fromEntries(Object.entries(answers).slice(0, 2)) : answers
  application = await saveAnswers(park, _id, application.version, given, by)
  if (plan.ends !== 'draft') await handIn(park, application, content, by)
  return { application, content }
}

/** Eighteen characters with a right check, of a made-up registration office. */
const codeOf = (n: number): string => {
  const plain = `91330199MADEM${String(n).padStart(4, '0')}`
  return plain + checkCharacter(plain)
}

async function finish({ park, plan, n }: Play, application: Application, content: ServiceContent, on: Day): Promise<Application> {
  const by = await ownerOf(application)
  const step = content.steps[application.step]!
  if (step.outcome === 'decision')
    for (const { _id, file } of application.papers)
      if (file) await judgePaper(park._id, application._id, _id, { accepted: true, reason: null }, by)
  const now = await reload(application)
  const founds = step.effect === 'found'
  const licence = founds ? { name: plan.company!.names[0], creditCode: codeOf(n), foundedOn: on } : null
  const files = step.result === 'required' ? [await page(park._id, step.key, founds ? '营业执照（示例）' : step.name.zh, by)] : []
  return finishStep(park, now._id, now.version, { note: null, files, licence }, by)
}

async function play(scene: Play): Promise<void> {
  const { park, plan, today } = scene
  const by = await actorOf(plan.who)
  at(workdaysAgo(today, plan.ago))
  const { application: draft, content } = await begin(scene, by)
  if (plan.ends === 'draft') return
  const fresh = await reload(draft)
  let application = await submit(park, fresh._id, fresh.version, by)
  let ago = plan.ago
  for (let step = 0; step < plan.steps; step++) {
    // Every third step takes a day longer than it may.
    ago = Math.max(plan.ends === 'done' ? 1 : 0, ago - content.steps[step]!.days - (step % 3 === 2 ? 1 : 0))
    const on = workdaysAgo(today, ago)
    at(on, 3 + step)
    application = await finish(scene, application, content, on)
  }
  if (plan.ends === 'asked') {
    const staff = await ownerOf(application)
    await judgePaper(park._id, application._id, application.papers[0]!._id, { accepted: false, reason: plan.words! }, staff)
    application = await reload(application)
    await askForMore(park, application._id, application.version, plan.words!, staff)
  }
  if (plan.stars) await rate(park, application._id, { stars: plan.stars, words: plan.words ?? null }, by)
}

export async function seedApplications(slug: string): Promise<void> {
  const park = (await Park.findById(slug).orFail().lean()) as Park
  const today = realToday()
  for (const [n, plan] of APPLICATIONS.entries()) await play({ park, plan, n, today })
  setClock(null)
}
