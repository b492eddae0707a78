import { randomUUID } from 'node:crypto'
import type { Request } from 'express'
import { eventsOfLead } from './events-of-lead.ts'
import { filesOfLead } from './files.ts'
import { holdsOf } from './hold-words.ts'
import type { Lead } from './lead.ts'
import { bestMatches } from './match-read.ts'
import { bestShown } from './match-words.ts'
import { offersOf } from './offer-list.ts'
import { ownershipOf } from './ownership.ts'
import { visitsOf } from './visit-page.ts'

/** Where the words of a line of the timeline stand, by its kind: lead.line.<kind> unless it is said here. */
export const LINE_WORDS: Record<string, string> = {
  visit: 'visit.entry.visit',
  mail: 'visit.entry.mail',
  file: 'visit.entry.file',
  inquiry: 'leadIntake.line',
  event: 'leadEvent.line',
  hold: 'hold.line',
  offer: 'offer.line',
}

const BEST = 3

/** What belongs to a lead besides itself, each drawn by a partial of its own. */
export async function partsOf(req: Request, lead: Lead) {
  const { park } = req
  const open = lead.state === 'open'
  const [best, holds, offers, visits, files, events, ownership] = await Promise.all([
    open ? bestMatches(park, lead, BEST) : null,
    holdsOf(park, lead._id),
    offersOf(park, lead._id),
    visitsOf(park._id, lead._id),
    filesOfLead(park._id, lead._id),
    eventsOfLead(park._id, lead),
    open && !lead.owner ? ownershipOf(req, lead) : null,
  ])
  return { best: best && bestShown(req, best), holds, offers, visits, files, fileKey: randomUUID(), events, ownership }
}
