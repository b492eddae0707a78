import type { Request, Response } from 'express'
import { z } from 'zod'
import { RuleError } from '../lib/rule-error.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { received } from '../web/uploads.ts'
import { badRowsSheet } from './bad-rows.ts'
import { IMPORT_KINDS, importPath, type Mapping } from './import.ts'
import { KINDS } from './kinds.ts'
import { demandKind, findImport, index, MIB, newImport, progress, show, showMapping } from './pages.ts'
import { begin } from './run.ts'
import { readSheet } from './sheet.ts'
import { checkImport, commitImport, createImport } from './steps.ts'
import { template } from './template.ts'
import { progressOf } from './work.ts'

/**
 * Bringing in Excel and CSV files: upload, name the columns, dry run, write. The permission here is the least that any kind asks
 * for; each kind's own is asked by demandKind().
 */
const uploadForm = z.object({ kind: f.choice(IMPORT_KINDS) })

async function upload(req: Request, res: Response): Promise<void> {
  const { kind } = readForm(req, uploadForm)
  demandKind(req, kind)
  const [file] = received(req, 'file')
  if (!file) throw new RuleError('fileMissing', {}, { field: 'file' })
  const format = file.type === 'text/csv' ? 'csv' : 'xlsx'
  const sheet = await readSheet(file.id, format)
  await commit(req, res, async () => {
    const _id = await createImport(req.park._id, kind, { file, format, sheet }, actor(req))
    return importPath({ park: req.park._id, _id })
  })
}

async function map(req: Request, res: Response): Promise<void> {
  const of = await findImport(req)
  const fields = KINDS[of.kind].columns.map(column => [column.name, f.optionalWhole(0, 99)] as const)
  const mapping = readForm(req, z.object(Object.fromEntries(fields))) as Mapping
  await commit(req, res, async () => {
    await checkImport(of, mapping, actor(req))
    return importPath(of)
  })
}

const commitForm = z.object({ skipBad: f.check() })

async function write(req: Request, res: Response): Promise<void> {
  const of = await findImport(req)
  const { skipBad } = readForm(req, commitForm)
  await commit(req, res, async () => {
    await commitImport(of, skipBad, actor(req))
    return importPath(of)
  })
}

async function resume(req: Request, res: Response): Promise<void> {
  const of = await findImport(req)
  if ((await progressOf(of)).interrupted) begin(of.park, of._id)
  res.redirect(303, importPath(of))
}

export const importRoutes = routes(({ get, post }) => {
  get('/', 'tenant.edit', index)
  get('/new', 'tenant.edit', newImport)
  get('/template/:kind.xlsx', 'tenant.edit', template)
  post('/', 'tenant.edit', upload, { again: newImport, files: { file: { max: 1, kinds: ['xlsx', 'csv'], mib: MIB } } })
  get('/:import', 'tenant.edit', show)
  get('/:import/progress', 'tenant.edit', progress)
  get('/:import/bad-rows.xlsx', 'tenant.edit', badRowsSheet)
  post('/:import/mapping', 'tenant.edit', map, { again: showMapping })
  post('/:import/commit', 'tenant.edit', write, { again: show })
  post('/:import/resumption', 'tenant.edit', resume)
})
