import type { Request, Response } from 'express'
import { z } from 'zod'
import { today, yearOf } from '../lib/days.ts'
import { notFound } from '../lib/rule-error.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, param, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { type RouteTable, routes } from '../web/router.ts'
import { barsOf } from './bars.ts'
import { addFigures, editFigures, MONEY_FIGURES } from './figures.ts'
import { type Base, basePath, findTenant, recordLocals, tenantOrMoved } from './record-page.ts'
import { FIGURES, type Tenant } from './tenant.ts'

const FIRST_YEAR = 2000
const LARGEST = 999_999_999
const count = () => f.optionalWhole(0, LARGEST)
const fields = {
  revenue: count(),
  profit: f.optionalInteger(LARGEST),
  tax: f.optionalInteger(LARGEST),
  rd: count(),
  techContracts: count(),
  staff: count(),
  doctors: count(),
  masters: count(),
  bachelors: count(),
  graduates: count(),
  ipApplied: count(),
  ipGranted: count(),
  ipValid: count(),
}
const editForm = z.object({ ...fields, version: f.version() })
const newForm = (thisYear: number) => z.object({ ...fields, year: f.whole(FIRST_YEAR, thisYear) })

function yearParam(req: Request): number {
  const text = param(req, 'year')
  if (!/^\d{4}$/.test(text)) throw notFound()
  return Number(text)
}

const byYear = (tenant: Tenant) => [...tenant.figures].sort((a, b) => b.year - a.year)

/** A tenant's yearly figures: a table with one column a year, small bars, a form for each year. */
export function figureRoutes(base: Base): RouteTable {
  async function index(req: Request, res: Response): Promise<void> {
    const tenant = await tenantOrMoved(req, res, base)
    if (!tenant) return
    const years = byYear(tenant)
    const charts = (['revenue', 'rd', 'staff'] as const).map(name => ({
      name,
      bars: barsOf(years.map(row => [row.year, row[name] ?? null])),
    }))
    const locals = recordLocals(req, base, tenant, 'figures')
    res.page('tenants/figures', { ...locals, years, names: FIGURES, money: MONEY_FIGURES, charts })
  }

  async function create(req: Request, res: Response): Promise<void> {
    const tenant = await findTenant(req)
    const last = yearOf(today(req.park.zone)) - 1
    const taken = tenant.figures.map(row => row.year)
    const free = Array.from({ length: last - FIRST_YEAR + 1 }, (_, i) => last - i).find(year => !taken.includes(year))
    const locals = recordLocals(req, base, tenant, 'figures')
    res.page('tenants/figures-form', {
      ...locals,
      year: null,
      names: FIGURES,
      money: MONEY_FIGURES,
      form: formState(req, { year: free ?? '' }),
    })
  }

  async function add(req: Request, res: Response): Promise<void> {
    const tenant = await findTenant(req)
    const { year, ...input } = readForm(req, newForm(yearOf(today(req.park.zone))))
    await commit(req, res, async () => {
      await addFigures(req.park._id, tenant._id, year, input, actor(req))
      flash(res, 'app.saved')
      return `${basePath(req, base, tenant._id)}/figures`
    })
  }

  async function edit(req: Request, res: Response): Promise<void> {
    const tenant = await findTenant(req)
    const year = yearParam(req)
    const row = tenant.figures.find(one => one.year === year)
    if (!row) throw notFound()
    const form = formState(req, { ...row, version: row.version ?? 0 })
    res.page('tenants/figures-form', { ...recordLocals(req, base, tenant, 'figures'), year, names: FIGURES, money: MONEY_FIGURES, form })
  }

  async function save(req: Request, res: Response): Promise<void> {
    const tenant = await findTenant(req)
    const { version, ...input } = readForm(req, editForm)
    await commit(req, res, async () => {
      await editFigures(req.park._id, tenant._id, { year: yearParam(req), version }, input, actor(req))
      flash(res, 'app.saved')
      return `${basePath(req, base, tenant._id)}/figures`
    })
  }

  return routes(({ get, post }) => {
    get('/:tenant/figures', base.read, index)
    get('/:tenant/figures/new', base.write, create)
    post('/:tenant/figures', base.write, add, { again: create })
    get('/:tenant/figures/:year', base.write, edit)
    post('/:tenant/figures/:year', base.write, save, { again: edit })
  })
}
