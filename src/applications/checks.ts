import { standingCharges } from '../billing/charging.ts'
import { findLinked } from '../files/store.ts'
import { Lease } from '../leases/lease.ts'
import type { Check, Report, Subject } from '../lib/check.ts'
import { scopedOne } from '../lib/park-scope.ts'
import { eachRecord } from '../parks/each.ts'
import type { ServiceContent } from '../services/content.ts'
import { Service, ServiceVersion } from '../services/service.ts'
import { Tenant } from '../tenants/tenant.ts'
import { Application, PAPER_LINK, RESULT_LINK, sourceOf } from './application.ts'
import { foundersOf } from './founders.ts'
import { ableTo } from './owners.ts'
import { isPersonal } from './papers.ts'
import { isEnded, isOpen } from './progress.ts'

/** What must hold of applications, whatever wrote them. */
const subjectOf = ({ park, _id, number, name }: Application): Subject => ({ park, kind: 'application', id: _id, label: number ?? name })
type Tell = (message: string) => void
type Work = (application: Application, content: ServiceContent, tell: Tell) => unknown

async function contentFor({ park, service, no }: Application): Promise<ServiceContent | null> {
  return (await scopedOne<ServiceVersion>(ServiceVersion, { park, service, no }))?.content ?? null
}

async function checkVersion(application: Application, report: Report): Promise<void> {
  const { park, service, code, kind, no } = application
  const tell = (message: string) => report(message, subjectOf(application))
  if (!(await contentFor(application))) tell(`keeps version ${no} of its service, which isn’t there`)
  const found = await Service.findOne({ park, _id: service }, { code: 1, kind: 1 }).lean()
  if (!found) tell(`is of service ${service}, which isn’t there`)
  else if (found.code !== code || found.kind !== kind) tell(`calls its service ${code} (${kind}); it is ${found.code} (${found.kind})`)
}

/** Steps one after the other, none skipped; the last one anew after reopening. */
function checkSteps(application: Application, { steps }: ServiceContent, tell: Tell): void {
  const { state, step, legs, number, submittedOn, submittedAt } = application
  if ((state === 'draft') !== (number === null)) tell(`is ${state} with the number ${number}`)
  if ((state === 'draft') !== (submittedOn === null) || (submittedOn === null) !== (submittedAt === null))
    tell(`is ${state} and handed in on ${submittedOn}`)
  for (const [i, leg] of legs.entries()) {
    const before = legs[i - 1]
    const anew = before?.step === steps.length - 1 && leg.step === before.step
    if (leg.step !== (before ? before.step + 1 : 0) && !anew) tell(`went from step ${before?.step ?? -1} to ${leg.step}`)
    if (steps[leg.step]?.key !== leg.key) tell(`has a step ${leg.key} at ${leg.step}`)
    if (leg.due < leg.from || (leg.on !== null && leg.on < leg.from)) tell(`did step ${leg.key} from ${leg.from} to ${leg.on ?? leg.due}`)
    if ((leg.endedAt === null) !== (i === legs.length - 1 && isOpen(application)))
      tell(`is ${state} with step ${leg.key} ${leg.on ?? 'open'}`)
    if ((leg.endedAt === null) !== (leg.used === null)) tell(`says step ${leg.key} took ${leg.used} days`)
  }
  if (legs.length && legs.at(-1)!.step !== step) tell(`is at step ${step}; its last one is ${legs.at(-1)!.step}`)
  if (state !== 'draft' && !legs.length) tell(`is ${state} without a step`)
  if (state === 'done' && step !== steps.length - 1) tell(`is done at step ${step} of ${steps.length}`)
}

async function checkOwner(application: Application, { steps }: ServiceContent, tell: Tell): Promise<void> {
  const { park, owner, state, step, dueOn, legs } = application
  if (isOpen(application) !== (owner !== null)) return tell(`is ${state} with the owner ${owner}`)
  const due = state === 'running' ? (legs.at(-1)?.due ?? null) : null
  if (dueOn !== due) tell(`is due on ${dueOn}; its step says ${due}`)
  if (!owner) return
  const able = await ableTo(park, steps[step]!.role)
  if (!able.some(one => one._id.equals(owner))) tell(`is with ${application.ownerName}, who can’t do its step`)
}

function checkAsks({ asks, state }: Application, _content: ServiceContent, tell: Tell): void {
  const open = asks.filter(ask => ask.answeredAt === null)
  if (state === 'asked' && (open.length !== 1 || open[0] !== asks.at(-1))) tell(`waits for ${open.length} answers`)
  if ((state === 'running' || state === 'done') && open.length) tell(`is ${state} with something asked`)
}

