import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { tenantsIn } from '../accounts/identity.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { offerNamed } from '../services/offers.ts'
import { publicPath } from '../services/service.ts'
import { Tenant } from '../tenants/tenant.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { formState, readForm, readQuery, seeOther } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { Application, applicationPath } from './application.ts'
import { beginApplication } from './apply.ts'
import { isForFounders, isForTenants } from './eligibility.ts'

/** Where an application begins: what it costs and needs, and for whom it is. */
const query = z.object({ service: f.optionalText(60) })

type Begun = Pick<Application, '_id' | 'park' | 'tenant' | 'eraseOn'>

async function companiesOf(req: Request): Promise<Pick<Tenant, '_id' | 'name'>[]> {
  const ids = tenantsIn(req.me, req.park).map(id => new Types.ObjectId(id))
  if (!ids.length) return []
  return scopedFind(Tenant, { park: req.park._id, _id: { $in: ids } }, { projection: { name: 1 }, sort: { name: 1 } })
}

export async function showBegin(req: Request, res: Response): Promise<void> {
  const typed = req.failed?.values['service']
  const code = typeof typed === 'string' ? typed : readQuery(req, query).service
  if (!code) return seeOther(res, `/parks/${req.park._id}/services`)
  const { service, content } = await offerNamed(req.park._id, code)
  const filter = { park: req.park._id, user: new Types.ObjectId(req.me!.id), service: service._id, state: 'draft' }
  const [companies, drafts] = await Promise.all([
    isForTenants(content) ? companiesOf(req) : [],
    scopedFind<Begun>(Application, filter, { projection: { park: 1, tenant: 1, eraseOn: 1 } }),
  ])
  const draftFor = (tenant: Types.ObjectId | null) => drafts.find(one => String(one.tenant) === String(tenant)) ?? null
  const self = isForFounders(content) ? [{ tenant: '', name: null, draft: draftFor(null) }] : []
  const people = [...self, ...companies.map(({ _id, name }) => ({ tenant: String(_id), name, draft: draftFor(_id) }))]
  res.page('applications/begin', {
    service,
    content,
    people,
    publicPath: publicPath(service),
    draftPath: (draft: Begun) => `${applicationPath(draft)}/tasks`,
    form: formState(req, { tenant: people[0]?.tenant ?? '' }),
  })
}

const beginForm = z.object({ service: f.text(60), tenant: f.optionalId() })

export async function begin(req: Request, res: Response): Promise<void> {
  const { service, tenant } = readForm(req, beginForm)
  if (tenant && !tenantsIn(req.me, req.park).includes(String(tenant))) throw notFound()
  const who = { user: new Types.ObjectId(req.me!.id), name: req.me!.name, tenant }
  await commit(req, res, async () => {
    const application = await beginApplication(req.park, service, who, actor(req))
    return `${applicationPath(application)}/tasks`
  })
}
