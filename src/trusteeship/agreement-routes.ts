import type { Request, Response } from 'express'
import { z } from 'zod'
import { reachOf } from '../accounts/identity.ts'
import { historyOf } from '../audit/history.ts'
import { SCAN } from '../files/content.ts'
import { filesOf } from '../files/store.ts'
import { today } from '../lib/days.ts'
import { isMonth, monthOf, monthsFrom, OPEN } from '../lib/months.ts'
import { scopedFind } from '../lib/park-scope.ts'
import type { Key } from '../locales/index.ts'
import { TAXPAYERS, Tenant } from '../tenants/tenant.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm, readQuery } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { received } from '../web/uploads.ts'
import { attachAgreement, earliestTerms, editTerms, endAgreement, handOver, makeAgreement, trusteesOf } from './agree.ts'
import { type Agreement, agreementPath, stateOf, termsFor } from './agreement.ts'
import { cellOf } from './board.ts'
import { duesFor } from './due.ts'
import {
  agreementForm,
  EXPECTED,
  editValues,
  endingForm,
  FIRST_TERMS,
  monthShown,
  otherKeys,
  otherRows,
  staffForm,
  termsForm,
  termsFrom,
  termsValues,
  USUAL,
} from './form.ts'
import { findAgreement, isStaff } from './load.ts'
import { AGREEMENT_LINK, Round } from './round.ts'
import { calendarOf, rulesOf } from './rules.ts'
import { paperName } from './tell.ts'

/** Agreements: made, shown with all their months, changed, handed to a colleague, ended. */
const startQuery = z.object({ tenant: f.optionalId() })

const termsLocals = (form: { values: Record<string, unknown> }) => ({
  taxpayers: TAXPAYERS,
  usual: USUAL,
  expected: EXPECTED,
  others: otherRows(form.values['others']),
})

async function create(req: Request, res: Response): Promise<void> {
  const park = req.park._id
  type Named = Pick<Tenant, '_id' | 'name'>
  const [tenants, trustees] = await Promise.all([
    scopedFind<Named>(Tenant, { park, mergedInto: null }, { projection: { name: 1 }, sort: { name: 1 } }),
    trusteesOf(park),
  ])
  const staff = trustees.find(one => String(one._id) === req.me!.id)?._id
  const from = monthOf(today(req.park.zone))
  const form = formState(req, { ...termsValues(FIRST_TERMS), from, end: '', staff, tenant: readQuery(req, startQuery).tenant })
  res.page('trusteeship/new', { form, tenants, trustees, ...termsLocals(form) })
}

async function add(req: Request, res: Response): Promise<void> {
  const form = readForm(req, agreementForm)
  const { tenant, staff, from, end } = form
  await commit(req, res, async () => {
    const agreement = await makeAgreement(req.park._id, { ...termsFrom(form), tenant, staff, from, end }, actor(req))
    flash(res, 'trustee.done.made')
    return agreementPath(agreement)
  })
}

/** Which of the page's forms was refused. */
const failedForm = (req: Request): string | null => (req.failed ? (req.path.split('/').at(-1) ?? null) : null)

async function show(req: Request, res: Response): Promise<void> {
  const agreement = await findAgreement(req)
  const { park, _id, from, end } = agreement
  const staff = isStaff(req)
  const on = today(req.park.zone)
  const current = monthOf(on)
  const last = end < current ? end : current
  const edit = reachOf(req.me, 'trustee.edit', req.park)?.tenants === null
  const [rules, calendar, rounds, files, history, trustees] = await Promise.all([
    rulesOf(park),
    calendarOf(req.park, from, last < from ? from : last),
    scopedFind<{ month: string; reports: number }>(
      Round,
      { park, agreement: _id },
      { projection: { month: 1, reports: { $size: '$reports' } }, sort: { month: -1 } },
    ),
    filesOf(park, AGREEMENT_LINK, _id),
    staff ? historyOf(req, 'trusteeship', _id) : [],
    edit ? trusteesOf(park) : [],
  ])
  const dues = duesFor(rules, calendar)
  const states = monthsFrom(from, last).reverse()
  const cells = states.map(month => ({
    ...cellOf(stateOf(agreement, month), month, dues(month), on),
    reports: rounds.find(round => round.month === month)?.reports ?? 0,
  }))
  const terms = termsFor(agreement, last < from ? from : last)
  const upcoming = agreement.terms.filter(one => one.from > last && one !== terms)
  const readable = (cell: (typeof cells)[number]) => cell.reports > 0 && (staff || cell.state === 'reported')
  res.page('trusteeship/agreement', {
    agreement,
    here: agreementPath(agreement),
    staff,
    edit,
    terms,
    upcoming,
    cells,
    years: [...new Set(cells.filter(readable).map(cell => cell.month.slice(0, 4)))],
    readable,
    files,
    history,
    trustees,
    answers: !edit || trustees.some(one => one._id.equals(agreement.staff)),
    paperName: (paper: (typeof terms)['papers'][number]) => paperName(paper, req.lang),
    ended: end !== OPEN,
    current,
    failed: failedForm(req),
    form: formState(req, { staff: agreement.staff, end: monthShown(end), version: agreement.version }),
  })
}

async function terms(req: Request, res: Response): Promise<void> {
  const agreement = await findAgreement(req)
  const earliest = earliestTerms(agreement)
  const asked = req.failed?.values['from']
  const form = formState(req, editValues(agreement, isMonth(asked) ? asked : earliest))
  res.page('trusteeship/terms', { form, agreement, here: agreementPath(agreement), earliest, ...termsLocals(form) })
}

/** Does something with the agreement of this address and goes back to its page. */
const act =
  (work: (req: Request, agreement: Agreement) => Promise<unknown>, done: Key) =>
  async (req: Request, res: Response): Promise<void> => {
    const agreement = await findAgreement(req)
    await commit(req, res, async () => {
      await work(req, agreement)
      flash(res, done)
      return agreementPath(agreement)
    })
  }

const saveTerms = act((req, agreement) => {
  const form = readForm(req, termsForm)
  const next = { ...termsFrom(form, otherKeys(agreement)), from: form.from }
  return editTerms(req.park._id, agreement._id, form.version, next, actor(req))
}, 'app.saved')
const handover = act((req, { _id }) => {
  const { staff, version } = readForm(req, staffForm)
  return handOver(req.park._id, _id, version, staff, actor(req))
}, 'trustee.done.handedOver')
const ending = act((req, { _id }) => {
  const { end, version } = readForm(req, endingForm)
  return endAgreement(req.park._id, _id, version, end, actor(req))
}, 'app.saved')
const attach = act((req, { _id }) => attachAgreement(req.park._id, _id, received(req, 'document'), actor(req)), 'trustee.done.attached')

export const agreementRoutes = routes(({ get, post }) => {
  get('/new', 'trustee.edit', create)
  post('/', 'trustee.edit', add, { again: create })
  get('/:agreement', 'trustee.read', show)
  get('/:agreement/terms', 'trustee.edit', terms)
  post('/:agreement/terms', 'trustee.edit', saveTerms, { again: terms })
  post('/:agreement/handover', 'trustee.edit', handover, { again: show })
  post('/:agreement/ending', 'trustee.edit', ending, { again: show })
  post('/:agreement/document', 'trustee.edit', attach, { again: show, files: { document: { max: 5, kinds: SCAN } } })
})
