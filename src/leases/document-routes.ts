import type { Request, Response } from 'express'
import { z } from 'zod'
import { notFound, RuleError } from '../lib/rule-error.ts'
import { TAGS } from '../locales/lease-template.ts'
import { Tenant } from '../tenants/tenant.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm, readQuery } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { received } from '../web/uploads.ts'
import { leasePaper } from './document.ts'
import { findLease } from './load.ts'
import { samplePaper } from './sample.ts'
import { printPaper, resetTemplate, templateBytes, templateOf, tryTemplate, useTemplate } from './template.ts'
import { defaultTemplate } from './template-docx.ts'

/** The lease as a file to print and sign, and the template it is printed with. */
const MIME = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pdf: 'application/pdf',
} as const

function send(res: Response, bytes: Buffer, name: string, format: keyof typeof MIME): void {
  res.attachment(`${name}.${format}`)
  // A PDF is for looking at first; browsers refuse to show one inside a sandbox, and it has no scripts of this site.
  if (format === 'pdf') res.set('content-disposition', String(res.get('content-disposition')).replace(/^attachment/, 'inline'))
  res.set({
    'content-type': MIME[format],
    'content-security-policy': `default-src 'none'; frame-ancestors 'none'${format === 'pdf' ? '' : '; sandbox'}`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  })
  res.send(bytes)
}

const versionQuery = z.object({ version: z.coerce.number().int().min(1).max(999).optional() })

/** A tenant's people get what is agreed; the park's also an amendment that is still under way. */
function wantedVersion(req: Request, agreed: number[], all: number[]): number | undefined {
  const { version } = readQuery(req, versionQuery)
  if (version === undefined) return undefined
  if (!(req.reach?.tenants ? agreed : all).includes(version)) throw notFound()
  return version
}

const print =
  (format: keyof typeof MIME) =>
  async (req: Request, res: Response): Promise<void> => {
    const lease = await findLease(req)
    const tenant = await Tenant.findOne({ park: req.park._id, _id: lease.tenant }).lean()
    if (!tenant) throw notFound()
    const numbers = (list: typeof lease.versions) => list.map(version => version.no)
    const no = wantedVersion(req, numbers(lease.versions.filter(one => one.stage === 'signed')), numbers(lease.versions))
    const bytes = await printPaper(req.park._id, leasePaper(lease, tenant, req.park, no), format)
    send(res, bytes, lease.number, format)
  }

export const documentRoutes = routes(({ get }) => {
  get('/:lease/document.docx', 'lease.read', print('docx'))
  get('/:lease/document.pdf', 'lease.read', print('pdf'))
})

async function show(req: Request, res: Response): Promise<void> {
  res.page('leases/template', { form: formState(req), template: await templateOf(req.park._id), tags: Object.entries(TAGS) })
}

const here = (req: Request): string => `/parks/${req.park._id}/settings/lease-template`

async function upload(req: Request, res: Response): Promise<void> {
  readForm(req, z.object({}))
  const [file] = received(req, 'template')
  if (!file) throw new RuleError('fileMissing', {}, { field: 'template' })
  await tryTemplate(req.park, file.id)
  await commit(req, res, async () => {
    await useTemplate(req.park, file, actor(req))
    flash(res, 'leaseStep.templateSaved')
    return here(req)
  })
}

async function reset(req: Request, res: Response): Promise<void> {
  await commit(req, res, async () => {
    await resetTemplate(req.park, actor(req))
    flash(res, 'leaseStep.templateReset')
    return here(req)
  })
}

const current = async (req: Request, res: Response): Promise<void> => send(res, await templateBytes(req.park._id), 'lease-template', 'docx')
const standard = (_req: Request, res: Response): void => send(res, defaultTemplate(), 'lease-template-default', 'docx')
const sample = async (req: Request, res: Response): Promise<void> =>
  send(res, await printPaper(req.park._id, samplePaper(req.park), 'pdf'), 'lease-sample', 'pdf')

export const templateRoutes = routes(({ get, post }) => {
  get('/lease-template', 'park.edit', show)
  post('/lease-template', 'park.edit', upload, { again: show, files: { template: { max: 1, kinds: ['docx'], mib: 5 } } })
  post('/lease-template/reset', 'park.edit', reset, { again: show })
  get('/lease-template/current.docx', 'park.edit', current)
  get('/lease-template/default.docx', 'park.edit', standard)
  get('/lease-template/sample.pdf', 'park.edit', sample)
})
