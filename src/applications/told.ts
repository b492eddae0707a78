import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { TENANT_ROLES } from '../accounts/roles.ts'
import { Membership, peopleOf, User } from '../accounts/user.ts'
import { textIn } from '../lib/text.ts'
import type { Params } from '../locales/index.ts'
import { notify, tellContact } from '../notifications/notification.ts'
import type { ServiceContent } from '../services/content.ts'
import { type Application, applicationPath } from './application.ts'
import type { Person } from './owners.ts'

/** Who is told of what, in the transaction of what happened. Texts below `notice.application.`. */
export type ApplicantNews = 'submitted' | 'step' | 'asked' | 'refused' | 'done' | 'founded'
export type OwnerNews = 'assigned' | 'answered' | 'withdrawn' | 'again'

interface More {
  text?: string
  /** The step it is about; the present one if it isn't said. */
  step?: number
}

function paramsFor({ number, title, name, step, dueOn }: Application, { steps }: ServiceContent, lang: Person['lang'], more: More): Params {
  return {
    number: number ?? '',
    service: textIn(title, lang).text,
    name,
    step: textIn(steps[more.step ?? step]?.name, lang).text,
    text: more.text ?? '',
    due: dueOn ?? '',
  }
}

const personOf = async (_id: Types.ObjectId): Promise<Person | null> =>
  (await User.findOne({ _id, disabled: false }).lean()) as Person | null

/** Who hears of it: who applied, or where they have left the company it is of, its owners. */
async function applicants({ park, user, tenant, class: klass }: Application): Promise<Person[]> {
  const person = await personOf(user)
  if (klass !== 'tenant' || !tenant) return person ? [person] : []
  const still = await Membership.exists({ user, park, tenant, role: { $in: TENANT_ROLES } })
  return person && still ? [person] : peopleOf(park, ['owner'], tenant)
}

/** What they did themselves is a mail to keep, not news. */
export async function tellApplicant(application: Application, content: ServiceContent, news: ApplicantNews, by: Actor, more: More = {}) {
  for (const user of await applicants(application)) {
    const params = paramsFor(application, content, user.lang, more)
    await tellContact(user, { park: application.park, key: `application.${news}`, params, path: applicationPath(application) }, by.id)
  }
}

export async function tellOwner(application: Application, content: ServiceContent, news: OwnerNews, by: Actor, more: More = {}) {
  const user = application.owner && (await personOf(application.owner))
  if (!user) return
  const params = paramsFor(application, content, user.lang, more)
  await notify([user], { park: application.park, key: `application.${news}`, params, path: applicationPath(application) }, by.id)
}
