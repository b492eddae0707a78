import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import type { Actor } from '../accounts/identity.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { RuleError } from '../lib/rule-error.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, localPath, problemText, readForm, readQuery } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { Lead } from './lead.ts'
import { firstContact } from './ownership.ts'
import { claimLead, giveUp, handOver, ownersOf } from './pool.ts'
import { setupOf } from './setup.ts'
import { loadOpen, refuseStranger } from './steps.ts'
import { mayLead, selfOf } from './who.ts'

/** What is done with the leads ticked in a list: each for itself, so that one that can't be changed doesn't keep the others. */
const MOST = 100
const ticked = { lead: f.many(f.id(), MOST), back: f.optionalText(1500) }

interface Outcome {
  done: number
  failed: { lead: Types.ObjectId; key: string }[]
}

async function each(ids: Types.ObjectId[], work: (_id: Types.ObjectId) => Promise<unknown>): Promise<Outcome> {
  if (!ids.length) throw new RuleError('board.noneTicked', {}, { field: 'lead' })
  const outcome: Outcome = { done: 0, failed: [] }
  for (const _id of new Map(ids.map(one => [String(one), one])).values()) {
    try {
      await work(_id)
      outcome.done++
    } catch (error) {
      // A rule refuses before anything of that lead is written: what the others wrote stands.
      if (!(error instanceof RuleError)) throw error
      outcome.failed.push({ lead: _id, key: error.problem.key })
    }
  }
  return outcome
}

/** Where it ends: the list again, or the page that names what couldn't be done and why. */
function ending(req: Request, res: Response, { done, failed }: Outcome, back: string | null): string {
  const list = `/parks/${req.park._id}/leads`
  const to = localPath(back, list)
  if (!failed.length) {
    flash(res, 'leadBoard.done.bulk')
    return to.startsWith(list) ? to : list
  }
  const told = failed.map(({ lead, key }) => `${lead}:${key.replace(/^error\./, '')}`).join(',')
  return `${list}/bulk?${new URLSearchParams({ done: String(done), failed: told })}`
}

const bulk =
  <S extends z.ZodObject<typeof ticked>>(
    form: S,
    work: (req: Request, _id: Types.ObjectId, given: z.output<S>, by: Actor) => Promise<unknown>,
  ) =>
  async (req: Request, res: Response): Promise<void> => {
    const given = readForm(req, form)
    const { lead, back } = given as { lead: Types.ObjectId[]; back: string | null }
    await commit(req, res, async () => ending(req, res, await each(lead, _id => work(req, _id, given, actor(req))), back))
  }

const handForm = z.object({ ...ticked, owner: f.id(), note: f.optionalText(300) })
const hand = bulk(handForm, (req, _id, { owner: to, note }, by) => handOver(req.park._id, _id, { to, note, leads: mayLead(req) }, by))

const poolForm = z.object({ ...ticked, note: f.text(300) })
const give = bulk(poolForm, async (req, _id, { note }, by) => {
  refuseStranger(await loadOpen(req.park._id, _id), by, mayLead(req))
  await giveUp(req.park._id, _id, { why: 'given', note }, by)
})

const claimForm = z.object(ticked)
const claim = bulk(claimForm, (req, _id, _given, by) => claimLead(req.park._id, _id, selfOf(req), firstContact(req), by))

const outcomeQuery = z.object({ done: z.coerce.number().int().min(0).max(MOST).default(0), failed: z.string().max(8000).default('') })

type Named = Pick<Lead, '_id' | 'number' | 'name' | 'ownerName'>

async function showOutcome(req: Request, res: Response): Promise<void> {
  const { done, failed } = readQuery(req, outcomeQuery)
  const pairs = failed.split(',').flatMap(pair => {
    const [, id, key] = /^([0-9a-f]{24}):(\w+(?:\.\w+){0,3})$/.exec(pair) ?? []
    return id && key ? [{ id, key: `error.${key}` }] : []
  })
  const park = req.park._id
  const ids = pairs.slice(0, MOST).map(one => new Types.ObjectId(one.id))
  const rows = await scopedFind<Named>(Lead, { park, _id: { $in: ids } }, { projection: { number: 1, name: 1, ownerName: 1 } })
  const { ownLimit } = await setupOf(park)
  const why = (row: Named, key: string) =>
    problemText(req, { key, params: { number: row.number, owner: row.ownerName ?? '–', limit: ownLimit } })
  const byId = new Map(rows.map(row => [String(row._id), row]))
  res.page('leads/bulk', {
    done,
    failed: pairs.flatMap(({ id, key }) => {
      const row = byId.get(id)
      return row ? [{ ...row, why: why(row, key) }] : []
    }),
  })
}

/** Refused as a whole: nothing was ticked, or nobody was chosen. The ticks are kept. */
async function again(req: Request, res: Response): Promise<void> {
  const form = formState(req)
  const park = req.park._id
  const given = [form.values['lead'] ?? []].flat().filter((id): id is string => /^[0-9a-f]{24}$/.test(String(id)))
  const ids = given.slice(0, MOST).map(id => new Types.ObjectId(id))
  const rows = await scopedFind<Named>(Lead, { park, _id: { $in: ids } }, { projection: { number: 1, name: 1, ownerName: 1 } })
  const owners = (await ownersOf(park)).map(({ _id, name }) => ({ _id, name }))
  res.page('leads/bulk-again', { form, rows, owners, leads: mayLead(req) })
}

export const leadBulkRoutes = routes(({ get, post }) => {
  get('/bulk', 'lead.read', showOutcome)
  post('/bulk/owner', 'lead.work', hand, { again })
  post('/bulk/pool', 'lead.work', give, { again })
  post('/bulk/claim', 'lead.work', claim, { again })
})