function checkEnd(application: Application, _content: ServiceContent, tell: Tell): void {
  const { state, endedAt, endedOn, rating, submittedOn } = application
  if (isEnded(application) !== (endedAt !== null) || (endedAt === null) !== (endedOn === null)) tell(`is ${state} and ended on ${endedOn}`)
  if (endedOn && submittedOn && endedOn < submittedOn) tell(`ended on ${endedOn}, before it began`)
  if (rating && !(rating.stars >= 1 && rating.stars <= 5)) tell(`is rated ${rating.stars}`)
}

async function checkFiles({ park, _id, papers, legs, state }: Application, content: ServiceContent, tell: Tell): Promise<void> {
  const files = [
    ...papers.flatMap(({ file }) => (file ? [{ file, kind: PAPER_LINK }] : [])),
    ...legs.flatMap(leg => leg.files.map(({ file }) => ({ file, kind: RESULT_LINK }))),
  ]
  for (const { file, kind } of files) if (!(await findLinked(park, file, kind, _id))) tell(`shows file ${file}, which isn’t its own`)
  for (const leg of state === 'done' ? legs : legs.slice(0, -1))
    if (content.steps[leg.step]?.result === 'required' && !leg.files.length) tell(`ended step ${leg.key} without its file`)
}

async function checkFee(
  { park, _id, charged, chargedOn, fee, fullFee, class: klass, state }: Application,
  _content: ServiceContent,
  tell: Tell,
) {
  const standing = await standingCharges(park, sourceOf(_id))
  const sum = standing.reduce((total, one) => total + one.fen, 0)
  const gross = standing.filter(one => one.kind === 'fee').reduce((total, one) => total + one.fen, 0)
  const expected = charged ? { sum: fee, gross: fullFee } : { sum: 0, gross: 0 }
  if (sum !== expected.sum || gross !== expected.gross)
    tell(`is charged ${gross} and ${sum} fen; it should be ${expected.gross} and ${expected.sum}`)
  if (charged !== (chargedOn !== null)) tell(`is ${charged ? '' : 'not '}charged, on ${chargedOn}`)
  if (fee > fullFee) tell(`costs ${fee} of ${fullFee} fen`)
  if (state !== 'draft' && klass === null) tell('was handed in by nobody knows whom')
}

/** Whoever was taken in is a tenant; whoever was founded has what its licence says. Never by half. */
async function checkEffects(
  { park, tenant, name, step, state, legs, lease, foundedOn }: Application,
  { steps }: ServiceContent,
  tell: Tell,
) {
  const past = (effect: string) => {
    const at = steps.findIndex(one => one.effect === effect)
    const again = legs.filter(leg => leg.step === at).length > 1
    return at >= 0 && (step > at || state === 'done' || again)
  }
  const company = tenant && ((await Tenant.findOne({ park, _id: tenant }).lean()) as Tenant | null)
  if (tenant && (!company || company.mergedInto)) return tell(`is of tenant ${tenant}, who isn’t there`)
  if (company && company.name !== name) tell(`calls its company “${name}”`)
  if (past('prepare') && !company) tell('took nobody in')
  if (past('found') !== (foundedOn !== null)) tell(`is at step ${step} and founded its company on ${foundedOn}`)
  if (past('found') && (!company?.creditCode || !company.incubation || company.foundedOn === null)) tell('founded its company by half')
  if (lease && !(await Lease.exists({ park, _id: lease }))) tell(`prepared lease ${lease}, which isn’t there`)
}

function checkErased(application: Application, content: ServiceContent, tell: Tell): void {
  const { papers, answers, eraseOn, erasedAt, state } = application
  const left = papers.some(paper => paper.file && isPersonal(content, paper)) || foundersOf(answers, content).some(one => one.idNumber)
  if (erasedAt && left && isEnded(application)) tell('was erased and keeps identity papers')
  if ((isEnded(application) && !erasedAt) !== (eraseOn !== null) && state !== 'draft') tell(`is ${state} and erased on ${eraseOn}`)
  if (state === 'draft' && !eraseOn) tell('is a draft that never goes')
}

const ofApplications = (name: string, work: Work): Check => ({
  name,
  run: report =>
    eachRecord<Application>(Application, async application => {
      const content = await contentFor(application)
      if (content) await work(application, content, message => report(message, subjectOf(application)))
    }),
})

export const checks: Check[] = [
  {
    name: 'Applications keep a version of their service',
    run: report => eachRecord<Application>(Application, one => checkVersion(one, report)),
  },
  ofApplications('Applications go step by step', checkSteps),
  ofApplications('Open applications have an owner who can do their step, and are due when it is', checkOwner),
  ofApplications('Applications wait for one answer at a time', checkAsks),
  ofApplications('Applications end once', checkEnd),
  ofApplications('Papers and results of applications are their own', checkFiles),
  ofApplications('Applications are charged their fee with its reduction, or nothing', checkFee),
  ofApplications('Companies are taken in and founded whole', checkEffects),
  ofApplications('Identity papers go when they should', checkErased),
]
