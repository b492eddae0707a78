import type { Request, Response } from 'express'
import { z } from 'zod'
import { textIn } from '../lib/text.ts'
import { LANGS } from '../locales/index.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm, readQuery } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { leadPath } from './lead.ts'
import { addressesOf, countMail, draftOf, sendMail, TEMPLATES } from './mails.ts'
import { ownLead } from './visit-page.ts'

/** Writing to a contact of a lead; a template fills subject and text in the language that is chosen. */
const query = z.object({
  template: z.enum(TEMPLATES).optional(),
  in: z.enum(LANGS).optional(),
  to: z.string().max(200).optional(),
})
const form = z.object({ to: f.email(), in: f.choice(LANGS), subject: f.text(150), text: f.text(5000) })

async function write(req: Request, res: Response): Promise<void> {
  const lead = await ownLead(req)
  const addresses = addressesOf(lead)
  const asked = readQuery(req, query)
  const lang = asked.in ?? 'zh-CN'
  const contact = addresses.find(one => one.email === asked.to) ?? addresses[0] ?? null
  const values = { contact: contact?.name ?? '', name: lead.name, park: textIn(req.park.name, lang).text, by: req.me!.name }
  const draft = asked.template ? draftOf(asked.template, lang, values) : { subject: '', text: '' }
  const state = formState(req, { to: contact?.email ?? '', in: lang, ...draft })
  const path = leadPath(lead)
  res.page('leads/mail', { lead, leadPath: path, addresses, asked, templates: TEMPLATES, langs: LANGS, form: state })
}

async function send(req: Request, res: Response): Promise<void> {
  const lead = await ownLead(req)
  const { in: lang, ...letter } = readForm(req, form)
  await countMail(req.me!.id)
  await commit(req, res, async () => {
    await sendMail(req.park._id, lead._id, { ...letter, lang }, actor(req))
    flash(res, 'visit.flash.mailed')
    return leadPath(lead)
  })
}

export const leadMailRoutes = routes(({ get, post }) => {
  get('/:lead/mails/new', 'lead.work', write)
  post('/:lead/mails', 'lead.work', send, { again: write })
})
