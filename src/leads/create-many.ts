import type { Actor } from '../accounts/identity.ts'
import { auditAll } from '../audit/entry.ts'
import { nextNumbers } from '../db/counter.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { today } from '../lib/days.ts'
import { scopedInsert } from '../lib/park-scope.ts'
import { conflict } from '../lib/rule-error.ts'
import { addEntries } from '../search/entry.ts'
import { firstStep, freshLead, leadEntry, leadNumber, type Place, seriesOf, shownLead, tidyFacts } from './create.ts'
import { addLines } from './entry.ts'
import { guardIdentities, guardPerson, guardStages } from './guards.ts'
import { Lead, type LeadFacts, leadSubject } from './lead.ts'
import type { Owner } from './pool.ts'
import type { Next } from './steps.ts'

/** Taking in many leads at once, from a file. */
export interface NewLead {
  facts: LeadFacts
  owner: Owner | null
  next: Next | null
  /** One of the park's open stages. */
  stage: string
  /** What was said so far: a line of the timeline. */
  note: string | null
}

/** Whoever made one of them meanwhile was faster: the file is read again. */
async function refuseTwins(park: string, list: ReturnType<typeof tidyFacts>[]): Promise<void> {
  const codes = list.flatMap(one => one.creditCode ?? [])
  const like = [{ normal: { $in: list.map(one => one.normal) } }, { phones: { $in: list.flatMap(one => one.phones) } }]
  const filter = { park, state: { $ne: 'merged' as const }, $or: [...like, ...(codes.length ? [{ creditCode: { $in: codes } }] : [])] }
  if (await Lead.exists(filter)) throw conflict('lead.twin')
}

/** Adds leads, all or none of them, numbered in their order, in a dozen writes. Throws lead.twin (409), creditCode.*. */
export async function createLeads(park: Place, list: NewLead[], { foundLater = false }, by: Actor): Promise<Lead[]> {
  const tidy = list.map(one => tidyFacts(one.facts))
  return transact(async () => {
    await guardIdentities(park._id, tidy)
    await refuseTwins(park._id, tidy)
    await guardStages(park._id)
    const owners = new Map(list.flatMap(({ owner }) => (owner ? [[String(owner._id), owner] as const] : [])))
    for (const { _id } of owners.values()) await guardPerson(park._id, _id)
    const [at, day] = [now(), today(park.zone)]
    const first = await nextNumbers(park._id, seriesOf(day), list.length)
    const made = list.map(({ owner, next, stage }, i) =>
      freshLead(park._id, tidy[i]!, { number: leadNumber(day, first + i), at, stage, owner, next: next ?? firstStep(day) }),
    )
    await scopedInsert(Lead, made)
    if (!foundLater) await addEntries(made.map(leadEntry))
    const notes = made.flatMap((lead, i) => (list[i]!.note ? [{ lead, kind: 'note' as const, text: list[i]!.note }] : []))
    await addLines([...made.map(lead => ({ lead, kind: 'created' as const, params: { source: lead.source } })), ...notes], by)
    await auditAll(
      by,
      'lead.create',
      made.map(lead => ({ ...leadSubject(lead), after: { ...shownLead(lead), owner: lead.ownerName } })),
    )
    return made
  })
}
