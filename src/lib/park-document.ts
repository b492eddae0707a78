import { isDuplicateKey } from '../db/transact.ts'
import { conflict } from './rule-error.ts'

/** A park-owned model, as far as it is needed here. */
interface Updated {
  updateOne(filter: object, update: object, options: object): PromiseLike<{ matchedCount: number; upsertedCount: number }>
}

/**
 * Writes what a park decides about one thing: one document a park (a unique index on `park`), none until it first decides. From the
 * version the form showed, 0 where there was none; stale (409) when somebody saved in between. In the caller's transaction.
 */
export async function writeParkDocument(model: Updated, park: string, version: number, set: object): Promise<void> {
  const options = { upsert: version === 0, runValidators: true }
  try {
    const written = await model.updateOne({ park, version }, { $set: { ...set, version: version + 1 } }, options)
    if (!written.matchedCount && !written.upsertedCount) throw conflict('stale')
  } catch (error) {
    throw isDuplicateKey(error) ? conflict('stale') : error
  }
}
