import type { Request, Response } from 'express'
import { historyOf } from '../audit/history.ts'
import { today } from '../lib/days.ts'
import { addToMonth, monthOf, monthsFrom } from '../lib/months.ts'
import { actor } from '../web/context.ts'
import { listIn } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { duesFor } from './due.ts'
import { rulesForm, rulesValues } from './form.ts'
import { calendarOf, editRules, rulesOf } from './rules.ts'

/** When the steps of a month are due: the park's own rules, and what they make of the months around today. */
async function show(req: Request, res: Response): Promise<void> {
  const current = monthOf(today(req.park.zone))
  const [first, last] = [addToMonth(current, -2), addToMonth(current, 3)]
  const [rules, calendar, history] = await Promise.all([
    rulesOf(req.park._id),
    calendarOf(req.park, first, last),
    historyOf(req, 'trusteeship', req.park._id),
  ])
  const form = formState(req, rulesValues(rules))
  const dues = duesFor(rules, calendar)
  const months = monthsFrom(first, last).map(month => ({ month, dues: dues(month), own: rules.filing.some(one => one.month === month) }))
  res.page('trusteeship/rules', { form, months, rows: listIn(form.values['filing']), history })
}

async function save(req: Request, res: Response): Promise<void> {
  const { version, ...rules } = readForm(req, rulesForm)
  await commit(req, res, async () => {
    await editRules(req.park._id, version, rules, actor(req))
    flash(res, 'app.saved')
    return `/parks/${req.park._id}/trusteeship/rules`
  })
}

export const trusteeRulesRoutes = routes(({ get, post }) => {
  get('/rules', 'trustee.edit', show)
  post('/rules', 'trustee.edit', save, { again: show })
})
