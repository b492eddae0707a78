import { expect } from 'chai'
import mongoose from 'mongoose'
import { addMonths, today } from '../src/lib/days.ts'
import { signedInAs, visitor } from './setup/app.ts'
import { useDatabase } from './setup/database.ts'
import { buildLease, buildPark, buildTenant, buildUnit } from './setup/factories.ts'

/**
 * How many database commands a page may cost, the session's identity and the park included: a page that begins to ask once per row,
 * or looks a thing up twice, goes over its budget. Counted by the database's own profiler.
 */
describe('the budget of a page', () => {
  useDatabase()
  let park: string
  let lease: string
  let unit: string
  let manager: Awaited<ReturnType<typeof signedInAs>>

  before(async () => {
    park = (await buildPark())._id
    for (let i = 0; i < 12; i++) {
      const one = await buildUnit({ park })
      if (i % 3 === 0) continue
      const made = await buildLease({ unit: one, tenant: await buildTenant(park), from: addMonths(today(), -i), to: addMonths(today(), i) })
      lease = String(made.lease._id)
      unit = String(one._id)
    }
    manager = await signedInAs('manager', { park })
  })

  async function commandsOf(visit: () => PromiseLike<{ status: number }>): Promise<number> {
    const db = mongoose.connection.db!
    await visit()
    await db.command({ profile: 0 })
    await db
      .collection('system.profile')
      .drop()
      .catch(() => {})
    await db.command({ profile: 2 })
    const { status } = await visit()
    await db.command({ profile: 0 })
    expect(status).to.equal(200)
    return db.collection('system.profile').countDocuments({ ns: { $not: /system\.profile$/ }, 'command.profile': { $exists: false } })
  }

  const pages: [name: string, budget: number, path: () => string][] = [
    ['public page', 3, () => ''],
    ['stacking plan', 4, () => '/buildings/a'],
    ['lease list', 4, () => '/leases?status=expiring'],
    ['a lease', 8, () => `/leases/${lease}`],
    ['unit list', 4, () => '/units'],
    ['a unit', 6, () => `/units/${unit}`],
    ['tenant list', 6, () => '/tenants'],
    ['search', 3, () => '/search?q=u'],
    ['desk', 10, () => '/desk'],
  ]
  for (const [name, budget, path] of pages)
    it(`${name}: at most ${budget} commands`, async () => {
      const who = name === 'public page' ? visitor() : manager
      expect(await commandsOf(() => who.get(`/parks/${park}${path()}`))).to.be.within(1, budget)
    })
})
