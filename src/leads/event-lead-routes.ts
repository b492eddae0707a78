import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { phaseOf } from '../events/event.ts'
import { load } from '../events/programme-routes.ts'
import { maskPhone } from '../lib/mask.ts'
import { RuleError } from '../lib/rule-error.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm, readQuery } from '../web/forms.ts'
import { linkWith } from '../web/list.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { makeLeads, type Order, SHARES } from './event-leads.ts'
import { donePeople, planOf, WHO } from './event-leads-plan.ts'
import { ownersOf } from './pool.ts'

/** The people of an event on their way to leads: everybody in one table, with what is suggested for each. */
const query = z.object({ who: z.enum(WHO).optional() })

async function show(req: Request, res: Response): Promise<void> {
  const event = await load(req)
  const phase = phaseOf(event)
  const form = formState(req, { owner: 'me' })
  // Before it has begun nobody came; who signed up may be called all the same.
  const typed = WHO.find(one => one === form.values['who'])
  const who = typed ?? readQuery(req, query).who ?? (phase === 'upcoming' ? 'all' : 'came')
  const [parties, done, owners] = await Promise.all([planOf(req.park, event, who), donePeople(event), ownersOf(event.park)])
  res.page('leads/event-leads', {
    event,
    phase,
    form,
    who,
    tabs: WHO.map(one => ({ who: one, path: linkWith(req, { who: one }) })),
    parties: parties.map(party => ({
      ...party,
      people: party.people.map(one => ({ ...one, phone: one.phone && maskPhone(one.phone) })),
    })),
    done,
    mine: owners.some(one => String(one._id) === req.me!.id),
    owners: owners.filter(one => String(one._id) !== req.me!.id),
  })
}

const form = z.object({
  who: f.choice(WHO),
  owner: f.text(24).refine(text => (SHARES as readonly string[]).includes(text) || /^[0-9a-f]{24}$/.test(text), 'error.choose'),
  rows: f.rows(z.object({ key: f.text(200), into: f.text(24), seen: f.optionalText(1200) }), 1000),
})

function ownerOf(req: Request, text: string): Order['owner'] {
  if (text === 'pool' || text === 'spread') return { kind: text }
  return { kind: 'one', user: new Types.ObjectId(text === 'me' ? req.me!.id : text) }
}

async function make(req: Request, res: Response): Promise<void> {
  const event = await load(req)
  const { who, owner, rows } = readForm(req, form)
  if (!rows.length) throw new RuleError('leadEvent.nobody')
  const order: Order = {
    who,
    owner: ownerOf(req, owner),
    rows: rows.map(({ key, into, seen }) => ({ key, into, seen: seen?.split(' ') ?? [] })),
  }
  await commit(req, res, async () => {
    const { made, added } = await makeLeads(req.park, event, order, actor(req))
    flash(res, made ? 'leadEvent.done.made' : added ? 'leadEvent.done.added' : 'leadEvent.done.nothing')
    return `/parks/${event.park}/programme/${event.code}/outcome`
  })
}

export const eventLeadRoutes = routes(({ get, post }) => {
  get('/:event/leads', 'lead.work', show)
  post('/:event/leads', 'lead.work', make, { again: show })
})
