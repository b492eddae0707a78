import { expect } from 'chai'
import fc from 'fast-check'
import { Types } from 'mongoose'
import { disableUser, enableUser } from '../../src/accounts/disabling.ts'
import { grantRole, revokeRole } from '../../src/accounts/memberships.ts'
import { Membership, type User } from '../../src/accounts/user.ts'
import { Application } from '../../src/applications/application.ts'
import { discardDraft, saveAnswers, saveStudies, submit } from '../../src/applications/apply.ts'
import { eraseApplications } from '../../src/applications/erase.ts'
import type { Answers } from '../../src/applications/founders.ts'
import { addPapers, judgePaper, removePaper } from '../../src/applications/paper-change.ts'
import { answer, rate, reopen, withdraw } from '../../src/applications/reply.ts'
import { askForMore, finishStep, handOver, refuse, resume } from '../../src/applications/work.ts'
import { AuditEntry } from '../../src/audit/entry.ts'
import { Charge } from '../../src/billing/charge.ts'
import { now, setClock } from '../../src/lib/clock.ts'
import { today } from '../../src/lib/days.ts'
import { HttpError, RuleError } from '../../src/lib/rule-error.ts'
import { mergeTenants } from '../../src/overview/merge-tenants.ts'
import { editService, loadService, publishService, retireService } from '../../src/services/catalogue.ts'
import type { Unit } from '../../src/spaces/unit.ts'
import { editTenant } from '../../src/tenants/profile.ts'
import { Tenant } from '../../src/tenants/tenant.ts'
import { draftOf, founder, handInPapers, NO_STUDENT, picture, registrationAnswers, STUDYING } from '../setup/applications.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildTenant, buildUnit, buildUser } from '../setup/factories.ts'
import { publishedService } from '../setup/services.ts'
import { buildScene, creditCode, expectSound, person, type Scene } from './scene.ts'

/** Random things random people do with a few applications, in random order. */
interface World extends Scene {
  units: Unit[]
  applicants: User[]
  /** A company’s owner. */
  owner: User
  tenant: Tenant
  other: string
  staff: User[]
}

async function buildWorld(): Promise<World> {
  const scene = await buildScene()
  const { _id: park } = scene.park
  const tenant = await buildTenant(park)
  const { code } = await publishedService(park, { fees: [{ class: 'tenant', fen: 5_000 }], fields: [] })
  return {
    ...scene,
    units: [await buildUnit({ park }), await buildUnit({ park })],
    applicants: [await buildUser('applicant'), await buildUser('applicant')],
    owner: await buildUser('owner', { park, tenant: tenant._id }),
    tenant,
    other: code,
    staff: [scene.people.reception, await person(park)],
  }
}

type Does = (world: World, one: Application, pick: number) => Promise<unknown>
const GRADUATED = (pick: number) => ({ status: 'graduated', school: 'X', graduatedOn: `20${20 + (pick % 7)}-06-30` }) as const
let names = 0

