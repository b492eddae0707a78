import type { Actor } from '../../accounts/identity.ts'
import { createService, editService, publishService } from '../../services/catalogue.ts'
import { SERVICES, type ServicePlan } from './service-data.ts'

/** The catalogue of the demo: what the parks say they do (FACTS), with procedures, days and fees that are made up. */
async function seedService(park: string, { code, kind, name, summary, draft, later, ...content }: ServicePlan, by: Actor): Promise<void> {
  const made = await createService(park, { code, kind, name, summary }, by)
  const edited = await editService(park, code, made.version, content, by)
  if (draft) return
  const { version } = await publishService(park, code, edited.version, by)
  // Somebody is working on the next version.
  if (later) await editService(park, code, version, later, by)
}

export async function seedServices(park: string, by: Actor): Promise<void> {
  for (const plan of SERVICES[park] ?? []) await seedService(park, plan, by)
}
