import { findFile } from '../files/store.ts'
import type { Check, Report } from '../lib/check.ts'
import { RuleError } from '../lib/rule-error.ts'
import { Park } from '../parks/park.ts'
import { Lead } from './lead.ts'
import { checkTerms, OFFER_LINK, Offer, OPEN_OFFERS, scheduleFor } from './offer.ts'

/** What must hold of offers, whatever wrote them. */
async function eachOffer(work: (offer: Offer, tell: (message: string) => void) => unknown, report: Report): Promise<void> {
  for (const { _id: park } of await Park.find({}, { _id: 1 }).lean())
    for await (const offer of Offer.find({ park }).lean().cursor()) {
      const { _id, number } = offer
      await work(offer as Offer, message => report(message, { park, kind: 'offer', id: _id, label: number }))
    }
}

const WAS_SENT = ['sent', 'accepted', 'declined']

async function checkStates(report: Report): Promise<void> {
  await eachOffer(async ({ park, state, sent, answer, withdrawn, lead, replaces }, tell) => {
    const found = await Lead.findOne({ park, _id: lead }, { state: 1 }).lean()
    if (!found) tell(`is to the lead ${lead}, which isn't there`)
    else if (found.state === 'merged') tell('is to a lead that was merged into another')
    else if (found.state === 'lost' && OPEN_OFFERS.includes(state)) tell(`is ${state}, and its lead is lost`)
    if (WAS_SENT.includes(state) && !sent) tell(`is ${state}, and was never sent`)
    if (state === 'draft' && sent) tell('is a draft, and was sent')
    if ((state === 'withdrawn') !== Boolean(withdrawn)) tell(`is ${state}, withdrawn ${withdrawn?.at.toISOString() ?? 'never'}`)
    if ((state === 'accepted' || state === 'declined') && answer?.said !== state) tell(`is ${state}, and the company said ${answer?.said}`)
    if (answer && !sent) tell('was answered, and never sent')
    if (replaces && !(await Offer.exists({ park, _id: replaces }))) tell(`replaces ${replaces}, which isn't there`)
  }, report)
}

async function checkPapers(report: Report): Promise<void> {
  await eachOffer(async ({ park, _id, sent }, tell) => {
    if (!sent) return
    const file = await findFile(park, sent.file)
    const link = file?.metadata.link
    if (!file) tell(`its paper ${sent.file} isn't there`)
    else if (link?.kind !== OFFER_LINK || !link.ref.equals(_id)) tell(`its paper ${sent.file} belongs to ${link?.kind ?? 'nothing'}`)
  }, report)
}

/** What a lease would refuse, and sums that don't follow from it. */
async function checkAgreed(report: Report): Promise<void> {
  await eachOffer((offer, tell) => {
    const { terms, lines, units, total } = offer
    try {
      checkTerms(terms)
    } catch (error) {
      if (!(error instanceof RuleError)) throw error
      return tell(`its terms can't be a lease's: ${error.problem.key}`)
    }
    const agreed = terms.lines.map(line => `${line.unit} ${line.rate}`)
    if (String(agreed) !== String(lines.map(line => `${line.unit} ${line.rate}`))) tell('its units differ from its terms')
    if (String(units) !== String(lines.map(line => line.unit))) tell('its list of units differs from its lines')
    if (scheduleFor(offer).total !== total) tell(`says ${total} fen in all, its schedule ${scheduleFor(offer).total}`)
  }, report)
}

async function checkNumbers(report: Report): Promise<void> {
  const seen = new Map<string, unknown>()
  await eachOffer(({ _id, park, number }, tell) => {
    const key = `${park} ${number}`
    if (seen.has(key)) tell(`has the number of ${seen.get(key)}`)
    if (!/^BJ-\d{4}-\d{4,}$/.test(number)) tell('has a number of another kind')
    seen.set(key, _id)
  }, report)
}

export const offerChecks: Check[] = [
  { name: 'Offers are to leads that are there, in a state that fits what happened', run: checkStates },
  { name: 'What was offered is kept as it was sent', run: checkPapers },
  { name: 'An offer’s terms could be a lease’s, and its sums follow from them', run: checkAgreed },
  { name: 'No two offers of a park have one number', run: checkNumbers },
]
