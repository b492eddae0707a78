import { model, Schema } from 'mongoose'

/** Running numbers per park and series: allocated in the transaction that uses them, so that none is lost to a failed one. */
interface Counter {
  _id: string
  value: number
}

const Counter = model(
  'Counter',
  new Schema<Counter>({ _id: String, value: { type: Number, default: 0 } }, { versionKey: false }),
  'counters',
)

export const nextNumber = (park: string, series: string): Promise<number> => nextNumbers(park, series, 1)

/** So many in a row; answers the first of them. */
export async function nextNumbers(park: string, series: string, count: number): Promise<number> {
  const counter = await Counter.findOneAndUpdate(
    { _id: `${park}:${series}` },
    { $inc: { value: count } },
    { upsert: true, returnDocument: 'after' },
  ).lean()
  return counter!.value - count + 1
}
