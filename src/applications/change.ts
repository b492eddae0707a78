import type { Types } from 'mongoose'
import { scopedOne } from '../lib/park-scope.ts'
import { conflict, notFound } from '../lib/rule-error.ts'
import type { ServiceContent } from '../services/content.ts'
import { ServiceVersion } from '../services/service.ts'
import { Application } from './application.ts'

/** How applications are changed: whoever changes one writes it first, so that two who do at once come one after the other. */
export interface Held {
  application: Application
  content: ServiceContent
}

/** The version of the service an application keeps. */
export async function contentOf({ park, service, no }: Pick<Application, 'park' | 'service' | 'no'>): Promise<ServiceContent> {
  const version = await scopedOne<ServiceVersion>(ServiceVersion, { park, service, no })
  if (!version) throw notFound()
  return version.content
}

/** The application something is done in, in the caller's transaction. `version`: what the form showed; stale (409) where it isn't that. */
export async function hold(park: string, _id: Types.ObjectId, version: number | null = null): Promise<Held> {
  const application = (await Application.findOneAndUpdate({ park, _id }, { $inc: { ties: 1 } }).lean()) as Application | null
  if (!application) throw notFound()
  if (version !== null && application.version !== version) throw conflict('stale')
  return { application, content: await contentOf(application) }
}

/** Writes what `hold` has held. */
export async function save({ park, _id }: Application, set: Partial<Application>): Promise<Application> {
  return (await Application.findOneAndUpdate(
    { park, _id },
    { $set: set, $inc: { version: 1 } },
    { returnDocument: 'after', runValidators: true },
  )
    .orFail()
    .lean()) as Application
}

export const wrongState = ({ state }: Pick<Application, 'state'>) =>
  conflict('application.state', { state: `key:application.state.${state}` })
