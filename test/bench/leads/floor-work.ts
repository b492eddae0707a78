import type { Db, Document } from 'mongodb'
import { USUAL } from '../../../src/leads/setup.ts'
import { addMonths, dayBefore, today } from '../../../src/lib/days.ts'
import { WISH } from './data.ts'

/** The floor of what people work with all day: the board, the list, and the units that suit a lead. */
const ZONE = 'Asia/Shanghai'
const CARDS = 21
const STAGES = USUAL.stages.map(stage => stage.code)

type Answer = (asked: URLSearchParams) => Promise<unknown>

export function workAnswers(db: Db, common: (slug: string) => Promise<unknown>): Record<string, Answer> {
  const leads = db.collection('leads')
  const units = db.collection('units')
  const views = (park: string) => db.collection('leadviews').find({ park }).limit(60).toArray()

  const card: Document = {
    ...{ number: 1, name: 1, state: 1, stage: 1, owner: 1, ownerName: 1, next: 1, at: 1, 'pool.at': 1 },
    wish: { areaFrom: 1, areaTo: 1, product: 1, desks: 1, budget: 1, from: 1 },
    since: { $last: '$path.at' },
  }
  const first = [{ $sort: { 'next.on': 1, _id: 1 } }, { $limit: CARDS }, { $project: card }]

  const board: Answer = asked => {
    const park = asked.get('park')!
    const since = new Date(Date.now() - 30 * 86_400_000)
    const moved = { touchedAt: { $gte: since }, path: { $elemMatch: { stage: 'moved', at: { $gte: since } } } }
    const matches = [
      ...STAGES.map(stage => ({ park, state: 'open', stage })),
      { park, state: 'converted', stage: 'signing' },
      { park, state: 'converted', stage: 'moved', ...moved },
    ]
    const [head, ...others] = matches
    const unions = others.map(match => ({ $unionWith: { coll: 'leads', pipeline: [{ $match: match }, ...first] } }))
    const late = { $and: [{ $eq: ['$state', 'open'] }, { $gt: ['$next.on', null] }, { $lt: ['$next.on', today(ZONE)] }] }
    const [{ park: _one, ...signing }, { park: _two, ...lately }] = [matches.at(-2)!, matches.at(-1)!]
    const counts = [
      { $match: { park, $or: [{ state: 'open' }, signing, lately] } },
      { $project: { _id: 0, stage: 1, state: 1, 'wish.areaFrom': 1, 'wish.areaTo': 1, 'next.on': 1 } },
      { $group: { _id: '$stage', count: { $sum: 1 }, area: { $sum: '$wish.areaFrom' }, overdue: { $sum: { $cond: [late, 1, 0] } } } },
    ]
    const cards = [{ $match: head! }, ...first, ...unions]
    return Promise.all([leads.aggregate(counts).toArray(), leads.aggregate(cards).toArray(), views(park), common(park)])
  }

  const list: Answer = asked => {
    const park = asked.get('park')!
    const filter = { park, state: 'open' }
    const row = { path: 0, phones: 0, course: 0 }
    return Promise.all([
      leads.find(filter, { projection: row, sort: { 'next.on': 1, _id: 1 }, limit: 25 }).toArray(),
      leads.countDocuments(filter, { limit: 1000 }),
      views(park),
      common(park),
    ])
  }

  const matches: Answer = async asked => {
    const park = asked.get('park')!
    const from = today(ZONE)
    const to = dayBefore(addMonths(from, WISH.months))
    const size = { gross: { $gte: Math.ceil(WISH.areaFrom / 1.2), $lte: Math.floor(WISH.areaTo * 1.2) } }
    const free = { gaps: { $elemMatch: { from: { $lte: to }, to: { $gte: from } } } }
    const over = { kind: 'lease', stage: 'signed', continued: false, vacatedOn: null, to: { $lt: from } }
    const concerns = {
      $or: [{ claims: { $elemMatch: { of: null, from: { $lte: to }, to: { $gte: from } } } }, { claims: { $elemMatch: over } }],
    }
    const facts = { building: 1, floor: 1, code: 1, product: 1, gross: 1, chargeable: 1, desks: 1, listRate: 1, activeFrom: 1, activeTo: 1 }
    const claims = {
      $filter: { input: '$claims', as: 'claim', cond: { $and: [{ $gte: ['$$claim.to', from] }, { $lte: ['$$claim.from', to] }] } },
    }
    const id = asked.get('lead')!
    return Promise.all([
      leads.findOne({ park, number: id }),
      units.find({ park, $and: [free, size] }, { projection: facts }).toArray(),
      units.find({ park, $and: [free, size, concerns] }, { projection: { claims } }).toArray(),
      units.countDocuments({ park, activeFrom: { $lte: to }, activeTo: { $gte: from } }),
      common(park),
    ])
  }
  return { '/board': board, '/list': list, '/matches': matches }
}