/** Of each person who applies one application or another, whatever it may be up to. */
const DEEDS: Record<string, Does> = {
  begin: ({ park, code, other, applicants, owner, tenant }, _one, pick) =>
    pick % 3 === 2
      ? draftOf(park._id, other, { user: owner, tenant: tenant._id })
      : draftOf(park._id, code, { user: applicants[pick % 2]! }),
  studies: ({ park }, { _id, version }, pick) =>
    saveStudies(park, _id, version, [STUDYING, NO_STUDENT, GRADUATED(pick), GRADUATED(pick)][pick % 4]!, BY),
  answers: ({ park, units }, { _id, version }, pick) => {
    const founders =
      pick % 2
        ? [founder('founder-1')]
        : [founder('founder-1', { share: 500_000 }), founder('founder-2', { share: 500_000, email: 'x@example.com' })]
    const { _id: unit, code } = units[pick % units.length]!
    const first = `Company ${++names}`
    const address: Answers = pick % 3 ? { address: { unit, code } } : {}
    const given = registrationAnswers({ ...address, founders, names: { first, second: `${first} b`, third: `${first} c` } })
    return saveAnswers(park, _id, version, given, BY)
  },
  /** Whatever is missing, so that many come further. */
  papers: ({ park, owner }, application) => handInPapers({ park, user: owner, application }),
  plan: async ({ park }, { _id }) => addPapers(park, _id, { document: 'plan', founder: null }, [await picture(park._id)], BY),
  remove: ({ park }, { _id, papers }, pick) => removePaper(park, _id, papers[pick % papers.length]?._id ?? _id, BY),
  submit: ({ park }, { _id, version }) => submit(park, _id, version, BY),
  judge: ({ park }, { _id, papers }, pick) => {
    const verdict = pick % 3 ? { accepted: true, reason: null } : { accepted: false, reason: 'Blurred' }
    return judgePaper(park._id, _id, papers[pick % papers.length]?._id ?? _id, verdict, BY)
  },
  finish: async ({ park }, { _id, version, step, no }, pick) => {
    const files = step === 2 || pick % 4 === 0 ? [await picture(park._id)] : []
    const licence = pick % 9 ? { name: `Licensed ${++names}`, creditCode: creditCode(), foundedOn: today() } : null
    return finishStep(park, _id, version, { note: no ? 'Done' : null, files, licence }, BY)
  },
  ask: ({ park }, { _id, version }) => askForMore(park, _id, version, 'More', BY),
  reply: ({ park }, { _id, version }) => answer(park, _id, version, 'Here', BY),
  resume: ({ park }, { _id, version }) => resume(park, _id, version, BY),
  refuse: ({ park }, { _id, version }) => refuse(park, _id, version, 'No', BY),
  withdraw: ({ park }, { _id, version }) => withdraw(park, _id, version, 'Back', BY),
  stale: ({ park }, { _id, version }) => finishStep(park, _id, version - 1, { note: null, files: [], licence: null }, BY),
  handOver: ({ park, staff, people }, { _id, version }, pick) => {
    const to = [...staff, people.manager][pick % 3]!._id
    return handOver(park._id, _id, version, { to, note: null }, BY)
  },
  rate: ({ park }, { _id }, pick) => rate(park, _id, { stars: 1 + (pick % 5), words: null }, BY),
  reopen: ({ park }, { _id, version }) => reopen(park, _id, version, 'Again', BY),
  discard: ({ park }, { _id }) => discardDraft(park._id, _id, BY),
  erase: () => eraseApplications(),
  days: async (_world, _one, pick) => setClock(new Date(now().getTime() + [1, 3, 10, 29, 200][pick % 5]! * 86_400_000)),
  role: async ({ park, staff }, _one, pick) => {
    const user = staff[pick % 2]!._id
    const row = await Membership.findOne({ user, park: park._id }).lean()
    return row ? revokeRole(park._id, row._id, BY) : grantRole(user, { role: 'reception', park: park._id }, BY)
  },
  shut: ({ staff }, _one, pick) => (pick % 3 ? enableUser : disableUser)(staff[pick % 2]!._id, BY),
  publish: async ({ park, code }, _one, pick) => {
    const { version } = await loadService(park._id, code)
    if (pick % 3 === 0) return publishService(park._id, code, version, BY)
    const fees = [
      { class: 'student' as const, fen: pick % 2 ? 0 : 7_000 },
      { class: 'founder' as const, fen: 90_000 + pick },
    ]
    const { version: edited } = await editService(park._id, code, version, { fees, keep: 1 + (pick % 6), years: pick % 6 }, BY)
    return publishService(park._id, code, edited, BY)
  },
  retire: async ({ park, code }) => retireService(park._id, code, (await loadService(park._id, code)).version, BY),
  rename: async ({ park }, { tenant }, pick) => {
    const {
      _id,
      version,
      creditCode: code,
    } = await Tenant.findOne({ park: park._id, _id: tenant ?? new Types.ObjectId() })
      .orFail(new RuleError('none'))
      .lean()
    return editTenant(park._id, _id, version, { name: `Renamed ${++names} ${pick}`, creditCode: code }, {}, BY)
  },
  merge: async ({ park, tenant }, one) => mergeTenants(park._id, one.tenant ?? new Types.ObjectId(), tenant._id, BY),
}

