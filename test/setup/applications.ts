import { Types } from 'mongoose'
import { type Application, Application as Applications } from '../../src/applications/application.ts'
import { beginApplication, saveAnswers, saveStudies, submit } from '../../src/applications/apply.ts'
import { contentOf } from '../../src/applications/change.ts'
import type { Studies } from '../../src/applications/eligibility.ts'
import type { Answers, Founder } from '../../src/applications/founders.ts'
import { WHOLE } from '../../src/applications/founders.ts'
import { addPapers } from '../../src/applications/paper-change.ts'
import { slotsOf } from '../../src/applications/papers.ts'
import { askForMore } from '../../src/applications/work.ts'
import { transact } from '../../src/db/transact.ts'
import { saveBuffer, type Upload } from '../../src/files/store.ts'
import { Park, type WholePark } from '../../src/parks/park.ts'
import { publishService } from '../../src/services/catalogue.ts'
import {
  type FieldKind,
  plainContent,
  type ServiceContent,
  type ServiceDocument,
  type ServiceField,
  type ServiceStep,
} from '../../src/services/content.ts'
import { addExample } from '../../src/services/examples.ts'
import type { Service } from '../../src/services/service.ts'
import { BY, buildUser } from './factories.ts'
import { PNG } from './pictures.ts'
import { buildService, publishedService } from './services.ts'

/** Applications for tests: a service that founds companies with all it asks, and drafts of it as far as a test needs them. */
const text = (zh: string) => ({ zh, en: null })

export const serviceField = (kind: FieldKind, more: Partial<ServiceField> = {}): ServiceField => ({
  ...{ key: kind.toLowerCase(), kind, label: text(kind), help: null, required: true, options: [] },
  ...more,
})

export const serviceDocument = (key: string, more: Partial<ServiceDocument> = {}): ServiceDocument => ({
  ...{ key, name: text(key), help: null, required: true, per: 'application', most: 2, personal: false, classes: [], example: null },
  ...more,
})

export const serviceStep = (key: string, more: Partial<ServiceStep> = {}): ServiceStep => ({
  ...{ key, name: text(key), help: null, role: 'reception', days: 3, outcome: 'done', result: 'none', effect: 'none', told: ['applicant'] },
  ...more,
})

/** Founding a company: all it says of itself, papers of each founder, the proof of students, steps up to the seals. */
export const registrationContent = (more: Partial<ServiceContent> = {}): Partial<ServiceContent> => ({
  fees: [
    { class: 'student', fen: 0 },
    { class: 'founder', fen: 80_000 },
  ],
  years: 5,
  keep: 6,
  fields: [
    serviceField('founders'),
    serviceField('names'),
    serviceField('capital'),
    serviceField('scope'),
    serviceField('legalRep', { key: 'legal-rep' }),
    serviceField('address', { required: false }),
    serviceField('text', { key: 'website', required: false }),
  ],
  documents: [
    serviceDocument('identity', { per: 'founder', personal: true }),
    serviceDocument('student-proof', { classes: ['student'], personal: true }),
    serviceDocument('plan', { required: false }),
  ],
  steps: [
    serviceStep('check', { outcome: 'decision', effect: 'prepare' }),
    serviceStep('licence', { days: 5, effect: 'found', result: 'required' }),
    serviceStep('seals', { days: 2, told: [] }),
  ],
  ...more,
})

/** The same as a service keeps it. */
export const wholeContent = (more: Partial<ServiceContent> = {}): ServiceContent => {
  const named = { name: text('Service'), summary: null, text: null, promise: null }
  return plainContent({ ...named, ...registrationContent(more) } as ServiceContent)
}

export const registrationService = (park: string, more: Partial<ServiceContent> = {}, code?: string): Promise<Service> =>
  publishedService(park, registrationContent(more), { code, kind: 'registration' })

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** A resident's number (GB 11643) of a made-up district and day, with its check digit. */
export function idNumber(serial = 1, born = '20030405'): string {
  const plain = `330782${born}${String(serial).padStart(3, '0')}`
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(plain[i]), 0)
  return plain + '10X98765432'[sum % 11]
}

export const founder = (key = 'founder-1', more: Partial<Founder> = {}): Founder => ({
  ...{ key, name: `Founder ${key}`, idNumber: idNumber(Number(/\d+$/.exec(key)?.[0] ?? 1)), phone: '13800001234', email: null },
  share: WHOLE,
  ...more,
})

export const registrationAnswers = (more: Answers = {}): Answers => {
  const founders = [founder('founder-1', { share: 600_000 }), founder('founder-2', { share: 400_000 })]
  return {
    founders,
    names: { first: '义乌星火科技有限公司', second: '义乌星芒科技有限公司', third: '义乌星野科技有限公司' },
    capital: 10_000_000,
    scope: '软件开发',
    'legal-rep': 'founder-1',
    ...more,
  }
}

