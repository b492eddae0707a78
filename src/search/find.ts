import type { Types } from 'mongoose'
import { scopedUnion } from '../lib/park-scope.ts'
import { SearchEntry, termFilter } from './entry.ts'

/** What the search box shows: a few of each kind, whatever the size of the park. */
export type Kind = SearchEntry['kind']
export type Hit = Pick<SearchEntry, 'kind' | 'title' | 'detail' | 'path'> & { ref: Types.ObjectId }

export interface Group {
  kind: Kind
  hits: Hit[]
  /** There are more than are shown. */
  more: boolean
}

export interface Wanted {
  kind: Kind
  /** Narrows the kind to what the person may open. */
  only?: Record<string, unknown>
}

const FIELDS = { _id: 0, kind: 1, ref: 1, title: 1, detail: 1, path: 1 }

/**
 * Finds in one command: a bounded look into the index for each kind, so that a hundred leases of a unit never hide the unit, and a
 * large park answers as fast as a small one. Terms come in their order: an exact match stands first.
 */
export async function searchPark(
  scope: { park: string } & Record<string, unknown>,
  text: string,
  wanted: Wanted[],
  each: number,
): Promise<Group[]> {
  const terms = termFilter(text)
  if (!terms || !wanted.length) return []
  const match = ({ kind, only }: Wanted) => ({ ...scope, kind, terms, ...(only ? { $and: [only] } : {}) })
  const few = [{ $limit: each + 1 }, { $project: FIELDS }]
  const rows = await scopedUnion<Hit>(
    SearchEntry,
    wanted.map(one => ({ filter: match(one), stages: few })),
  )
  return wanted
    .map(({ kind }) => ({ kind, found: rows.filter(row => row.kind === kind) }))
    .filter(({ found }) => found.length)
    .map(({ kind, found }) => ({ kind, hits: found.slice(0, each), more: found.length > each }))
}
