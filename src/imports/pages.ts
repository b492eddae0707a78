import type { Request, Response } from 'express'
import { z } from 'zod'
import { reachOf } from '../accounts/identity.ts'
import { historyOf } from '../audit/history.ts'
import { scopedCount, scopedFind, scopedOne } from '../lib/park-scope.ts'
import { forbidden, notFound, type Problem } from '../lib/rule-error.ts'
import { type Lang, translateAny } from '../locales/index.ts'
import { formState, idParam, readQuery } from '../web/forms.ts'
import { COUNT_LIMIT, listOf, pageSchema } from '../web/list.ts'
import { BadRow, type CellProblem, IMPORT_KINDS, Import, type ImportKind, isBusy } from './import.ts'
import { KINDS, type Kind } from './kinds.ts'
import { MAX_ROWS } from './sheet.ts'
import { columnLabel } from './words.ts'
import { progressOf } from './work.ts'

/** The pages of imports: what somebody may bring in is what they may make by hand. */
export const MIB = 10

export const mayImport = (req: Request, kind: ImportKind): boolean => reachOf(req.me, KINDS[kind].action, req.park)?.tenants === null

export function demandKind(req: Request, kind: ImportKind): void {
  if (!mayImport(req, kind)) throw forbidden()
}

/** The import of the address, for who may bring in its kind. */
export async function findImport(req: Request): Promise<Import> {
  const found = await scopedOne<Import>(Import, { park: req.park._id, _id: idParam(req, 'import') })
  if (!found) throw notFound()
  demandKind(req, found.kind)
  return found
}

const SIZE = 50
const BAD_SIZE = 25
const listQuery = z.object(pageSchema)

export async function index(req: Request, res: Response): Promise<void> {
  const { page } = readQuery(req, listQuery)
  const kinds = IMPORT_KINDS.filter(kind => mayImport(req, kind))
  const filter = { park: req.park._id, kind: { $in: kinds } }
  const options = { sort: { createdAt: -1 }, skip: (page - 1) * SIZE, limit: SIZE, projection: { sample: 0, header: 0 } } as const
  const [items, total] = await Promise.all([scopedFind<Import>(Import, filter, options), scopedCount(Import, filter, COUNT_LIMIT)])
  res.page('imports/index', { list: listOf(req, { items, total, page, size: SIZE }), kinds })
}

const kindQuery = z.object({ kind: z.enum(IMPORT_KINDS).optional() })

/** The kind asked for, or after a refused form the one that was posted. */
function kindOf(req: Request): ImportKind {
  const posted = req.failed?.values['kind']
  const asked = IMPORT_KINDS.find(kind => kind === posted) ?? readQuery(req, kindQuery).kind
  const kind = asked ?? IMPORT_KINDS.find(one => mayImport(req, one)) ?? 'units'
  demandKind(req, kind)
  return kind
}

export function newImport(req: Request, res: Response): void {
  const kind = kindOf(req)
  const columns = KINDS[kind].columns.map(({ name, required }) => ({
    name,
    required,
    label: columnLabel(req.lang, KINDS[kind], { name, example: '', width: 0 }),
    words: wordsOf(req.lang, KINDS[kind], name),
  }))
  res.page('imports/new', {
    kind,
    kinds: IMPORT_KINDS.filter(one => mayImport(req, one)),
    columns,
    form: formState(req),
    mib: MIB,
    maxRows: MAX_ROWS,
  })
}

/** A problem in the person's language; its values may be keys themselves. */
export function problemText(req: Pick<Request, 'lang'>, { key, params = {} }: Pick<Problem, 'key' | 'params'>): string {
  const words = Object.entries(params).map(([name, value]) => [
    name,
    /^key:/.test(String(value)) ? translateAny(req.lang, String(value).slice(4)) : value,
  ])
  return translateAny(req.lang, key, Object.fromEntries(words))
}

