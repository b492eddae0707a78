import type { Document, Filter, FindOptions, Sort } from 'mongodb'
import { type Aggregate, type Model, Query, Schema, type SchemaDefinition, type SchemaOptions } from 'mongoose'
import { currentSession } from '../db/transact.ts'

/**
 * The one place that keeps a park's records inside the park. A schema made by parkOwned() has an immutable `park` (the park's
 * slug) and refuses every query, count, update, delete or aggregate that doesn't name its park, or a list of parks computed
 * from memberships. Leaving the scope is `acrossParks: 'job:…'`, made to be found by grep.
 */
declare module 'mongoose' {
  interface QueryOptions {
    acrossParks?: `job:${string}`
  }
  interface AggregateOptions {
    acrossParks?: `job:${string}`
  }
}

export interface ParkOwned {
  park: string
}

export class ScopeError extends Error {
  override name = 'ScopeError'
}

const isScope = (park: unknown): boolean => {
  if (typeof park === 'string') return park !== ''
  if (typeof park !== 'object' || park === null) return false
  const keys = Object.keys(park)
  if (keys.length !== 1) return false
  const { $in: list, $eq: one } = park as { $in?: unknown; $eq?: unknown }
  return typeof one === 'string' || (Array.isArray(list) && list.every(item => typeof item === 'string'))
}

function demand(where: string, filter: unknown): void {
  if (!isScope((filter as { park?: unknown } | null)?.park))
    throw new ScopeError(`${where}: a park-owned collection was asked without a park`)
}

function checkQuery(this: Query<unknown, unknown>): void {
  if (this.getOptions().acrossParks) return
  demand(`${this.model.modelName}.${(this as unknown as { op: string }).op}`, this.getFilter())
}

function checkAggregate(this: Aggregate<unknown>): void {
  if ((this.options as { acrossParks?: string }).acrossParks) return
  const [first] = this.pipeline() as { $match?: unknown }[]
  demand('aggregate', first?.$match)
}

// A query may not switch its middleware off: that is the hook above.
const setOptions = Query.prototype.setOptions
Query.prototype.setOptions = function (options, ...rest) {
  if (options && 'middleware' in options) throw new ScopeError('a query may not switch its middleware off')
  return setOptions.call(this, options, ...rest)
}

function guard(schema: Schema): void {
  schema.pre(/^(find|count|estimated|distinct|update|replace|delete)/, { query: true, document: false }, checkQuery as never)
  schema.pre('aggregate', checkAggregate as never)
  schema.pre('bulkWrite', () => {
    throw new ScopeError('bulkWrite slips past the scope: use insertMany or single writes')
  })
  schema.pre('insertMany', ((docs: unknown) => {
    for (const doc of Array.isArray(docs) ? docs : [docs]) demand('insertMany', doc)
  }) as never)
  schema.static('watch', () => {
    throw new ScopeError('watch slips past the scope')
  })
  schema.static('bulkSave', () => {
    throw new ScopeError('bulkSave slips past the scope')
  })
}

export const parkField = { type: String, required: true, immutable: true } as const

export function parkOwned<T extends ParkOwned>(definition: SchemaDefinition<Omit<T, 'park'>>, options: SchemaOptions = {}): Schema<T> {
  const schema = new Schema(
    { park: parkField, ...definition } as never,
    {
      // Saves of loaded documents filter by park too.
      shardKey: { park: 1 },
      optimisticConcurrency: false,
      timestamps: true,
      ...options,
    } as never,
  )
  guard(schema as unknown as Schema)
  return schema as unknown as Schema<T>
}

type Bare = Pick<Model<never>, 'modelName' | 'collection'>

/**
 * A page's hot read: plain objects from the driver, without mongoose's per-query work (it cost as much as the rest of a page).
 * Same scope, no casting: ids must be ObjectIds, dates Dates. In a transaction it is part of it, as mongoose's own reads are.
 */
