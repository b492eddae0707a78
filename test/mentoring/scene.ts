import { signedInAs } from '../setup/app.ts'
import { buildPark, buildTenant } from '../setup/factories.ts'
import { signedInMentor } from '../setup/mentoring.ts'

/** A park with a mentor who signs in, a company's owner and the manager. */
export async function scene() {
  const park = (await buildPark())._id
  const tenant = await buildTenant(park)
  const { mentor, who: advisor } = await signedInMentor(park)
  const owner = await signedInAs('owner', { park, tenant: tenant._id })
  const manager = await signedInAs('manager', { park })
  return { park, tenant, mentor, advisor, owner, manager, root: `/parks/${park}/mentoring` }
}
