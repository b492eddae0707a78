import { isAskedOf, type ServiceContent, type ServiceDocument } from '../services/content.ts'
import type { Application, Paper } from './application.ts'
import { type Founder, foundersOf } from './founders.ts'

/** What an applicant is asked to hand in, and what of it is there. Pure. */
export interface Slot {
  document: ServiceDocument
  founder: Founder | null
}

type Filled = Pick<Application, 'answers' | 'papers' | 'class'>

/** The documents asked of this applicant, one for each founder where each hands one in. */
export function slotsOf({ answers, class: klass }: Pick<Application, 'answers' | 'class'>, content: ServiceContent): Slot[] {
  const asked = content.documents.filter(document => klass === null || isAskedOf(document, klass))
  return asked.flatMap((document): Slot[] =>
    document.per === 'founder' ? foundersOf(answers, content).map(founder => ({ document, founder })) : [{ document, founder: null }],
  )
}

export const isOf = (paper: Paper, { document, founder }: Slot): boolean =>
  paper.document === document.key && (paper.founder ?? null) === (founder?.key ?? null)
/** What counts: handed in, and neither refused nor taken back. */
export const stands = ({ state }: Pick<Paper, 'state'>): boolean => state === 'given' || state === 'accepted'
export const standingIn = (papers: Paper[], slot: Slot): Paper[] => papers.filter(paper => stands(paper) && isOf(paper, slot))

/** Slots that must have a file and have none that counts. */
export const missingPapers = (application: Filled, content: ServiceContent): Slot[] =>
  slotsOf(application, content).filter(slot => slot.document.required && !standingIn(application.papers, slot).length)

/** Slots whose last paper was refused and which have nothing in its place, whether they must have one or not. */
export const refusedSlots = (application: Filled, content: ServiceContent): Slot[] =>
  slotsOf(application, content).filter(
    slot =>
      !standingIn(application.papers, slot).length && application.papers.some(paper => paper.state === 'refused' && isOf(paper, slot)),
  )

/** A document each founder hands in waits for there to be founders. */
export const waitsForFounders = (application: Pick<Application, 'answers' | 'class'>, content: ServiceContent): boolean =>
  content.documents.some(one => one.per === 'founder') && !slotsOf(application, content).some(slot => slot.founder)

/** What the trail calls a paper's document: its Chinese name, or its key where the content has it no more. */
export const documentName = ({ documents }: Pick<ServiceContent, 'documents'>, { document }: Pick<Paper, 'document'>): string =>
  documents.find(one => one.key === document)?.name.zh ?? document

export const isPersonal = ({ documents }: Pick<ServiceContent, 'documents'>, { document }: Pick<Paper, 'document'>): boolean =>
  documents.find(one => one.key === document)?.personal ?? true
