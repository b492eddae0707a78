import { Park } from './park.ts'

/** For the doctor, which looks at all records of all parks. */
interface Found {
  find(filter: object): { lean(): { cursor(): AsyncIterable<unknown> } }
}

/** Every park, with its slug and zone. */
export const everyPark = async (): Promise<Park[]> => (await Park.find({}, { zone: 1 }).lean()) as Park[]

/** Every record of a park-owned model, park by park, one after the other. */
export async function eachRecord<T>(model: Found, work: (record: T, park: Park) => unknown): Promise<void> {
  for (const park of await everyPark())
    for await (const record of model.find({ park: park._id }).lean().cursor()) await work(record as T, park)
}
