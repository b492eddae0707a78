import type { Request } from 'express'
import { FOREVER } from '../lib/days.ts'
import type { Claim } from '../spaces/unit.ts'
import { ASPECTS, type Aspect, lackingIn, type Match } from './match.ts'
import type { BudgetReason, DateReason, Level, ProductReason, SizeReason } from './match-reasons.ts'

/** Why a unit suits or doesn't, in words: one for each thing a lead asks for. */
export interface Word {
  aspect: Aspect
  level: Level
  icon: string
  text: string
}

const ICONS: Record<Level, string> = { good: 'circle-check', near: 'alert-triangle', bad: 'circle-x', open: 'info-circle' }

/** Whole percent, and never 0 % of something that is off. */
export const percentOff = (by: number): string => `${Math.max(1, Math.round(by * 100))}%`

type Asker = Pick<Request, 't' | 'fmt' | 'park'>

function sizeWord(req: Asker, { unit }: Match, { is, of, by }: SizeReason): string {
  if (of === 'desks') return req.t(`leadMatch.desks.${is}`, { desks: unit.desks ?? 0, by: percentOff(by) })
  return req.t(`leadMatch.area.${is}`, { area: req.fmt.area(unit.gross), by: percentOff(by) })
}

export function budgetWord(req: Asker, { is, monthly, by }: BudgetReason): string {
  if (is === 'open' && monthly === null) return req.t('leadMatch.budget.none')
  return req.t(`leadMatch.budget.${is}`, { rent: monthly === null ? '' : req.fmt.money(monthly), by: percentOff(by) })
}

const productWord = (req: Asker, { unit }: Match, { is }: ProductReason): string =>
  req.t(`leadMatch.product.${is}`, { product: req.t(`space.product.${unit.product}`) })

/** What a claim is and until when. */
function claimWord(req: Asker, claim: Claim): string {
  const open = claim.to === FOREVER
  const to = claim.to
  const moment = claim.expiresAt && req.fmt.moment(claim.expiresAt, req.park.zone)
  if (claim.kind === 'hold') {
    const who = claim.label ?? req.t('leadMatch.claim.otherLead')
    return moment ? req.t('leadMatch.claim.hold', { who, until: moment }) : req.t('leadMatch.claim.holdOpen', { who })
  }
  if (claim.kind !== 'lease') return req.t(`leadMatch.claim.${claim.kind}${open ? 'Open' : ''}`, { to })
  const who = claim.tenantName ?? req.t('leadMatch.claim.somebody')
  const kind = claim.stage === 'signed' ? 'lease' : 'review'
  return req.t(`leadMatch.claim.${kind}${open ? 'Open' : ''}`, { who, to })
}

const nameOf = (req: Asker, claim: Claim): string => claim.tenantName ?? req.t('leadMatch.claim.somebody')

function dateWord(req: Asker, { is, free, claim, over }: DateReason): string {
  const [from, to] = [free?.from ?? '', free?.to ?? '']
  if (is === 'holding') return req.t('leadMatch.date.holding', { who: nameOf(req, claim!), to: claim!.to })
  if (is === 'own') {
    const until = claim?.expiresAt ? req.fmt.moment(claim.expiresAt, req.park.zone) : ''
    return until ? req.t('leadMatch.date.own', { until }) : req.t('leadMatch.date.ownOpen')
  }
  const word =
    is === 'free' || is === 'inactive'
      ? req.t(`leadMatch.date.${is}`)
      : claim
        ? req.t(is === 'held' || is === 'taken' ? `leadMatch.date.${is}` : `leadMatch.date.${is}By`, {
            from,
            to,
            claim: claimWord(req, claim),
          })
        : req.t(`leadMatch.date.${is}`, { from, to, claim: '' })
  return over ? `${word} · ${req.t('leadMatch.date.over', { who: nameOf(req, over), to: over.to })}` : word
}

export function wordOf(req: Asker, match: Match, aspect: Aspect): string {
  const { area, budget, product, date } = match.reasons
  if (aspect === 'area') return sizeWord(req, match, area)
  if (aspect === 'budget') return budgetWord(req, budget)
  return aspect === 'product' ? productWord(req, match, product) : dateWord(req, date)
}

export const wordsOf = (req: Asker, match: Match): Word[] =>
  ASPECTS.map(aspect => {
    const { level } = match.reasons[aspect]
    return { aspect, level, icon: ICONS[level], text: wordOf(req, match, aspect) }
  })

/** A match as a page shows it. */
export interface Shown extends Match {
  words: Word[]
  lacks: string
}

export const shownOf = (req: Asker, match: Match): Shown => ({
  ...match,
  words: wordsOf(req, match),
  lacks: lackingIn(match)
    .map(aspect => req.t(`leadMatch.aspect.${aspect}`))
    .join(req.t('leadMatch.comma')),
})

/** What views/leads/_matches.ejs shows: the best few with their words, and how many there are. */
export const bestShown = (req: Asker, { matches, fits, nearly }: { matches: Match[]; fits: number; nearly: number }) => ({
  rows: matches.map(match => shownOf(req, match)),
  fits,
  nearly,
})