/** The words a column takes, in the person's language. */
export const wordsOf = (lang: Lang, kind: Kind, name: string | null): string[] => {
  const choice = kind.columns.find(column => column.name === name)?.choice
  return choice?.values.map(value => translateAny(lang, `${choice.prefix}.${value}`)) ?? []
}

/** A cell's problem, with what the cell may hold where only some words do, and the column as the file calls it. */
export function cellProblem(req: Pick<Request, 'lang'>, of: Import, problem: CellProblem) {
  const { column, key, value } = problem
  const header = headerOf(of, column) || (column ? translateAny(req.lang, `imports.column.${of.kind}.${column}`) : '')
  const words = key === 'error.import.unknownValue' ? wordsOf(req.lang, KINDS[of.kind], column) : []
  const allowed = words.length ? ` ${translateAny(req.lang, 'imports.template.oneOf', { words: words.join(' / ') })}` : ''
  return { column: header, value, text: problemText(req, problem) + allowed }
}

/** What the file calls a column. */
export const headerOf = (of: Import, column: string | null): string => {
  const at = column === null ? null : of.mapping[column]
  return at === null || at === undefined ? '' : (of.header[at] ?? '')
}

function mapping(req: Request, res: Response, of: Import): void {
  const columns = KINDS[of.kind].columns.map(column => ({ ...column, label: columnLabel(req.lang, KINDS[of.kind], column) }))
  const width = of.sample.reduce((most, cells) => Math.max(most, cells.length), of.header.length)
  const heads = Array.from({ length: width }, (_, i) => of.header[i] ?? '')
  const refusal = of.refusal && problemText(req, of.refusal)
  res.page('imports/mapping', { of, columns, heads, refusal, form: formState(req, of.mapping) })
}

async function working(req: Request, res: Response, of: Import): Promise<void> {
  res.page('imports/working', { of, ...(await progressOf(of)), form: formState(req) })
}

async function result(req: Request, res: Response, of: Import): Promise<void> {
  const { page } = readQuery(req, listQuery)
  const filter = { park: req.park._id, import: of._id, attempt: of.attempt }
  const options = { sort: { row: 1 }, skip: (page - 1) * BAD_SIZE, limit: BAD_SIZE } as const
  const found = of.counts.bad ? await scopedFind<BadRow>(BadRow, filter, options) : []
  const items = found.map(({ row, problems }) => ({
    row,
    problems: problems.map(problem => cellProblem(req, of, problem)),
  }))
  const list = listOf(req, { items, total: of.counts.bad, page, size: BAD_SIZE })
  const refusal = of.refusal && problemText(req, of.refusal)
  const history = await historyOf(req, 'import', of._id)
  res.page('imports/result', { of, list, refusal, history, form: formState(req) })
}

const showQuery = z.object({ step: z.literal('columns').optional() })

export async function show(req: Request, res: Response): Promise<void> {
  const of = await findImport(req)
  if (isBusy(of.state)) return working(req, res, of)
  const again = of.state === 'checked' && readQuery(req, showQuery).step === 'columns'
  if (of.state === 'uploaded' || again) return mapping(req, res, of)
  await result(req, res, of)
}

/** The form of the columns again, after it was refused. */
export async function showMapping(req: Request, res: Response): Promise<void> {
  const of = await findImport(req)
  if (of.state === 'uploaded' || of.state === 'checked') return mapping(req, res, of)
  await show(req, res)
}

/** How far it is: a fragment that asks again; once there is more to show than progress, the page is loaded anew. */
export async function progress(req: Request, res: Response): Promise<void> {
  const of = await findImport(req)
  if (req.get('hx-request') !== 'true') return res.redirect(303, `/parks/${req.park._id}/imports/${of._id}`)
  if (!isBusy(of.state)) res.set('HX-Refresh', 'true')
  res.page('imports/_progress', { of, ...(await progressOf(of)), form: formState(req) })
}
