import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { unlinkFiles } from '../files/store.ts'
import type { Park } from '../parks/park.ts'
import { Application, applicationSubject } from './application.ts'
import { type Held, save, wrongState } from './change.ts'
import { uncharge } from './fee.ts'
import { after } from './progress.ts'
import { ending, endLeg } from './steps.ts'

/** How applications end without their service, in the transaction that holds them. */

/** Refused or taken back, with the reason: nobody has anything to do, what was charged is reversed. Throws application.state (409). */
export async function endUnserved(park: Park, held: Held, move: 'refuse' | 'withdraw', reason: string, by: Actor): Promise<Application> {
  const { application, content } = held
  const next = after(application, move, content)
  if (!next) throw wrongState(application)
  const legs = await endLeg(park, application, by, { note: reason, files: [] })
  const ended = { ...next, ...ending(park, content), legs, reason }
  const saved = await save(application, { ...ended, charged: false, chargedOn: null, before: null })
  await uncharge(park._id, application, reason, by)
  await audit(by, `application.${move}`, applicationSubject(saved), { note: reason })
  return saved
}

/** A draft goes whole, with the files that were handed in for it. */
export async function dropDraft({ park, _id, papers }: Pick<Application, 'park' | '_id' | 'papers'>): Promise<void> {
  await unlinkFiles(
    park,
    papers.flatMap(paper => paper.file ?? []),
  )
  await Application.deleteOne({ park, _id })
}
