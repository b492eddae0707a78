import { expect } from 'chai'
import type { Types } from 'mongoose'
import { Lease } from '../../src/leases/lease.ts'
import { now } from '../../src/lib/clock.ts'
import { type Day, dayAfter, FOREVER, overlaps, today } from '../../src/lib/days.ts'
import { examine } from '../../src/overview/examine.ts'
import { District } from '../../src/parks/district.ts'
import { gapsOf } from '../../src/spaces/gaps.ts'
import { isActive, isLive } from '../../src/spaces/state.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { buildPark, buildUser, PASSWORD } from '../setup/factories.ts'
import type { Running } from '../setup/processes.ts'
import { Visitor } from '../setup/visitor.ts'

/** What must hold after any operations at once: asked here directly, and then by everything `npm run doctor` asks. */
const unitsOf = async (park: string): Promise<Unit[]> => (await Unit.find({ park }).lean()) as unknown as Unit[]

/** No day is claimed twice by what counts, and the free ranges kept are what the claims leave. */
function claimProblems(unit: Unit): string[] {
  const problems: string[] = []
  const live = unit.claims.filter(claim => !claim.of && isLive(claim, now()))
  live.forEach((one, i) => {
    for (const other of live.slice(i + 1))
      if (overlaps(one, other))
        problems.push(`${unit.code} twice: ${one.kind} ${one.from}…${one.to}, ${other.kind} ${other.from}…${other.to}`)
  })
  const shown = (gaps: { from: Day; to: Day }[]) =>
    gaps
      .filter(gap => gap.to >= today())
      .map(gap => `${gap.from}…${gap.to}`)
      .join(' ')
  const [kept, left] = [shown(unit.gaps), shown(gapsOf(unit, today()))]
  if (kept !== left) problems.push(`${unit.code} keeps ${kept}, its claims leave ${left}`)
  return problems
}

/** Units signed or under review claim exactly what their lease says; copies and other kinds of claims are not the lease's own. */
function leaseProblems(lease: Lease, units: Unit[]): string[] {
  const own = units.flatMap(unit =>
    unit.claims.filter(claim => !claim.of && claim.lease?.equals(lease._id)).map(claim => ({ unit, claim })),
  )
  // An amendment moves on with claims of its own: the doctor's checks look at those.
  if (lease.versions.length > 1) return []
  const claiming = ['review', 'approved', 'signed'].includes(lease.state) && lease.end >= lease.from
  const wanted = claiming ? lease.units.map(unit => `${unit} ${lease.state} ${lease.from}…${lease.end}`).sort() : []
  const held = own.map(({ unit, claim }) => `${unit._id} ${claim.stage} ${claim.from}…${claim.to}`).sort()
  return String(held) === String(wanted) ? [] : [`${lease.number} (${lease.state}) holds [${held}], not [${wanted}]`]
}

/** Whatever was split and merged, each day has the area it had. */
function areaProblems(units: Unit[], area: number): string[] {
  const days = new Set(units.flatMap(unit => [unit.activeFrom, unit.activeTo === FOREVER ? FOREVER : dayAfter(unit.activeTo)]))
  const sum = (on: Day, field: 'gross' | 'chargeable') =>
    units.filter(unit => isActive(unit, on)).reduce((total, unit) => total + unit[field], 0)
  return [...days].flatMap(on =>
    (['gross', 'chargeable'] as const)
      .filter(field => sum(on, field) !== area)
      .map(field => `${sum(on, field)} ${field} on ${on}, not ${area}`),
  )
}

/** `area` in hundredths of ㎡ is what the park's units have on every day; null where nobody changes them. */
export async function expectSound(park: string, told: string, area: number | null = null): Promise<void> {
  const units = await unitsOf(park)
  const leases = (await Lease.find({ park }).lean()) as Lease[]
  const problems = [...units.flatMap(claimProblems), ...leases.flatMap(lease => leaseProblems(lease, units))]
  if (area !== null) problems.push(...areaProblems(units, area))
  expect(problems, told).to.deep.equal([])
  const { findings } = await examine()
  const violations = findings.filter(({ level, subject }) => level === 'violation' && (subject?.park ?? park) === park)
  expect(
    violations.map(({ check, message, subject }) => `${check}: ${subject?.label ?? subject?.id ?? ''} ${message}`),
    told,
  ).to.deep.equal([])
}

/** A park whose district is there too: the doctor asks. */
export async function buildSoundPark(): Promise<string> {
  const text = { zh: 'District', en: 'District' }
  if (!(await District.exists({ _id: 'xiacheng' }))) await District.create([{ _id: 'xiacheng', name: text, bureau: text, city: text }])
  return (await buildPark())._id
}

/** A manager of the park in front of each server, signed in with the form's token read. */
export async function seatedAt(servers: Pick<Running, 'url'>[], park: string): Promise<Visitor[]> {
  const { email } = await buildUser('manager', { park })
  const seats: Visitor[] = []
  for (const server of servers) {
    const seat = await new Visitor(server.url).signIn(email, PASSWORD)
    await seat.token()
    seats.push(seat)
  }
  return seats
}

export const leaseStep = (lease: { park: string; _id: Types.ObjectId }, step: string): string =>
  `/parks/${lease.park}/leases/${lease._id}/${step}`
