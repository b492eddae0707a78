import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { User } from '../../accounts/user.ts'
import { District } from '../../parks/district.ts'
import { Park } from '../../parks/park.ts'
import { keptValue } from '../secret.ts'
import { DISTRICTS, PARKS } from './facts.ts'
import { seedPeople } from './people.ts'

/**
 * Fills an empty embedded database with demo data and answers the password of its accounts. The password is made once for a data
 * folder. A start that was killed half-way begins again: the mark of completion is written last.
 */
export async function seedDemo({ dataDir, say }: { dataDir: string; say: (line: string) => void }): Promise<string | null> {
  const password = await keptValue(join(dataDir, 'demo-password'), () => randomBytes(6).toString('base64url'))
  if (await User.exists({})) return (await User.exists({ demo: true })) ? password : null
  say('Filling the database with demo data …')
  await District.insertMany(DISTRICTS)
  await Park.insertMany(PARKS.map(park => ({ ...park, illustrative: true })))
  await seedPeople(password)
  return password
}