export function scopedFind<R>(
  model: Bare,
  filter: Filter<Document> & { park: unknown },
  options: FindOptions & { sort?: Sort } = {},
): Promise<R[]> {
  demand(`${model.modelName}.scopedFind`, filter)
  return model.collection.find(filter as never, { session: currentSession(), ...options } as never).toArray() as unknown as Promise<R[]>
}

/** How many documents of a stream are read at a time: the driver's own batches are 16 MB, and decoding one held up everybody else. */
const AT_A_TIME = 200

/** A long read, for an export: one document after the other, never all in memory. */
export function scopedStream<R>(
  model: Bare,
  filter: Filter<Document> & { park: unknown },
  options: FindOptions & { sort?: Sort; limit: number },
): AsyncIterable<R> {
  demand(`${model.modelName}.scopedStream`, filter)
  return model.collection.find(filter as never, { batchSize: AT_A_TIME, ...options } as never) as unknown as AsyncIterable<R>
}

export async function scopedOne<R>(
  model: Bare,
  filter: Filter<Document> & { park: unknown },
  options: FindOptions = {},
): Promise<R | null> {
  demand(`${model.modelName}.scopedOne`, filter)
  return (await model.collection.findOne(filter as never, { session: currentSession(), ...options } as never)) as unknown as R | null
}

export function scopedCount(model: Bare, filter: Filter<Document> & { park: unknown }, limit: number): Promise<number> {
  demand(`${model.modelName}.scopedCount`, filter)
  return model.collection.countDocuments(filter as never, { limit, session: currentSession() })
}

/**
 * Hot writes, by the driver, in the running transaction: a booking makes seven, and mongoose's share of each is as large as the
 * server's. Documents are written as they are: whole, with their defaults.
 */
export async function scopedInsert<T extends ParkOwned>(model: Bare, docs: T[]): Promise<void> {
  for (const doc of docs) demand(`${model.modelName}.scopedInsert`, doc)
  if (docs.length) await model.collection.insertMany(docs as never, { session: currentSession() })
}

/** Answers how many fit the filter. */
export async function scopedUpdate(model: Bare, filter: Filter<Document> & { park: unknown }, update: Document): Promise<number> {
  demand(`${model.modelName}.scopedUpdate`, filter)
  return (await model.collection.updateOne(filter as never, update as never, { session: currentSession() })).matchedCount
}

/** Writes one and answers it as it is then; null where none fits. */
export async function scopedFindAndUpdate<R>(
  model: Bare,
  filter: Filter<Document> & { park: unknown },
  update: Document,
  projection: Document,
): Promise<R | null> {
  demand(`${model.modelName}.scopedFindAndUpdate`, filter)
  const options = { projection, returnDocument: 'after', session: currentSession() } as const
  return (await model.collection.findOneAndUpdate(filter as never, update as never, options)) as unknown as R | null
}

/** For what one find() can't say: a pipeline that begins inside the scope. */
export function scopedAggregate<R>(
  model: Bare,
  filter: Filter<Document> & { park: unknown },
  stages: Document[],
  options: { hint?: Document } = {},
): Promise<R[]> {
  demand(`${model.modelName}.scopedAggregate`, filter)
  return model.collection
    .aggregate([{ $match: filter }, ...stages] as never, { session: currentSession(), ...options })
    .toArray() as unknown as Promise<R[]>
}

/** Several looks at one collection in one command, each inside the scope; at least one. A hint is for the first. */
export function scopedUnion<R>(
  model: Bare,
  [first, ...others]: { filter: Filter<Document> & { park: unknown }; stages: Document[] }[],
  options: { hint?: Document } = {},
): Promise<R[]> {
  const unions = others.map(({ filter, stages }) => {
    demand(`${model.modelName}.scopedUnion`, filter)
    return { $unionWith: { coll: model.collection.name, pipeline: [{ $match: filter }, ...stages] } }
  })
  return scopedAggregate(model, first!.filter, [...first!.stages, ...unions], options)
}