export const STUDYING: Studies = { status: 'studying', school: '义乌工商职业技术学院', graduatedOn: null }
export const NO_STUDENT: Studies = { status: 'no', school: null, graduatedOn: null }

type Who = Awaited<ReturnType<typeof buildUser>>
export const actorOf = ({ _id, name, email, lang }: Who) => ({ id: String(_id), name, mail: { email, lang } })

interface Options {
  user?: Who
  tenant?: Types.ObjectId | null
  studies?: Studies
  answers?: Answers
  /** Hand in a picture for each document that must have one. */
  papers?: boolean
}

export interface Drafted {
  park: WholePark
  user: Who
  application: Application
}

const parkOf = async (slug: string): Promise<WholePark> => (await Park.findById(slug).orFail().lean()) as WholePark

/** An empty draft of a published service, of somebody without a park unless `user` is given. */
export async function draftOf(slug: string, code: string, { user, tenant = null }: Options = {}): Promise<Drafted> {
  const who = user ?? (await buildUser('applicant'))
  const park = await parkOf(slug)
  const application = await beginApplication(park, code, { user: who._id, name: who.name, tenant }, actorOf(who))
  return { park, user: who, application }
}

export const picture = (park: string, name = '证件.png'): Promise<Upload> =>
  saveBuffer(PNG, { park, name, type: 'image/png', by: 'tester' })

export const loadApplication = async (park: string, _id: Types.ObjectId): Promise<Application> =>
  (await Applications.findOne({ park, _id }).orFail().lean()) as Application

/** Hands in a picture for each document asked for; `all`: for those that needn't be, too. */
export async function handInPapers({ park, user, application }: Drafted, all = false): Promise<Application> {
  const known = await loadApplication(park._id, application._id)
  for (const { document, founder: of } of slotsOf(known, await contentOf(known)))
    if (all || document.required)
      await addPapers(park, application._id, { document: document.key, founder: of?.key ?? null }, [await picture(park._id)], actorOf(user))
  return loadApplication(park._id, application._id)
}

/** A draft with all that is needed to hand it in. */
export async function filledDraft(slug: string, code: string, options: Options = {}): Promise<Drafted> {
  const drafted = await draftOf(slug, code, options)
  const { park, user } = drafted
  const { _id } = drafted.application
  let { application } = drafted
  if (application.class !== 'tenant')
    application = await saveStudies(park, _id, application.version, options.studies ?? STUDYING, actorOf(user))
  application = await saveAnswers(park, _id, application.version, options.answers ?? registrationAnswers(), actorOf(user))
  if (options.papers !== false) application = await handInPapers({ park, user, application })
  return { park, user, application }
}

/** Handed in. The park needs somebody who does its first step. */
export async function submitted(slug: string, code: string, options: Options = {}): Promise<Drafted> {
  const { park, user, application } = await filledDraft(slug, code, options)
  return { park, user, application: await submit(park, application._id, application.version, actorOf(user)) }
}

/** Drafts of a service for companies, each with a paper: `copies` of two tenants. Answers what the matrix fills into an address. */
/** Pages of a draft; all others are of what was handed in. */
const FORM = /\/(tasks|papers|papers\/:paper\/(removal|file)|examples\/:document|check|submission|answer|discard)$|\/tasks\/:task$/

export async function applicationWorld(park: string, tenants: Record<'own' | 'neighbour', Types.ObjectId>, copies: number) {
  const documents = [serviceDocument('document-1', { most: 8 })]
  const service = await buildService(park, { fees: [{ class: 'tenant', fen: 0 }], documents })
  const file = await saveBuffer(PNG, { park, name: 'example.png', type: 'image/png', by: BY.id })
  await transact(() => addExample(service, service.version, 'document-1', file, BY))
  await publishService(park, service.code, service.version + 1, BY)
  const handedIn = async (tenant: Types.ObjectId) => {
    const { application } = await filledDraft(park, service.code, { tenant, answers: { 'field-1': 'An answer' } })
    const { _id, papers } = await submit(await parkOf(park), application._id, application.version, BY)
    return { application: String(_id), paper: String(papers[0]!._id) }
  }
  /** What more is asked for is filled in by any of the company's people; a draft is its writer's alone. */
  const askedFor = async (tenant: Types.ObjectId) => {
    const made: { application: string; paper: string }[] = []
    for (let i = 0; i < copies; i++) {
      const one = await handedIn(tenant)
      const { version, _id } = await loadApplication(park, new Types.ObjectId(one.application))
      await askForMore(await parkOf(park), _id, version, 'More', BY)
      made.push(one)
    }
    return made
  }
  const asked = { own: await askedFor(tenants.own), neighbour: await askedFor(tenants.neighbour) }
  const running = { own: await handedIn(tenants.own), neighbour: await handedIn(tenants.neighbour) }
  return (path: string, i: number, who: 'own' | 'neighbour') => ({
    ...(FORM.test(path) ? asked[who][i]! : running[who]),
    page: '1',
    task: 'form',
    document: 'document-1',
  })
}
