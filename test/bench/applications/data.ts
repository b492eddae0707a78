import { type Db, type Document, ObjectId } from 'mongodb'
import { addDays, today } from '../../../src/lib/days.ts'

/** A park with many applications, made of the demo's own: each as large as a real one, with papers, answers and steps. */
export const MEASURED = 'dongxin'
/** One in so many is open. */
const OPEN_EVERY = 50
const AT_A_TIME = 2000

/** The demo's running application with the most steps behind it, and the one that is done. */
async function models(db: Db): Promise<{ running: Document; done: Document }> {
  const all = await db
    .collection('applications')
    .find({ park: MEASURED, number: { $ne: null } })
    .toArray()
  const most = (state: string) => all.filter(one => one['state'] === state).sort((a, b) => b['legs'].length - a['legs'].length)[0]!
  return { running: most('running'), done: most('done') }
}

/** Papers, steps and asks of a copy are its own records too. */
const fresh = (model: Document, more: Document): Document => ({
  ...model,
  ...more,
  _id: new ObjectId(),
  papers: model['papers'].map((paper: Document) => ({ ...paper, _id: new ObjectId() })),
})

export async function seedApplications(db: Db, count: number): Promise<void> {
  const { running, done } = await models(db)
  const staff = await db
    .collection('memberships')
    .find({ park: MEASURED, role: { $in: ['reception', 'promotion', 'finance', 'manager'] } })
    .toArray()
  const on = today()
  let some: Document[] = []
  for (let i = 0; i < count; i++) {
    const common = { number: `BN-${String(i).padStart(7, '0')}`, name: `Bench ${i}`, userName: `Bench ${i}` }
    const open = i % OPEN_EVERY === 0
    const back = Math.floor((i / count) * 1500)
    const due = addDays(on, (i % 41) - 20)
    const owner = staff[(i / OPEN_EVERY) % staff.length]
    some.push(
      open
        ? fresh(running, {
            ...common,
            user: new ObjectId(),
            tenant: null,
            owner: owner!['user'],
            dueOn: due,
            submittedOn: addDays(due, -30),
          })
        : fresh(done, { ...common, user: new ObjectId(), tenant: null, endedOn: addDays(on, -back), submittedOn: addDays(on, -back - 20) }),
    )
    if (some.length < AT_A_TIME && i < count - 1) continue
    await db.collection('applications').insertMany(some)
    some = []
  }
}

/** The application whose page is measured: the demo's own, with its whole trail. */
export const shownOf = async (db: Db): Promise<ObjectId> => (await models(db)).running['_id']

/** A draft of a demo founder, and the document it is still to be handed in for. */
export async function draftOf(db: Db, email: string): Promise<{ _id: ObjectId; document: string }> {
  const user = (await db.collection('users').findOne({ email }))!
  const draft = (await db.collection('applications').findOne({ park: MEASURED, user: user._id, state: 'draft' }))!
  const filter = { park: MEASURED, service: draft['service'], no: draft['no'] }
  // As many uploads as there are: the bench doesn't run into the limit of a document.
  await db.collection('serviceversions').updateOne(filter, { $set: { 'content.documents.$[].most': 100_000 } })
  const version = (await db.collection('serviceversions').findOne(filter))!
  const document = version['content'].documents.find((one: Document) => one['per'] === 'application')
  return { _id: draft._id, document: document['key'] }
}