const OFTEN = ['begin', 'papers', 'submit', 'finish', 'finish', 'finish', 'finish', 'ask', 'reply', 'judge', 'days', 'role', 'reopen']
const deeds = fc.array(
  fc.record({
    name: fc.constantFrom(...Object.keys(DEEDS), ...OFTEN),
    which: fc.nat(3),
    pick: fc.nat(59),
  }),
  { minLength: 25, maxLength: 70, size: 'max' },
)

/** Each has begun, two have handed in: a walk from nothing would seldom come to a licence. */
async function begun(world: World): Promise<void> {
  const nobody = {} as Application
  for (const pick of [0, 1, 2]) await DEEDS['begin']!(world, nobody, pick)
  for (const one of (await Application.find({ park: world.park._id }).lean()) as Application[]) {
    const at = () => Application.findOne({ park: one.park, _id: one._id }).orFail().lean() as Promise<unknown> as Promise<Application>
    if (one.tenant === null) {
      await DEEDS['studies']!(world, await at(), 0)
      await DEEDS['answers']!(world, await at(), 1)
    }
    await DEEDS['papers']!(world, await at(), 0)
    if (one.user.equals(world.applicants[1]!._id)) continue
    await DEEDS['submit']!(world, await at(), 0)
  }
}

/** What the doctor doesn't ask: told another way, from the trail and the books. */
async function expectTrail(park: string, told: string): Promise<void> {
  const all = (await Application.find({ park }).lean()) as Application[]
  const handedIn = all.filter(({ number }) => number).map(({ number }) => number)
  expect(new Set(handedIn).size, told).to.equal(handedIn.length)
  expect(await AuditEntry.countDocuments({ park, action: 'application.submit' }), told).to.equal(handedIn.length)
  for (const one of all) {
    const finished = await AuditEntry.countDocuments({ park, ref: one._id, action: 'application.finish' })
    const ended = one.legs.filter(({ endedAt }) => endedAt).length - (one.state === 'refused' || one.state === 'withdrawn' ? 1 : 0)
    expect(finished, `${told} ${one.number} finished`).to.equal(ended)
    const charges = (await Charge.find({ park, 'source.ref': one._id }).lean()) as Charge[]
    const sum = charges.reduce((total, { fen }) => total + fen, 0)
    expect(sum, `${told} ${one.number} charged`).to.equal(one.charged ? one.fee : 0)
    if (one.foundedOn) expect(await Membership.exists({ user: one.user, tenant: one.tenant, role: 'owner' }), told).not.to.equal(null)
  }
}

const ALWAYS = ['submit', 'ask', 'reply', 'finish', 'role'].flatMap(name => [0, 1, 2].map(which => ({ name, which, pick: which })))

describe('applications in random hands', function () {
  this.timeout(600_000)
  useDatabase()

  it('keep their rules whatever is done by whomever in whatever order (property)', async () => {
    const reached: Record<string, number> = {}
    await fc.assert(
      fc.asyncProperty(deeds, async list => {
        setClock(null)
        const world = await buildWorld()
        await begun(world)
        const { _id: park } = world.park
        const told = JSON.stringify(list)
        for (const { name, which, pick } of list) {
          const all = (await Application.find({ park }).sort({ _id: 1 }).lean()) as Application[]
          const one = all[which % all.length]
          if (!one) continue
          try {
            await DEEDS[name]!(world, one, pick)
            reached[name] = (reached[name] ?? 0) + 1
          } catch (error) {
            if (!(error instanceof RuleError || error instanceof HttpError)) throw error
            if (process.env['TELL']) process.stdout.write(`${name} ${(error as Error).message}\n`)
          }
        }
        await expectSound(park, told)
        await expectTrail(park, told)
      }),
      // Chance alone now and then hands nothing in: one list always does.
      {
        examples: [[ALWAYS]],
        numRuns: Number(process.env['LONG'] ?? 0) || 6,
        ...(process.env['SEED'] ? { seed: Number(process.env['SEED']) } : {}),
      },
    )
    // Nothing of it was refused always.
    if (process.env['LONG']) expect(Object.keys(DEEDS).filter(name => !reached[name] && name !== 'stale')).to.deep.equal([])
    for (const name of ['submit', 'finish', 'ask', 'role']) expect(reached[name], name).to.be.above(0)
  })
})
