import type { Types } from 'mongoose'
import { SYSTEM } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { removeFile, unlinkFiles } from '../files/store.ts'
import { now } from '../lib/clock.ts'
import { type Day, today } from '../lib/days.ts'
import { log } from '../lib/log.ts'
import { everyPark } from '../parks/each.ts'
import type { ServiceContent } from '../services/content.ts'
import { Application, applicationSubject, type Paper } from './application.ts'
import { hold, save } from './change.ts'
import type { Answers, Founder } from './founders.ts'
import { isPersonal } from './papers.ts'

/**
 * Identity papers and numbers go some months after the end, drafts nobody touched go whole. The record says how many went and when; the
 * entry in the trail is the proof. Safe to kill: what was unlinked and not removed yet is swept.
 */
const AT_A_TIME = 500

/** Answers without identity numbers. */
function withoutNumbers(answers: Answers, { fields }: Pick<ServiceContent, 'fields'>): Answers {
  const keys = fields.filter(field => field.kind === 'founders').map(field => field.key)
  return Object.fromEntries(
    Object.entries(answers).map(([key, answer]) => [
      key,
      keys.includes(key) ? (answer as Founder[]).map(one => ({ ...one, idNumber: null })) : answer,
    ]),
  )
}

/** Erases one application that is due; answers the files that went. Nothing, when it isn't due any more. */
async function eraseOne(park: string, _id: Types.ObjectId, on: Day): Promise<Types.ObjectId[]> {
  return transact(async () => {
    const { application, content } = await hold(park, _id)
    if (!application.eraseOn || application.eraseOn > on) return []
    const isGoing = (paper: Paper) => paper.file !== null && (application.state === 'draft' || isPersonal(content, paper))
    const files = application.papers.filter(isGoing).flatMap(paper => paper.file!)
    if (application.state === 'draft') await Application.deleteOne({ park, _id })
    else
      await save(application, {
        papers: application.papers.map(paper => (isPersonal(content, paper) ? { ...paper, file: null, name: '' } : paper)),
        answers: withoutNumbers(application.answers, content),
        eraseOn: null,
        erasedAt: now(),
      })
    await unlinkFiles(park, files)
    await audit(SYSTEM, application.state === 'draft' ? 'application.discard' : 'application.erase', applicationSubject(application), {
      after: { erased: files.length },
    })
    return files
  })
}

/** One that can't be erased keeps none of the others: it is logged, and tried again the next day. */
async function erased(park: string, _id: Types.ObjectId, on: Day): Promise<boolean> {
  try {
    for (const file of await eraseOne(park, _id, on)) await removeFile(file)
    return true
  } catch (error) {
    log.error({ err: error, park, application: String(_id) }, 'an application could not be erased')
    return false
  }
}

/** Erases whatever is due in every park. Answers how many applications. */
export async function eraseApplications(): Promise<number> {
  let count = 0
  for (const { _id: park, zone } of await everyPark()) {
    const on = today(zone)
    for (let more = true; more; ) {
      const due = await Application.find({ park, eraseOn: { $lte: on } }, { _id: 1 })
        .sort({ eraseOn: 1 })
        .limit(AT_A_TIME)
        .lean()
      let done = 0
      for (const { _id } of due) if (await erased(park, _id, on)) done += 1
      count += done
      // What couldn't be erased is met again: go on only as long as something was.
      more = due.length === AT_A_TIME && done > 0
    }
  }
  return count
}
