import type { Request, Response } from 'express'
import { reachOf } from '../accounts/identity.ts'
import { historyOf } from '../audit/history.ts'
import { today } from '../lib/days.ts'
import { addToMonth } from '../lib/months.ts'
import { scopedOne } from '../lib/park-scope.ts'
import { formState } from '../web/forms.ts'
import { agreementPath, roundPath, termsFor } from './agreement.ts'
import { cellOf } from './board.ts'
import { duesOf } from './due.ts'
import { findMonth, isStaff } from './load.ts'
import { missingOf, REPORT_SLOTS, Round, standing } from './round.ts'
import { calendarOf, rulesOf } from './rules.ts'
import { before, marksOf, rank, STEPS } from './state.ts'
import { isExpected } from './steps.ts'
import { paperName } from './tell.ts'

/** The page of one month: how far it is, what is missing, what was reported back. Reading it makes nothing. */
const NOTHING = { state: 'collecting' as const, papers: [], reports: [], log: [] }

/** Which of the page's forms was refused: `papers/bank`, `items/…/refusal`, `reports`. */
const failedForm = (req: Request): string | null => (req.failed ? req.path.split('/').slice(3).join('/') : null)

export async function showMonth(req: Request, res: Response): Promise<void> {
  const { agreement, month } = await findMonth(req)
  const park = req.park._id
  const staff = isStaff(req)
  const [found, rules, calendar] = await Promise.all([
    scopedOne<Round>(Round, { park, agreement: agreement._id, month }),
    rulesOf(park),
    calendarOf(req.park, month, month),
  ])
  const round = { ...NOTHING, ...found }
  const on = today(req.park.zone)
  const dues = duesOf(month, rules, calendar)
  const { papers, fee } = termsFor(agreement, month)
  const named = papers.map(paper => ({
    ...paper,
    word: paperName(paper, req.lang),
    items: round.papers.filter(item => item.paper === paper.key),
  }))
  const keys = papers.map(paper => paper.key)
  const marks = marksOf(round.log)
  const reported = round.state === 'reported'
  const neighbour = (count: number) => {
    const other = addToMonth(month, count)
    return isExpected(agreement, other, on) ? { month: other, path: roundPath(agreement, other) } : null
  }
  res.page('trusteeship/month', {
    agreement,
    month,
    round,
    fee,
    staff,
    here: roundPath(agreement, month),
    up: agreementPath(agreement),
    may: {
      edit: reachOf(req.me, 'trustee.edit', req.park)?.tenants === null,
      papers: reachOf(req.me, 'trustee.papers', req.park) !== undefined,
    },
    cell: cellOf(round.state, month, dues, on),
    steps: STEPS.map(step => ({
      step,
      due: dues[step],
      mark: marks[step] ?? null,
      next: before(step) === round.state,
      late: !marks[step] && dues[step] < on,
    })),
    papers: named,
    given: (key: string) => standing(round.papers, key),
    stray: round.papers.filter(item => !keys.includes(item.paper)),
    missing: missingOf(papers, round.papers).map(paper => paperName(paper, req.lang)),
    reports: staff || reported ? round.reports : [],
    slots: REPORT_SLOTS,
    booked: rank(round.state) >= rank('booked'),
    previous: neighbour(-1),
    following: neighbour(1),
    history: staff && found ? await historyOf(req, 'trusteeround', found._id) : [],
    failed: failedForm(req),
    form: formState(req),
  })
}
