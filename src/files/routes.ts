import type { Request, Response } from 'express'
import { z } from 'zod'
import { reachOf } from '../accounts/identity.ts'
import { notFound } from '../lib/rule-error.ts'
import { idParam, readQuery } from '../web/forms.ts'
import { routes } from '../web/router.ts'
import { actionFor, mayRead } from './access.ts'
import { findFile } from './store.ts'
import { sendDownload } from './stream.ts'

/** Downloads of what belongs to a record that says by itself who may read it. */
const query = z.object({ view: z.literal('1').optional() })

async function download(req: Request, res: Response): Promise<void> {
  const file = await findFile(req.park._id, idParam(req, 'file'))
  const reach = file && reachOf(req.me, actionFor(file), req.park)
  if (!file || !reach || !(await mayRead(file, req.me!.id, reach.tenants))) throw notFound()
  await sendDownload(req, res, file, readQuery(req, query).view === '1')
}

export const fileRoutes = routes(({ get }) => {
  get('/:file', 'file.read', download)
})
