import type { Application } from '../../src/applications/application.ts'
import type { Founder } from '../../src/applications/founders.ts'
import { signedInAs } from '../setup/app.ts'
import { idNumber, loadApplication, registrationService } from '../setup/applications.ts'
import { buildPark, buildUser } from '../setup/factories.ts'
import type { Visitor } from '../setup/visitor.ts'

/** A park whose service founds companies, and how its form is filled in over HTTP. */
export const PARK = 'forms'
export const root = `/parks/${PARK}/applications`
export const CODE = 'found-a-company'

export async function openForms(): Promise<void> {
  await buildPark(PARK)
  await buildUser('reception', { park: PARK })
  await registrationService(PARK, {}, CODE)
}

export const applicant = () => signedInAs('applicant')
export const path = (application: Pick<Application, '_id'>, rest = ''): string => `${root}/${application._id}${rest}`

export const versionOf = async ({ _id }: Pick<Application, '_id'>): Promise<number> => (await loadApplication(PARK, _id)).version
export const save = async (who: Visitor, application: Application, task: string, fields: Record<string, string>) =>
  who.post(path(application, `/tasks/${task}`), { version: await versionOf(application), ...fields })

export const founderFields = (i: number, more: Partial<Founder> & { share?: never; percent?: string } = {}) => {
  const { name = `Somebody ${i}`, percent = '100', idNumber: number = idNumber(i + 1), phone = '13812345678' } = more
  const at = (part: string) => `answers[founders][${i}][${part}]`
  return {
    [at('key')]: more.key ?? '',
    [at('name')]: name,
    [at('idNumber')]: String(number),
    [at('phone')]: String(phone),
    [at('share')]: percent,
  }
}
