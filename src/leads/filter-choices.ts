import type { Request } from 'express'
import { Types } from 'mongoose'
import { User } from '../accounts/user.ts'
import { Event } from '../events/event.ts'
import { scopedOne } from '../lib/park-scope.ts'
import { type Bilingual, textIn } from '../lib/text.ts'
import { INDUSTRIES } from '../parks/park.ts'
import type { Tag } from '../web/list.ts'
import { SOURCES } from './lead.ts'
import type { Asked, Filters } from './list.ts'
import { ownersOf } from './pool.ts'
import { allStages, type SetupFacts } from './setup.ts'
import { stageNames } from './stage-names.ts'

/** What the filters of table and board offer, and the removable tags of what is asked. */
export interface Choices {
  stages: [code: string, name: string][]
  sources: readonly string[]
  industries: readonly string[]
  owners: { _id: Types.ObjectId; name: string }[]
  idle: readonly number[]
}

const IDLE = [7, 14, 30, 60] as const

export async function choicesOf(req: Request, setup: SetupFacts): Promise<Choices> {
  const nameOf = stageNames(req, setup)
  const owners = (await ownersOf(req.park._id)).map(({ _id, name }) => ({ _id, name }))
  return {
    stages: allStages(setup).map(({ code }) => [code, nameOf(code)]),
    sources: SOURCES,
    industries: INDUSTRIES,
    owners: owners.sort((a, b) => (a.name < b.name ? -1 : 1)),
    idle: IDLE,
  }
}

/** The name of whoever is asked for, also where they have left. */
async function ownerName({ owner }: Filters, { owners }: Choices): Promise<string> {
  const known = owners.find(one => String(one._id) === owner)
  return known?.name ?? (await User.findById(owner, { name: 1 }).lean())?.name ?? '–'
}

async function eventName(req: Request, { event }: Filters): Promise<string> {
  type Named = { title: Bilingual }
  const found = await scopedOne<Named>(Event, { park: req.park._id, _id: new Types.ObjectId(event) }, { projection: { title: 1 } })
  return textIn(found?.title, req.lang).text || '–'
}

export async function filterTags(req: Request, asked: Filters & Partial<Asked>, choices: Choices, setup: SetupFacts): Promise<Tag[]> {
  const { t, fmt } = req
  const tags: Tag[] = []
  const add = (name: string | string[], text: string) => tags.push({ names: [name].flat(), text })
  if (asked.q) add('q', asked.q)
  if (asked.stage) add('stage', stageNames(req, setup)(asked.stage))
  if (asked.state) add('state', t(`lead.state.${asked.state}`))
  if (asked.reason) add('reason', t(`lead.lostReason.${asked.reason}`))
  if (asked.why) add('why', t(`lead.pool.${asked.why}`))
  if (asked.source) add('source', t(`lead.source.${asked.source}`))
  if (asked.owner === 'me' || asked.owner === 'all') add('owner', t(`leadBoard.owner.${asked.owner}`))
  else if (asked.owner) add('owner', await ownerName(asked, choices))
  if (asked.industry) add('industry', t(`record.profile.industries.${asked.industry}`))
  if (asked.origin) add('origin', asked.origin)
  if (asked.event) add('event', await eventName(req, asked))
  const side = (area: number | undefined) => (area ? fmt.areaNumber(area) : '…')
  if (asked.areaFrom || asked.areaTo) add(['areaFrom', 'areaTo'], `${side(asked.areaFrom)} – ${side(asked.areaTo)} ㎡`)
  if (asked.from || asked.to) add(['from', 'to'], `${asked.from ?? '…'} – ${asked.to ?? '…'}`)
  if (asked.idle) add('idle', t('leadBoard.idle', { count: asked.idle }))
  return tags
}
