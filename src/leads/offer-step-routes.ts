import type { Request, Response } from 'express'
import { z } from 'zod'
import type { Key } from '../locales/index.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { offerPath } from './offer.ts'
import type { Doer } from './offer-draft.ts'
import { doerOf } from './offer-form.ts'
import { issuerOf, printForSending } from './offer-paper.ts'
import { type Found, findOffer, showOffer } from './offer-routes.ts'
import { acceptOffer, declineOffer, sendOffer, withdrawOffer } from './offer-steps.ts'
import { refuseStranger } from './steps.ts'

/** The steps of an offer: it goes out, and it ends. Each names the version whose page was seen. */
const HOW = ['mail', 'hand'] as const
const sendForm = z.object({ version: f.version(), how: f.choice(HOW) })
const answerForm = z.object({ version: f.version(), note: f.optionalText(500) })

/** The offer, for who may work on its lead; the transaction asks again. */
async function ownOffer(req: Request): Promise<Found & { doer: Doer }> {
  const found = await findOffer(req)
  const doer = doerOf(req)
  refuseStranger(found.lead, doer.by, doer.leads)
  return { ...found, doer }
}

async function send(req: Request, res: Response): Promise<void> {
  const { offer, lead, doer } = await ownOffer(req)
  const { version, how } = readForm(req, sendForm)
  const issuer = await issuerOf(lead, { name: req.me!.name, email: req.me!.email })
  const printed = await printForSending(req.park, offer, issuer, doer.by.id)
  await commit(req, res, async () => {
    await sendOffer(req.park, printed, { version, mail: how === 'mail', replyTo: issuer.email }, doer)
    flash(res, how === 'mail' ? 'offer.done.sent' : 'offer.done.handed')
    return offerPath(offer)
  })
}

const step =
  (work: typeof acceptOffer, done: Key) =>
  async (req: Request, res: Response): Promise<void> => {
    const { offer, doer } = await ownOffer(req)
    const answer = readForm(req, answerForm)
    await commit(req, res, async () => {
      await work(req.park, offer._id, answer, doer)
      flash(res, done)
      return offerPath(offer)
    })
  }

const again = { again: showOffer }
export const offerStepRoutes = routes(({ post }) => {
  post('/:lead/offers/:offer/sending', 'lead.work', send, again)
  post('/:lead/offers/:offer/acceptance', 'lead.work', step(acceptOffer, 'offer.done.accepted'), again)
  post('/:lead/offers/:offer/refusal', 'lead.work', step(declineOffer, 'offer.done.declined'), again)
  post('/:lead/offers/:offer/withdrawal', 'lead.work', step(withdrawOffer, 'offer.done.withdrawn'), again)
})
