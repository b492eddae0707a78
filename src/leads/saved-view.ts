import { model, Schema, Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { type ParkOwned, parkOwned, scopedCount, scopedFind, scopedInsert } from '../lib/park-scope.ts'
import { notFound, RuleError } from '../lib/rule-error.ts'
import { guardPerson } from './guards.ts'

/** A filtered table or board under a name: for oneself, or for everybody of the park who works on leads. */
export const VIEW_PAGES = ['list', 'board'] as const
export type ViewPage = (typeof VIEW_PAGES)[number]

export interface SavedView extends ParkOwned {
  _id: Types.ObjectId
  user: Types.ObjectId
  /** Whose it is, for those it is shared with. */
  by: string
  name: string
  page: ViewPage
  /** What is asked, in one spelling (viewQuery). */
  query: string
  shared: boolean
  at: Date
}

const schema = parkOwned<SavedView>(
  {
    user: { type: Schema.Types.ObjectId, required: true, immutable: true },
    by: { type: String, required: true },
    name: { type: String, required: true },
    page: { type: String, enum: VIEW_PAGES, required: true },
    query: { type: String, default: '' },
    shared: { type: Boolean, default: false },
    at: { type: Date, required: true },
  },
  { versionKey: false, timestamps: false },
)
schema.index({ park: 1, user: 1, name: 1 }, { unique: true })
schema.index({ park: 1, shared: 1, name: 1 })
export const SavedView = model('SavedView', schema, 'leadviews')

export const NAME_LENGTH = 40
const QUERY_LENGTH = 1000
/** So many one person may keep; what is shared is kept by whoever shares it. */
export const VIEW_LIMIT = 30

/** Where one is in a list, and how it is sent, is no part of what is asked. */
const PASSING = new Set(['page', 'format', 'at'])

/** A query string in one spelling: known names only, each once, in one order, nothing empty; '' where it is too long to keep. */
export function viewQuery(text: string, known: readonly string[]): string {
  const given = new URLSearchParams(text)
  const pairs = known
    .filter(name => !PASSING.has(name))
    .map(name => [name, given.get(name)?.trim() ?? ''] as const)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const query = new URLSearchParams(pairs as unknown as [string, string][]).toString()
  return query.length <= QUERY_LENGTH ? query : ''
}

export const viewPath = ({ park, page, query }: Pick<SavedView, 'park' | 'page' | 'query'>): string =>
  `/parks/${park}/leads${page === 'board' ? '/board' : ''}${query ? `?${query}` : ''}`

/** One's own, and those shared with the park, by name. */
export const viewsFor = (park: string, user: string): Promise<SavedView[]> =>
  scopedFind<SavedView>(
    SavedView,
    { park, $or: [{ user: new Types.ObjectId(user) }, { shared: true }] },
    { sort: { name: 1, _id: 1 }, limit: 4 * VIEW_LIMIT },
  )

const subject = ({ park, _id, name }: Pick<SavedView, 'park' | '_id' | 'name'>) => ({ park, kind: 'leadview', ref: _id, label: name })

/** Throws board.viewName where somebody has one of that name. */
async function refuseTwin(park: string, user: Types.ObjectId, name: string, self: Types.ObjectId | null): Promise<void> {
  const other = await SavedView.exists({ park, user, name, ...(self ? { _id: { $ne: self } } : {}) })
  if (other) throw new RuleError('board.viewName', { name }, { field: 'name' })
}

/** Keeps what is asked under a name. Sharing is for who leads: the route asks. Throws board.viewName, board.viewsMany. */
export async function saveView(
  park: string,
  { name, page, query, shared }: Pick<SavedView, 'name' | 'page' | 'query' | 'shared'>,
  by: Actor,
): Promise<SavedView> {
  const user = new Types.ObjectId(by.id)
  return transact(async () => {
    await guardPerson(park, `views:${by.id}`)
    await refuseTwin(park, user, name, null)
    if ((await scopedCount(SavedView, { park, user }, VIEW_LIMIT)) >= VIEW_LIMIT)
      throw new RuleError('board.viewsMany', { limit: VIEW_LIMIT }, { field: 'name' })
    const view: SavedView = { _id: new Types.ObjectId(), park, user, by: by.name, name, page, query, shared, at: now() }
    await scopedInsert(SavedView, [view])
    if (shared) await audit(by, 'board.share', subject(view), { after: { name } })
    return view
  })
}

/** One's own view: another's, shared or not, is nobody else's to change. Throws 404. */
async function ownView(park: string, _id: Types.ObjectId, by: Actor): Promise<SavedView> {
  const view = (await SavedView.findOne({ park, _id, user: new Types.ObjectId(by.id) }).lean()) as SavedView | null
  if (!view) throw notFound()
  return view
}

/** Renames one's own, shares it or keeps it for oneself again. Throws board.viewName. */
export async function renameView(
  park: string,
  _id: Types.ObjectId,
  { name, shared }: Pick<SavedView, 'name' | 'shared'>,
  by: Actor,
): Promise<void> {
  return transact(async () => {
    await guardPerson(park, `views:${by.id}`)
    const view = await ownView(park, _id, by)
    await refuseTwin(park, view.user, name, _id)
    await SavedView.updateOne({ park, _id }, { $set: { name, shared } })
    const before = { name: view.name, shared: view.shared }
    if (shared || view.shared) await audit(by, 'board.share', subject({ ...view, name }), { before, after: { name, shared } })
  })
}

export async function removeView(park: string, _id: Types.ObjectId, by: Actor): Promise<void> {
  return transact(async () => {
    const view = await ownView(park, _id, by)
    await SavedView.deleteOne({ park, _id })
    if (view.shared) await audit(by, 'board.unshare', subject(view), { before: { name: view.name }, after: { name: null } })
  })
}
