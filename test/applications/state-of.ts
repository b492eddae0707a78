import { EJSON } from 'bson'
import mongoose from 'mongoose'

/** All a database holds, as text by collection: what “nothing changed” means. */
export async function wholeState(): Promise<Record<string, string[]>> {
  const state: Record<string, string[]> = {}
  for (const { collectionName } of (await mongoose.connection.db!.collections()).sort((a, b) =>
    a.collectionName < b.collectionName ? -1 : 1,
  )) {
    const rows = await mongoose.connection.db!.collection(collectionName).find().sort({ _id: 1 }).toArray()
    state[collectionName] = rows.map(row => EJSON.stringify(row))
  }
  return state
}
