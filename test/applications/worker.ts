import { Types } from 'mongoose'
import { disableUser, enableUser } from '../../src/accounts/disabling.ts'
import { grantRole, revokeRole } from '../../src/accounts/memberships.ts'
import type { Role } from '../../src/accounts/roles.ts'
import { Membership } from '../../src/accounts/user.ts'
import { beginApplication, submit } from '../../src/applications/apply.ts'
import { eraseApplications } from '../../src/applications/erase.ts'
import { addPapers } from '../../src/applications/paper-change.ts'
import { reopen, withdraw } from '../../src/applications/reply.ts'
import { finishStep, handOver, refuse } from '../../src/applications/work.ts'
import { connect } from '../../src/db/connect.ts'
import { setClock } from '../../src/lib/clock.ts'
import { RuleError } from '../../src/lib/rule-error.ts'
import { Park } from '../../src/parks/park.ts'
import '../../src/mounts.ts'

/** A process of its own on the test's database that does what it is told: for what must hold between processes. */
const BY = { id: 'worker', name: 'Worker' }

export interface Asked {
  park: string
  /** What it is done to: an application, or a person. */
  id: string
  version?: number
  file?: string
  licence?: { name: string; creditCode: string; foundedOn: string }
  slot?: { document: string; founder: string | null }
  role?: Role
  to?: string
  code?: string
  at?: number
}

const parkOf = async (_id: string): Promise<Park> => (await Park.findById(_id).orFail().lean()) as Park
const id = (text: string): Types.ObjectId => new Types.ObjectId(text)
const filesOf = ({ file }: Asked) => (file ? [{ id: id(file), name: 'paper.png', type: 'image/png', size: 1 }] : [])

const WORK = {
  begin: async ({ park, code, id: user }: Asked) =>
    beginApplication(await parkOf(park), code!, { user: id(user), name: 'Somebody', tenant: null }, BY),
  submit: async ({ park, id: one, version }: Asked) => submit(await parkOf(park), id(one), version!, BY),
  finish: async (asked: Asked) => {
    const input = { note: null, files: filesOf(asked), licence: asked.licence ?? null }
    return finishStep(await parkOf(asked.park), id(asked.id), asked.version!, input, BY)
  },
  refuse: async ({ park, id: one, version }: Asked) => refuse(await parkOf(park), id(one), version!, 'No', BY),
  withdraw: async ({ park, id: one, version }: Asked) => withdraw(await parkOf(park), id(one), version!, 'Back', BY),
  reopen: async ({ park, id: one, version }: Asked) => reopen(await parkOf(park), id(one), version!, 'Again', BY),
  handOver: ({ park, id: one, version, to }: Asked) => handOver(park, id(one), version!, { to: id(to!), note: null }, BY),
  addPaper: async (asked: Asked) => addPapers(await parkOf(asked.park), id(asked.id), asked.slot!, filesOf(asked), BY),
  revoke: async ({ park, id: user, role }: Asked) => {
    const row = await Membership.findOne({ user: id(user), role, park })
      .orFail()
      .lean()
    await revokeRole(park, row._id, BY)
  },
  grant: ({ park, id: user, role }: Asked) => grantRole(id(user), { role: role!, park }, BY),
  disable: ({ id: user }: Asked) => disableUser(id(user), BY),
  enable: ({ id: user }: Asked) => enableUser(id(user), BY),
  erase: () => eraseApplications(),
  clock: async ({ at }: Asked) => setClock(at === undefined ? null : new Date(at)),
} satisfies Record<string, (asked: Asked) => unknown>
export type Work = keyof typeof WORK

/** “done”, what a rule said no with, or what went wrong. */
async function answer(name: Work, asked: Asked): Promise<string> {
  try {
    await WORK[name](asked)
    return 'done'
  } catch (error) {
    if (error instanceof RuleError) return error.problem.key.replace('error.', '')
    return `failed: ${(error as Error).message}`
  }
}

if (process.send) {
  await connect(process.argv[2]!)
  process.on('message', ({ no, name, asked }: { no: number; name: Work; asked: Asked }) => {
    answer(name, asked).then(text => process.send!({ no, text }))
  })
  process.on('disconnect', () => process.exit())
  process.send({ no: -1, text: 'ready' })
}
