import { expect } from 'chai'
import type { Types } from 'mongoose'
import type { Actor } from '../../src/accounts/identity.ts'
import type { Role } from '../../src/accounts/roles.ts'
import type { User } from '../../src/accounts/user.ts'
import type { Application } from '../../src/applications/application.ts'
import { checks } from '../../src/applications/checks.ts'
import { answer, withdraw } from '../../src/applications/reply.ts'
import { askForMore, type Finish, finishStep, refuse, resume } from '../../src/applications/work.ts'
import type { Upload } from '../../src/files/store.ts'
import { setClock } from '../../src/lib/clock.ts'
import { type Day, today } from '../../src/lib/days.ts'
import { Park, type WholePark } from '../../src/parks/park.ts'
import type { ServiceContent } from '../../src/services/content.ts'
import type { Service } from '../../src/services/service.ts'
import { checkCharacter } from '../../src/tenants/credit-code.ts'
import { actorOf, type Drafted, loadApplication, picture, registrationService, serviceStep } from '../setup/applications.ts'
import { BY, buildPark, buildUser } from '../setup/factories.ts'

/** A park with its people and its service, and what they do with one application, each from the version it has. */
export interface Scene {
  park: WholePark
  service: Service
  code: string
  people: Record<'reception' | 'manager', User>
}

/** Founding a company: checked, named, licensed, sealed. */
export const STEPS: ServiceContent['steps'] = [
  serviceStep('check', { outcome: 'decision', effect: 'prepare', told: ['applicant', 'next'] }),
  serviceStep('name', { days: 1, result: 'optional', told: ['next'] }),
  serviceStep('licence', { days: 5, effect: 'found', result: 'required' }),
  serviceStep('seals', { days: 2, told: [] }),
]

export async function buildScene(more: Partial<ServiceContent> = {}, slug?: string): Promise<Scene> {
  const park = slug ? ((await Park.findById(slug).orFail().lean()) as WholePark) : await buildPark()
  const reception = await buildUser('reception', { park: park._id })
  const manager = await buildUser('manager', { park: park._id })
  const service = await registrationService(park._id, { steps: STEPS, ...more })
  return { park, service, code: service.code, people: { reception, manager } }
}

export const person = (park: string, role: Role = 'reception'): Promise<User> => buildUser(role, { park })

let serial = 0
/** A credit code nobody has. */
export function creditCode(): string {
  const body = `91330782MA${String(++serial).padStart(7, '0')}`
  return body + checkCharacter(body)
}

type Of = Pick<Drafted, 'park' | 'application'>
const now = ({ park, application }: Of): Promise<Application> => loadApplication(park._id, application._id)
export const reload = now

/** Finishes the present step with what it needs, unless something else is given. */
export async function finish(of: Of, more: Partial<Finish> = {}, by: Actor = BY): Promise<Application> {
  const { park, application } = of
  const { version } = await now(of)
  return finishStep(park, application._id, version, { note: null, files: [], licence: null, ...more }, by)
}

export const licenceOf = async (park: string, name = `Company ${serial + 1}`): Promise<Partial<Finish>> => ({
  licence: { name, creditCode: creditCode(), foundedOn: today() },
  files: [await picture(park, 'licence.png')],
})

/** Goes on to a step of STEPS, or to the end. */
export async function walkTo(of: Of, step: number, name?: string): Promise<Application> {
  let application = await now(of)
  while (application.state === 'running' && application.step < step)
    application = await finish(of, application.step === 2 ? await licenceOf(of.park._id, name) : {})
  return application
}

export const ask = async (of: Of, text = 'Please add', by: Actor = BY): Promise<Application> =>
  askForMore(of.park, of.application._id, (await now(of)).version, text, by)
export const reply = async (of: Drafted, text: string | null = 'Here'): Promise<Application> =>
  answer(of.park, of.application._id, (await now(of)).version, text, actorOf(of.user))
export const goOnAnyway = async (of: Of, by: Actor = BY): Promise<Application> =>
  resume(of.park, of.application._id, (await reload(of)).version, by)
export const refuseIt = async (of: Of, reason = 'Not complete', by: Actor = BY): Promise<Application> =>
  refuse(of.park, of.application._id, (await now(of)).version, reason, by)
export const takeBack = async (of: Drafted, reason = 'Changed my mind'): Promise<Application> =>
  withdraw(of.park, of.application._id, (await now(of)).version, reason, actorOf(of.user))

/** Noon in Shanghai. */
export const setDay = (day: Day): void => setClock(new Date(`${day}T12:00:00+08:00`))

/** What the doctor finds in a park's applications, by all its checks or one. */
export async function findings(park: string, name?: string): Promise<string[]> {
  const found: string[] = []
  for (const check of checks.filter(one => !name || one.name === name))
    await check.run((message, subject) => {
      if (subject?.park === park) found.push(`${check.name}: ${subject.label} ${message}`)
    })
  return found
}

export async function expectSound(park: string, told = ''): Promise<void> {
  expect(await findings(park), told).to.deep.equal([])
}

export const idsOf = (files: Upload[]): Types.ObjectId[] => files.map(file => file.id)
