import type { Request } from 'express'
import { reachOf } from '../accounts/identity.ts'
import { PRODUCTS } from '../spaces/unit.ts'
import { type Lead, leadPath, type Wish } from './lead.ts'
import { asksNothing, differs, keptOf, valuesOf } from './match-form.ts'
import type { Ranking } from './match-read.ts'
import { USUAL_MONTHS } from './match-reasons.ts'
import { worksOn } from './who.ts'

/** Holding and offering is for who works on the lead while it is open. */
export function mayDo(req: Request, lead: Lead): { mayHold: boolean; mayOffer: boolean } {
  const works = lead.state === 'open' && worksOn(req, lead)
  return { mayHold: works && reachOf(req.me, 'space.hold', req.park) !== undefined, mayOffer: works }
}

/** What stands above list and plan alike: whose matches, what is looked for, and how many there are. */
export function headOf(req: Request, lead: Lead, wish: Wish, { asking, matches, fits, others }: Omit<Ranking, 'rest'>) {
  return {
    lead,
    here: leadPath(lead),
    period: asking.period,
    wish: valuesOf(wish),
    nothing: asksNothing(wish),
    differs: differs(wish, lead),
    assumedMonths: wish.months === null ? USUAL_MONTHS : null,
    assumedFrom: wish.from === null || wish.from < asking.today,
    counts: { fits, nearly: matches.length - fits, others },
    products: PRODUCTS,
    kept: keptOf(req),
    ...mayDo(req, lead),
  }
}
