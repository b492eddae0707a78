import type { Request, Response } from 'express'
import { FOREVER } from '../lib/days.ts'
import { sendExport } from '../web/export.ts'
import { idParam, readQuery } from '../web/forms.ts'
import { linkWith, listOf } from '../web/list.ts'
import { routes } from '../web/router.ts'
import type { Lead } from './lead.ts'
import { ASPECTS, type Aspect, lackingIn, type Match } from './match.ts'
import { comparePage, MOST } from './match-compare.ts'
import { type Asked, matchQuery, wishOf } from './match-form.ts'
import { headOf } from './match-head.ts'
import { planPage } from './match-plan.ts'
import { combinationsFor, type Ranking, rankUnits } from './match-read.ts'
import { budgetWord, shownOf, wordOf } from './match-words.ts'
import { loadLead } from './steps.ts'

/** The units that suit a lead, ranked, with why and why not. */
const SIZE = 20
/** Units that don't suit, shown below the list; and combinations. */
const FOLDED = 10
const TOGETHER = 3

interface Row {
  match: Match
  /** Among those that suit; null for those that don't. */
  rank: number | null
}

function rowsOf({ matches, fits, rest }: Ranking, show: Asked['show']): Row[] {
  if (show === 'not') return (rest ?? []).map(match => ({ match, rank: null }))
  const ranked = matches.map((match, i) => ({ match, rank: i + 1 }))
  return show === 'fits' ? ranked.slice(0, fits) : show === 'nearly' ? ranked.slice(fits) : ranked
}

/** How many fail at what first: what a wish would have to give up. */
function failures(rest: Match[]): { aspect: Aspect; count: number }[] {
  const counts = new Map<Aspect, number>()
  for (const match of rest) {
    const [first] = lackingIn(match)
    if (first) counts.set(first, (counts.get(first) ?? 0) + 1)
  }
  return ASPECTS.flatMap(aspect => (counts.has(aspect) ? [{ aspect, count: counts.get(aspect)! }] : []))
}

function sendMatches(req: Request, res: Response, format: 'xlsx' | 'csv', lead: Lead, rows: Row[]): Promise<void> {
  const column = (label: string, value: (row: Row) => string | number | null, kind?: 'area' | 'number' | 'money') => ({
    label,
    value,
    kind,
  })
  return sendExport(req, res, {
    format,
    name: req.t('leadMatch.export', { number: lead.number }),
    columns: [
      column(req.t('leadMatch.rank'), ({ rank }) => rank, 'number'),
      column(req.t('space.unit.code'), ({ match }) => match.unit.code),
      column(req.t('unit.building'), ({ match }) => match.unit.building),
      column(req.t('unit.floor'), ({ match }) => match.unit.floor),
      column(req.t('leadMatch.verdict'), ({ match }) => req.t(`leadMatch.of.${match.verdict}`)),
      column(req.t('leadMatch.score'), ({ match }) => match.score, 'number'),
      column(req.t('space.unit.product'), ({ match }) => req.t(`space.product.${match.unit.product}`)),
      column(req.t('space.unit.gross'), ({ match }) => match.unit.gross, 'area'),
      column(req.t('space.unit.chargeable'), ({ match }) => match.unit.chargeable, 'area'),
      column(req.t('unit.desks'), ({ match }) => match.unit.desks, 'number'),
      column(req.t('space.unit.listRate'), ({ match }) => match.unit.listRate),
      column(req.t('leadMatch.monthly'), ({ match }) => match.reasons.budget.monthly, 'money'),
      ...ASPECTS.map(aspect => column(req.t(`leadMatch.aspect.${aspect}`), ({ match }) => wordOf(req, match, aspect))),
      column(req.t('leadMatch.freeFrom'), ({ match }) => match.reasons.date.free?.from ?? null),
      column(req.t('leadMatch.freeUntil'), ({ match }) => match.reasons.date.free?.to.replace(FOREVER, '') ?? null),
    ],
    rows,
  })
}

async function list(req: Request, res: Response): Promise<void> {
  const asked = readQuery(req, matchQuery)
  const lead = await loadLead(req.park._id, idParam(req, 'lead'))
  const wish = wishOf(asked, lead)
  const ranking = await rankUnits(req.park, wish, lead._id, { whole: asked.show === 'not' })
  const rows = rowsOf(ranking, asked.show)
  if (asked.format) return sendMatches(req, res, asked.format, lead, rows)
  const together = ranking.fits ? [] : await combinationsFor(req.park, wish, ranking.asking, TOGETHER)
  const items = rows.slice((asked.page - 1) * SIZE, asked.page * SIZE).map(({ match, rank }) => ({ ...shownOf(req, match), rank }))
  const shown = listOf(req, { items, total: rows.length, page: asked.page, size: SIZE })
  const rest = ranking.rest ?? []
  res.page('leads/matches', {
    ...headOf(req, lead, wish, ranking),
    // Every row is known here: the total is no estimate.
    list: { ...shown, capped: false, next: asked.page * SIZE < rows.length ? shown.next : null },
    ...{ asked, most: MOST, together },
    folded: asked.show ? [] : rest.slice(0, FOLDED).map(match => ({ ...shownOf(req, match), rank: null })),
    failures: failures(rest),
    budgetWord: (one: Parameters<typeof budgetWord>[1]) => budgetWord(req, one),
    link: (change: Record<string, string | null>) => linkWith(req, change),
  })
}

export const matchRoutes = routes(({ get }) => {
  get('/:lead/matches', 'lead.read', list)
  get('/:lead/matches/plan', 'lead.read', planPage)
  get('/:lead/compare', 'lead.read', comparePage)
})
